// Percent-encoding of bytes, for form fields and queries. XS has encodeURIComponent for text, which throws on half characters.

import { lengthOf, type Parts } from "./parts.js";
import { utf8 } from "./text.js";

/** The text, to stand in a query. */
export function percentText(text: string): string {
	return String.fromArrayBuffer(percentEncoded([utf8(text)]).buffer as ArrayBuffer);
}

/**
 * Percent-encoded (WHATWG URL, application/x-www-form-urlencoded): letters, digits, `-`, `.` and `_` stay.
 * As in form fields, paths and queries (RFC 3986, 2.1).
 */
export function percentEncoded(parts: Parts): Uint8Array {
	let length = lengthOf(parts);
	for (const part of parts)
		for (let index = 0; index < part.length; index++) if (!isPlain(part[index] as number)) length += 2;
	// No more: a telegram's takes kilobytes while it is on its way.
	const bytes = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		for (let index = 0; index < part.length; index++) {
			const byte = part[index] as number;
			if (isPlain(byte)) bytes[at++] = byte;
			else {
				bytes[at++] = 0x25;
				bytes[at++] = hexDigit(byte >> 4);
				bytes[at++] = hexDigit(byte & 0x0f);
			}
		}
	}
	return bytes;
}

function isPlain(byte: number): boolean {
	const lower = byte | 0x20;
	return (
		(byte >= 0x30 && byte <= 0x39) ||
		(lower >= 0x61 && lower <= 0x7a) ||
		byte === 0x2d ||
		byte === 0x2e ||
		byte === 0x5f
	);
}

function hexDigit(value: number): number {
	return value < 10 ? 0x30 + value : 0x37 + value;
}

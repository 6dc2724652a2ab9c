// Percent-encoding of bytes, for form fields, paths and queries. XS has encodeURIComponent for text, which throws on half characters.

import type { MadeParts } from "./parts.js";
import { utf8 } from "./text.js";

/** Of a part, before they are encoded. */
const PART_BYTES = 400;

/** The text, to stand in a path or query. */
export function percentText(text: string): string {
	return String.fromArrayBuffer(percentEncoded(utf8(text)).buffer as ArrayBuffer);
}

/**
 * A form field's `name=value` (WHATWG URL, application/x-www-form-urlencoded), encoded part by part while it is sent: a
 * telegram's would take twice its room. `name` is of plain characters.
 */
export class FormField implements MadeParts {
	readonly #name: string;
	readonly #value: Uint8Array;

	constructor(name: string, value: Uint8Array) {
		this.#name = name;
		this.#value = value;
	}

	get count(): number {
		return 1 + Math.ceil(this.#value.length / PART_BYTES);
	}

	part(index: number): Uint8Array {
		if (index === 0) return utf8(this.#name.concat("="));
		return percentEncoded(this.#value.subarray((index - 1) * PART_BYTES, index * PART_BYTES));
	}
}

/** Letters, digits, `-`, `.` and `_` stay. As in form fields, paths and queries (RFC 3986, 2.1). */
export function percentEncoded(bytes: Uint8Array): Uint8Array {
	let { length } = bytes;
	for (let index = 0; index < bytes.length; index++) if (!isPlain(bytes[index] as number)) length += 2;
	const encoded = new Uint8Array(length);
	let at = 0;
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index] as number;
		if (isPlain(byte)) encoded[at++] = byte;
		else {
			encoded[at++] = 0x25;
			encoded[at++] = hexDigit(byte >> 4);
			encoded[at++] = hexDigit(byte & 0x0f);
		}
	}
	return encoded;
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

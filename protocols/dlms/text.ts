// Bytes of a telegram as text: identities and switch states. Strings are short and made once, for results only.

import { hexText, textOf } from "../shared/text.js";

const SPACE = 0x20;
const TILDE = 0x7e;
const LONGEST_TEXT = 256;

/**
 * Printable ASCII as text, without NULs and blanks around it; other bytes as hexadecimal digits. A text is cut at
 * 256 bytes.
 */
export function textAt(bytes: Uint8Array, offset: number, length: number): string {
	let start = offset;
	let end = offset + Math.min(length, LONGEST_TEXT);
	while (end > start && isBlank(bytes[end - 1] as number)) end--;
	while (start < end && isBlank(bytes[start] as number)) start++;
	for (let at = start; at < end; at++) {
		const character = bytes[at] as number;
		if (character < SPACE || character > TILDE)
			return hexText(bytes, offset, offset + Math.min(length, LONGEST_TEXT));
	}
	return textOf(bytes, start, end);
}

/** Whether the bytes at `offset` are this ASCII text. */
export function startsWith(bytes: Uint8Array, offset: number, length: number, text: string): boolean {
	if (length < text.length) return false;
	for (let index = 0; index < text.length; index++)
		if (bytes[offset + index] !== text.charCodeAt(index)) return false;
	return true;
}

function isBlank(character: number): boolean {
	return character === SPACE || character === 0;
}

// Bytes of a telegram as text: identities and switch states. Strings are short and made once, for results only.

const SPACE = 0x20;
const TILDE = 0x7e;
const LONGEST_TEXT = 256;
const PIECE = 32;

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
		if (character < SPACE || character > TILDE) return hexAt(bytes, offset, Math.min(length, LONGEST_TEXT));
	}
	return asciiAt(bytes, start, end);
}

/** Two digits a byte, upper case. */
export function hexAt(bytes: Uint8Array, offset: number, length: number): string {
	const digits: string[] = [];
	for (let at = offset; at < offset + length; at++) {
		const byte = bytes[at] as number;
		digits.push(HEX.charAt(byte >> 4), HEX.charAt(byte & 0x0f));
	}
	return digits.join("");
}

/** Whether the bytes at `offset` are this ASCII text. */
export function startsWith(bytes: Uint8Array, offset: number, length: number, text: string): boolean {
	if (length < text.length) return false;
	for (let index = 0; index < text.length; index++)
		if (bytes[offset + index] !== text.charCodeAt(index)) return false;
	return true;
}

/** The 16 bytes of 32 hexadecimal digits, or `undefined` for any other text. */
export function keyBytes(digits: unknown): Uint8Array | undefined {
	if (typeof digits !== "string" || digits.length !== 32) return undefined;
	const key = new Uint8Array(16);
	for (let index = 0; index < key.length; index++) {
		const byte = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
		if (Number.isNaN(byte)) return undefined;
		key[index] = byte;
	}
	return key;
}

const HEX = "0123456789ABCDEF";

function isBlank(character: number): boolean {
	return character === SPACE || character === 0;
}

function asciiAt(bytes: Uint8Array, start: number, end: number): string {
	let text = "";
	for (let at = start; at < end; at += PIECE)
		text += String.fromCharCode(...bytes.subarray(at, Math.min(at + PIECE, end)));
	return text;
}

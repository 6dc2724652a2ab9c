// Bytes as text and back: characters, hexadecimal digits, keys. A string is made only for a result.

/** Characters of one `String.fromCharCode` call: `apply` takes its arguments on XS's small stack. */
const PIECE = 32;

/** `bytes[start, end)` as text, one character each. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
	if (end - start <= PIECE) return pieceOf(bytes, start, end);
	const pieces: string[] = [];
	for (let at = start; at < end; at += PIECE) pieces.push(pieceOf(bytes, at, Math.min(end, at + PIECE)));
	return pieces.join("");
}

/** Not spread: that would make an iterator, and objects for it. */
function pieceOf(bytes: Uint8Array, start: number, end: number): string {
	return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
}

const DIGITS = "0123456789ABCDEF";

/** `bytes[start, end)` as upper-case hexadecimal text. */
export function hexText(bytes: Uint8Array, start = 0, end = bytes.length): string {
	let text = "";
	for (let at = start; at < end; at++) {
		const byte = bytes[at] as number;
		text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 0x0f);
	}
	return text;
}

/** Value 0–15 of a hexadecimal digit of either case, or -1. */
export function hexDigit(character: number): number {
	if (character >= 0x30 && character <= 0x39) return character - 0x30;
	const letter = character & ~0x20;
	return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
}

const KEY_BYTES = 16;

/** The 16 bytes of 32 hexadecimal digits; `undefined` for anything else, such as an empty setting. */
export function keyBytes(setting: unknown): Uint8Array | undefined {
	if (typeof setting !== "string" || setting.length !== 2 * KEY_BYTES) return undefined;
	const key = new Uint8Array(KEY_BYTES);
	for (let index = 0; index < KEY_BYTES; index++) {
		const high = hexDigit(setting.charCodeAt(2 * index));
		const low = hexDigit(setting.charCodeAt(2 * index + 1));
		if (high < 0 || low < 0) return undefined;
		key[index] = (high << 4) | low;
	}
	return key;
}

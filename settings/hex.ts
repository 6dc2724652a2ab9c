// Bytes as hexadecimal digits, and back.

const DIGITS = "0123456789abcdef";

export function toHex(bytes: Uint8Array): string {
	const pieces: string[] = [];
	for (const byte of bytes) pieces.push(DIGITS.charAt(byte >> 4), DIGITS.charAt(byte & 0xf));
	return pieces.join("");
}

/** `undefined` for anything but pairs of digits. */
export function fromHex(text: unknown): Uint8Array | undefined {
	if (typeof text !== "string" || text.length % 2 !== 0) return undefined;
	// Cut by bytes: XS walks a string from its beginning for each character that is asked for.
	const digits = new Uint8Array(ArrayBuffer.fromString(text));
	const bytes = new Uint8Array(digits.length >> 1);
	for (let index = 0; index < bytes.length; index++) {
		const high = digit(digits[2 * index]);
		const low = digit(digits[2 * index + 1]);
		if (high < 0 || low < 0) return undefined;
		bytes[index] = (high << 4) | low;
	}
	return bytes;
}

const NINE = 0x39;
const ZERO = 0x30;
const LOWER_CASE = 0x20;
const LOWER_A = 0x61;
const TEN = 10;
const SIXTEEN = 16;

/** -1 where it is no digit. */
function digit(code = 0): number {
	if (code >= ZERO && code <= NINE) return code - ZERO;
	const value = (code | LOWER_CASE) - LOWER_A + TEN;
	return value >= TEN && value < SIXTEEN ? value : -1;
}

// Bytes as hexadecimal digits, and back.

const DIGITS = "0123456789abcdef";

export function toHex(bytes: Uint8Array): string {
	const pieces: string[] = [];
	for (const byte of bytes) pieces.push(DIGITS.charAt(byte >> 4), DIGITS.charAt(byte & 0xf));
	return pieces.join("");
}

/** `undefined` for anything but pairs of digits. */
export function fromHex(text: unknown): Uint8Array | undefined {
	if (typeof text !== "string" || text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
	// Cut by bytes: XS walks a string from its beginning for each character that is asked for.
	const digits = new Uint8Array(ArrayBuffer.fromString(text));
	const bytes = new Uint8Array(digits.length >> 1);
	for (let index = 0; index < bytes.length; index++)
		bytes[index] = (digit(digits[2 * index]) << 4) | digit(digits[2 * index + 1]);
	return bytes;
}

const NINE = 0x39;
const ZERO = 0x30;
const LOWER_CASE = 0x20;
const LOWER_A = 0x61;
const TEN = 10;

function digit(code: number | undefined): number {
	if (code === undefined) return 0;
	return code <= NINE ? code - ZERO : (code | LOWER_CASE) - LOWER_A + TEN;
}

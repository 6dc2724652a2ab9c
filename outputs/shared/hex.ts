// Bytes in hexadecimal, as ASCII: no text is made of them.

const DIGITS = "0123456789abcdef";

/** Two lower-case digits for each byte. */
export function hexOf(bytes: Uint8Array): Uint8Array {
	const digits = new Uint8Array(2 * bytes.length);
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index] as number;
		digits[2 * index] = DIGITS.charCodeAt(byte >> 4);
		digits[2 * index + 1] = DIGITS.charCodeAt(byte & 0xf);
	}
	return digits;
}

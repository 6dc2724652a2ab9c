// Lengths in front of blocks and ciphered parts (IEC 61334-6): one byte below 80, or 81 n, 82 nn nn.

const LONG_LENGTH = 0x80;
const MOST_LENGTH_BYTES = 2;

/** A length whose content fits before `end`, moving the cursor behind it; -1 where it does not. */
export function readLength(bytes: Uint8Array, cursor: { at: number }, end: number): number {
	if (cursor.at >= end) return -1;
	let length = bytes[cursor.at++] as number;
	if (length >= LONG_LENGTH) {
		const size = length - LONG_LENGTH;
		if (size < 1 || size > MOST_LENGTH_BYTES || cursor.at + size > end) return -1;
		length = 0;
		for (let index = 0; index < size; index++) length = (length << 8) | (bytes[cursor.at++] as number);
	}
	return cursor.at + length > end ? -1 : length;
}

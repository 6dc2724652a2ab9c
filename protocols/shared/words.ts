// Bytes in memory four at a time: each look costs an ESP32 microseconds.

/** The highest bit of each byte of a word. */
export const HIGHEST_BITS = -0x7f7f7f80;

/** The words of `bytes`, which must be the whole of its buffer. */
export function wordsOf(bytes: Uint8Array<ArrayBuffer>): Int32Array {
	return new Int32Array(bytes.buffer, 0, bytes.length >> 2);
}

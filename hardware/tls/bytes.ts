// Byte arrays of TLS: put together, compared, read as numbers.

/** One array of all. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	let length = 0;
	for (const part of parts) length += part.length;
	const all = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

/** How long it takes depends on the lengths only. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
	let difference = one.length ^ other.length;
	for (let at = 0; at < one.length; at++) difference |= (one[at] as number) ^ (other[at] as number);
	return difference === 0;
}

/** Big-endian, `size` bytes at `at`; NaN beyond the end. */
export function uint(bytes: Uint8Array, at: number, size: number): number {
	let value = 0;
	for (let end = at + size; at < end; at++) value = value * 256 + (bytes[at] ?? Number.NaN);
	return value;
}

/** Behind its length of `size` bytes. */
export function sized(size: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	const length = new Uint8Array(size);
	for (let at = size, rest = bytes.length; at > 0; rest >>= 8) length[--at] = rest;
	return joined(length, bytes);
}

/** Unsigned, big-endian. */
export function bigOf(bytes: Uint8Array): bigint {
	// C takes whole buffers.
	return BigInt.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer);
}

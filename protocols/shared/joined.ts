// Byte pieces put together: frames are built of headers, payloads and checksums.

/** All parts one behind the other, in an array of their own. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
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

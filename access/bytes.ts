// Bytes of texts, and a comparison that does not tell by the time it takes where two secrets differ.

/** The text's UTF-8 bytes. */
export function utf8(text: string): Uint8Array {
	return new Uint8Array(ArrayBuffer.fromString(text));
}

/** Are they equal? Takes as long for a wrong first byte as for a wrong last one. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
	if (one.length !== other.length) return false;
	let difference = 0;
	for (let at = 0; at < one.length; at++) difference |= (one[at] as number) ^ (other[at] as number);
	return difference === 0;
}

// Small helpers for texts and bytes that exist on XS and Node alike.

export function bytesOf(text: string): Uint8Array {
	return new Uint8Array(ArrayBuffer.fromString(text));
}

export function textOf(data: ArrayBuffer | Uint8Array): string {
	return String.fromArrayBuffer(new Uint8Array(data).slice().buffer);
}

export function hex(data: ArrayBuffer | Uint8Array): string {
	let text = "";
	for (const byte of new Uint8Array(data)) text += byte.toString(16).padStart(2, "0");
	return text;
}

export function fromHex(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length / 2);
	for (let index = 0; index < bytes.length; index++)
		bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
	return bytes;
}

/** The problem, where the two differ. */
export function differs(what: string, actual: unknown, expected: unknown): string | undefined {
	return actual === expected ? undefined : `${what} is ${actual}, not ${expected}`;
}

/** The problem, where the call throws nothing. */
export function mustThrow(what: string, call: () => void): string | undefined {
	try {
		call();
	} catch {
		return undefined;
	}
	return `${what} throws nothing`;
}

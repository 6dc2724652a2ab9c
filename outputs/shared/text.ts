// Text to bytes for the wire, with what XS has built in and host/platform adds to Node. No decoder: outputs only send.

declare global {
	interface ArrayBufferConstructor {
		/** UTF-8 bytes of the text (XS built-in). */
		fromString(text: string): ArrayBuffer;
	}
}

/** The text's UTF-8 bytes. */
export function utf8(text: string): Uint8Array {
	return new Uint8Array(ArrayBuffer.fromString(text));
}

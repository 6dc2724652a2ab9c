// The functions that XS has as globals and Node has not. Imported once, by the host's entry, before anything else.

import { configuration } from "./configuration.js";

let line = "";

Object.assign(ArrayBuffer, {
	fromString: (text: string): ArrayBuffer => {
		const bytes = Buffer.from(text, "utf8");
		return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
	},
});

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

Object.assign(String, {
	// Throws, as XS does, where the bytes are no UTF-8.
	fromArrayBuffer: (buffer: ArrayBufferLike): string => utf8.decode(new Uint8Array(buffer)),
});

Object.assign(globalThis, {
	trace: (...parts: unknown[]): void => {
		const lines = (line + parts.join("")).split("\n");
		line = lines.pop() ?? "";
		for (const each of lines) configuration.log(each);
	},
});

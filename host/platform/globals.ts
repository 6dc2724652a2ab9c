// The functions that XS has as globals and Node has not. Imported once, by the host's entry, before anything else.

import { configuration } from "./configuration.js";

let line = "";

Object.assign(ArrayBuffer, {
	fromString: (text: string): ArrayBuffer => {
		const bytes = Buffer.from(text, "utf8");
		return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
	},
});

Object.assign(String, {
	fromArrayBuffer: (buffer: ArrayBufferLike): string => Buffer.from(new Uint8Array(buffer)).toString("utf8"),
});

Object.assign(globalThis, {
	trace: (...parts: unknown[]): void => {
		const lines = (line + parts.join("")).split("\n");
		line = lines.pop() ?? "";
		for (const each of lines) configuration.log(each);
	},
});

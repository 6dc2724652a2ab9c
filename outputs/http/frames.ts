// The last frames as they were on the wire, for a person who wants to know what the meter sends. Encrypted ones are told
// encrypted: no key is in them.

import type { RawFrame } from "../output.js";
import type { Parts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { seconds } from "./state.js";

/** Digits of base 16, as ASCII. */
const DIGITS = "0123456789abcdef";

/** `{"frames":[{"age":s,"length":n,"hex":"7ea0…"}]}`, oldest first. */
export function frameParts(frames: readonly RawFrame[], now: number): Parts {
	const parts: Uint8Array[] = [utf8('{"frames":[')];
	frames.forEach(({ bytes, at }, index) => {
		const comma = index === 0 ? "" : ",";
		parts.push(utf8(`${comma}{"age":${seconds(now - at)},"length":${bytes.length},"hex":"`));
		parts.push(hexOf(bytes), utf8('"}'));
	});
	parts.push(utf8("]}"));
	return parts;
}

/** Written as bytes at once: a string of it would be built three times over. */
function hexOf(bytes: Uint8Array): Uint8Array {
	const digits = utf8(DIGITS);
	const hex = new Uint8Array(bytes.length * 2);
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index] as number;
		hex[index * 2] = digits[byte >> 4] as number;
		hex[index * 2 + 1] = digits[byte & 0x0f] as number;
	}
	return hex;
}

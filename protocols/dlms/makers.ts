// The maker that the first three letters of a system title or logical device name say.

import { makerName } from "../shared/makers.js";
import { textOf } from "../shared/text.js";

/** The maker's name; the letters themselves where it is unknown; `undefined` where they are no capital letters. */
export function makerOf(bytes: Uint8Array, offset = 0): string | undefined {
	for (let index = offset; index < offset + 3; index++) {
		const letter = bytes[index] ?? 0;
		if (letter < 0x41 || letter > 0x5a) return undefined;
	}
	const letters = textOf(bytes, offset, offset + 3);
	return makerName(letters) ?? letters;
}

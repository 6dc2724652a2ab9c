// The last frames as they were on the wire, for a person who wants to know what the meter sends. Encrypted ones are told
// encrypted: no key is in them.

import type { RawFrame } from "../output.js";
import { hexOf } from "../shared/hex.js";
import type { Parts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { seconds } from "./state.js";

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

// Lower and upper case of ASCII, which is all that the device path converts: on the device by hardware/text, not by the engine.

import type { ConformanceCase } from "./conformance.js";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** All that is no letter, the neighbours of the letters among it, and what is not ASCII and has one case only. */
const OTHERS = " !/09:@[`{~\u007f°²→你🙂";

const TEXTS: readonly (readonly [name: string, text: string, lower: string, upper: string])[] = [
	["nothing", "", "", ""],
	["small ones", LOWER, LOWER, UPPER],
	["capitals", UPPER, LOWER, UPPER],
	["none at all", OTHERS, OTHERS, OTHERS],
	["a header's name", `${OTHERS}Content-Type`, `${OTHERS}content-type`, `${OTHERS}CONTENT-TYPE`],
	["4,000 of them", "xY".repeat(2000), "xy".repeat(2000), "XY".repeat(2000)],
];

export const letterCases: readonly ConformanceCase[] = TEXTS.map(([name, text, lower, upper]) => ({
	name: `letters: ${name}`,
	run: (_, done) => {
		const got = [text.toLowerCase(), text.toUpperCase(), text];
		done(got.join() === [lower, upper, text].join() ? undefined : `it is ${got.join()}`);
	},
}));

// Numbers as text: on the device by hardware/text, not by the engine. Expected texts are counted by hand, or ECMAScript's own examples.

import type { ConformanceCase } from "./conformance.js";

const TEXTS: readonly (readonly [value: number, base: number | undefined, text: string])[] = [
	[0, 16, "0"],
	[-0, 2, "0"],
	[255, 16, "ff"],
	[0xa5, 2, "10100101"],
	[35, 36, "z"],
	[-36, 36, "-10"],
	[0x7fffffff, 16, "7fffffff"],
	[0xffffffff, 16, "ffffffff"],
	[2 ** 53 - 1, 16, "1fffffffffffff"],
	[-(2 ** 53 - 1), 2, `-${"1".repeat(53)}`],
	[255, 10, "255"],
	[0.1, undefined, "0.1"],
	[1e21, undefined, "1e+21"],
	[-7, undefined, "-7"],
	[Number.NaN, undefined, "NaN"],
];

export const numberCases: readonly ConformanceCase[] = TEXTS.map(([value, base, text]) => ({
	name: `numbers: ${text} to base ${base}`,
	run: (_, done) => {
		const got = [value.toString(base), `${[value].map((each) => each.toString(base))}`];
		done(got.join() === [text, text].join() ? undefined : `it is ${got.join()}`);
	},
}));

// The registers of KMP that a person may want to read: those with a quantity's name, and what Kamstrup's documents call
// the others (5512-447, 5.2).

import { registerName } from "../../protocols/kmp/registers.js";

const HIGHEST_NAMED = 1400;
const OTHERS =
	"61 E4,62 E5,69 V2,72 M1,75 FLOW2,88 T3,94 E2,97 E8,98 XDAY,99 INFO,110 E9,113 INFOEVENT,369 INFOBITS,1001 SERIAL NO,1002 CLOCK,1003 DATE".split(
		",",
	);

/** Number and name, in the order of the numbers; the first is none. */
export function knownRegisters(): readonly (readonly [register: string, name: string])[] {
	const known: [string, string][] = [["", ""]];
	for (let register = 0; register <= HIGHEST_NAMED; register++) {
		const start = `${register} `;
		const name = registerName(register) ?? OTHERS.find((each) => each.startsWith(start))?.slice(start.length);
		if (name) known.push([`${register}`, name]);
	}
	return known;
}

// What is too much or too little: the borders of EN 50160, fuses that meters say and fuses that were set.

import { fuseOf, powerLimit, voltageOutside } from "../../web/limits";
import type { Known } from "../../web/picture";

const known = (quantities: Record<string, string>): ReadonlyMap<string, Known> =>
	new Map(Object.entries(quantities).map(([name, number]) => [name, { value: { number }, at: 0 }]));

test.each([
	[undefined, undefined],
	[0, undefined],
	[99.9, undefined],
	[206.9, "low"],
	[207, undefined],
	[230, undefined],
	[253, undefined],
	[253.1, "high"],
] as const)("EN 50160: %p V is %p", (volts, verdict) => {
	expect(voltageOutside(volts)).toBe(verdict);
});

test("the fuse: what the meter says counts before what was set; 999 A is no fuse, 0 nobody's word", () => {
	expect(fuseOf(known({ "1-0:31.4.0": "40" }), 25)).toBe(40);
	expect(fuseOf(known({ "1-0:31.4.0": "999" }), 25)).toBe(25);
	expect(fuseOf(known({}), 25)).toBe(25);
	expect(fuseOf(known({}), 0)).toBeUndefined();
	expect(fuseOf(known({ "1-0:31.4.0": "999" }))).toBeUndefined();
});

test("a limit of 999.9 kW is none", () => {
	expect(powerLimit(known({ power_limit: "27600" }))).toMatchObject({ value: { number: "27600" } });
	expect(powerLimit(known({ power_limit: "999900" }))).toBeUndefined();
	expect(powerLimit(known({}))).toBeUndefined();
});

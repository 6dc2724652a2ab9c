// Scales of voltages and currents where no frame tells them: what a person would conclude from the powers beside them.

import { structure, uint16, uint32 } from "../../../protocols/dlms/encode/axdr-value.js";
import { currentPower, voltagePower } from "../../../protocols/dlms/lists/raw-scale.js";
import { obis, readingOf } from "./list-support.js";
import { valuesOf } from "./support.js";

describe("scales that no frame tells", () => {
	const raw = (values: Record<number, number>) => (c: number) => values[c] ?? 0;
	test("voltages from 700 on are tenths of a volt", () => {
		const power = (...volts: number[]) =>
			voltagePower(raw(Object.fromEntries(volts.map((value, phase) => [32 + 20 * phase, value]))));
		expect([power(230), power(699), power(700), power(0, 2301), power(0, 0, 2301), power()]).toEqual([
			0, 0, -1, -1, -1, 0,
		]);
		const list = structure(obis(1, 0, 32, 7, 0), uint16(2301), obis(1, 0, 1, 7, 0), uint32(1));
		expect(valuesOf(readingOf(list))).toEqual({ voltage_l1: "230.1 V", power_import: "1 W" });
	});

	test.each([
		["5 A at 230 V make 1150 W", { 1: 1150, 31: 500, 32: 230 }, 0, -2],
		["in milliamperes", { 1: 1150, 31: 5000, 32: 230 }, 0, -3],
		["voltages in tenths", { 1: 1150, 31: 500, 32: 2300 }, -1, -2],
		["what is fed in, and reactive power, count too", { 2: 1150, 31: 5000, 32: 230 }, 0, -3],
		["reactive in", { 3: 1150, 31: 5000, 32: 230 }, 0, -3],
		["reactive out", { 4: 1150, 31: 5000, 32: 230 }, 0, -3],
		["both together", { 1: 3000, 4: 4000, 31: 21739, 32: 230 }, 0, -3],
		["all three phases", { 1: 3450, 31: 5000, 32: 230, 51: 5000, 52: 230, 71: 5000, 72: 230 }, 0, -3],
		["the third phase alone", { 1: 1150, 71: 5000, 72: 230 }, 0, -3],
		["too little power to tell", { 1: 999, 31: 5000, 32: 230 }, 0, 0],
		["just enough", { 1: 1000, 31: 5000, 32: 230 }, 0, -3],
		["no currents", { 1: 1150, 32: 230 }, 0, 0],
		["neither fits", { 1: 1150, 31: 5, 32: 230 }, 0, 0],
		["nor does too much", { 1: 1150, 31: 500_000, 32: 230 }, 0, 0],
	])("currents by the powers: %s", (_name, given, volts, expected) =>
		expect(currentPower(raw(given), volts, [-2, -3], 0)).toBe(expected),
	);
});

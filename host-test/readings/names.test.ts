// Every canonical unit and name of the table in docs/architecture.md, one by one, and the codes beside them that have none.
// Codes: IEC 62056-61; spellings: what meters print.

import {
	compare,
	decimal,
	multiplied,
	parseDecimalText,
	scaled,
	toNumber,
	toText,
} from "../../readings/decimal";
import { CURRENT_VALUE, obisAt, quantityName } from "../../readings/obis";
import { canonical, unitScale } from "../../readings/units";

describe("units", () => {
	test.each([
		["Wh", "kWh", -3],
		["kWh", "kWh", 0],
		["W", "W", 0],
		["kW", "W", 3],
		["varh", "kvarh", -3],
		["kvarh", "kvarh", 0],
		["var", "var", 0],
		["kvar", "var", 3],
		["VAh", "kVAh", -3],
		["kVAh", "kVAh", 0],
		["VA", "VA", 0],
		["kVA", "VA", 3],
		["V", "V", 0],
		["kV", "V", 3],
		["A", "A", 0],
		["kA", "A", 3],
		["mA", "A", -3],
		["Hz", "Hz", 0],
		["m3", "m³", 0],
		["m³", "m³", 0],
		["dm3", "m³", -3],
		["dm³", "m³", -3],
		["l", "m³", -3],
		["l/h", "L/h", 0],
		["m3/h", "L/h", 3],
		["m³/h", "L/h", 3],
		["°C", "°C", 0],
		["C", "°C", 0],
		["K", "K", 0],
		["°K", "K", 0],
		["h", "h", 0],
	])("%s is %s × 10^%d, in any case of letters", (spelling, unit, power) => {
		for (const written of [spelling, spelling.toLowerCase(), spelling.toUpperCase()])
			expect(unitScale(written)).toEqual({ unit, power });
		// 12.50 of it.
		expect(canonical(decimal(1250, -2), spelling)).toEqual({ value: decimal(1250, power - 2), unit });
	});

	test.each(["GJ", "MWh", "imp", "", "W/h"])("%j is kept as the meter spells it", (spelling) => {
		expect(unitScale(spelling)).toBeUndefined();
		expect(canonical(decimal(7), spelling)).toEqual({ value: decimal(7), unit: spelling });
	});
});

describe("names", () => {
	const name = (c: number, d: number, e = 0, a = 1, f = CURRENT_VALUE) =>
		quantityName({ a, b: 0, c, d, e, f });
	const PHASES = [1, 2, 3];

	test.each([
		[1, "power_import"],
		[2, "power_export"],
		[3, "reactive_power_import"],
		[4, "reactive_power_export"],
		[9, "apparent_power_import"],
		[10, "apparent_power_export"],
		[13, "power_factor"],
	])("instantaneous group %d, sum and phases, is %s", (c, expected) => {
		expect(name(c, 7)).toBe(expected);
		for (const phase of PHASES) expect(name(c + 20 * phase, 7)).toBe(`${expected}_l${phase}`);
	});

	test("voltage and current have phases only; frequency and neutral current none", () => {
		expect([name(11, 7), name(12, 7), name(14, 7), name(91, 7)]).toEqual([
			undefined,
			undefined,
			"frequency",
			"current_n",
		]);
		for (const phase of PHASES) {
			expect(name(11 + 20 * phase, 7)).toBe(`current_l${phase}`);
			expect(name(12 + 20 * phase, 7)).toBe(`voltage_l${phase}`);
			expect(name(14 + 20 * phase, 7)).toBeUndefined();
		}
		expect([name(20, 7), name(76, 7), name(81, 7), name(92, 7), name(1, 7, 1)]).toEqual(
			Array(5).fill(undefined),
		);
	});

	test.each([
		[1, "import"],
		[2, "export"],
	])("energy of group %d: sum, four tariffs, three phases", (c, direction) => {
		expect([0, 1, 2, 3, 4].map((e) => name(c, 8, e))).toEqual([
			`energy_${direction}`,
			...[1, 2, 3, 4].map((tariff) => `energy_${direction}_t${tariff}`),
		]);
		expect(name(c, 8, 5)).toBeUndefined();
		for (const phase of PHASES) {
			expect(name(c + 20 * phase, 8)).toBe(`energy_${direction}_l${phase}`);
			expect(name(c + 20 * phase, 8, 1)).toBeUndefined();
		}
		expect(name(c + 80, 8)).toBeUndefined();
	});

	test("reactive energy, averages and peaks are named for the sum alone", () => {
		expect([name(3, 8), name(4, 8), name(3, 8, 1), name(23, 8)]).toEqual([
			"reactive_energy_import",
			"reactive_energy_export",
			undefined,
			undefined,
		]);
		expect([name(1, 4), name(2, 4), name(1, 4, 1)]).toEqual(["power_average", undefined, undefined]);
		expect([name(1, 6), name(2, 6), name(1, 6, 1)]).toEqual(["power_peak_month", undefined, undefined]);
	});

	test("sags and swells are counted by phase", () => {
		for (const phase of PHASES) {
			expect(name(12 + 20 * phase, 32)).toBe(`voltage_sags_l${phase}`);
			expect(name(12 + 20 * phase, 36)).toBe(`voltage_swells_l${phase}`);
			expect(name(12 + 20 * phase, 32, 1)).toBeUndefined();
		}
		expect([name(12, 32), name(92, 32), name(33, 32), name(32, 33)]).toEqual(Array(4).fill(undefined));
	});

	test.each([
		[96, 7, 21, "power_failures"],
		[96, 7, 9, "long_power_failures"],
		[96, 14, 0, "tariff"],
		[17, 0, 0, "power_limit"],
		[96, 8, 0, "operating_time"],
	])("the abstract code %d.%d.%d is %s, and only exactly that", (c, d, e, expected) => {
		expect(name(c, d, e, 0)).toBe(expected);
		expect(name(c, d, e, 1)).toBeUndefined();
		expect([name(c + 1, d, e, 0), name(c, d + 1, e, 0), name(c, d, e + 1, 0)]).toEqual(
			Array(3).fill(undefined),
		);
		expect(name(c, d, e, 0, 1)).toBeUndefined();
	});

	test("a code from bytes that end too soon has zeros", () => {
		expect(obisAt(Uint8Array.of(9, 1, 2, 3), 1)).toEqual({ a: 1, b: 2, c: 3, d: 0, e: 0, f: 0 });
		expect(obisAt(new Uint8Array(), 0)).toEqual({ a: 0, b: 0, c: 0, d: 0, e: 0, f: 0 });
	});
});

describe("decimals at the edges of their forms", () => {
	test.each([
		[decimal(0, 3), "0"],
		[decimal(0, -2), "0.00"],
		[decimal(5, -1), "0.5"],
		[decimal(-5, -1), "-0.5"],
		[decimal(123, -3), "0.123"],
		[decimal(123, -4), "0.0123"],
		[decimal(123, -2), "1.23"],
		[decimal(1, 20), "100000000000000000000"],
		[decimal(1, 21), "1e21"],
		[decimal(12, 21), "1.2e22"],
		[decimal(-12, 21), "-1.2e22"],
		[decimal(1, -21), `0.${"0".repeat(20)}1`],
		[decimal(1, -22), "1e-22"],
		[decimal(12, -22), `0.${"0".repeat(20)}12`],
		[decimal(12, -23), "1.2e-22"],
		[decimal(2n ** 64n, -3), "18446744073709551.616"],
	])("%j prints as %s", (value, text) => expect(toText(value)).toBe(text));

	test.each([
		["999999999999999", 999_999_999_999_999, 0],
		["-999999999999999", -999_999_999_999_999, 0],
		["1234567890123.45", 123_456_789_012_345, -2],
		["9007199254740991", 9_007_199_254_740_991, 0],
		["9007199254740992", 9_007_199_254_740_992n, 0],
		["-12345678901234567.8", -123_456_789_012_345_678n, -1],
		["0000000000000000.5", 5, -1],
		["12345678901234567.", 12_345_678_901_234_567n, 0],
		["12345678901234567,25", 1_234_567_890_123_456_725n, -2],
		["+0,50", 50, -2],
		["-0", 0, 0],
		["5.", 5, 0],
		[".5", 5, -1],
	])("%s is read digit for digit", (text, mantissa, exponent) => {
		expect(parseDecimalText(text)).toEqual({ mantissa, exponent });
	});

	test.each([
		"+",
		"-.",
		"................",
		"1234567890123456a",
		"1234567890.123456.7",
		"12345678901234567/",
		":",
		"5é",
	])("%j is none", (text) => expect(parseDecimalText(text)).toBeUndefined());

	test("scaled by nothing it is the same; multiplied it stays exact on either side of 2^53", () => {
		const value = decimal(5, -1);
		expect(scaled(value, 0)).toBe(value);
		expect(scaled(value, 3)).toEqual(decimal(5, 2));
		expect(multiplied(decimal(3_002_399_751_580_330, -3), 3)).toEqual(decimal(9_007_199_254_740_990, -3));
		expect(multiplied(decimal(3_002_399_751_580_331, -3), 3)).toEqual({
			mantissa: 9_007_199_254_740_993n,
			exponent: -3,
		});
	});

	test("compared across exponents and widths; as a float for plots", () => {
		expect(compare(decimal(15, -1), decimal(1))).toBe(1);
		expect(compare(decimal(1), decimal(15, -1))).toBe(-1);
		expect(compare(decimal(10, -1), decimal(1))).toBe(0);
		expect(compare(decimal(1), decimal(10, -1))).toBe(0);
		expect(compare(decimal(2n ** 60n), decimal(2n ** 60n + 1n))).toBe(-1);
		expect(compare(decimal(2n ** 60n), decimal(1))).toBe(1);
		expect(compare(decimal(7), decimal(9))).toBeLessThan(0);
		expect(toNumber(decimal(-12345, -2))).toBe(-123.45);
	});
});

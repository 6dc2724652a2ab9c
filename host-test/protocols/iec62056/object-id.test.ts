// Ids as meters print them, and what each is called: OBIS (IEC 62056-61), EDIS letters, the two-part ids of heat meters
// (EN 1434-3) and of the Kamstrup 382 (IEC 61107 communication protocol). Names: table of docs/architecture.md.

import { objectName, readObjectId } from "../../../protocols/iec62056/object-id.js";

const codes = (text: string) => {
	const id = readObjectId(text);
	if (!id) return undefined;
	const { a, b, c, d, e, f } = id.obis;
	return [[a, b, c, d, e, f].join(" "), id.short, id.past, id.text];
};
const name = (text: string, unit?: string, kamstrup = false) => {
	const id = readObjectId(text);
	return id && objectName(id, unit, kamstrup);
};

describe("an id", () => {
	test.each([
		["1-0:1.8.0", "1 0 1 8 0 255", false, undefined],
		["1-1:1.8.2", "1 1 1 8 2 255", false, undefined],
		["7-12:3.0.0", "7 12 3 0 0 255", false, undefined],
		["1.8.0", "1 0 1 8 0 255", false, undefined],
		["1.6", "1 0 1 6 0 255", true, undefined],
		["0.0", "0 0 0 0 0 255", true, undefined],
		["0.9.1", "0 0 0 9 1 255", false, undefined],
		["6.26", "1 0 6 26 0 255", true, undefined],
		["C.1.0", "0 0 96 1 0 255", false, undefined],
		["C.1", "0 0 96 1 0 255", true, undefined],
		["F.F", "0 0 97 97 0 255", true, undefined],
		["L.1", "0 0 98 1 0 255", true, undefined],
		["P.01", "0 0 99 1 0 255", true, undefined],
		["96.1.0", "0 0 96 1 0 255", false, undefined],
		["95.1.0", "1 0 95 1 0 255", false, undefined],
		["1-0:96.1.0", "1 0 96 1 0 255", false, undefined],
		["1-0:1.6", "1 0 1 6 0 255", false, undefined],
		["1.8.0*01", "1 0 1 8 0 1", false, "01"],
		["1.8.0&12", "1 0 1 8 0 12", false, "12"],
		["1.8.0&x", "1 0 1 8 0 0", false, "x"],
		["1.6*1", "1 0 1 6 0 1", true, "1"],
		["1-0:1.8.0*12", "1 0 1 8 0 12", false, "12"],
		["31.7.123", "1 0 31 7 123 255", false, undefined],
		["9", "1 0 9 0 0 255", true, undefined],
	])("%s", (text, obis, short, past) => expect(codes(text)).toEqual([obis, short, past, text]));

	test.each([
		["1-0:1.8.0*255", "1-0:1.8.0"],
		["1.8.0*255", "1.8.0"],
		["1.8.0&255", "1.8.0"],
	])("%s is the present value, which needs no suffix", (text, printed) =>
		expect(codes(text)).toEqual(["1 0 1 8 0 255", false, undefined, printed]),
	);

	test.each([
		"",
		"F001x",
		"1.8.0.1",
		"1.x.0",
		"1..0",
		"1.8.x",
		"x.8.0",
		"1234.8.0",
		"1.8.0000",
		"CC.1",
		"A.1",
		"c.1",
		":1.8.0",
		"1:1.8.0",
		"x-0:1.8.0",
		"1-x:1.8.0",
		"1-:1.8.0",
		"1000-0:1.8.0",
		"1/8",
		"1:8;0",
	])("%j is none", (text) => expect(readObjectId(text)).toBeUndefined());
});

describe("a name", () => {
	test.each([
		["1.8.0", "energy_import"],
		["1.8", "energy_import"],
		["1-0:1.8.1*255", "energy_import_t1"],
		["1-1:2.8.0", "energy_export"],
		["21.7.0", "power_import_l1"],
		["31.7", "current_l1"],
		["1.6.0", "power_peak_month"],
		["1.6", "power_peak_month"],
		["C.8.0", "operating_time"],
		["0-0:96.8.0", "operating_time"],
		["1-0:96.8.0", "operating_time"],
		["1-0:96.14.0", "tariff"],
		["1-0:95.8.0", undefined],
		["1-0:17.0.0", undefined],
		["C.1.0", undefined],
		["F.F", undefined],
		["1.8.0*01", undefined],
		["1.6.0&01", undefined],
	])("of %s is %s", (text, expected) => {
		expect(name(text)).toBe(expected);
		expect(name(text, undefined, true)).toBe(expected);
	});

	test.each([
		["1.20", "energy_import"],
		["1.20.1", "energy_import_t1"],
		["1.20.2", "energy_import_t2"],
		["1.31", "operating_time"],
		["1.26", "pulse_count"],
		["1.6*1", "power_peak_last_month"],
		["1.6&1", "power_peak_last_month"],
		["1.6*01", "power_peak_last_month"],
	])("of a Kamstrup's %s is %s, and of nobody else's", (text, expected) => {
		expect(name(text, undefined, true)).toBe(expected);
		expect(name(text)).toBeUndefined();
	});

	test.each([
		"2.20",
		"2.31",
		"2.26",
		"1.31.0",
		"1.26.0",
		"1.6*2",
		"1.6.0*1",
		"2.6*1",
		"1.7*1",
		"1.32",
		"1.27",
	])("of a Kamstrup's %s is none", (text) => expect(name(text, undefined, true)).toBeUndefined());

	test.each([
		["6.4", "heat_power"],
		["6.26", "heat_volume"],
		["6.27", "flow"],
		["6.28", "temperature_return"],
		["6.29", "temperature_supply"],
		["6.30", "temperature_difference"],
		["6.31", "operating_time"],
		["6.5", undefined],
		["6.36", undefined],
		["6.26*01", undefined],
		["5.26", undefined],
	])("of a heat meter's %s is %s", (text, expected) => expect(name(text)).toBe(expected));

	test("6.8 is heat where its unit is one of heat, else group C 6, reactive energy, which has no name", () => {
		expect(["MWh", "GJ", "kWh", ""].map((unit) => name("6.8", unit))).toEqual(Array(4).fill("heat_energy"));
		expect(["kvarh", "kVArh", "KVAR", undefined].map((unit) => name("6.8", unit))).toEqual(
			Array(4).fill(undefined),
		);
		expect([name("6.8.0", "MWh"), name("1-0:6.8", "MWh")]).toEqual([undefined, undefined]);
		expect(name("6.26", "kvarh")).toBe("heat_volume");
	});

	test.each([
		["5-0:1.0.0", "cooling_energy"],
		["5-0:1.8.0", "cooling_energy"],
		["6-0:1.0.0", "heat_energy"],
		["6-0:1.8.0", "heat_energy"],
		["6-0:2.0.0", "heat_volume"],
		["6-0:2.8.0", "heat_volume"],
		["6-0:8.0.0", "heat_power"],
		["6-0:8.7.0", "heat_power"],
		["6-0:9.7.0", "flow"],
		["6-0:10.7.0", "temperature_supply"],
		["6-0:11.7.0", "temperature_return"],
		["6-0:12.7.0", "temperature_difference"],
		["7-0:3.0.0", "gas_volume"],
		["7-0:3.1.0", "gas_volume"],
		["8-0:1.0.0", "water_volume"],
		["9-0:1.8.0", "water_volume"],
		["6-0:8.8.0", undefined],
		["6-0:8.1.0", undefined],
		["6-0:1.7.0", undefined],
		["6-0:3.7.0", undefined],
		["6-0:1.0.1", undefined],
		["7-0:3.2.0", undefined],
		["7-0:4.0.0", undefined],
		["7-0:1.0.0", undefined],
		["8-0:2.0.0", undefined],
		["8-0:1.7.0", undefined],
		["9-0:8.7.0", undefined],
		["4-0:1.0.0", undefined],
		["10-0:1.0.0", undefined],
		["2-0:1.8.0", undefined],
	])("of %s, with its medium, is %s", (text, expected) => expect(name(text)).toBe(expected));
});

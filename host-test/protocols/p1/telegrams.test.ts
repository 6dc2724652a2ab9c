// Telegrams at the edges of their objects: which id counts, what is text, versions, damaged lines, bounds. Lines as
// docs/protocols/p1.md and the countries' documents print them; values are made up here and stand in the lines.

import { MOST_CODES } from "../../../protocols/p1/codes.js";
import { TelegramParser } from "../../../protocols/p1/telegram.js";
import { latin1, shown } from "./support.js";

function parse(...lines: string[]) {
	const bytes = latin1(`/KFM5TEST\r\n\r\n${lines.map((line) => `${line}\r\n`).join("")}!`);
	return new TelegramParser().parse(bytes, 0, bytes.length - 1);
}
const read = (...lines: string[]) => parse(...lines).reading;
const names = (...lines: string[]) => read(...lines).quantities.map(({ name }) => name);

describe("the meter's id", () => {
	const [BEST, SECOND, THIRD, LAST] = [
		"0-0:96.1.1(4131)",
		"0-0:42.0.0(4232)",
		"0-0:96.1.0(4333)",
		"1-0:0.0.0(4434)",
	] as const;

	test.each([
		[[LAST, THIRD, SECOND, BEST], "A1"],
		[[BEST, SECOND, THIRD, LAST], "A1"],
		[[LAST, THIRD, SECOND], "B2"],
		[[LAST, THIRD], "C3"],
		[[LAST], "D4"],
		[["0-0:96.1.255(4131)", LAST], "A1"],
	])("of %j is %s, the others keep their codes", (lines, id) => {
		const reading = read(...lines);
		expect(reading.meter.id).toBe(id);
		expect(reading.quantities).toHaveLength(lines.length - 1);
	});

	test("an empty id is none, the first of two alike counts, the same text is not told twice", () => {
		expect(read("0-0:96.1.1()", LAST).meter.id).toBe("D4");
		expect(read(BEST, "0-0:96.1.1(4232)").meter.id).toBe("A1");
		expect(names(BEST, "0-0:42.0.0(4131)")).toEqual([]);
	});

	test("an id of two values is no id", () => {
		const reading = read("0-0:96.1.1(4131)(4232)");
		expect(reading.meter.id).toBeUndefined();
		expect(shown(reading, "0-0:96.1.1")).toBe("(4131)(4232)");
	});

	test("codes beside those of ids are quantities", () => {
		expect(
			names("0-0:96.1.2(4131)", "1-0:96.1.1(4131)", "0-0:42.1.0(4131)", "1-0:0.1.0(12)", "1-0:0.0.1(12)"),
		).toEqual(["0-0:96.1.2", "1-0:96.1.1", "0-0:42.1.0", "1-0:0.1.0", "1-0:0.0.1"]);
	});
});

describe("version and clock", () => {
	const list = (...lines: string[]) => read(...lines).meter.list;
	test("come from their own codes alone", () => {
		expect([list("1-3:0.2.8(42)"), list("0-0:0.2.8(50)"), list("0-0:96.1.4(50217)")]).toEqual([
			"DSMR 4.2",
			"DSMR 5.0",
			"e-MUCS 1.7",
		]);
		for (const other of [
			"1-3:0.2.9(42)",
			"1-3:0.3.8(42)",
			"1-0:1.2.8(42)",
			"2-0:0.2.8(42)",
			"0-0:96.1.5(50217)",
		])
			expect(list(other)).toBeUndefined();
		for (const other of ["1-0:96.1.4(50217)", "0-0:97.1.4(50217)", "0-0:96.2.4(50217)"])
			expect(list(other)).toBeUndefined();
		expect(read("0-0:1.0.0(230724150730S)").time).toBe("2023-07-24T15:07:30+02:00");
		for (const other of ["0-0:1.0.1(230724150730S)", "0-0:1.1.0(230724150730S)", "1-0:1.0.0(230724150730S)"])
			expect(read(other).time).toBeNull();
	});

	test("a tariff without a clock is DSMR 2.2; with a clock it is not", () => {
		expect(list("0-0:96.14.0(0001)")).toBe("DSMR 2.2");
		expect(list("0-0:96.14.0(0001)", "0-0:1.0.0(230724150730S)")).toBeUndefined();
		expect(list("1-0:1.7.0(00.100*kW)")).toBeUndefined();
		expect(list("0-0:96.14.0(0001)", "1-3:0.2.8(42)")).toBe("DSMR 4.2");
	});
});

describe("what is text", () => {
	test.each([
		["0-0:96.13.1(3031)", "01"],
		["0-0:96.5.0(3132)", "12"],
		["0-0:96.2.0(3132)", "12"],
		["0-0:96.7.0(3132)", "3132"],
		["1-0:0.2.0(3132)", "12"],
		["1-0:0.9.1(3132)", "12"],
		["1-0:0.3.0(3132)", "3132"],
		["1-0:0.8.0(3132)", "3132"],
		["0-0:43.0.0(3132)", "3132"],
		["1-0:42.0.0(3132)", "3132"],
	])("%s says %s", (line, expected) => {
		const reading = read(line);
		const name = reading.quantities[0]?.name ?? "";
		expect(shown(reading, name)).toBe(expected);
	});

	test("two values are a time and a number, or text", () => {
		const [peak, log, words, timeless] = read(
			"1-0:1.6.0(231102114500W)(03.064*kW)",
			"1-0:99.1.0(231102114500W)(open)",
			"0-0:96.13.0(231102114500W)(1)",
			"1-0:2.6.0(632525252525W)(1.000*kW)",
		).quantities;
		expect(peak).toMatchObject({ time: "2023-11-02T11:45:00+01:00", unit: "W" });
		expect(log?.value).toBe("(231102114500W)(open)");
		expect(words?.value).toBe("(231102114500W)(1)");
		expect(timeless).toMatchObject({ name: "1-0:2.6.0", unit: "W" });
		expect(timeless?.time).toBeUndefined();
	});

	test("a time and a number without a unit", () => {
		expect(read("1-0:99.2.0(231102114500W)(7)").quantities[0]).toEqual({
			name: "1-0:99.2.0",
			obis: "1-0:99.2.0",
			value: { mantissa: 7, exponent: 0 },
			time: "2023-11-02T11:45:00+01:00",
		});
	});

	test("counts and factors need no unit; other bare numbers keep their code", () => {
		expect(
			names(
				"0-0:96.7.21(00004)",
				"0-0:96.7.9(00002)",
				"1-0:32.32.0(00001)",
				"1-0:32.36.0(00001)",
				"1-0:33.7.0(0.99)",
				"0-0:96.14.0(0002)",
				"1-0:14.7.0(50)",
				"1-0:21.7.0(1)",
			),
		).toEqual([
			"power_failures",
			"long_power_failures",
			"voltage_sags_l1",
			"voltage_swells_l1",
			"power_factor_l1",
			"tariff",
			"1-0:14.7.0",
			"1-0:21.7.0",
		]);
	});
});

describe("sub-meters", () => {
	const devices = (...lines: string[]) => read(...lines).devices;
	test("each channel and each medium is one", () => {
		expect(
			devices(
				"0-1:24.1.0(3)",
				"0-2:24.1.0(7)",
				"0-1:96.1.0(4131)",
				"7-0:0.0.0(12)",
				"5-0:1.0.0(1*GJ)",
				"9-0:1.0.0(1*m3)",
			).map(({ kind, id, channel }) => [kind, id, channel]),
		).toEqual([
			["gas", "A1", 1],
			["water", undefined, 2],
			["gas", "12", undefined],
			["cooling", undefined, undefined],
			["warm_water", undefined, undefined],
		]);
	});

	test("the id is that of 96.1.0 or 96.1.1, the first of them; other codes are values", () => {
		const [device] = devices("0-1:96.1.1(4131)", "0-1:96.1.0(4232)", "0-1:96.1.2(4333)", "0-1:97.1.0(4333)");
		expect(device?.id).toBe("A1");
		expect(device?.quantities.map(({ name }) => name)).toEqual(["0-1:96.1.0", "0-1:96.1.2", "0-1:97.1.0"]);
	});

	test("the newest counter's time is the device's, whatever the order; other values' times are not", () => {
		const [older, newer] = ["0-1:24.2.1(230101000000W)(1*m3)", "0-1:24.2.2(230101010000W)(2*m3)"];
		expect(devices(older, newer)[0]?.time).toBe("2023-01-01T01:00:00+01:00");
		expect(devices(newer, older)[0]?.time).toBe("2023-01-01T01:00:00+01:00");
		expect(devices(older, "0-1:24.9.1(230101050000W)(2*m3)")[0]?.time).toBe("2023-01-01T00:00:00+01:00");
	});

	test("the old form of two lines: a time, a unit, a number behind; without a unit it stays without", () => {
		const head = "0-1:24.3.0(120517020000)(08)(60)(1)(0-1:24.2.1)";
		const gas = (...lines: string[]) => devices("0-1:24.1.0(3)", ...lines)[0];
		expect(shown(gas(`${head}(m3)`, "(00124.477)"), "gas_volume")).toBe("124.477 m³");
		expect(shown(gas(`${head}( m3 )`, "(00124.477)"), "gas_volume")).toBe("124.477 m³");
		expect(shown(gas(`${head}()`, "(00124.477)"), "gas_volume")).toBe("124.477");
		expect(typeof gas(`${head}(m3)`, "(00124.477*m3)")?.quantities[0]?.value).toBe("string");
		expect(typeof gas(`${head}(m3)`, "(open)")?.quantities[0]?.value).toBe("string");
		expect(typeof gas(head, "(00124.477)")?.quantities[0]?.value).toBe("string");
		expect(read(`${head}(m3)`, "(00124.477)").meter.list).toBe("DSMR 2.2");
		expect(read("0-1:24.2.1(120517020000)(1*m3)").meter.list).toBeUndefined();
	});
});

describe("lines that are none", () => {
	test("the first is quoted, up to 40 characters, and all are counted", () => {
		const { malformed, firstMalformed, objects } = parse(
			"1-0:1.7.0(00.100*kW)",
			"hello there",
			"1-0:2.7.0",
			"1-0:1.8.0(1*kWh)",
		);
		expect([malformed, firstMalformed, objects]).toEqual([2, "hello there", 2]);
		expect(parse("x".repeat(60)).firstMalformed).toBe("x".repeat(40));
		expect(parse("1-0:1.7.0(1*W)").firstMalformed).toBe("");
	});

	test.each([
		["1-0:1.7.0((1*W)", "a bracket in brackets"],
		["1-0:1.7.0(1*W", "an open bracket"],
		["1-0:1.7.0(1*W)x", "a letter behind"],
		["1-0:1.7.0x(1*W)", "a letter in front of the bracket"],
		["1-0:00001.7.0(1*W)", "five digits"],
		["1-0:1000.7.0(1*W)", "a group beyond 255"],
		["1-:1.7.0(1*W)", "an empty group"],
		["1-0:4:4:24.7.0(1*W)", "group C doubled twice"],
		["1-0.1.7.0(1*W)", "a point for a colon"],
	])("%s is none: %s", (line) => {
		const { malformed, firstMalformed, reading } = parse("1-0:2.7.0(2*W)", line, "1-0:3.7.0(3*var)");
		expect(malformed).toBe(1);
		expect(line).toContain(firstMalformed);
		expect(shown(reading, "power_export")).toBe("2 W");
	});

	test.each([
		["1-0:1.7.0 (1*W)", "power_import"],
		["1-0:0001.7.0(1*W)", "power_import"],
		["1-0:4:24.7.0(1*W)", "1-0:24.7.0"],
		["  1-0:1.7.0(1*W)", "power_import"],
		["1-0:1.7.0(1*W) ", "power_import"],
	])("%j is one all the same", (line, name) => {
		const { malformed, reading } = parse(line, "1-0:2.7.0(2*W)");
		expect([malformed, reading.quantities.length, reading.quantities[1]?.name]).toEqual([
			0,
			2,
			"power_export",
		]);
		expect(reading.quantities[0]?.name === name || reading.quantities[0]?.obis === name).toBe(true);
	});

	test("two values that are broken over lines are both closed up, and the telegram stays as it came", () => {
		const lines = ["0-0:96.13.0(4142", "43)", "0-0:96.13.1(44", "45", "46)"];
		const bytes = latin1(`/KFM5TEST\r\n\r\n${lines.join("\r\n")}\r\n!`);
		const before = bytes.slice();
		const { reading, malformed } = new TelegramParser().parse(bytes, 0, bytes.length - 1);
		expect([shown(reading, "0-0:96.13.0"), shown(reading, "0-0:96.13.1"), malformed]).toEqual([
			"ABC",
			"DEF",
			0,
		]);
		expect(bytes).toEqual(before);
	});

	test("values over two lines are closed up", () => {
		expect(shown(read("1-0:99.97.0(1)(0-0:96.7.19)", "(000101000001W)", "(5*s)"), "1-0:99.97.0")).toBe(
			"(1)(0-0:96.7.19)(000101000001W)(5*s)",
		);
	});

	test("codes and quantities and sub-meters without end are counted, not kept", () => {
		const many = Array.from(
			{ length: MOST_CODES + 10 },
			(_, index) => `1-${index >> 8}:200.${index & 255}.0(1*W)`,
		);
		const { dropped, reading } = parse(...many);
		expect(reading.quantities.length + dropped).toBe(MOST_CODES + 10);
		expect(dropped).toBe(10);
		const channels = Array.from({ length: 20 }, (_, index) => `0-${index + 1}:24.2.1(230101000000W)(1*m3)`);
		const bounded = parse(...channels);
		expect(bounded.reading.devices.length + bounded.dropped).toBe(20);
		expect(bounded.dropped).toBeGreaterThan(0);
	});
});

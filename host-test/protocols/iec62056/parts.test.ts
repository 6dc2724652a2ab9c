// The parts that IEC 62056-21 is read with, one by one: characters, identification, clocks, data sets, MULTICAL's tables.
// From IEC 62056-21:2002 (6.3, 6.4; speeds of annex A) and Kamstrup's description of MULTICAL 66-CDE; worked out by hand.

import { bytesOf, hexadecimal, isDigit, isLetter } from "../../../protocols/iec62056/characters.js";
import { readDate, readDateTime, readTime } from "../../../protocols/iec62056/clock.js";
import { readDataSets } from "../../../protocols/iec62056/data-set.js";
import {
	baudOf,
	makerText,
	mayUseSum,
	modeOf,
	reactionMs,
	readIdentification,
} from "../../../protocols/iec62056/identification.js";
import { tableReading } from "../../../protocols/iec62056/table.js";
import { isTableCharacter, isTableLine } from "../../../protocols/iec62056/table-line.js";
import { ascii, lines } from "../asking.js";

describe("characters", () => {
	test("digits and letters are those of ASCII alone, and nothing is neither", () => {
		const all = Array.from({ length: 256 }, (_, index) => index);
		const text = (codes: number[]) => String.fromCharCode(...codes);
		expect(text(all.filter((each) => isDigit(each)))).toBe("0123456789");
		expect(text(all.filter((each) => isLetter(each)))).toBe(
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
		);
		expect([isDigit(undefined), isLetter(undefined)]).toEqual([false, false]);
		expect(text(all.filter((each) => isTableCharacter(each)))).toBe(" +-0123456789");
	});

	test.each([
		["0", 0],
		["a", 10],
		["F0", 240],
		["2A99", 0x2a99],
		["00ff", 255],
		["", -1],
		["12345", -1],
		["1G", -1],
		["G1", -1],
	])("hexadecimal %j is %d", (digits, value) => expect(hexadecimal(digits)).toBe(value));

	test("what is no ASCII is sent as a question mark", () =>
		expect(bytesOf("a\x7f\x80é")).toEqual(Uint8Array.of(0x61, 0x7f, 0x3f, 0x3f)));
});

describe("identification", () => {
	const read = (text: string) => readIdentification(ascii(`x${text}\r\n`), 1, 1 + text.length);

	test.each([
		["/KAM5X", "KAM", "5", "", "X"],
		["/KAM0", "KAM", "0", "", ""],
		["/LGZ5\\2ZMD4", "LGZ", "5", "2", "ZMD4"],
		["/ABC3\\@\\2 Q 1 ", "ABC", "3", "@2", "Q 1"],
		["/abz \\", "abz", " ", "", "\\"],
	])("%j", (text, maker, speed, enhanced, model) =>
		expect(read(text)).toEqual({ maker, speed, enhanced, model }),
	);

	test.each(["", "/KAM", "KAM05", "/K4M5X", "/4AM5X", "/KA45X", "/KAM\x1fX", "/KAM5X\x07", "/KAM5\tX"])(
		"%j is none",
		(text) => expect(read(text)).toBeUndefined(),
	);

	const identified = (speed: string, enhanced = "", maker = "ABC") => ({ maker, speed, enhanced, model: "" });

	test("Z tells mode and speed: A to F of mode B, 0 to 6 of modes C and E, and nothing else", () => {
		const table = [..." /0123456789@ABCDEFG"].map((speed) => [
			speed,
			modeOf(identified(speed)),
			modeOf(identified(speed, "2")),
			baudOf(speed),
		]);
		expect(table).toEqual([
			[" ", "A", "A", 300],
			["/", "A", "A", 300],
			["0", "C", "E", 300],
			["1", "C", "E", 600],
			["2", "C", "E", 1200],
			["3", "C", "E", 2400],
			["4", "C", "E", 4800],
			["5", "C", "E", 9600],
			["6", "C", "E", 19200],
			["7", "A", "A", 300],
			["8", "A", "A", 300],
			["9", "A", "A", 300],
			["@", "A", "A", 300],
			["A", "B", "B", 600],
			["B", "B", "B", 1200],
			["C", "B", "B", 2400],
			["D", "B", "B", 4800],
			["E", "B", "B", 9600],
			["F", "B", "B", 19200],
			["G", "A", "A", 300],
		]);
		expect(modeOf(identified("5", "@"))).toBe("C");
		expect(modeOf(identified("5", "@2"))).toBe("E");
	});

	test("a small third letter promises 20 ms instead of 200", () =>
		expect(["ABC", "ABZ", "ABa", "ABz"].map((maker) => reactionMs(identified("5", "", maker)))).toEqual([
			200, 200, 20, 20,
		]));

	test("only Kamstrup may check by the sum, and who is not known", () => {
		expect(["KAM", "Kam", "KMP", "ABC"].map((maker) => mayUseSum(identified("0", "", maker)))).toEqual([
			true,
			true,
			false,
			false,
		]);
		expect(mayUseSum(undefined)).toBe(true);
	});

	test("a maker whose letters nobody knows keeps them, as capitals", () =>
		expect(["kam", "LGZ", "qqx"].map((maker) => makerText(identified("0", "", maker)))).toEqual([
			"Kamstrup",
			"Landis+Gyr",
			"QQX",
		]));
});

describe("clocks", () => {
	test.each([
		["170118", "2017-01-18"],
		["17-01-18", "2017-01-18"],
		["20170118", "2017-01-18"],
		["2017-01-18", "2017-01-18"],
		["0170118", "2017-01-18"],
		["1170118", "2017-01-18"],
		["19991231", "1999-12-31"],
		["170230", undefined],
		["17011", undefined],
		["201701181", undefined],
		["", undefined],
	])("the date %j is %s", (text, date) => expect(readDate(text)).toBe(date));

	test.each([
		["112832", "11:28:32"],
		["11:28:32", "11:28:32"],
		["11:28", "11:28:00"],
		["1112832", "11:28:32"],
		["000009", "00:00:09"],
		["240000", undefined],
		["11283", undefined],
		["11283200", undefined],
		["", undefined],
	])("the time of day %j is %s", (text, time) => expect(readTime(text)).toBe(time));

	test.each([
		["1701181128", "2017-01-18T11:28:00"],
		["170118112832", "2017-01-18T11:28:32"],
		["17-01-18 11:28", "2017-01-18T11:28:00"],
		["17-01-18&11:28:32", "2017-01-18T11:28:32"],
		["2017-01-18 11:28", "2017-01-18T11:28:00"],
		["2017-01-18T11:28:32", "2017-01-18T11:28:32"],
		["20170118112832", "2017-01-18T11:28:32"],
		["170118,112839", "2017-01-18T11:28:39"],
		["170718112832S", "2017-07-18T11:28:32+02:00"],
		["170118112832W", "2017-01-18T11:28:32+01:00"],
		["170118112832X", undefined],
		["17011811.2832", undefined],
		["170118112832*", undefined],
		["17011811283", undefined],
		["170118112", undefined],
		["17011811", undefined],
		["170118116032", undefined],
		["171318112832", undefined],
		["201701181128321", undefined],
		["S", undefined],
		["", undefined],
	])("the stamp %j is %s", (text, stamp) => expect(readDateTime(text)).toBe(stamp));
});

describe("data sets", () => {
	const read = (text: string, strict: boolean) =>
		readDataSets(ascii(`(${text})(!`), 1, 1 + text.length, strict);

	test.each([
		["1.8.0(1*kWh)", [{ id: "1.8.0", values: ["1*kWh"] }]],
		["1.8.0(1)(2)()", [{ id: "1.8.0", values: ["1", "2", ""] }]],
		[
			"1.8.0(1) 2.8.0(2)\r\nF.F(0)\r\n",
			[
				{ id: "1.8.0", values: ["1"] },
				{ id: "2.8.0", values: ["2"] },
				{ id: "F.F", values: ["0"] },
			],
		],
		["1-0:1.8.0*255&0#(1)", [{ id: "1-0:1.8.0*255&0#", values: ["1"] }]],
		["1.8.0(1)\r\n(2)", [{ id: "1.8.0", values: ["1", "2"] }]],
		[`${"1".repeat(24)}(1)`, [{ id: "1".repeat(24), values: ["1"] }]],
		["", []],
		["\r\n", []],
	])("%j, also where no check character vouches for it", (text, sets) => {
		expect(read(text, true)).toEqual(sets);
		expect(read(text, false)).toEqual(sets);
	});

	test.each([
		["(230.1)", [{ id: "", values: ["230.1"] }]],
		["1.8 .0 (1)", [{ id: "1.8 .0", values: ["1"] }]],
		["1.8\x80(1)", [{ id: "1.8\x80", values: ["1"] }]],
		["1.8.0(12\r\n34)", [{ id: "1.8.0", values: ["1234"] }]],
	])("%j only where a check character does", (text, sets) => {
		expect(read(text, true)).toBeUndefined();
		expect(read(text, false)).toEqual(sets);
	});

	test.each([
		"1.8.0",
		"1.8.0(1",
		"1.8.0(1))",
		"1.8.0((1)",
		"1.8.0(1\x01)",
		"1.8\x07(1)",
		"/1.8(1)",
		"!1.8(1)",
		`${"1".repeat(25)}(1)`,
		"1.8.0(1) x",
	])("%j are none", (text) => {
		expect(read(text, true)).toBeUndefined();
		expect(read(text, false)).toBeUndefined();
	});

	test("a block has 400 at most", () => {
		expect(read("1(1)".repeat(400), true)).toHaveLength(400);
		expect(read("1(1)".repeat(401), true)).toBeUndefined();
		expect(read(`1${"(1)".repeat(500)}`, true)?.[0]?.values).toHaveLength(500);
	});
});

describe("MULTICAL's tables", () => {
	const scaling = { energyUnit: "GJ", energyDecimals: 3, volumeDecimals: 1 };

	test.each([
		["0012345 0045678 0030710 0008123", true],
		["  0012345 0045678 0030710 0008123  ", true],
		["12345678901 0045678 0030710 0008123", true],
		["0012345 0045678 0030710", false],
		["0012345 0045678 0030710 008123", false],
		["0012345 0045678 0030710 00008123", false],
		["1 2 3 4", false],
	])("%j is a line of one: %s", (line, expected) => expect(isTableLine(line)).toBe(expected));

	test("/#2 and /#D hold the customer's number, which is the meter's id; codes keep their zeros", () => {
		const two = tableReading(
			"00000123456 0000001 0000002 0000003 0000004 0000005 0000006 0012345 0011223 0170118",
			"2",
			scaling,
		);
		expect(two).toMatchObject({ protocol: "iec62056", time: null, devices: [] });
		expect(two.meter).toEqual({ manufacturer: "Kamstrup", id: "00000123456", list: "/#2" });
		expect(lines(two)).toEqual(
			"customer_no 00000123456,TA2 1,TL2 2,TA3 3,TL3 4,InA 5,InB 6,ABCCC 0012345,DDEFFGG 0011223,date 0170118".split(
				",",
			),
		);
		const four = tableReading(
			"00000123456 0012345 0011223 0170118 0112832 0030710 0000601 0000012",
			"D",
			scaling,
		);
		expect(lines(four)).toEqual([
			"customer_no 00000123456",
			"ABCCCCCC 0012345",
			"DDEFFGGMN 0011223",
			"calendar 0170118",
			"clock 0112832",
			"operating_time 30710 h",
			"target_date 0000601",
			"error_hours 12 h",
		]);
	});

	test("energy and volume have the decimals of the settings, and are digits without a unit", () => {
		const line = "0012345 0045678 0030710 0008123";
		expect(lines(tableReading(line, "1", scaling)).slice(0, 2)).toEqual([
			"heat_energy 12.345 GJ",
			"heat_volume 4567.8 m³",
		]);
		const unknown = tableReading(line, "1", { ...scaling, energyUnit: "" });
		expect(lines(unknown).slice(0, 2)).toEqual(["energy_digits 12345", "volume_digits 45678"]);
		expect(unknown.meter).toEqual({ manufacturer: "Kamstrup", list: "/#1" });
	});

	test("fields that have no name are numbered, also those of a table that nobody knows", () => {
		expect(lines(tableReading("0000001 -000002", "7", scaling))).toEqual(["table_7_1 1", "table_7_2 -2"]);
		const nine = tableReading(Array(9).fill("0000001").join(" "), "C", scaling);
		expect(lines(nine).at(-1)).toBe("table_C_9 1");
	});
});

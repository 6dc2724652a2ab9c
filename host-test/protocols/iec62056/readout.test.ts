// Data sets to readings: what is a number and what text, units, peaks with their times, the meter's id and clock.
// Sets as IEC 62056-21 meters print them (docs/protocols/iec62056.md); the values stand in the sets.

import type { Identification } from "../../../protocols/iec62056/identification.js";
import { listText, Readout } from "../../../protocols/iec62056/readout.js";
import type { Reading } from "../../../readings/reading.js";
import { lines } from "../asking.js";

function ident(maker: string, speed = "5", enhanced = "", model = "M"): Identification {
	return { maker, speed, enhanced, model };
}

/** `1.6.0(3*kW)(13-11-28 11:45)` and so on, as one reading; `asked`: the address of replies without an id. */
function read(maker: string, sets: readonly string[], asked?: string): Reading {
	const readout = new Readout(ident(maker));
	for (const set of sets) {
		const [id = "", ...values] = set.split("(");
		readout.add({ id, values: values.map((value) => value.slice(0, -1)) }, asked);
	}
	return readout.reading("list");
}
const shown = (...sets: string[]) => lines(read("LGZ", sets));
const kamstrup = (...sets: string[]) => lines(read("Kam", sets));
const timed = (...sets: string[]) => read("LGZ", sets).quantities.map(({ time }) => time);

describe("values", () => {
	test.each([
		["1.8.0(000285.4*kWh)", "energy_import 285.4 kWh"],
		["1.8.0( 000285.4 * kWh )", "energy_import 285.4 kWh"],
		["1.8.0(285400*Wh)", "energy_import 285.400 kWh"],
		["1.8.0(0000.2854*MWh)", "energy_import 285.4 kWh"],
		["2.8.0(1,5*MWh)", "energy_export 1500 kWh"],
		["3.8.0(1.5*MWh)", "reactive_energy_import 1.5 MWh"],
		["1.8.0(285.4)", "energy_import 285.4 kWh"],
		["1.8.0(285)", "energy_import 285"],
		["1.8.0(285*)", "energy_import 285"],
		["32.7.0(231.5)", "voltage_l1 231.5"],
		["1.7.0(00.428*kW)", "power_import 428 W"],
		["6.8(0012.345*MWh)", "heat_energy 12.345 MWh"],
		["6.8(1234*kWh)", "heat_energy 1234 kWh"],
		["6.8(0.5*GJ)", "heat_energy 0.5 GJ"],
		["6.4(12.5*kW)", "heat_power 12.5 kW"],
		["5-0:1.0.0(12*kWh)", "cooling_energy 12 kWh"],
		["6.27(1.234*m3ph)", "flow 1234 L/h"],
		["6.27(1.234*m3/h)", "flow 1234 L/h"],
		["6.30(35.56*C)", "temperature_difference 35.56 K"],
		["6.29(81.23*C)", "temperature_supply 81.23 °C"],
		["6.26(12.3)", "heat_volume 12.3"],
		["1.8.0(abc*kWh)", "1.8.0 abc*kWh"],
		["1.8.0(abc)", "1.8.0 abc"],
		["1.8.0()", "1.8.0 "],
		["1.8.0(1*2*kWh)", "1.8.0 1*2*kWh"],
		["1.8.0(088*C&082*C)", "1.8.0 088*C&082*C"],
		["81.7.1(80*Deg)", "81.7.1 80 Deg"],
		["1.8.0*01(000280.0*kWh)", "1.8.0*01 280.0 kWh"],
		["1.6*1(3.5*kW)", "1.6*1 3500 W"],
	])("%s is %s", (set, expected) => expect(shown(set)).toEqual([expected]));

	test.each([
		"0.0.0",
		"0.2.0",
		"0.9.1",
		"C.1.0",
		"C.1.1",
		"C.5.0",
		"C.13.0",
		"C.90.1",
		"C.97.1",
		"F.F",
		"F.F.0",
		"L.1.0",
		"P.1.0",
		"1.0.0",
		"1-0:1.0.0",
		"1-0:96.1.0",
		"F.F*01",
		"9.20",
		"9.4",
		"6.36",
	])("%s without a unit holds digits that keep their zeros", (id) =>
		expect(shown(`${id}(00012)`)).toEqual([`${id} 00012`]),
	);

	test.each([
		"0.1.0",
		"0.3.0",
		"C.2.0",
		"C.7.0",
		"C.14.1",
		"C.96.1",
		"2.0.0",
		"C.1.0*01",
		"0.0*01",
		"6.35",
		"7-0:96.1.0",
		"6-0:0.0.0",
		"1-0:9.4.0",
		"100.1.0",
	])("%s is no such object: its digits are a number", (id) =>
		expect(shown(`${id}(00012)`)).toEqual([`${id} 12`]),
	);

	test("an object of digits with a unit is a number all the same", () =>
		expect(shown("0.2.0(007*V)", "9.4(088*C)")).toEqual(["0.2.0 7 V", "9.4 88 °C"]));

	test("the 382 prints last month's peak in this month's unit; others have no such object", () => {
		expect(kamstrup("1.6(000018,3*kW)", "1.6*1(000012,5)")).toEqual([
			"power_peak_month 18300 W",
			"power_peak_last_month 12500 W",
		]);
		expect(kamstrup("1.6*1(000012,5)")).toEqual(["power_peak_last_month 12.5"]);
		expect(shown("1.6(000018,3*kW)", "1.6*1(000012,5)")).toEqual(["power_peak_month 18300 W", "1.6*1 12.5"]);
	});
});

describe("several values", () => {
	const PEAK = "2013-11-28T11:45:00";
	test("a peak and when it was, in either order", () => {
		for (const set of [
			"1.6.0(03.125*kW)(13-11-28 11:45)",
			"1.6.0(13-11-28 11:45)(03.125*kW)",
			"1.6.0( 03.125*kW)( 1311281145 )",
		]) {
			expect(shown(set)).toEqual(["power_peak_month 3125 W"]);
			expect(timed(set)).toEqual([PEAK]);
		}
	});

	test("the time stays with a stored peak, and with a text", () => {
		expect(timed("1.6.0*01(03.125*kW)(1311281145)", "P.1(x)(1311281145)")).toEqual([PEAK, PEAK]);
		expect(shown("P.1(x)(1311281145)")).toEqual(["P.1 x"]);
	});

	test("others stay together as they were", () => {
		expect(shown("1.6.0(03.125*kW)(soon)", "99.1(1)(2)(3)", "1.8.0()()")).toEqual([
			"1.6.0 (03.125*kW)(soon)",
			"99.1 (1)(2)(3)",
			"1.8.0 ()()",
		]);
		expect(timed("1.6.0(1*kW)(1311281145)(1)")).toEqual([undefined]);
	});
});

describe("ids that are none", () => {
	test("keep their text as name; numbers have units, or look as numbers do", () => {
		expect(
			shown(
				"HOURS(12*h)",
				"X1234(0012)",
				"X1235(12)",
				"X1236(1.5)",
				"X1237(on)",
				"X1238(on*h)",
				"X1239(*h)",
				"X1240( 7 )",
			),
		).toEqual([
			"HOURS 12 h",
			"X1234 0012",
			"X1235 12",
			"X1236 1.5",
			"X1237 on",
			"X1238 on*h",
			"X1239 *h",
			"X1240 7",
		]);
		const [, zeros, plain] = read("LGZ", ["A(1)", "X1234(0012)", "X1235(12)"]).quantities;
		expect([typeof zeros?.value, typeof plain?.value]).toEqual(["string", "object"]);
	});

	test("a reply without an id has the address that was asked for, numbered where it has several values", () => {
		expect(lines(read("LGZ", ["(230.1*V)(0.52*A)"], "F001"))).toEqual(["F001_1 230.1 V", "F001_2 0.52 A"]);
		expect(lines(read("LGZ", ["(230.1*V)"], "F001"))).toEqual(["F001 230.1 V"]);
		expect(lines(read("LGZ", ["(1)"]))).toEqual(["value 1"]);
		expect(lines(read("LGZ", ["X1234(1)(2)"], "F001"))).toEqual(["X1234 1", "X1234_2 2"]);
	});
});

test("names are given once: then the code, then the code with a number", () =>
	expect(
		shown("1.8.0(1)", "1-0:1.8.0(2)", "1-0:1.8.0(3)", "1-0:1.8.0(4)", "X1234(5)", "X1234(6)", "X1234(7)"),
	).toEqual([
		"energy_import 1",
		"1-0:1.8.0 2",
		"1-0:1.8.0_2 3",
		"1-0:1.8.0_3 4",
		"X1234 5",
		"X1234_2 6",
		"X1234_3 7",
	]));

describe("the meter", () => {
	const idOf = (...sets: string[]) => read("LGZ", sets).meter.id;
	const [BEST, SECOND, THIRD, LAST] = ["0.0(A)", "C.1(B)", "C.1.1(C)", "9.20(D)"] as const;

	test.each([
		[[LAST, THIRD, SECOND, BEST], "A"],
		[[BEST, SECOND, THIRD, LAST], "A"],
		[[LAST, THIRD, SECOND], "B"],
		[[LAST, THIRD], "C"],
		[[LAST], "D"],
		[["0.0.0(A)", "0-0:0.0.0(B)"], "A"],
		[["1-0:0.0.0*255(A)", SECOND], "A"],
		[["0-0:96.1.255(A)", THIRD], "A"],
		[["1-0:96.1.0(A)", THIRD], "A"],
		[["1-0:96.1.1(A)", LAST], "A"],
		[["0.0( A )", SECOND], "A"],
		[["0.0(  )", SECOND], "B"],
		[["0.0(A)(B)"], "A"],
		[["0.0*01(A)"], undefined],
		[
			[
				"0.1(A)",
				"0.0.1(B)",
				"1.0.0(C)",
				"C.2(D)",
				"C.1.2(E)",
				"2-0:96.1.0(F)",
				"2-0:96.1.1(G)",
				"97.1.0(H)",
				"9.21(I)",
				"8.20(J)",
				"9.20.0(K)",
				"97.1.1(L)",
				"96.2.1(M)",
			],
			undefined,
		],
	])("of %j is called %s", (sets, id) => expect(idOf(...sets)).toBe(id));

	test("is made by who its identification says; without one nobody is said to have made it", () => {
		expect(read("LGZ", ["1.8.0(1)"]).meter).toEqual({ manufacturer: "Landis+Gyr", model: "M", list: "list" });
		expect(new Readout(undefined).reading(undefined).meter).toEqual({});
		expect(new Readout(ident("QQQ", "5", "", "")).reading("x").meter).toEqual({
			manufacturer: "QQQ",
			list: "x",
		});
		expect(read("LGZ", ["1.8.0(1)"])).toMatchObject({ protocol: "iec62056", devices: [] });
	});

	const timeOf = (...sets: string[]) => read("LGZ", sets).time;
	test.each([
		[["0.9.1(11:28:32)", "0.9.2(13-11-28)"], "2013-11-28T11:28:32"],
		[["0.9.2(1131128)", "0.9.1(1112832)"], "2013-11-28T11:28:32"],
		[["0.9.4(1311281128)"], "2013-11-28T11:28:00"],
		[["0-0:1.0.0(131128112832W)"], "2013-11-28T11:28:32+01:00"],
		[["9.36(13-11-28&11:28:32)"], "2013-11-28T11:28:32"],
		[["0.9.1(10:00)", "0.9.2(13-11-28)", "9.36(13-11-28&11:28:32)"], "2013-11-28T11:28:32"],
		[["9.36(13-11-28&11:28:32)", "9.36(never)"], "2013-11-28T11:28:32"],
		[["0.9.4(1311281128)", "0.9.4(never)"], "2013-11-28T11:28:00"],
		[["0-0:1.0.0(1311281128)", "0-0:1.0.0(never)"], "2013-11-28T11:28:00"],
		[["0.9.1(11:28:32)"], null],
		[["0.9.2(13-11-28)"], null],
		[
			[
				"0.9.3(1311281128)",
				"0.8.4(1311281128)",
				"9.35(1311281128)",
				"8.36(1311281128)",
				"9.36.0(1311281128)",
			],
			null,
		],
		[
			[
				"1-0:1.0.0(1311281128)",
				"1-0:0.9.4(1311281128)",
				"0-0:1.0.1(1311281128)",
				"0-0:1.1.0(1311281128)",
				"0-0:2.0.0(1311281128)",
			],
			null,
		],
		[["0-0:2.9.4(1311281128)", "0.9.1*01(11:28:32)", "0.9.2*01(13-11-28)"], null],
	])("with %j says %s", (sets, time) => expect(timeOf(...sets)).toBe(time));

	test("the list tells the mode and what protected the data", () => {
		expect([
			listText(ident("KAM", "0"), "none"),
			listText(undefined, "crc"),
			listText(undefined, "xor"),
			listText(undefined, "sum"),
			listText(ident("LGZ", "5"), "xor"),
			listText(ident("LGZ", "5", "2"), "xor"),
			listText(ident("KAM", " "), "sum"),
			listText(ident("ABC", "A"), "xor"),
		]).toEqual([
			"mode D",
			"mode D, CRC",
			"BCC XOR",
			"BCC sum",
			"mode C, BCC XOR",
			"mode E, BCC XOR",
			"mode A, BCC sum",
			"mode B, BCC XOR",
		]);
	});
});

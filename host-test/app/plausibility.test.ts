// What is told of values that cannot well be, and what is not: limits, exceptions, events and how long they are told.

import { Health } from "../../app/health";
import { Plausibility } from "../../app/plausibility";
import { kmp } from "../../protocols/kmp/kmp";
import { PROTOCOLS } from "../../protocols/registry";
import { parseDecimalText } from "../../readings/decimal";
import type { DeviceReading, Quantity, Reading } from "../../readings/reading";
import { ReadingStore } from "../../readings/store";
import { defaultValues } from "../../settings/setting";

const HOUR = 3_600_000;

/** `voltage_l1: "230.1 V"` and so on as quantities. */
function quantities(values: Readonly<Record<string, string>>): Quantity[] {
	return Object.entries(values).map(([name, text]) => {
		const [number = "", unit] = text.split(" ");
		const value = parseDecimalText(number) ?? text;
		return { name, value, ...(unit === undefined ? {} : { unit }) };
	});
}

function reading(
	values: Readonly<Record<string, string>>,
	meter: Reading["meter"] = {},
	devices: readonly DeviceReading[] = [],
): Reading {
	return { protocol: "p1", meter, time: null, quantities: quantities(values), devices };
}

/** Codes and quantities of the warnings after each of these readings, one a second. */
function codes(...readings: readonly Reading[]): string[] {
	const plausibility = new Plausibility([], 0);
	for (const [index, each] of readings.entries()) plausibility.check(each, index * 1000);
	return plausibility.warnings(readings.length * 1000).map(({ code, quantity }) => `${code} ${quantity}`);
}

describe("voltages", () => {
	test.each(["23 V", "23.1 V", "2300 V", "99.9 V", "300.1 V"])("%s is told", (voltage) => {
		expect(codes(reading({ voltage_l2: voltage }))).toEqual(["voltage voltage_l2"]);
	});

	test.each(["230.1 V", "100 V", "300 V", "127.0 V", "0 V", "0.0 V"])("%s is not", (voltage) => {
		expect(codes(reading({ voltage_l2: voltage }))).toEqual([]);
	});

	test("each phase has its warning, which ends when the value is right again", () => {
		const all = { voltage_l1: "2301 V", voltage_l2: "2305 V", voltage_l3: "230 V" };
		expect(codes(reading(all))).toEqual(["voltage voltage_l1", "voltage voltage_l2"]);
		expect(codes(reading(all), reading({ ...all, voltage_l1: "230 V" }))).toEqual(["voltage voltage_l2"]);
	});

	test("a warning keeps the time at which it began and shows the newest value, as it was read", () => {
		const plausibility = new Plausibility([], 0);
		plausibility.check(reading({ voltage_l1: "23.10 V" }), 5000);
		plausibility.check(reading({ voltage_l1: "23.20 V" }), 9000);
		const [warning] = plausibility.warnings(10_000);
		expect(warning).toMatchObject({ code: "voltage", quantity: "voltage_l1", value: "23.20 V", since: 5000 });
		expect(warning?.text).toMatch(/power of ten/);
	});
});

test.each([
	["50.01 Hz", []],
	["60 Hz", []],
	["500 Hz", ["frequency frequency"]],
	["5.00 Hz", ["frequency frequency"]],
] as const)("frequency %s", (frequency, expected) => {
	expect(codes(reading({ frequency }))).toEqual(expected);
});

describe("powers", () => {
	test("much import and much export at once are told, a little of one is not", () => {
		const both = ["both-directions power_export"];
		expect(codes(reading({ power_import: "3771 W", power_export: "2000 W" }))).toEqual(both);
		expect(codes(reading({ power_import: "3771 W", power_export: "40 W" }))).toEqual([]);
		expect(codes(reading({ power_import: "3771 W", power_export: "0 W" }))).toEqual([]);
	});

	const three = (power: string, amperes: string, others: Readonly<Record<string, string>> = {}) =>
		reading({
			...{ power_import: power, power_export: "0 W" },
			...{ voltage_l1: "230 V", voltage_l2: "230 V", voltage_l3: "230 V" },
			...{ current_l1: amperes, current_l2: amperes, current_l3: amperes },
			...others,
		});

	test("what voltages and currents carry is not told; ten times as much is", () => {
		// 3 × 230 V × 5.00 A = 3,450 VA.
		expect(codes(three("3450 W", "5.00 A"))).toEqual([]);
		expect(codes(three("10300 W", "5.00 A"))).toEqual([]);
		expect(codes(three("34500 W", "5.00 A"))).toEqual(["power-beyond-current power_import"]);
	});

	test("currents in whole amperes may hide one: 600 W with 0 A on each phase is nothing special", () => {
		expect(codes(three("600 W", "0 A"))).toEqual([]);
		expect(codes(three("600 W", "0.00 A"))).toEqual(["power-beyond-current power_import"]);
	});

	test("export counts as import does, and the warning goes on when the direction changes", () => {
		const wrong = "power-beyond-current";
		const exporting = three("0 W", "1.00 A", { power_export: "9000 W" });
		expect(codes(exporting)).toEqual([`${wrong} power_export`]);
		expect(codes(exporting, three("9000 W", "1.00 A"))).toEqual([`${wrong} power_import`]);
		expect(codes(exporting, three("300 W", "1.00 A"))).toEqual([]);
	});

	test("without a current for every voltage nothing is said", () => {
		expect(
			codes(
				reading({ power_import: "90000 W", voltage_l1: "230 V", voltage_l2: "230 V", current_l1: "1 A" }),
			),
		).toEqual([]);
		expect(codes(reading({ power_import: "90000 W" }))).toEqual([]);
	});
});

describe("counters", () => {
	const energy = (value: string, meter: Reading["meter"] = {}) => reading({ energy_import: value }, meter);

	test("growing and standing still is their nature, a fall is told with what it fell from", () => {
		expect(codes(energy("100.000 kWh"), energy("100.000 kWh"), energy("100.001 kWh"))).toEqual([]);
		const plausibility = new Plausibility([], 0);
		plausibility.check(energy("100.001 kWh"), 0);
		plausibility.check(energy("10.0001 kWh"), 1000);
		expect(plausibility.warnings(2000)).toMatchObject([
			{ code: "counter-fell", quantity: "energy_import", value: "10.0001 kWh", since: 1000 },
		]);
		expect(plausibility.warnings(2000)[0]?.text).toContain("fell from 100.001 kWh");
	});

	test("a fall is told for a day, though the counter grows again", () => {
		const plausibility = new Plausibility([], 0);
		for (const [index, value] of ["100 kWh", "10 kWh", "11 kWh", "12 kWh"].entries())
			plausibility.check(energy(value), index * 1000);
		expect(plausibility.warnings(23 * HOUR)).toHaveLength(1);
		expect(plausibility.warnings(25 * HOUR)).toEqual([]);
	});

	test("digits beyond 2^53 are compared exactly", () => {
		expect(codes(energy("9007199254740993 kWh"), energy("9007199254740992 kWh"))).toEqual([
			"counter-fell energy_import",
		]);
	});

	test("sub-meters are told apart by their channel", () => {
		const gas = (channel: number, value: string): DeviceReading => ({
			...{ kind: "gas", channel, time: null },
			quantities: quantities({ gas_volume: value }),
		});
		const first = reading({}, {}, [gas(1, "500 m³"), gas(2, "20 m³")]);
		expect(codes(first, reading({}, {}, [gas(1, "501 m³"), gas(2, "20 m³")]))).toEqual([]);
		expect(codes(first, reading({}, {}, [gas(1, "20 m³"), gas(2, "500 m³")]))).toEqual([
			"counter-fell gas_volume",
		]);
	});

	test("records of a log, another meter's number and another unit are no fall", () => {
		expect(codes(energy("100 kWh"), energy("90 kWh", { list: "log 1 record 7" }))).toEqual([]);
		expect(codes(energy("100 kWh", { id: "1" }), energy("90 kWh", { id: "2" }))).toEqual([]);
		expect(codes(reading({ heat_energy: "100 GJ" }), reading({ heat_energy: "27.778 MWh" }))).toEqual([]);
	});

	test("a list without the meter's number belongs to the one before", () => {
		expect(codes(energy("100 kWh", { id: "1" }), energy("90 kWh"))).toEqual(["counter-fell energy_import"]);
	});
});

test("a reading is never altered, and thousands of odd names leave few warnings", () => {
	const plausibility = new Plausibility([], 0);
	for (let round = 0; round < 2000; round++) {
		const odd = reading({ [`energy_${round}`]: `${round} kWh`, voltage_l1: `${round * 1000} V` });
		const before = JSON.stringify(odd);
		plausibility.check(odd, round);
		plausibility.check(reading({ [`energy_${round}`]: "-1 kWh" }), round);
		expect(JSON.stringify(odd)).toBe(before);
	}
	expect(plausibility.warnings(2000).length).toBeLessThanOrEqual(20);
});

describe("in health", () => {
	function warningsOf(plausibility: Plausibility, now: number) {
		const health = new Health(
			{ version: "1", platform: "test", gatewayId: "g", store: new ReadingStore(), now: () => now },
			{
				line: () => ({
					state: { state: "open", since: 0, reason: null, opened: 1, failures: 0 },
					...{ counters: undefined, protocol: "kmp" },
				}),
				outputs: () => {},
				warnings: () => plausibility.warnings(now),
				network: () => ({}),
				survival: () => ({
					...{ resetReason: "power-on", crashes: 0, lastCrash: null, mode: "full", longestStall: 0 },
					memory: {
						...{ free: null, lowest: null, largest: null },
						...{ slots: { used: null, total: null }, chunks: { used: null, total: null } },
					},
				}),
			},
		);
		let text = "";
		health.write((piece) => {
			text += piece;
		});
		return JSON.parse(text).warnings;
	}

	test("nothing to tell is an empty list; ages are seconds", () => {
		const plausibility = new Plausibility([], 0);
		expect(warningsOf(plausibility, 1000)).toEqual([]);
		plausibility.check(reading({ voltage_l1: "23 V" }), 2000);
		expect(warningsOf(plausibility, 5500)).toMatchObject([
			{ code: "voltage", quantity: "voltage_l1", value: "23 V", since: 3.5 },
		]);
	});

	test("a period that drains a KMP meter's battery is told from the start", () => {
		const settings = { ...defaultValues(kmp.settings), period: 60 };
		const plausibility = new Plausibility(kmp.warnings?.(settings) ?? [], 0);
		expect(warningsOf(plausibility, 1000)).toMatchObject([
			{ code: "setting", quantity: null, value: null, since: 1 },
		]);
		expect(warningsOf(plausibility, 1000)[0].text).toMatch(/60 s.*battery/);
	});

	test.each(PROTOCOLS.map((protocol) => [protocol.name, protocol] as const))(
		"%s: its defaults do no harm",
		(_, protocol) => {
			expect(protocol.warnings?.(defaultValues(protocol.settings)) ?? []).toEqual([]);
		},
	);
});

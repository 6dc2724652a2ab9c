// What counters do besides counting: run over, come in other digits, appear late, send a wrong telegram. Peaks, power,
// and the file of export and import.

import { placeOf } from "../../../readings/history/channel";
import { Import } from "../../../readings/history/import";
import { dayPeaks, monthPeaks } from "../../../readings/history/peaks";
import type { History } from "../../../readings/history/recorder";
import { Rows } from "../../../readings/history/rows";
import { emptySample } from "../../../readings/history/sample";
import { csvRows, exportLines, jsonRows, type Pieces } from "../../../readings/history/text";
import type { Quantity } from "../../../readings/reading";
import { counter, MemoryFiles, openHistory, reading } from "./storage";

import "../../../host/platform/globals";

const START = Date.UTC(2025, 0, 6) / 1000;
const HOUR = 3600;

function tell(history: History, time: number, quantities: readonly Quantity[]): void {
	history.reading(reading(null, quantities), time, time);
}

function changes(history: History, place = 0): (number | null)[] {
	const rows = new Rows(history, "hour", START, START + 500 * HOUR, [place]);
	const all: (number | null)[] = [];
	while (rows.next()) if (!rows.open) all.push(rows.change[place] as number);
	return all;
}

const textOf = (pieces: Pieces) => {
	const all: string[] = [];
	for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) {
		expect(piece.length).toBeLessThan(2000);
		all.push(piece);
	}
	return all.join("");
};

describe("counters", () => {
	/** Values at 0:00, 1:00 … as thousandths, each confirmed a minute later. */
	function hours(values: readonly number[]): History {
		const history = openHistory(new MemoryFiles(), "UTC0");
		values.forEach((value, hour) => {
			for (const seconds of [0, 60, 120])
				tell(history, START + hour * HOUR + seconds, [counter("energy_import", value)]);
		});
		return history;
	}

	test("one with five digits runs over: what it counted goes on", () => {
		// 99999.500 → 00000.250 kWh is 0.750 kWh.
		const history = hours([99_999_000, 99_999_500, 250, 1000]);
		expect(changes(history)).toEqual([500, 750, 750]);
	});

	test("a 32-bit one runs over", () => {
		// 2^32 = 4294967296: 296 + 700.
		expect(changes(hours([4_294_966_000, 4_294_967_000, 700, 800]))).toEqual([1000, 996, 100]);
	});

	test("one that is set back to zero counts nothing for that", () => {
		expect(changes(hours([50_000, 51_000, 0, 300]))).toEqual([1000, 0, 300]);
	});

	test("one wrong telegram is not a new meter", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		[10_000, 11_000, 0, 13_000].forEach((value, hour) => {
			tell(history, START + hour * HOUR + 1800, [counter("energy_import", 10_000 + hour * 1000)]);
			if (value === 0) tell(history, START + hour * HOUR + 1900, [counter("energy_import", 0)]);
			tell(history, START + (hour + 1) * HOUR, [counter("energy_import", 10_500 + hour * 1000)]);
		});
		expect(changes(history)).toEqual([1000, 1000, 1000]);
	});

	test("more digits after the point from now on: all of them are kept", () => {
		const files = new MemoryFiles();
		const history = openHistory(files, "UTC0");
		const values: Quantity["value"][] = [
			{ mantissa: 100, exponent: 0 },
			{ mantissa: 1015, exponent: -1 },
			{ mantissa: 103_251, exponent: -3 },
			{ mantissa: 104, exponent: 0 },
		];
		values.forEach((value, hour) => {
			tell(history, START + hour * HOUR, [{ name: "energy_import", value, unit: "kWh" }]);
		});
		expect(changes(history)).toEqual([1500, 1751, 749]);
		expect(changes(openHistory(files, "UTC0"))).toEqual([1500, 1751, 749]);
	});

	test("the sum of the tariffs stands for the import of a meter that sends no total", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		for (let hour = 0; hour < 3; hour++)
			tell(history, START + hour * HOUR, [
				counter("energy_import_t1", 1000 + hour * 100),
				counter("energy_import_t2", 2000 + hour * 7),
			]);
		expect(changes(history, placeOf(history.channels, "energy_import"))).toEqual([107, 107]);
	});

	test("a sub-meter that comes later, is away for hours, and returns", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		for (let hour = 0; hour < 20; hour++)
			for (const minutes of [0, 10, 30])
				tell(history, START + hour * HOUR + minutes * 60, [
					counter("energy_import", hour * 1000),
					...(hour >= 3 && (hour < 6 || hour >= 12) ? [counter("gas_volume", hour * 100, "m³")] : []),
				]);
		const rows = new Rows(history, "hour", START, START + 19 * HOUR, [0, 1]);
		const gas: [number, boolean][] = [];
		while (rows.next()) {
			if (rows.open) continue;
			expect(rows.change[0]).toBe(1000);
			gas.push([rows.change[1] as number, (rows.estimated & 2) !== 0]);
		}
		expect(gas.slice(0, 3).map(([change]) => change)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
		// Counted 0 between 5:00 and 5:30, and 700 until 12:00: all of it is told, what is spread is marked.
		expect(gas.slice(3).reduce((sum, [change]) => sum + change, 0)).toBe(1600);
		expect(gas.filter(([, estimated]) => estimated).length).toBe(7);
	});
});

describe("peaks", () => {
	test("the mean of the three highest hours on different days, and the highest quarter", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		// Three months; in each a day's highest hour is told by hand below.
		let total = 1_000_000;
		const days = 40;
		for (let quarter = 0; quarter <= days * 96; quarter++) {
			const time = Date.UTC(2025, 0, 1) / 1000 + quarter * 900;
			tell(history, time, [counter("energy_import", total)]);
			const day = Math.floor(quarter / 96);
			const hour = Math.floor(quarter / 4) % 24;
			const busy = [3, 9, 20, 21].indexOf(day);
			// Hours of 4, 8, 6 and 2 kWh; the day with 8 has a second hour of 7, which is not on another day.
			const peak =
				busy < 0 ? 0 : hour === 18 ? [1000, 2000, 1500, 500][busy] : hour === 8 && day === 9 ? 1750 : 0;
			total += peak || 50 + (day === 12 && quarter % 96 === 40 ? 2500 : 0);
		}
		const january = emptySample();
		const first = Date.UTC(2025, 0, 1) / 1000;
		const highest = monthPeaks(history, first, Date.UTC(2025, 1, 1) / 1000, january);
		expect(highest.map(({ day, hour }) => [(day - first) / 86_400, hour])).toEqual([
			[9, 8000],
			[20, 6000],
			[3, 4000],
		]);
		expect(january.hour).toBe(6000);
		expect(january.quarter).toBe(2550);
		const day = emptySample();
		dayPeaks(history, first + 30 * 86_400, first + 31 * 86_400, day);
		expect([day.hour, day.quarter]).toEqual([200, 50]);
		expect(history.log("month").last).toMatchObject({ hour: 6000, quarter: 2550 });
	});
});

test("the last hour of power: one value for ten seconds, none invented", () => {
	const history = openHistory(new MemoryFiles(), "UTC0");
	for (let step = 0; step < 500; step++) {
		if (step >= 450 && step < 470) continue;
		tell(history, START + step * 10, [
			{ name: "power_import", value: { mantissa: step, exponent: 0 }, unit: "W" },
			{ name: "power_export", value: { mantissa: 1, exponent: -1 }, unit: "W" },
		]);
	}
	const values = Array.from({ length: 360 }, (_, index) => Math.round(history.power.at(index)));
	expect(history.power.until).toBe(START + 5000);
	expect(values).toEqual(
		Array.from({ length: 360 }, (_, index) => (index >= 310 && index < 330 ? Number.NaN : index + 140)),
	);
});

describe("export and import", () => {
	function lived(): History {
		const history = openHistory(new MemoryFiles());
		for (let hour = 0; hour < 24 * 70; hour++) {
			// The 9000 hours' counter runs over on the way; gas is a sub-meter.
			const time = START + hour * HOUR;
			const device = {
				kind: "gas",
				id: "G1",
				channel: 1,
				time: null,
				quantities: [counter("gas_volume", hour * 13, "m³")],
			};
			const value = (99_000_000 + hour * 750) % 100_000_000;
			for (const seconds of [0, 60])
				history.reading(
					reading(null, [counter("energy_import", value)], [device]),
					time + seconds,
					time + seconds,
				);
		}
		return history;
	}
	const csv = (history: History) =>
		textOf(csvRows(history, { period: "day", from: START, to: START + 69 * 86_400, places: [0, 1] }));

	test("what was exported is imported elsewhere, in whatever pieces, and exports the same again", () => {
		const history = lived();
		const text = textOf(exportLines(history));
		expect(text.split("\n").slice(0, 3)).toEqual([
			"meterling-history,2",
			expect.stringMatching(/^channel,0,energy_import,kWh,meter,0,-3,[0-9a-f]+,[0-9]+$/),
			expect.stringMatching(/^channel,1,gas_volume,m³,gas,1,-3,[0-9a-f]+,[0-9]+$/),
		]);
		expect(text).toContain("\nhour,2025-01-06T00:00:00Z,,,99000.000,0.000\n");
		const files = new MemoryFiles();
		const other = openHistory(files);
		const bytes = new TextEncoder().encode(text);
		const take = new Import(other);
		for (let at = 0; at < bytes.length; at += 997) take.take(bytes.subarray(at, at + 997));
		const lines = text.split("\n").filter((line) => /^(hour|day|month)/.test(line)).length;
		expect(take.end()).toEqual({ samples: lines });
		expect(textOf(exportLines(other))).toBe(text);
		expect(csv(other)).toBe(csv(history));
		expect(csv(openHistory(files))).toBe(csv(history));
		expect(files.writes).toBeLessThan(lines / 10);
		// And it goes on: the next hour is the difference to the last imported one.
		const next = START + 24 * 70 * HOUR;
		for (const each of [history, other])
			each.reading(
				reading(null, [counter("energy_import", (99_000_000 + 24 * 70 * 750) % 100_000_000)]),
				next,
				next,
			);
		const lastHours = (each: History) =>
			textOf(csvRows(each, { period: "hour", from: next - 3 * HOUR, to: next, places: [0] }));
		expect(lastHours(other)).toBe(lastHours(history));
	});

	test.each([
		["an empty file", "", "line 1 is missing"],
		["something else", "<html>\n", 'line 1 is not "meterling-history,2"'],
		["a name of a later format", "meterling-history,3\n", 'line 1 is not "meterling-history,2"'],
		[
			"a counter without history",
			"meterling-history,2\nchannel,0,tariff,,meter,0,0,0,0\n",
			"line 2 is not understood",
		],
		["a line too long", `meterling-history,2\n${"x".repeat(600)}`, "line 2 is too long"],
		[
			"time that goes back",
			"meterling-history,2\nchannel,0,energy_import,kWh,meter,0,-3,0,0\nhour,2025-01-02T00:00:00Z,,,1\nhour,2025-01-01T00:00:00Z,,,2\n",
			"line 4 is not understood",
		],
		[
			"a number that is none",
			"meterling-history,2\nchannel,0,energy_import,kWh,meter,0,-3,0,0\nhour,2025-01-02T00:00:00Z,,,1e99\n",
			"line 3 is not understood",
		],
	])("%s is refused with its line", (_, text, problem) => {
		const take = new Import(openHistory(new MemoryFiles()));
		take.take(new TextEncoder().encode(text));
		expect(take.end().problem).toBe(problem);
	});

	test("a counter whose line is refused is none: what is read afterwards is counted", () => {
		const history = openHistory(new MemoryFiles());
		const take = new Import(history);
		const line = "channel,0,energy_import,kWh,meter,0,-3,no number,no number\n";
		take.take(new TextEncoder().encode(`meterling-history,2\n${line}`));
		expect(take.end()).toEqual({ samples: 0, problem: "line 2 is not understood" });
		expect(history.channels).toEqual([]);
		for (const hour of [0, 1, 2])
			tell(history, START + hour * HOUR, [counter("energy_import", 5000 + hour * 70)]);
		expect(changes(history).filter((change) => change !== null)).toEqual([70, 70]);
	});

	test("a sample that is refused is not counted among those that were taken", () => {
		const take = new Import(openHistory(new MemoryFiles()));
		const channel = "channel,0,energy_import,kWh,meter,0,-3,0,0\n";
		const samples = "hour,2025-01-02T00:00:00Z,,,1\nhour,2025-01-02T01:00:00Z,,,x\n";
		take.take(new TextEncoder().encode(`meterling-history,2\n${channel}${samples}`));
		expect(take.end()).toEqual({ samples: 1, problem: "line 4 is not understood" });
	});

	test("rows as JSON keep every digit", () => {
		const history = lived();
		const text = textOf(
			jsonRows(
				history,
				{ period: "hour", from: START, to: START + 2 * HOUR, places: [0, 1] },
				"Europe/Copenhagen",
			),
		);
		expect(text).toContain(
			'{"from":"2025-01-06T01:00:00+01:00","to":"2025-01-06T02:00:00+01:00","change":[0.750,0.013]}',
		);
		expect(JSON.parse(text)).toMatchObject({
			period: "hour",
			timeZone: "Europe/Copenhagen",
			columns: [
				{ name: "energy_import", unit: "kWh", device: null },
				{ name: "gas_volume", unit: "m³", device: { kind: "gas", channel: 1 } },
			],
		});
	});
});

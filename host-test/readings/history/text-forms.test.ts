// History's text forms to the letter: rows as JSON and CSV, the file of export and import, line by line. Formats of
// docs/history.md and readings/history/text.ts; three hours of a meter with gas, told by hand.

import "../../../host/platform/globals";
import { Import } from "../../../readings/history/import";
import type { History } from "../../../readings/history/recorder";
import { csvRows, exportLines, jsonRows, type Pieces } from "../../../readings/history/text";
import { counter, FullFiles, MemoryFiles, openHistory, reading } from "./storage";

const START = Date.UTC(2025, 0, 6) / 1000;
const HOUR = 3600;
const textOf = (pieces: Pieces) => {
	let all = "";
	for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) all += piece;
	expect(pieces.next()).toBeUndefined();
	return all;
};

/** Import 1.000, 1.250, 2.000 …; gas, a sub-meter, from the second hour on; the meter is another one in the fourth. */
function lived(files = new MemoryFiles()): History {
	const history = openHistory(files, "UTC0");
	const say = (time: number, value: number, gas?: number, id = "meter-1") => {
		const device = {
			kind: "gas",
			id: "G1",
			channel: 1,
			time: null,
			quantities: [counter("gas_volume", gas ?? 0, "m³")],
		};
		history.reading(
			reading(null, [counter("energy_import", value)], gas === undefined ? [] : [device], id),
			time,
			time,
		);
	};
	say(START, 1000);
	say(START + HOUR, 1250, 10);
	say(START + 2 * HOUR, 2000, 15);
	say(START + 3 * HOUR, 500_000, 25, "meter-2");
	say(START + 3 * HOUR + 60, 500_010, 25, "meter-2");
	say(START + 4 * HOUR, 500_100, 30, "meter-2");
	say(START + 4 * HOUR + 60, 500_150, 30, "meter-2");
	return history;
}
const ALL = { from: START, to: START + 10 * HOUR, places: [0, 1] };
const FILE = [
	"meterling-history,2",
	expect.stringMatching(/^channel,0,energy_import,kWh,meter,0,-3,[0-9a-f]+,-498000$/),
	expect.stringMatching(/^channel,1,gas_volume,m³,gas,1,-3,[0-9a-f]+,0$/),
	"hour,2025-01-06T00:00:00Z,,,1.000,",
	"hour,2025-01-06T01:00:00Z,,,1.250,0.010",
	"hour,2025-01-06T02:00:00Z,,,2.000,0.015",
	"hour,2025-01-06T03:00:00Z,,,2.000!,0.025",
	"hour,2025-01-06T04:00:00Z,,,2.100,0.030",
	// The last reading of the other meter is a sample, too: what lies behind it is another's.
	"day,2025-01-06T00:00:00Z,,,1.000,",
	"day,2025-01-06T02:00:00Z,,,2.000,0.015",
	"month,2025-01-06T00:00:00Z,,,1.000,",
	"month,2025-01-06T02:00:00Z,,,2.000,0.015",
	"",
];

test("as CSV: a title with units, a line a row, what is marked by its columns' names", () => {
	expect(textOf(csvRows(lived(), { period: "hour", ...ALL }))).toBe(
		[
			"from,to,energy_import (kWh),gas_volume (m³),estimated,block,open",
			"2025-01-06T00:00:00+00:00,2025-01-06T01:00:00+00:00,0.250,,,,",
			"2025-01-06T01:00:00+00:00,2025-01-06T02:00:00+00:00,0.750,0.005,,,",
			"2025-01-06T02:00:00+00:00,2025-01-06T03:00:00+00:00,0.000,0.010,energy_import,,",
			"2025-01-06T03:00:00+00:00,2025-01-06T04:00:00+00:00,0.100,0.005,,,",
			"2025-01-06T04:00:00+00:00,2025-01-06T04:01:00+00:00,0.050,0.000,,,true",
			"",
		].join("\r\n"),
	);
	expect(textOf(csvRows(lived(), { period: "hour", from: START, to: START + HOUR, places: [1] }))).toBe(
		"from,to,gas_volume (m³),estimated,block,open\r\n",
	);
	expect(textOf(csvRows(lived(), { period: "day", ...ALL }))).toBe(
		"from,to,energy_import (kWh),gas_volume (m³),estimated,block,open\r\n2025-01-06T00:00:00+00:00,2025-01-06T04:01:00+00:00,1.150,,energy_import,,true\r\n",
	);
});

test("as JSON: columns that say whose they are, rows that mark columns by their places", () => {
	const text = textOf(jsonRows(lived(), { period: "hour", ...ALL }, "Europe/Copenhagen"));
	expect(text.slice(0, text.indexOf("2025"))).toBe(
		'{"period":"hour","timeZone":"Europe/Copenhagen","columns":[{"name":"energy_import","unit":"kWh","device":null},{"name":"gas_volume","unit":"m³","device":{"kind":"gas","channel":1}}],"rows":[\n{"from":"',
	);
	const { rows } = JSON.parse(text);
	expect(rows.slice(0, 4)).toEqual([
		{ from: "2025-01-06T00:00:00+00:00", to: "2025-01-06T01:00:00+00:00", change: [0.25, null] },
		{ from: "2025-01-06T01:00:00+00:00", to: "2025-01-06T02:00:00+00:00", change: [0.75, 0.005] },
		{ from: "2025-01-06T02:00:00+00:00", to: "2025-01-06T03:00:00+00:00", change: [0, 0.01], estimated: [0] },
		{ from: "2025-01-06T03:00:00+00:00", to: "2025-01-06T04:00:00+00:00", change: [0.1, 0.005] },
	]);
	expect(rows[4]).toEqual({
		from: "2025-01-06T04:00:00+00:00",
		to: "2025-01-06T04:01:00+00:00",
		change: [0.05, 0],
		open: true,
	});
	expect(text.endsWith(',"open":true}]}\n')).toBe(true);
	expect(JSON.parse(textOf(jsonRows(lived(), { period: "hour", from: 0, to: 1, places: [] }, "x")))).toEqual({
		period: "hour",
		timeZone: "x",
		columns: [],
		rows: [],
	});
});

test("a gap too long to be spread is a block, in both forms", () => {
	const history = lived();
	const later = START + 104 * HOUR;
	history.reading(reading(null, [counter("energy_import", 600_150)], [], "meter-2"), later, later);
	const query = { period: "hour" as const, from: START + 4 * HOUR, to: later + HOUR, places: [0] };
	expect(textOf(csvRows(history, query)).split("\r\n")[1]).toBe(
		"2025-01-06T04:00:00+00:00,2025-01-10T08:00:00+00:00,100.050,,energy_import,",
	);
	expect(textOf(jsonRows(history, query, "x"))).toContain('"change":[100.050],"block":[0]}');
});

describe("the file of export", () => {
	const bytesOf = (text: string) => new TextEncoder().encode(text);
	const taken = (text: string, size = text.length, files = new MemoryFiles()) => {
		const history = openHistory(files, "UTC0");
		const take = new Import(history);
		const bytes = bytesOf(text);
		for (let at = 0; at < bytes.length; at += size) take.take(bytes.subarray(at, at + size));
		return { history, files, ...take.end() };
	};

	test("has the table of counters and all samples, a ! where a counter began anew", () => {
		const text = textOf(exportLines(lived()));
		expect(text.split("\n")).toEqual(FILE);
		expect(textOf(exportLines(openHistory(new MemoryFiles())))).toBe("meterling-history,2\n");
	});

	test("comes back as it was, whatever its line ends and pieces, and after a restart", () => {
		const text = textOf(exportLines(lived()));
		for (const [sent, size] of [
			[text, 1],
			[text, 17],
			[text.replaceAll("\n", "\r\n"), 1000],
			[text.slice(0, -1), 5],
			[text.replaceAll("\n", "\n\n"), 64],
		] as const) {
			const { history, files, samples, problem } = taken(sent, size);
			expect([samples, problem]).toEqual([9, undefined]);
			expect(textOf(exportLines(history))).toBe(text);
			expect(textOf(exportLines(openHistory(files, "UTC0")))).toBe(text);
			expect(
				textOf(csvRows(history, { period: "hour", ...ALL }))
					.split("\r\n")
					.slice(1, 4),
			).toEqual(
				textOf(csvRows(lived(), { period: "hour", ...ALL }))
					.split("\r\n")
					.slice(1, 4),
			);
		}
	});

	test("keeps peaks, in the digits of the import", () => {
		const lines = [
			"meterling-history,2",
			"channel,0,energy_import,kWh,meter,0,-3,0,0",
			"hour,2025-01-06T00:00:00Z,0.412,,85823.280",
			"day,2025-01-06T00:00:00Z,0.412,1.5,85823.280",
			"",
		];
		const { history, samples } = taken(lines.join("\n"));
		expect(samples).toBe(2);
		expect(history.log("day").last).toMatchObject({ quarter: 412, hour: 1500 });
		expect(textOf(exportLines(history))).toBe(lines.join("\n").replace(",1.5,", ",1.500,"));
	});

	const HEAD =
		"meterling-history,2\nchannel,0,energy_import,kWh,meter,0,-3,0,0\nhour,2025-01-06T00:00:00Z,,,5\n";
	test.each([
		["hour,2025-01-06T01:00:00Z,,,4.999", "a counter that falls"],
		["hour,2025-01-06T01:00:00Z,,,5,6", "a counter more than there are"],
		["hour,2025-01-06T01:00:00Z,,", "a counter less"],
		["hour,2025-01-05T23:59:59Z,,,5", "an earlier time"],
		["hour,2106-02-07T06:28:16Z,,,5", "a time beyond 32 bits"],
		["hour,never,,,5", "no time"],
		["week,2025-01-06T01:00:00Z,,,5", "no period"],
		["hour,2025-01-06T01:00:00Z,x,,5", "a peak that is none"],
		["hour,2025-01-06T01:00:00Z,,-1,5", "a peak below zero"],
		["hour,2025-01-06T01:00:00Z,,,x", "no number"],
		["hour,2025-01-06T01:00:00Z,,,-6", "a number below zero"],
		["channel,1,gas_volume,m³,gas,1,-3,0,0", "a counter behind samples"],
	])("%s is not understood: %s; what came before is kept", (line) => {
		const { samples, problem, history } = taken(`${HEAD}${line}\nhour,2025-01-06T02:00:00Z,,,6\n`);
		expect([samples, problem]).toEqual([1, "line 4 is not understood"]);
		expect(history.log("hour").last.time).toBe(START);
	});

	test("takes the last second of 32 bits, the same time again, a counter that stands still", () => {
		const { samples, problem } = taken(
			`${HEAD}hour,2025-01-06T00:00:00Z,,,5\nhour,2106-02-07T06:28:15Z,,,5\n`,
		);
		expect([samples, problem]).toEqual([3, undefined]);
	});

	test("lines have 512 bytes at most", () => {
		expect(taken(`${HEAD}${"x".repeat(512)}\n`).problem).toBe("line 4 is not understood");
		expect(taken(`${HEAD}${"x".repeat(513)}\n`).problem).toBe("line 4 is too long");
	});

	test("nothing is taken behind its end, and the end said again says the same", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		const take = new Import(history);
		take.take(bytesOf(HEAD));
		expect(take.end()).toEqual({ samples: 1 });
		take.take(bytesOf("hour,2025-01-06T01:00:00Z,,,6\n"));
		expect(take.end()).toEqual({ samples: 1 });
		expect(history.log("hour").last.time).toBe(START);
	});

	test("while it comes readings are not noted; then they are, from there on", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		const take = new Import(history);
		take.take(bytesOf(HEAD));
		const say = (time: number, value: number) =>
			history.reading(reading(null, [counter("energy_import", value)]), time, time);
		say(START + HOUR, 7000);
		expect(history.log("hour").last.time).toBe(START);
		take.end();
		say(START + HOUR, 7000);
		expect(history.log("hour").last).toMatchObject({ time: START + HOUR });
		expect(
			textOf(csvRows(history, { period: "hour", from: START, to: START + HOUR, places: [0] })).split(
				"\r\n",
			)[1],
		).toContain(",2.000,");
	});

	test("a storage that takes nothing is told with the line, or at the end", () => {
		const files = new FullFiles();
		const history = openHistory(files, "UTC0");
		const take = new Import(history);
		take.take(bytesOf(HEAD));
		files.full = true;
		take.take(bytesOf("hour,2025-01-06T01:00:00Z,,,6\n"));
		expect(take.end().problem).toBe("the end could not be kept: Error: the storage is full");
		const full = new FullFiles();
		full.full = true;
		const other = new Import(openHistory(full, "UTC0"));
		other.take(bytesOf(HEAD));
		expect(other.end().problem).toBe("line 3 could not be kept: Error: the storage is full");
	});
});

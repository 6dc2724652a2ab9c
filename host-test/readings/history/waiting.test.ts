// What the recorder waits for and does not: sub-meters, quarters of an hour that were measured, a storage that has room again.
// Each case in a few readings told by hand; rules of docs/history.md.

import type { History } from "../../../readings/history/recorder";
import { Rows } from "../../../readings/history/rows";
import type { Quantity } from "../../../readings/reading";
import { counter, FullFiles, MemoryFiles, openHistory, reading } from "./storage";

const START = Date.UTC(2025, 0, 6) / 1000;
const HOUR = 3600;
const MINUTE = 60;

/** The import counter, and gas of a sub-meter with a time of its own, if it is told. */
function say(
	history: History,
	time: number,
	wh: number,
	gas?: number,
	gasTime?: number,
	id = "meter-1",
): void {
	const stamp = gasTime === undefined ? null : new Date(gasTime * 1000).toISOString();
	const device = {
		kind: "gas",
		id: "G1",
		channel: 1,
		time: stamp,
		quantities: [counter("gas_volume", gas ?? 0, "m³")],
	};
	history.reading(
		reading(null, [counter("energy_import", wh)], gas === undefined ? [] : [device], id),
		time,
		time,
	);
}
/** The newest sample of hours: its minute, and what both counters are known to be. */
function newest(history: History): string {
	const { time, counters } = history.log("hour").last;
	return `${(time - START) / MINUTE} ${counters[0]},${counters[1]}`;
}
function rows(history: History, from: number, to: number): string[] {
	const all = new Rows(history, "hour", from, to, [0, 1]);
	const told: string[] = [];
	while (all.next())
		told.push(
			`${(all.from - START) / MINUTE} ${all.change[0]},${all.change[1]}${all.estimated ? " estimated" : ""}${all.open ? " open" : ""}`,
		);
	return told;
}

describe("a sub-meter", () => {
	const begun = () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		say(history, START, 1000, 10);
		return history;
	};
	test("whose value of the hour comes later is waited for, and its own time counts", () => {
		const history = begun();
		say(history, START + HOUR, 1500);
		expect(newest(history)).toBe("0 1000,10");
		// Read before the hour: it is not the hour's.
		say(history, START + HOUR + 5 * MINUTE, 1550, 12, START + HOUR - 1);
		expect(newest(history)).toBe("0 1000,10");
		say(history, START + HOUR + 10 * MINUTE, 1600, 15, START + HOUR);
		expect(newest(history)).toBe("60 1500,15");
		expect(rows(history, START, START + HOUR)).toEqual(["0 500,5"]);
	});

	test("that does not come is waited for twenty minutes", () => {
		const history = begun();
		say(history, START + HOUR, 1500);
		say(history, START + HOUR + 20 * MINUTE - 1, 1600);
		expect(newest(history)).toBe("0 1000,10");
		say(history, START + HOUR + 20 * MINUTE, 1601);
		expect(newest(history)).toBe("60 1500,10");
		expect(history.log("hour").last.present & 2).toBe(0);
	});

	test("that kept silent for three hours is not waited for any more", () => {
		const at = (seconds: number) => {
			const history = begun();
			for (const hour of [1, 2])
				for (const minutes of [0, 30]) say(history, START + hour * HOUR + minutes * MINUTE, 1500 + hour);
			say(history, START + seconds, 2000);
			return newest(history);
		};
		expect([at(3 * HOUR - 1), at(3 * HOUR)]).toEqual(["120 1502,10", "180 2000,10"]);
	});

	test("whose clock is ahead was read now", () => {
		const history = begun();
		say(history, START + HOUR, 1500, 15, START + 9 * HOUR);
		expect([newest(history), history.readAt[1]]).toEqual(["60 1500,15", START + HOUR]);
	});

	test("without a time of its own is as old as its reading; texts and negative values are none", () => {
		const history = begun();
		const device = (value: Quantity["value"]) => ({
			kind: "gas",
			id: "G1",
			channel: 1,
			time: null,
			quantities: [{ name: "gas_volume", value, unit: "m³" }],
		});
		for (const value of ["open", { mantissa: -5, exponent: 0 }])
			history.reading(
				reading(null, [counter("energy_import", 1200)], [device(value)]),
				START + 60,
				START + 60,
			);
		expect([history.readAt[1], history.latest.counters[1]]).toEqual([START, 10]);
		history.reading(
			reading(null, [counter("energy_import", 1200)], [device({ mantissa: 20, exponent: -3 })]),
			START + 90,
			START + 90,
		);
		expect([history.readAt[1], history.latest.counters[1]]).toEqual([START + 90, 20]);
	});
});

describe("quarters of an hour", () => {
	/** Told at these seconds of the hour with these counters, then at the next hour: the highest quarter that is kept. */
	const peak = (...told: (readonly [number, number])[]) => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		say(history, START, 1000);
		for (const [seconds, wh] of told) say(history, START + seconds, wh);
		say(history, START + HOUR, 1500);
		expect(newest(history)).toBe("60 1500,NaN");
		return history.log("hour").last.quarter;
	};
	test("are measured where both ends were read within half a minute", () => {
		expect(peak([900, 1100], [1800, 1400], [2700, 1450])).toBe(300);
		expect(peak([900, 1100], [1200, 1390], [1830, 1400], [2700, 1450])).toBe(300);
		expect(peak([900, 1100], [1831, 1400], [2700, 1450])).toBe(100);
		expect(peak([900, 1100], [2700, 1450])).toBe(100);
		expect(peak([1800, 1400])).toBe(0);
		expect(peak([900, 1000], [1800, 1000], [2700, 1000])).toBe(500);
	});

	test("begin anew with the next hour; the day and the month keep the highest", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		let wh = 0;
		const FIRST = Date.UTC(2025, 0, 30) / 1000;
		for (let quarter = 0; quarter <= 3 * 96; quarter++) {
			say(history, FIRST + quarter * 900, wh);
			wh += quarter === 50 ? 700 : quarter === 130 ? 900 : 10;
			if (quarter === 52) expect(history.log("hour").last.quarter).toBe(700);
			if (quarter === 56) expect(history.log("hour").last.quarter).toBe(10);
			// The first day's: a quarter of 700, an hour of 700 and three of 10.
			if (quarter === 96) expect(history.log("day").last).toMatchObject({ quarter: 700, hour: 730 });
			// The month's first two days: of hours the mean.
			if (quarter === 192) expect(history.log("month").last).toMatchObject({ quarter: 900, hour: 830 });
			if (quarter === 192) expect(history.log("day").last).toMatchObject({ quarter: 900, hour: 930 });
		}
	});
});

/** Counts how often it is tried to write while there is no room. */
class CountingFiles extends FullFiles {
	tries = 0;

	override append(name: string, bytes: Uint8Array, at?: number): void {
		if (this.full) this.tries++;
		super.append(name, bytes, at);
	}

	override write(name: string, bytes: Uint8Array): void {
		if (this.full) this.tries++;
		super.write(name, bytes);
	}
}

describe("a storage that has no room", () => {
	test("is told once, and costs no consumption", () => {
		const files = new FullFiles();
		const lines: string[] = [];
		const history = openHistory(files, "UTC0", (line) => lines.push(line));
		say(history, START, 1000);
		files.full = true;
		say(history, START + HOUR, 1500);
		say(history, START + HOUR + 10 * MINUTE, 1600);
		expect(lines).toEqual(["history could not be written: Error: the storage is full"]);
		files.full = false;
		say(history, START + HOUR + 20 * MINUTE - 1, 1700);
		expect(newest(history)).toBe("0 1000,NaN");
		say(history, START + HOUR + 20 * MINUTE, 1800);
		// What was read last before it was tried again is a sample.
		expect(history.log("hour").last).toMatchObject({ time: START + HOUR + 20 * MINUTE - 1 });
		const changes = rows(history, START, START + 3 * HOUR).map((row) => Number(row.split(/[ ,]/)[1]));
		expect(changes.reduce((sum, change) => sum + change, 0)).toBe(800);
		files.full = true;
		say(history, START + 2 * HOUR, 2000);
		say(history, START + 3 * HOUR, 2100);
		expect(lines).toHaveLength(2);
	});

	test("is tried every twenty minutes, not with every reading", () => {
		const files = new CountingFiles();
		const history = openHistory(files, "UTC0");
		for (const seconds of [0, 3590]) say(history, START + seconds, 1000);
		files.full = true;
		for (let seconds = 3600; seconds < 3 * HOUR; seconds += 10) say(history, START + seconds, 1000 + seconds);
		// Two hours have six twenty minutes; one try is for each log whose period is over: the hour's.
		expect(files.tries).toBeGreaterThanOrEqual(6);
		expect(files.tries).toBeLessThanOrEqual(2 * 7);
	});
});

describe("rows", () => {
	test("of the hour that is not over end at the newest reading; the sample that waits ends the one before", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		say(history, START, 1000, 10);
		say(history, START + 30 * MINUTE, 1200, 12);
		expect(rows(history, START, START + 9 * HOUR)).toEqual(["0 200,2 open"]);
		// Gas is waited for: import of the hour is known.
		say(history, START + HOUR, 1500);
		say(history, START + HOUR + MINUTE, 1510);
		const [first] = rows(history, START, START + 9 * HOUR);
		expect(first?.startsWith("0 500,")).toBe(true);
		expect(rows(history, START + HOUR, START + HOUR)).toEqual([]);
	});

	test("begin with a whole hour, and end with one", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		for (let hour = 0; hour <= 4; hour++) say(history, START + hour * HOUR, 1000 + hour * hour * 100);
		expect(rows(history, START + 1, START + 4 * HOUR - 1)).toEqual(["60 300,NaN", "120 500,NaN"]);
		expect(rows(history, START + HOUR, START + 4 * HOUR)).toEqual([
			"60 300,NaN",
			"120 500,NaN",
			"180 700,NaN",
		]);
	});

	test("read up to five minutes late are exact, later ones are spread; 32 hours are, more are a block", () => {
		const late = (seconds: number) => {
			const history = openHistory(new MemoryFiles(), "UTC0");
			say(history, START, 0);
			say(history, START + HOUR + seconds, 3601 * 2);
			return rows(history, START, START + HOUR)[0];
		};
		expect([late(300), late(301)]).toEqual([
			"0 7202,NaN",
			`0 ${Math.round((7202 * 3600) / 3901)},NaN estimated`,
		]);
		const gap = (hours: number) => {
			const history = openHistory(new MemoryFiles(), "UTC0");
			say(history, START, 0);
			say(history, START + hours * HOUR, hours * 1000);
			return rows(history, START, START + hours * HOUR).length;
		};
		expect([gap(32), gap(33), gap(100)]).toEqual([32, 1, 1]);
	});
});

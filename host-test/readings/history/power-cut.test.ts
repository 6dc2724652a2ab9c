// Power cuts while history is written (issue 7, acceptance 3), a full storage, and years until every ring has wrapped.
// After each cut: what was kept before is there, nothing else is, and the counters go on without loss.

import type { Period } from "../../../readings/history/calendar";
import { LogReader } from "../../../readings/history/reader";
import type { History } from "../../../readings/history/recorder";
import { Rows } from "../../../readings/history/rows";
import { seeded } from "../../settings/memory-files";
import { counter, FailingFiles, FullFiles, MemoryFiles, openHistory, reading } from "./storage";

const CUTS = 1000;
const START = Date.UTC(2025, 0, 1) / 1000;
const HOUR = 3600;
/** A write is some 25 bytes, a new file 70: so some cuts come late in the next ones. */
const MOST_STEPS = 160;

/** Wh at an hour: never the same difference twice in a row. */
const at = (hour: number) => 1_000_000 + hour * 500 + (hour % 7) * 11 + Math.floor(hour / 9);

function tell(history: History, hour: number, seconds = 5): void {
	const time = START + hour * HOUR + seconds;
	history.reading(reading(null, [counter("energy_import", at(hour))]), time, time);
}

function kept(history: History, period: Period, from = 0): [time: number, counter: number][] {
	const log = history.log(period);
	const reader = new LogReader(log, from);
	const all: [number, number][] = [];
	while (reader.next()) all.push([reader.sample.time, reader.sample.counters[0] as number]);
	return all;
}

test(`${CUTS} power cuts at random steps of writing: no hour that was kept is lost, none is invented`, () => {
	const random = seeded(11);
	const files = new FailingFiles(Math.floor(random() * MOST_STEPS), random);
	let history = openHistory(files);
	let cuts = 0;
	let hour = 0;
	let expected: [number, number][] = [];
	let torn = 0;
	for (; cuts < CUTS && hour < 100 * CUTS; hour++) {
		tell(history, hour);
		if (!files.failed) expected.push([START + hour * HOUR + 5, at(hour)]);
		else {
			cuts++;
			files.failed = false;
			files.budget = Math.floor(random() * MOST_STEPS);
			history = openHistory(files);
			// All of it now and then, else what is newer than a fortnight.
			const now = kept(history, "hour", cuts % 50 === 0 ? 0 : START + (hour - 336) * HOUR);
			// The hour that was being written is there or not; older ones may have left the ring, oldest first.
			const isThere = now.at(-1)?.[0] === START + hour * HOUR + 5;
			if (isThere) expected.push([START + hour * HOUR + 5, at(hour)]);
			else torn++;
			// A torn sample may come back when the next one is torn over it: it is a true one all the same.
			expect(now.filter(([time, counter]) => at(Math.floor((time - START) / HOUR)) !== counter)).toEqual([]);
			const times = new Set(now.map(([time]) => time));
			const lost = expected.filter(([time]) => time >= (now[0]?.[0] ?? 0) && !times.has(time));
			expect(lost).toEqual([]);
			expect(times.size).toBe(now.length);
			if (cuts % 50 === 0) expect(now.length).toBeGreaterThanOrEqual(Math.min(expected.length, 62 * 24));
			expected = expected.slice(-5000);
		}
	}
	expect(cuts).toBe(CUTS);
	expect(torn).toBeGreaterThan(CUTS / 4);
	// The cuts lost no energy: from the first boundary to the last the rows add up.
	for (const period of ["hour", "day", "month"] as const) {
		const rows = new Rows(history, period, START, START + hour * HOUR, [0]);
		let sum = 0;
		let from = 0;
		let to = 0;
		while (rows.next()) {
			from ||= rows.from;
			to = rows.to;
			sum += rows.change[0] as number;
		}
		// A boundary whose sample was lost is estimated: within an hour's counting of the truth.
		const truth = at(Math.round((to - START) / HOUR)) - at(Math.round((from - START) / HOUR));
		expect(Math.abs(sum - truth)).toBeLessThan(1200);
	}
	console.log(`${CUTS} cuts in ${hour} hours of history; in ${torn} of them the hour being written was lost`);
});

test("each step of the first write, of an append and of a new file", () => {
	const random = seeded(12);
	for (const hours of [0, 1, 40]) {
		for (let budget = 0, cut = true; cut; budget++) {
			const files = new FailingFiles(-1, random);
			let history = openHistory(files);
			for (let hour = 0; hour < hours; hour++) tell(history, hour);
			const before = kept(history, "hour");
			files.budget = budget;
			tell(history, hours);
			cut = files.failed;
			files.failed = false;
			files.budget = -1;
			history = openHistory(files);
			expect(kept(history, "hour").slice(0, before.length)).toEqual(before);
			tell(history, hours, 60);
			tell(history, hours + 1);
			expect(kept(history, "hour").at(-1)).toEqual([START + (hours + 1) * HOUR + 5, at(hours + 1)]);
		}
	}
});

test("a full storage loses no energy: what could not be written is within the next sample", () => {
	const files = new FullFiles();
	const log: string[] = [];
	const history = openHistory(files, "UTC0", (line) => log.push(line));
	for (let hour = 0; hour < 100; hour++) {
		files.full = hour >= 30 && hour < 50;
		for (const seconds of [5, 1800, 3590]) tell(history, hour, seconds);
	}
	const rows = new Rows(history, "hour", START, START + 99 * HOUR, [0]);
	let sum = 0;
	while (rows.next()) sum += rows.change[0] as number;
	expect(sum).toBe(at(99) - at(0));
	expect(log).toEqual(["history could not be written: Error: the storage is full"]);
	const again = openHistory(files, "UTC0");
	expect(kept(again, "hour").at(-1)).toEqual([START + 99 * HOUR + 5, at(99)]);
});

test("thirty years of hours wrap every ring: bounded, the newest kept, twelve counters", () => {
	const files = new MemoryFiles();
	const history = openHistory(files, "UTC0");
	const names = [
		"energy_import",
		"energy_export",
		"energy_import_t1",
		"energy_import_t2",
		"energy_export_t1",
		"energy_export_t2",
	];
	const media = ["gas_volume", "water_volume", "heat_energy", "heat_volume", "cooling_energy", "pulse_count"];
	const days = 30 * 365;
	for (let day = 0; day < days; day++) {
		// Hours of the last 100 days only: the days and months before need none.
		for (let hour = day > days - 100 ? 0 : 23; hour < 24; hour++) {
			const number = day * 24 + hour;
			const time = START + number * HOUR + 7;
			const value = 5_000_000 + number * 9000;
			history.reading(
				reading(
					null,
					[...names, ...media].map((name) => counter(name, value, name === "gas_volume" ? "m³" : "kWh")),
				),
				time,
				time,
			);
		}
	}
	const span = (period: Period) => kept(history, period).length;
	console.log(
		`twelve counters, thirty years: ${files.files.size} files, ${files.blocks * 4} KB; ${span("hour")} hours, ${span("day")} days, ${span("month")} months`,
	);
	expect(span("hour")).toBeGreaterThanOrEqual(62 * 24);
	expect(span("day")).toBeGreaterThanOrEqual(3 * 366);
	expect(span("month")).toBeGreaterThanOrEqual(300);
	expect(files.blocks * 4096).toBeLessThanOrEqual(200 * 1024);
	for (const bytes of files.files.values()) expect(bytes.length).toBeLessThanOrEqual(4096);
});

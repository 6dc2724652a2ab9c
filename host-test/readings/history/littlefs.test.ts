// History on the device's own file system (littlefs.ts), through hardware/files.ts: the power fails at 1,000 random bytes of
// what is written to the flash, in the middle of an import, and where the flash is full. littlefs promises that a file which was
// closed is whole, and that a renamed one is the old or the new: so here every sample that was kept must be there.

import { DeviceFiles } from "../../../hardware/files";
import { PERIODS, type Period } from "../../../readings/history/calendar";
import { Import } from "../../../readings/history/import";
import { historyFileNames } from "../../../readings/history/log";
import { LogReader } from "../../../readings/history/reader";
import type { History } from "../../../readings/history/recorder";
import { Rows } from "../../../readings/history/rows";
import { SEGMENT_LENGTH } from "../../../readings/history/sample";
import { exportLines } from "../../../readings/history/text";
import { seeded } from "../../settings/memory-files";
import { Littlefs, missingForLittlefs } from "./littlefs";
import { counter, MemoryFiles, openHistory, reading } from "./storage";

const mockFlash: { current?: Littlefs } = {};
jest.mock("embedded:storage/files", () => {
	const folder = () => mockFlash.current?.folder as Littlefs["folder"];
	return {
		__esModule: true,
		default: {
			status: (path: string) => folder().status(path),
			openFile: (options: { path: string; mode: string }) => folder().openFile(options),
			move: (from: string, to: string) => folder().move(from, to),
			delete: (path: string) => folder().delete(path),
		},
	};
});

/** METERLING_CUTS=1000 is what docs/history.md tells of. */
const CUTS = Number(process.env.METERLING_CUTS ?? 100);
const START = Date.UTC(2025, 0, 1) / 1000;
const HOUR = 3600;
/** Bytes of the flash's work; a sample's append copies its block, so takes up to 4,096 and the directory's entry. */
const MOST_WORK = 30_000;

/** Samples that a log keeps at least. */
const LEAST: Readonly<Record<Period, number>> = { hour: 62 * 24, day: 3 * 366, month: 300 };

const why = missingForLittlefs();
const missing = why ? ` (not run: ${why})` : "";
const describeOnLittlefs = why ? describe.skip : describe;

/** Wh at an hour: never the same difference twice in a row. */
const at = (hour: number) => 1_000_000 + hour * 500 + (hour % 7) * 11 + Math.floor(hour / 9);
/** Six counters, so that files fill sooner. */
const NAMES = ["energy_import", "energy_export", "energy_import_t1", "energy_import_t2"];
const told = (hour: number) => [
	...NAMES.map((name, index) => counter(name, at(hour) * (index + 1))),
	counter("gas_volume", at(hour) * 5, "m³"),
	counter("water_volume", at(hour) * 6, "m³"),
];

function tell(history: History, hour: number, seconds = 5): void {
	const time = START + hour * HOUR + seconds;
	history.reading(reading(null, told(hour)), time, time);
}

/** Hours of all samples of that log; each counter is what the meter told at that hour, or this throws. */
function kept(history: History, period: Period, from = 0): number[] {
	const reader = new LogReader(history.log(period), START + from * HOUR);
	const hours: number[] = [];
	while (reader.next()) {
		const { time, counters, present } = reader.sample;
		const hour = Math.floor((time - START) / HOUR);
		for (let place = 0; place < history.channels.length; place++)
			if (present & (1 << place) && counters[place] !== at(hour) * (place + 1))
				throw new Error(`invented: ${counters[place]} in channel ${place} at hour ${hour}`);
		if (present !== 63) throw new Error(`hour ${hour} has only the counters ${present}`);
		hours.push(hour);
	}
	return hours;
}

const textOf = (history: History) => {
	const pieces = exportLines(history);
	let text = "";
	for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) text += piece;
	return text;
};

function sumOf(history: History, period: Period, from: number, to: number, place = 0): number {
	const rows = new Rows(history, period, from, to, [place]);
	let sum = 0;
	while (rows.next()) sum += rows.change[place] as number;
	return sum;
}

describeOnLittlefs(`history on littlefs${missing}`, () => {
	let flash: Littlefs;

	beforeEach(() => {
		flash = new Littlefs();
		mockFlash.current = flash;
	});
	afterEach(() => flash.close());

	test(`${CUTS} power cuts at random bytes of the flash: every sample that was kept is there`, () => {
		const random = seeded(21);
		const files = new DeviceFiles();
		let history = openHistory(files, "UTC0");
		let hour = 0;
		let lost = 0;
		let most = 0;
		/** By log: hours of the samples that were kept for certain. */
		const sure: Record<Period, number[]> = { hour: [], day: [], month: [] };
		for (let cuts = 1; cuts <= CUTS; cuts++) {
			flash.failAfter(Math.floor(random() * MOST_WORK), Math.floor(random() * 65_536));
			for (let failed = false; !failed; hour++) {
				tell(history, hour);
				failed = flash.dead;
				for (const period of PERIODS) {
					const newest = Math.floor((history.log(period).last.time - START) / HOUR);
					if (!failed && newest !== sure[period].at(-1)) sure[period].push(newest);
				}
			}
			// It need not be formatted.
			expect(flash.powerOn()).toBe(false);
			history = openHistory(files, "UTC0");
			const isThorough = cuts % 50 === 0;
			for (const period of PERIODS) {
				const hours = kept(history, period, isThorough ? 0 : hour - 24);
				// The one that was being written is there or not.
				if (hours.at(-1) === hour - 1 && sure[period].at(-1) !== hour - 1) sure[period].push(hour - 1);
				else if (period === "hour") lost++;
				const first = hours[0] ?? 0;
				const known = sure[period].filter((each) => each >= first);
				// Days and months get one more, of the last hour before, where theirs was lost.
				if (period === "hour") expect(hours).toEqual(known);
				else expect(known.filter((each) => !hours.includes(each))).toEqual([]);
				// What is gone was the oldest, of a log that was full.
				if (isThorough)
					expect(hours.length).toBeGreaterThanOrEqual(Math.min(sure[period].length, LEAST[period]));
			}
			if (isThorough) most = Math.max(most, flash.sectorsInUse);
		}
		tell(history, hour);
		tell(history, hour + 1);
		const hours = kept(history, "hour");
		// Ends that were sampled are true, whatever was estimated between them: the sum is exact.
		const first = hours.find((each) => hours.includes(each + 1)) as number;
		const to = START + (hour + 1) * HOUR;
		expect(sumOf(history, "hour", START + (first + 1) * HOUR, to)).toBe(at(hour + 1) - at(first + 1));
		const { erasures, most: worst } = flash.wear;
		console.log(
			`${CUTS} power cuts in ${hour} hours on littlefs: ${lost} times the hour being written was lost; ${most} of 128 sectors in use at most, ${erasures} erasures, ${worst} of one sector at most`,
		);
		expect(lost).toBeGreaterThan(CUTS / 10);
		expect(most).toBeLessThanOrEqual(64);
	}, 60_000);

	test(`${CUTS / 5} cuts while a new file takes the oldest one's place: its samples may go, no other`, () => {
		const random = seeded(22);
		const files = new DeviceFiles();
		let history = openHistory(files, "UTC0");
		// Until the ring has wrapped, and its newest file has no room.
		let hour = 0;
		while (hour < 4200 || !isFull(files)) tell(history, hour++);
		const before = kept(history, "hour");
		flash.keep();
		const { bytes, erasures } = flash.wear;
		tell(history, hour);
		const work = flash.wear.bytes - bytes + (flash.wear.erasures - erasures) * 256;
		const after = kept(history, "hour");
		const given = before.filter((each) => each < (after[0] as number));
		expect(given.length).toBeGreaterThan(100);
		const seen = { old: 0, new: 0, stray: 0 };
		for (let cut = 0; cut < CUTS / 5; cut++) {
			flash.restore();
			history = openHistory(files, "UTC0");
			flash.failAfter(Math.floor(random() * work), cut);
			tell(history, hour);
			expect(flash.dead).toBe(true);
			expect(flash.powerOn()).toBe(false);
			history = openHistory(files, "UTC0");
			const from = cut % 10 === 0 ? 0 : hour - 300;
			const now = kept(history, "hour", from);
			const isNew = now.at(-1) === hour;
			seen[isNew ? "new" : "old"]++;
			expect(now).toEqual((isNew ? after : before).filter((each) => each >= (now[0] as number)));
			if (from === 0) expect(now[0]).toBe((isNew ? after : before)[0]);
			if (historyFileNames().some((name) => files.size(`${name}.new`) !== undefined)) seen.stray++;
			// And it goes on.
			tell(history, hour + 1);
			expect(kept(openHistory(files, "UTC0"), "hour").slice(-1)).toEqual([hour + 1]);
		}
		console.log(
			`${CUTS / 5} cuts in the ${work} bytes of work of a replacement: ${seen.old} times the old file was there, ${seen.new} times the new one; ${seen.stray} times a half-written one beside it`,
		);
		expect(Math.min(seen.old, seen.stray)).toBeGreaterThan(CUTS / 20);
	}, 60_000);

	test(`${CUTS / 10} cuts in the middle of an import: samples of the file, none other; imported again it is whole`, () => {
		const random = seeded(23);
		const files = new DeviceFiles();
		const memory = openHistory(new MemoryFiles(), "UTC0");
		for (let hour = 0; hour < 1700; hour++) tell(memory, hour);
		const text = textOf(memory);
		const bytes = new TextEncoder().encode(text);
		const lines = new Set(text.split("\n"));
		const importInto = (history: History) => {
			const taking = new Import(history);
			for (let at = 0; at < bytes.length; at += 1460) taking.take(bytes.subarray(at, at + 1460));
			return taking.end();
		};
		importInto(openHistory(files, "UTC0"));
		flash.keep();
		const { bytes: programmed, erasures } = flash.wear;
		importInto(openHistory(files, "UTC0"));
		const work = flash.wear.bytes - programmed + (flash.wear.erasures - erasures) * 256;
		let partly = 0;
		for (let cut = 0; cut < CUTS / 10; cut++) {
			flash.restore();
			const history = openHistory(files, "UTC0");
			flash.failAfter(Math.floor(random() * work), cut);
			importInto(history);
			expect(flash.dead).toBe(true);
			expect(flash.powerOn()).toBe(false);
			const after = openHistory(files, "UTC0");
			const found = textOf(after);
			expect(found.split("\n").filter((line) => !lines.has(line))).toEqual([]);
			const samples = kept(after, "hour");
			expect(samples.every((each, index) => each === (samples[0] as number) + index)).toBe(true);
			if (samples.length > 0 && samples.length < 1700) partly++;
			if (cut % 10 !== 0) continue;
			expect(importInto(after).problem).toBeUndefined();
			expect(textOf(openHistory(files, "UTC0"))).toBe(text);
		}
		console.log(
			`${CUTS / 10} cuts in the ${work} bytes of work of an import: ${partly} times a part of it was there`,
		);
		expect(partly).toBeGreaterThan(CUTS / 50);
	}, 60_000);
});

/** Whether the next sample begins a new file, which takes the oldest one's place. */
function isFull(files: DeviceFiles): boolean {
	const sizes = historyFileNames()
		.filter((name) => name.startsWith("history.h"))
		.map((name) => files.size(name) ?? 0);
	return sizes.every((size) => size > SEGMENT_LENGTH - 24);
}

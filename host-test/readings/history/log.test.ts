// One log of samples: what is added comes back, over restarts, when the ring has gone round, behind a damaged record, when the
// clock was wrong. A ring of three files, so that it goes round soon; samples are made here. Format: readings/history/sample.ts.

import "../../../host/platform/globals";
import { historyFileNames, SampleLog } from "../../../readings/history/log";
import { LogReader } from "../../../readings/history/reader";
import {
	CRC_AT,
	emptySample,
	HEADER_LENGTH,
	type Sample,
	SEGMENT_LENGTH,
} from "../../../readings/history/sample";
import { crc32 } from "../../../settings/crc32";
import { FullFiles, MemoryFiles } from "./storage";

const START = 1_700_000_000;
const open = (files: MemoryFiles, slots = 3) => new SampleLog(files, crc32, "log.", slots);

function sample(time: number, counters: readonly number[], more: Partial<Sample> = {}): Sample {
	const made = { ...emptySample(), time, ...more };
	counters.forEach((count, place) => {
		made.counters[place] = count;
		if (!Number.isNaN(count) && more.present === undefined) made.present |= 1 << place;
	});
	return made;
}

/** What is kept from `from` on, in short. */
function kept(log: SampleLog, from = 0): string[] {
	const reader = new LogReader(log, from);
	const all: string[] = [];
	while (reader.next()) {
		const { time, present, broken, quarter, hour, counters } = reader.sample;
		const counts = [...counters]
			.map((count, place) => (present & (1 << place) ? `${count}${broken & (1 << place) ? "!" : ""}` : ""))
			.join(",");
		all.push(`${time - START} ${counts.replace(/,+$/, "")}${quarter || hour ? ` ${quarter} ${hour}` : ""}`);
	}
	return all;
}
/** `count` samples an hour apart, each with twelve counters that have counted a lot: some 50 to a file. */
function fill(log: SampleLog, from: number, count: number): void {
	for (let hour = from; hour < from + count; hour++)
		log.add(
			sample(
				START + hour * 3600,
				Array.from({ length: 12 }, (_, place) => hour * 3e8 + place),
			),
		);
}
const hours = (log: SampleLog, from = 0) => kept(log, from).map((line) => Number.parseInt(line, 10) / 3600);

test("samples come back as they were added, and after a restart", () => {
	const files = new MemoryFiles();
	const log = open(files);
	expect([kept(log), log.last.time]).toEqual([[], 0]);
	log.add(sample(START, [5]));
	log.add(sample(START + 3600, [5, 1_000_000_000_000], { quarter: 127, hour: 128 }));
	log.broken = 3;
	log.add(sample(START + 7200, [9, Number.NaN, 70]));
	log.add(sample(START + 7200, [9, 1_000_000_000_001, 70], { quarter: 16_384 }));
	const all = ["0 5", "3600 5,1000000000000 127 128", "7200 9!,,70", "7200 9,1000000000001!,70 16384 0"];
	expect(kept(log)).toEqual(all);
	expect([log.last.time, [...log.last.counters.slice(0, 3)], log.last.quarter, log.broken]).toEqual([
		START + 7200,
		[9, 1_000_000_000_001, 70],
		16_384,
		0,
	]);
	const again = open(files);
	expect(kept(again)).toEqual(all);
	expect([again.last.time, [...again.last.counters.slice(0, 3)], again.broken]).toEqual([
		START + 7200,
		[9, 1_000_000_000_001, 70],
		0,
	]);
	again.add(sample(START + 9000, [10]));
	expect(kept(open(files))).toEqual([...all, "9000 10"]);
});

test("a file is one block of flash at most, and the first bytes say where it begins", () => {
	const files = new MemoryFiles();
	const log = open(files);
	fill(log, 0, 120);
	expect(hours(log)).toEqual(Array.from({ length: 120 }, (_, hour) => hour));
	expect([...files.files.keys()]).toEqual(
		["log.1", "log.2"].concat(files.files.has("log.0") ? ["log.0"] : []),
	);
	for (const bytes of files.files.values()) expect(bytes.length).toBeLessThanOrEqual(SEGMENT_LENGTH);
	const [first] = files.files.values();
	expect(first?.length).toBeGreaterThan(SEGMENT_LENGTH - 100);
	const header = new DataView((first as Uint8Array).buffer);
	expect([header.getUint32(0), header.getUint32(4), header.getUint32(CRC_AT)]).toEqual([
		1,
		START,
		crc32((first as Uint8Array).subarray(0, CRC_AT)),
	]);
	expect(Array.from({ length: 12 }, (_, place) => header.getFloat64(8 + place * 8))).toEqual(
		Array(12).fill(Number.NaN),
	);
});

test("when the ring has gone round the oldest give way, a file at a time; also after a restart", () => {
	const files = new MemoryFiles();
	const log = open(files);
	fill(log, 0, 500);
	const all = hours(log);
	expect(all.at(-1)).toBe(499);
	expect(all).toEqual(Array.from({ length: all.length }, (_, index) => 500 - all.length + index));
	expect(all.length).toBeGreaterThan(100);
	expect(files.files.size).toBe(3);
	const again = open(files);
	expect(hours(again)).toEqual(all);
	fill(again, 500, 60);
	expect(hours(again).at(-1)).toBe(559);
	expect(hours(again)[0]).toBeGreaterThan(all[0] as number);
	expect(hours(open(files))).toEqual(hours(again));
	// From a time on: no earlier file is gone over.
	const from = all.at(-1) as number;
	expect(hours(again, START + from * 3600).length).toBeLessThan(hours(again).length);
	expect(hours(again, START + from * 3600)).toContain(from);
	expect(hours(again, 0)).toEqual(hours(again));
	expect(hours(again, Number.POSITIVE_INFINITY).at(-1)).toBe(559);
});

test("a counter that is not in a file's first records is known from its head", () => {
	const files = new MemoryFiles();
	const log = open(files);
	log.add(sample(START, [1, 2]));
	for (let hour = 1; hour < 900; hour++) log.add(sample(START + hour * 3600, [1 + hour]));
	expect(files.files.size).toBeGreaterThan(1);
	const again = open(files);
	expect([...again.last.counters.slice(0, 2)]).toEqual([900, 2]);
	// A file that is gone: what the next one's head knows is a sample.
	const [oldest] = [...files.files.keys()];
	files.remove(oldest as string);
	const [first, second] = kept(open(files));
	expect(first).toMatch(/^\d+ \d+,2$/);
	expect(second).toMatch(/^\d+ \d+$/);
});

test("a record that is damaged ends its file; what is added next is found", () => {
	for (const cut of [1, 4, 7]) {
		const files = new MemoryFiles();
		const log = open(files);
		fill(log, 0, 3);
		const name = "log.1";
		files.files.set(name, (files.files.get(name) as Uint8Array).slice(0, -cut));
		const again = open(files);
		expect(hours(again)).toEqual([0, 1]);
		fill(again, 3, 1);
		expect(hours(open(files))).toEqual([0, 1, 3]);
	}
	const files = new MemoryFiles();
	fill(open(files), 0, 3);
	const bytes = files.files.get("log.1") as Uint8Array;
	bytes[HEADER_LENGTH + 2] = (bytes[HEADER_LENGTH + 2] as number) ^ 1;
	expect(hours(open(files))).toEqual([]);
	bytes[5] = (bytes[5] as number) ^ 1;
	const empty = open(files);
	expect([kept(empty), empty.last.time]).toEqual([[], 0]);
});

test("once the clock is set back, what lies ahead is void; also after a restart", () => {
	const files = new MemoryFiles();
	const log = open(files);
	fill(log, 0, 10);
	log.add(
		sample(
			START + 4 * 3600 + 5,
			Array.from({ length: 12 }, (_, place) => 3e9 + place),
		),
	);
	for (const each of [log, open(files)]) {
		// What had been counted by then stands in the new file's head, and is a sample of its own.
		expect(hours(each).map(Math.floor)).toEqual([0, 1, 2, 3, 4, 4, 4]);
		expect(each.last.time).toBe(START + 4 * 3600 + 5);
	}
	fill(log, 20, 1);
	expect(hours(open(files)).map(Math.floor)).toEqual([0, 1, 2, 3, 4, 4, 4, 20]);
	// Set back before all that there is.
	log.add(
		sample(
			START - 3600,
			Array.from({ length: 12 }, (_, place) => 7e9 + place),
		),
	);
	expect(hours(log)).toEqual([-1, -1]);
	expect(hours(open(files))).toEqual([-1, -1]);
});

test("samples of an import are written some at a time, and all are there when it ends", () => {
	const files = new MemoryFiles();
	const log = open(files);
	log.hold(true);
	fill(log, 0, 30);
	const { writes, largestWrite } = files;
	expect(writes).toBeLessThan(6);
	expect(largestWrite).toBeLessThanOrEqual(1024);
	expect(open(files).last.time).toBeLessThan(START + 29 * 3600);
	log.flush();
	expect(hours(open(files))).toHaveLength(30);
	fill(log, 30, 2);
	log.hold(false);
	expect(hours(open(files))).toHaveLength(32);
	fill(log, 32, 1);
	expect(hours(open(files))).toHaveLength(33);
	expect(hours(log)).toHaveLength(33);
});

test("a storage that takes nothing costs what was to be written, and nothing that was", () => {
	const files = new FullFiles();
	const log = open(files);
	fill(log, 0, 2);
	files.full = true;
	expect(() => fill(log, 2, 1)).toThrow("the storage is full");
	expect(log.last.time).toBe(START + 3600);
	files.full = false;
	fill(log, 3, 1);
	expect(hours(log)).toEqual([0, 1, 3]);
	log.hold(true);
	fill(log, 4, 3);
	files.full = true;
	expect(() => log.flush()).toThrow("the storage is full");
	files.full = false;
	expect(log.last.time).toBe(START + 3 * 3600);
	fill(log, 7, 1);
	log.hold(false);
	expect(hours(open(files))).toEqual([0, 1, 3, 7]);
});

test("cleared, it begins anew", () => {
	const files = new MemoryFiles();
	const log = open(files);
	fill(log, 0, 200);
	log.clear();
	expect([files.files.size, log.last.time, kept(log)]).toEqual([0, 0, []]);
	fill(log, 5, 1);
	expect(hours(open(files))).toEqual([5]);
});

test("a factory reset knows all files: the table, 21 of hours, 17 of days, 7 of months", () => {
	const names = historyFileNames();
	expect(new Set(names).size).toBe(1 + 21 + 17 + 7);
	expect(names.slice(0, 3)).toEqual(["history.channels", "history.h0", "history.h1"]);
	expect([names[21], names[22], names[38], names[39], names[45]]).toEqual([
		"history.h20",
		"history.d0",
		"history.d16",
		"history.m0",
		"history.m6",
	]);
});

// History after its rings have gone round, and in a storage that has no room: during hours, during an import, for its table.

import { Import } from "../../../readings/history/import";
import { LogReader } from "../../../readings/history/reader";
import type { History } from "../../../readings/history/recorder";
import { Rows } from "../../../readings/history/rows";
import { exportLines } from "../../../readings/history/text";
import { counter, MemoryFiles, openHistory, reading } from "./storage";

const START = Date.UTC(2025, 0, 1) / 1000;
const HOUR = 3600;
const at = (hour: number) => 1_000_000 + hour * 1500 + (hour % 7) * 11;

/** Storage of so many blocks of 4 KB. */
class LimitedFiles extends MemoryFiles {
	limit = Number.POSITIVE_INFINITY;

	override append(name: string, bytes: Uint8Array, from?: number): void {
		this.#check(name, Math.max(this.files.get(name)?.length ?? 0, (from ?? 0) + bytes.length));
		super.append(name, bytes, from);
	}

	override write(name: string, bytes: Uint8Array): void {
		this.#check(name, bytes.length);
		super.write(name, bytes);
	}

	#check(name: string, length: number): void {
		const had = Math.ceil((this.files.get(name)?.length ?? 0) / 4096);
		if (this.blocks - had + Math.ceil(length / 4096) > this.limit) throw new Error("the storage is full");
	}
}

function tell(history: History, hour: number, seconds = 5): void {
	const time = START + hour * HOUR + seconds;
	history.reading(reading(null, [counter("energy_import", at(hour))]), time, time);
}

function kept(history: History): number[] {
	const reader = new LogReader(history.log("hour"), 0);
	const hours: number[] = [];
	while (reader.next()) {
		const hour = Math.floor((reader.sample.time - START) / HOUR);
		expect([hour, reader.sample.counters[0]]).toEqual([hour, at(hour)]);
		hours.push(hour);
	}
	return hours;
}

function sum(history: History, from: number, to: number): number {
	const rows = new Rows(history, "hour", START + from * HOUR, START + to * HOUR, [0]);
	let all = 0;
	while (rows.next()) all += rows.change[0] as number;
	return all;
}

const textOf = (history: History) => {
	const pieces = exportLines(history);
	let text = "";
	for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) text += piece;
	return text;
};

test.each([1, 2])(
	"a restart after the ring of hours has gone round %i times finds what was there",
	(times) => {
		const files = new MemoryFiles();
		const history = openHistory(files, "UTC0");
		for (let hour = 0; hour < 6500 * times; hour++) tell(history, hour);
		const before = kept(history);
		expect(before.length).toBeGreaterThan(62 * 24);
		expect(before.length).toBeLessThan(6500 * times);
		const again = openHistory(files, "UTC0");
		expect(kept(again)).toEqual(before);
		tell(again, 6500 * times);
		expect(kept(openHistory(files, "UTC0")).at(-1)).toBe(6500 * times);
	},
);

test("no room for a new file for three days: nothing is lost but detail, and the oldest stays where it can", () => {
	const files = new LimitedFiles();
	const log: string[] = [];
	const history = openHistory(files, "UTC0", (line) => log.push(line));
	for (let hour = 0; hour < 900; hour++) {
		// A segment of hours is full somewhere here.
		files.limit = hour >= 500 && hour < 872 ? files.blocks : Number.POSITIVE_INFINITY;
		for (const seconds of [5, 1800]) tell(history, hour, seconds);
	}
	expect(new Set(log)).toEqual(new Set(["history could not be written: Error: the storage is full"]));
	// Once a day at most.
	expect(log.length).toBeLessThanOrEqual(16);
	expect(sum(history, 0, 899)).toBe(at(899) - at(0));
	const again = openHistory(files, "UTC0");
	expect(kept(again)).toEqual(kept(history));
	expect(sum(again, 0, 899)).toBe(at(899) - at(0));
});

describe("an import", () => {
	const source = openHistory(new MemoryFiles(), "UTC0");
	for (let hour = 0; hour < 1500; hour++) tell(source, hour);
	const text = textOf(source);
	const lines = text.split("\n");
	const into = (history: History, most = text.length) => {
		const taking = new Import(history);
		const bytes = new TextEncoder().encode(text.slice(0, most));
		for (let from = 0; from < bytes.length; from += 1460) taking.take(bytes.subarray(from, from + 1460));
		return taking.end();
	};

	test.each([0, 1, 2, 4, 6])(
		"into %i free blocks: what fits is kept, the answer says why no more, hours go on",
		(limit) => {
			const files = new LimitedFiles();
			files.limit = limit;
			const history = openHistory(files, "UTC0");
			expect(into(history).problem).toMatch(/kept: .*the storage is full/);
			expect(files.blocks).toBeLessThanOrEqual(limit);
			for (const each of [history, openHistory(files, "UTC0")])
				expect(
					textOf(each)
						.split("\n")
						.filter((line) => !lines.includes(line)),
				).toEqual([]);
			files.limit = Number.POSITIVE_INFINITY;
			for (let hour = 1600; hour < 1650; hour++)
				for (const seconds of [5, 1800]) tell(history, hour, seconds);
			expect(kept(openHistory(files, "UTC0")).slice(-50)).toEqual(
				Array.from({ length: 50 }, (_, index) => 1600 + index),
			);
			expect(sum(openHistory(files, "UTC0"), 1600, 1649)).toBe(at(1649) - at(1600));
		},
	);

	test("whose last bytes find no room: those are forgotten, what follows is right", () => {
		const files = new LimitedFiles();
		const history = openHistory(files, "UTC0");
		const taking = new Import(history);
		taking.take(new TextEncoder().encode(lines.slice(0, 40).join("\n").concat("\n")));
		files.limit = 0;
		expect(taking.end().problem).toBe("the end could not be kept: Error: the storage is full");
		files.limit = Number.POSITIVE_INFINITY;
		tell(history, 1600);
		tell(history, 1601);
		for (const each of [history, openHistory(files, "UTC0")])
			expect(kept(each).slice(-2)).toEqual([1600, 1601]);
	});

	test("that is given up after its first lines leaves a history that goes on", () => {
		const files = new MemoryFiles();
		const history = openHistory(files, "UTC0");
		into(history, 3000);
		for (let hour = 1600; hour < 1605; hour++) tell(history, hour);
		expect(kept(openHistory(files, "UTC0")).slice(-5)).toEqual([1600, 1601, 1602, 1603, 1604]);
	});
});

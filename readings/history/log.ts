// One log: samples of one period in a ring of files (sample.ts has the format), the newest of them in memory.

import type { Bill } from "./bill.js";
import { PERIODS, type ZoneOffset } from "./calendar.js";
import { MOST_CHANNELS } from "./channel.js";
import { LogReader } from "./reader.js";
import {
	COUNTERS_AT,
	CRC_AT,
	emptySample,
	HEADER_LENGTH,
	type Sample,
	SEGMENT_LENGTH,
	TIME_AT,
} from "./sample.js";

/** The part of the device's file store that history needs. */
export interface HistoryFiles {
	readPart(name: string, at: number, count: number): Uint8Array | undefined;
	append(name: string, bytes: Uint8Array, at?: number): void;
	write(name: string, bytes: Uint8Array): void;
	remove(name: string): void;
}

/** The CRC-32 of ISO 3309, going on from `before`. */
export type Crc32 = (bytes: Uint8Array, before?: number) => number;

export interface HistoryOptions {
	readonly files: HistoryFiles & { read(name: string): Uint8Array | undefined };
	readonly crc32: Crc32;
	readonly zone: ZoneOffset;
	log(line: string): void;
	/** Follows what energy costs; absent where nobody asks. */
	readonly bill?: Bill | undefined;
	/** UTF-8. */
	bytesOf(text: string): Uint8Array;
}

/** More than the longest record: five numbers and twelve counters, eight bytes each at most. */
const LONGEST_RECORD = 160;
/** Bytes that are written together during an import. */
const HELD = 1024;

/** Segments of the logs: hours for 62 days, days for 3 years, months for 25 years with twelve busy counters, and two more. */
const SLOTS: readonly number[] = [21, 17, 7];
const FILE = "history.";
export const TABLE_FILE = "history.channels";

/** For a factory reset. */
export function historyFileNames(): string[] {
	const names = [TABLE_FILE];
	SLOTS.forEach((slots, index) => {
		for (let slot = 0; slot < slots; slot++) names.push(`${FILE}${PERIODS[index]?.charAt(0)}${slot}`);
	});
	return names;
}

/** The logs of hours, days and months. */
export function openLogs(files: HistoryFiles, crc32: Crc32): SampleLog[] {
	return SLOTS.map(
		(slots, index) => new SampleLog(files, crc32, `${FILE}${PERIODS[index]?.charAt(0)}`, slots),
	);
}

export class SampleLog {
	readonly crc32: Crc32;
	/** The newest sample; `time` is 0 before the first. */
	readonly last: Sample = emptySample();
	/** Bits of the counters that began anew since then. */
	broken = 0;
	readonly #files: HistoryFiles;
	/** `history.h`, which a segment's slot follows. */
	readonly #name: string;
	/** By slot, which is the segment's number modulo their count: when it begins; NaN where there is none that counts. */
	readonly #starts: Float64Array;
	#newest = 0;
	#end = 0;
	#seed = 0;
	/** Records that wait to be written together; `undefined` where each is written at once. */
	#held: Uint8Array | undefined;
	#heldCount = 0;

	constructor(files: HistoryFiles, crc32: Crc32, name: string, slots: number) {
		this.#files = files;
		this.crc32 = crc32;
		this.#name = name;
		this.#starts = new Float64Array(slots);
		this.#load();
	}

	/** Finds what the files hold. */
	#load(): void {
		const { length } = this.#starts;
		this.#starts.fill(Number.NaN);
		this.#newest = 0;
		for (let slot = 0; slot < length; slot++) {
			const header = this.view(slot, HEADER_LENGTH);
			if (!header) continue;
			this.#starts[slot] = header.getUint32(TIME_AT);
			this.#newest = Math.max(this.#newest, header.getUint32(0));
		}
		for (let number = this.#newest; number > this.#newest - length; number--)
			this.#void(this.#starts[number % length] as number, number);
		const reader = new LogReader(this, Number.POSITIVE_INFINITY);
		while (reader.next()) {
			// To the end.
		}
		this.broken = 0;
		this.last.time = reader.sample.time;
		this.last.counters.set(reader.sample.counters);
		this.#end = reader.end;
		this.#seed = reader.seed;
	}

	/** Adds the sample; it is kept when this returns. Throws where the storage does not take it. */
	add(sample: Sample): void {
		const { last } = this;
		const isBack = sample.time < last.time;
		const from = isBack || last.time === 0 ? sample.time : last.time;
		const bytes = new Uint8Array(HEADER_LENGTH + LONGEST_RECORD);
		const view = new DataView(bytes.buffer);
		let at = HEADER_LENGTH + 1;
		const put = (value: number) => {
			let rest = value;
			for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) + 0x80;
			bytes[at++] = rest;
		};
		put(sample.time - from);
		put(sample.quarter);
		put(sample.hour);
		put(sample.present);
		put(this.broken & sample.present);
		for (let place = 0; place < MOST_CHANNELS; place++) {
			const was = last.counters[place] as number;
			view.setFloat64(COUNTERS_AT + place * 8, was);
			if (sample.present & (1 << place)) put((sample.counters[place] as number) - (was === was ? was : 0));
		}
		bytes[HEADER_LENGTH] = at - HEADER_LENGTH - 1;
		const isNew = this.#newest === 0 || isBack || this.#end + at + 4 - HEADER_LENGTH > SEGMENT_LENGTH;
		let seed = this.#seed;
		if (isNew) {
			view.setUint32(0, this.#newest + 1);
			view.setUint32(TIME_AT, from);
			seed = this.crc32(bytes.subarray(0, CRC_AT));
			view.setUint32(CRC_AT, seed);
		}
		view.setUint32(at, this.crc32(bytes.subarray(HEADER_LENGTH, at), seed));
		this.#put(bytes.subarray(isNew ? 0 : HEADER_LENGTH, at + 4), isNew, from);
		this.#seed = seed;
		if (isNew) this.#void(from, this.#newest);
		this.broken &= ~sample.present;
		last.time = sample.time;
		last.quarter = sample.quarter;
		last.hour = sample.hour;
		for (let place = 0; place < MOST_CHANNELS; place++)
			if (sample.present & (1 << place)) last.counters[place] = sample.counters[place] as number;
	}

	#put(bytes: Uint8Array, isNew: boolean, from: number): void {
		if (isNew || this.#heldCount + bytes.length > HELD) this.flush();
		if (isNew) {
			const number = this.#newest + 1;
			// The oldest samples give way, whether the new ones can be written or not.
			this.#starts[number % this.#starts.length] = Number.NaN;
			this.#files.write(this.#file(number), bytes);
			this.#starts[number % this.#starts.length] = from;
			this.#newest = number;
			this.#end = 0;
		} else if (this.#held) {
			this.#held.set(bytes, this.#heldCount);
			this.#heldCount += bytes.length;
		} else this.#files.append(this.#file(this.#newest), bytes, this.#end);
		this.#end += bytes.length;
	}

	/** Whether many samples follow, which may be written some at a time: for an import. Throws as `flush` does. */
	hold(many: boolean): void {
		const held = this.#held?.subarray(0, this.#heldCount);
		this.#held = many ? new Uint8Array(HELD) : undefined;
		this.#write(held);
	}

	/** Writes what is held back. Throws where the storage does not take it, which is then forgotten. */
	flush(): void {
		this.#write(this.#held?.subarray(0, this.#heldCount));
	}

	#write(held: Uint8Array | undefined): void {
		this.#heldCount = 0;
		if (!held || held.length === 0) return;
		try {
			this.#files.append(this.#file(this.#newest), held, this.#end - held.length);
		} catch (error) {
			// The next sample must follow one that is there.
			this.#load();
			throw error;
		}
	}

	/** Forgets everything. Throws where the storage is broken. */
	clear(): void {
		try {
			for (let slot = 0; slot < this.#starts.length; slot++) this.#files.remove(this.#file(slot));
		} finally {
			this.#load();
		}
	}

	/** The number of the last segment that begins at `time` or before; of the first one where all begin later. */
	segmentAt(time: number): number {
		let found = this.after(0);
		for (let number = found; number > 0; number = this.after(number))
			if (this.#start(number) <= time) found = number;
		return found;
	}

	/** The number of the segment that follows; 0 where there is none. */
	after(before: number): number {
		let number = Math.max(before, this.#newest - this.#starts.length);
		while (++number <= this.#newest) if (this.#start(number) >= 0) return number;
		return 0;
	}

	/** Samples of that segment later than this are void. */
	limit(number: number): number {
		const next = this.after(number);
		return next === 0 ? Number.POSITIVE_INFINITY : this.#start(next);
	}

	/** The first bytes of that segment's file, where its header is whole. */
	view(number: number, count: number): DataView | undefined {
		const bytes = this.#files.readPart(this.#file(number), 0, count);
		if (!bytes || bytes.length < HEADER_LENGTH) return undefined;
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		return view.getUint32(CRC_AT) === this.crc32(bytes.subarray(0, CRC_AT)) ? view : undefined;
	}

	#start(number: number): number {
		return this.#starts[number % this.#starts.length] as number;
	}

	#file(number: number): string {
		return this.#name.concat(`${number % this.#starts.length}`);
	}

	/** Segments before `number` that begin after `from` do not count any more. */
	#void(from: number, number: number): void {
		const { length } = this.#starts;
		// What is older than the ring has had its place taken by a newer one.
		const gone = Math.max(0, this.#newest - length);
		for (let each = number - 1; each > gone; each--)
			if (this.#start(each) > from) this.#starts[each % length] = Number.NaN;
	}
}

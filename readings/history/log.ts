// Samples of one period in a ring of files of one flash block each ("segments"): a sample is one small append, a full
// segment is followed by a new one in the place of the oldest. Nothing that was written is changed. Format version 1:
//
//   "MLH1" | channels (1) | sequence (4) | time (4) | table, 9 bytes a channel | counters, 8 bytes a channel | CRC-32
//   then records (record.ts) until one does not fit its CRC: a power cut costs the sample that was being written.
//
// A segment that begins earlier than samples of one before it makes those void: the clock had been wrong.

import { CHANNEL_LENGTH, type Channels, MOST_CHANNELS } from "./channels.js";
import {
	emptySample,
	LONGEST_RECORD,
	type Place,
	putRecord,
	type Sample,
	takeNumber,
	takeRecord,
} from "./record.js";

/** The part of the device's file store that history needs. */
export interface HistoryFiles {
	readPart(name: string, at: number, count: number): Uint8Array | undefined;
	size(name: string): number | undefined;
	append(name: string, bytes: Uint8Array, at?: number): void;
	write(name: string, bytes: Uint8Array): void;
	remove(name: string): void;
}

/** The CRC-32 of ISO 3309, going on from `before`. */
export type Crc32 = (bytes: Uint8Array, before?: number) => number;

/** Bytes of a segment: one block of littlefs. */
export const SEGMENT_LENGTH = 4096;
const MAGIC = 0x4d4c4831;
const COUNT_AT = 4;
const SEQUENCE_AT = 5;
const TIME_AT = 9;
const TABLE_AT = 13;
const LONGEST_HEADER = TABLE_AT + MOST_CHANNELS * (CHANNEL_LENGTH + 8) + 4;
const WINDOW = 1024;
/** Bytes that are written together during an import. */
const HELD = 1024;

/** Name of a segment's file. */
export function segmentName(log: string, slot: number): string {
	return `history.${log}${slot}`;
}

export class SampleLog {
	readonly #files: HistoryFiles;
	readonly #crc32: Crc32;
	readonly #channels: Channels;
	readonly #name: string;
	/** By slot: when its segment begins; NaN where there is none that counts. */
	readonly #starts: Float64Array;
	readonly #sequences: Float64Array;
	#slot = -1;
	#end = 0;
	#seed = 0;
	/** Places and exponents of the newest segment are today's. */
	#fresh = false;
	/** Records that wait to be written together; `undefined` where each is written at once. */
	#held: Uint8Array | undefined;
	#heldCount = 0;
	/** The newest sample. `time` is 0 before the first. Its sums are the recorder's, not a reader's. */
	readonly last: Sample = emptySample();

	/** Reads the headers; `load` once the channels of all logs are known. */
	constructor(files: HistoryFiles, crc32: Crc32, channels: Channels, name: string, slots: number) {
		this.#files = files;
		this.#crc32 = crc32;
		this.#channels = channels;
		this.#name = name;
		this.#starts = new Float64Array(slots).fill(Number.NaN);
		this.#sequences = new Float64Array(slots);
		for (let slot = 0; slot < slots; slot++) {
			const header = this.header(slot);
			if (!header) continue;
			this.#starts[slot] = header.getUint32(TIME_AT);
			this.#sequences[slot] = header.getUint32(SEQUENCE_AT);
			const newest =
				this.#slot < 0 || (this.#sequences[slot] as number) > (this.#sequences[this.#slot] as number);
			if (newest) this.#slot = slot;
			channels.learn(header, TABLE_AT, header.getUint8(COUNT_AT), newest);
		}
		for (let slot = 0; slot < slots; slot++)
			if ((this.#starts[slot] as number) > this.limit(slot)) this.#starts[slot] = Number.NaN;
	}

	/** Finds the newest sample. */
	load(): void {
		if (this.#slot < 0) return;
		const reader = new LogReader(this, this.#slot);
		while (reader.next()) {
			// To the end.
		}
		const { last } = this;
		last.time = reader.sample.time;
		last.counters.set(reader.sample.counters);
		this.#end = reader.end;
		this.#seed = reader.seed;
		const header = this.header(this.#slot);
		this.#fresh = header?.getUint8(COUNT_AT) === this.#channels.list.length && reader.exact;
	}

	get channels(): Channels {
		return this.#channels;
	}

	get crc32(): Crc32 {
		return this.#crc32;
	}

	/** The table of channels is another one now; a counter's exponent may have changed by `factor`. */
	changed(place = -1, factor = 1): void {
		this.#fresh = false;
		const { counters, sums } = this.last;
		if (place >= 0) {
			counters[place] = (counters[place] as number) * factor;
			sums[place] = (sums[place] as number) * factor;
		}
	}

	/** Adds the sample; it is kept when this returns. Throws where the storage does not take it. */
	add(sample: Sample): void {
		const { last } = this;
		const place: Place = { bytes: new Uint8Array(LONGEST_RECORD), at: 0 };
		let seed = this.#seed;
		let slot = this.#slot;
		let header: Uint8Array | undefined;
		const back = sample.time < last.time;
		const from = back || last.time === 0 ? sample.time : last.time;
		putRecord(place, last, from, sample, this.#channels.list.length);
		const fits = this.#end + place.at + 4 <= SEGMENT_LENGTH;
		const sequence =
			slot < 0 ? 1 : (this.#sequences[slot] as number) + (this.#fresh && fits && !back ? 0 : 1);
		if (slot < 0 || back || !this.#fresh || !fits) {
			slot = this.#free(sample.time);
			header = this.#newHeader(sequence, from, last.counters);
			seed = new DataView(header.buffer).getUint32(header.length - 4);
		}
		const length = place.at;
		new DataView(place.bytes.buffer).setUint32(length, this.#crc32(place.bytes.subarray(0, length), seed));
		const record = place.bytes.subarray(0, length + 4);
		const name = segmentName(this.#name, slot);
		if (header) {
			this.flush();
			const bytes = new Uint8Array(header.length + record.length);
			bytes.set(header);
			bytes.set(record, header.length);
			// The oldest samples give way, whether the new ones can be written or not.
			this.#starts[slot] = Number.NaN;
			this.#files.write(name, bytes);
			this.#slot = slot;
			this.#seed = seed;
			this.#fresh = true;
			this.#sequences[slot] = sequence;
			this.#starts[slot] = from;
			if (back) this.#void(slot);
			this.#end = bytes.length;
		} else {
			if (this.#heldCount + record.length > HELD) this.flush();
			if (this.#held) {
				this.#held.set(record, this.#heldCount);
				this.#heldCount += record.length;
			} else this.#files.append(name, record, this.#end);
			this.#end += record.length;
		}
		last.time = sample.time;
		last.quarter = sample.quarter;
		last.hour = sample.hour;
		for (let index = 0; index < MOST_CHANNELS; index++) {
			if (!(sample.present & (1 << index))) continue;
			last.counters[index] = sample.counters[index] as number;
			last.sums[index] = sample.sums[index] as number;
		}
	}

	/** Whether many samples follow, which may be written some at a time: for an import. */
	hold(many: boolean): void {
		this.flush();
		this.#held = many ? new Uint8Array(HELD) : undefined;
	}

	/** Writes what is held back. */
	flush(): void {
		if (!this.#held || this.#heldCount === 0) return;
		const bytes = this.#held.subarray(0, this.#heldCount);
		this.#heldCount = 0;
		this.#files.append(segmentName(this.#name, this.#slot), bytes, this.#end - bytes.length);
	}

	/** Forgets everything. */
	clear(): void {
		for (let slot = 0; slot < this.#starts.length; slot++) {
			this.#files.remove(segmentName(this.#name, slot));
			this.#starts[slot] = Number.NaN;
		}
		this.#slot = -1;
		this.#fresh = false;
		this.last.time = 0;
		this.last.counters.fill(Number.NaN);
		this.last.sums.fill(0);
	}

	/** The slot of the last segment that begins at `time` or before; the first one where all begin later. -1: none. */
	slotAt(time: number): number {
		let found = this.slotAfter(-1);
		for (let slot = found; slot >= 0; slot = this.slotAfter(slot))
			if ((this.#starts[slot] as number) <= time) found = slot;
		return found;
	}

	/** The slot whose segment follows that of `slot`; the first one's for -1. -1: none. */
	slotAfter(slot: number): number {
		const after = slot < 0 ? 0 : (this.#sequences[slot] as number);
		let found = -1;
		for (let each = 0; each < this.#starts.length; each++) {
			const sequence = this.#sequences[each] as number;
			const counts = (this.#starts[each] as number) >= 0 && sequence > after;
			if (counts && (found < 0 || sequence < (this.#sequences[found] as number))) found = each;
		}
		return found;
	}

	/** Samples of that slot later than this are void. */
	limit(slot: number): number {
		let limit = Number.POSITIVE_INFINITY;
		for (let each = 0; each < this.#starts.length; each++)
			if (
				(this.#sequences[each] as number) > (this.#sequences[slot] as number) &&
				(this.#starts[each] as number) < limit
			)
				limit = this.#starts[each] as number;
		return limit;
	}

	/** The header, if it is whole. */
	header(slot: number): DataView | undefined {
		const bytes = this.part(slot, 0, LONGEST_HEADER);
		if (!bytes || bytes.length < TABLE_AT + 4) return undefined;
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const count = view.getUint8(COUNT_AT);
		const length = TABLE_AT + count * (CHANNEL_LENGTH + 8);
		if (view.getUint32(0) !== MAGIC || count > MOST_CHANNELS || bytes.length < length + 4) return undefined;
		return view.getUint32(length) === this.#crc32(bytes.subarray(0, length)) ? view : undefined;
	}

	part(slot: number, at: number, count: number): Uint8Array | undefined {
		return this.#files.readPart(segmentName(this.#name, slot), at, count);
	}

	#newHeader(sequence: number, time: number, counters: Float64Array): Uint8Array {
		const { list } = this.#channels;
		const length = TABLE_AT + list.length * (CHANNEL_LENGTH + 8);
		const bytes = new Uint8Array(length + 4);
		const view = new DataView(bytes.buffer);
		view.setUint32(0, MAGIC);
		view.setUint8(COUNT_AT, list.length);
		view.setUint32(SEQUENCE_AT, sequence);
		view.setUint32(TIME_AT, time);
		this.#channels.write(view, TABLE_AT);
		for (let index = 0; index < list.length; index++)
			view.setFloat64(TABLE_AT + list.length * CHANNEL_LENGTH + index * 8, counters[index] as number);
		view.setUint32(length, this.#crc32(bytes.subarray(0, length)));
		return bytes;
	}

	/** A slot for a new segment: one whose samples do not count, else the oldest. */
	#free(time: number): number {
		let oldest = 0;
		for (let slot = 0; slot < this.#starts.length; slot++) {
			const start = this.#starts[slot] as number;
			if (!(start <= time)) return slot;
			if ((this.#sequences[slot] as number) < (this.#sequences[oldest] as number)) oldest = slot;
		}
		return oldest;
	}

	/** Segments that begin after that of `slot` do not count any more. */
	#void(slot: number): void {
		for (let each = 0; each < this.#starts.length; each++)
			if ((this.#starts[each] as number) > (this.#starts[slot] as number)) this.#starts[each] = Number.NaN;
	}
}

/** Goes over the samples of a log, oldest first, from a slot on. The sample is the same object each time. */
export class LogReader {
	readonly sample = emptySample();
	readonly #log: SampleLog;
	readonly #factors = new Float64Array(MOST_CHANNELS);
	readonly #peakPlace: number;
	#slot: number;
	#opened = false;
	#limit = 0;
	#window: Uint8Array = new Uint8Array(0);
	#windowAt = 0;
	#end = 0;
	#seed = 0;

	constructor(log: SampleLog, slot: number) {
		this.#log = log;
		this.#slot = slot;
		this.#peakPlace = log.channels.find("energy_import");
	}

	/** Where the last whole record ends in its segment. */
	get end(): number {
		return this.#end;
	}

	/** What the records' CRCs begin with in this segment. */
	get seed(): number {
		return this.#seed;
	}

	/** All exponents of this segment are today's. */
	get exact(): boolean {
		return this.#factors.every((factor) => factor === 1);
	}

	/** The next sample; false at the end. */
	next(): boolean {
		for (;;) {
			if (this.#slot < 0) return false;
			if (!this.#opened) {
				this.#opened = true;
				if (this.#open()) return true;
			}
			if (this.#record()) return true;
			const next = this.#log.slotAfter(this.#slot);
			if (next < 0) return false;
			this.#slot = next;
			this.#opened = false;
		}
	}

	/** Takes the header in; true where it tells something new. */
	#open(): boolean {
		const log = this.#log;
		const { sample } = this;
		const header = log.header(this.#slot);
		this.#window = new Uint8Array(0);
		this.#windowAt = 0;
		this.#end = SEGMENT_LENGTH;
		this.#limit = log.limit(this.#slot);
		if (!header) return false;
		const count = header.getUint8(COUNT_AT);
		const countersAt = TABLE_AT + count * CHANNEL_LENGTH;
		this.#end = countersAt + count * 8 + 4;
		this.#seed = header.getUint32(this.#end - 4);
		sample.time = header.getUint32(TIME_AT);
		sample.present = 0;
		sample.broken = 0;
		sample.quarter = 0;
		sample.hour = 0;
		this.#factors.fill(1);
		for (let index = 0; index < count; index++) {
			const bit = 1 << index;
			const kept = header.getInt8(TABLE_AT + index * CHANNEL_LENGTH + 4);
			const factor = 10 ** (kept - (log.channels.list[index]?.exponent ?? kept));
			this.#factors[index] = factor;
			const counter = header.getFloat64(countersAt + index * 8) * factor;
			const was = sample.counters[index] as number;
			if (counter !== counter || counter === was) continue;
			sample.present |= bit;
			// Segments between are lost, or the clock had been wrong.
			if (counter > was) sample.sums[index] = (sample.sums[index] as number) + counter - was;
			else if (was === was) sample.broken |= bit;
			sample.counters[index] = counter;
		}
		return sample.present !== 0;
	}

	#record(): boolean {
		if (this.#windowAt + this.#window.length - this.#end < LONGEST_RECORD) {
			this.#window = this.#log.part(this.#slot, this.#end, WINDOW) ?? new Uint8Array(0);
			this.#windowAt = this.#end;
		}
		const bytes = this.#window;
		const at = this.#end - this.#windowAt;
		const end = at + 1 + (bytes[at] ?? bytes.length);
		if (end + 4 > bytes.length) return false;
		const kept = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end);
		if (this.#log.crc32(bytes.subarray(at, end), this.#seed) !== kept) return false;
		if (this.sample.time + takeNumber({ bytes, at: at + 1 }) > this.#limit) return false;
		takeRecord({ bytes, at: at + 1 }, this.sample, this.#factors, this.#peakPlace);
		this.#end = this.#windowAt + end + 4;
		return true;
	}
}

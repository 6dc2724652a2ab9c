// What an output could not send: lines in flash, oldest first, that outlive a power cut and never take more than so much
// room. When it is full the old lines are thinned evenly; the first counters of each hour stay to the last. Knows
// neither readings nor brokers: what a line says, its time too, is its owner's.
//
// Use: `add` each line that cannot be sent now. When there is a way again: `peek` the oldest, send it, and when the
// other end has it `remove` it; live data may go in between. `close` at the end keeps what is in memory.
// At most 2 KB wait in memory, for five minutes at most: that much a power cut costs. One that strikes while the lines of
// a file (4 KB) are being sent brings back those of this file that were sent already.

import type { OutputContext } from "../output.js";
import { lengthOf, type Parts } from "./parts.js";

/** Beyond this, lines are thinned. */
const MOST_BYTES = 65_536;
/** What littlefs gives out at once. A longer line has a file of its own. */
const FILE_BYTES = 4096;
const MOST_FILES = 16;
const BUFFER_BYTES = 2048;
/** Longer lines are not kept. */
const LONGEST_LINE = 16_384;
const FLUSH_AFTER_MS = 300_000;

// A file: magic, version, rank; sequence numbers of its first and last part, big-endian; then lines. A file that was
// joined with its successor covers the numbers of both, so that a successor that a power cut left there is known.
const HEADER = 12;
const MAGIC = 0x4d4c;
const VERSION = 1;
const RANK_AT = 3;
const FIRST_AT = 4;
const LAST_AT = 8;

// A line: one of these, text, line feed.
const PLAIN = 0x70;
const HOURLY = 0x68;
const LINE_FEED = 0x0a;

// Columns of the table of files, a row each, oldest first. `LINES` are the plain ones; `RANK`: every 2^rank-th was kept.
const SLOT = 0;
const FIRST = 1;
const LAST = 2;
const BYTES = 3;
const LINES = 4;
const RANK = 5;
const COLUMNS = 6;
const HIGHEST_RANK = 15;

/** Names of all files that a backlog of that name may have: for a factory reset. */
export function backlogFiles(name: string): readonly string[] {
	const names: string[] = [];
	for (let slot = 0; slot < MOST_FILES; slot++) names.push(`${name}.late${slot}`);
	return names;
}

export class Backlog {
	readonly #context: Pick<OutputContext, "files" | "timers" | "log">;
	readonly #name: string;
	readonly #most: number;
	readonly #table = new Uint32Array(MOST_FILES * COLUMNS);
	#count = 0;
	/** Where the oldest line begins in the oldest file. */
	#cursor = HEADER;
	/** Bytes of the line that was peeked at, with its ends; 0: none. */
	#held = 0;
	#buffer: Uint8Array | undefined;
	#start = 0;
	#end = 0;
	#timer: unknown;
	/** Only every 2^level-th plain line is taken in; `#turn` counts them. */
	#level = 0;
	#turn = 0;
	/** Whether thinning kept the line before. */
	#keep = true;
	#thinned = 0;
	#lost = 0;
	#told = false;

	/** `name`: the output's own, by which its files are found again; `most`: bytes of flash, 64 KB or less. */
	constructor(context: Pick<OutputContext, "files" | "timers" | "log">, name: string, most = MOST_BYTES) {
		this.#context = context;
		this.#name = name;
		this.#most = most;
		for (let slot = 0; slot < MOST_FILES; slot++) this.#find(slot);
		for (let row = 1; row < this.#count; ) {
			if (this.#at(row, FIRST) <= this.#at(row - 1, LAST)) this.#drop(row);
			else row++;
		}
		this.#learnLevel();
	}

	get empty(): boolean {
		return this.#count === 0 && this.#end === 0;
	}

	/** Bytes that wait, in flash and in memory. */
	get bytes(): number {
		return this.#stored() + this.#end - this.#start;
	}

	/** Lines that were left out to save room. */
	get thinned(): number {
		return this.#thinned;
	}

	/** Lines that are gone because they are too long, or because the storage failed. */
	get lost(): number {
		return this.#lost;
	}

	/**
	 * Keeps a line: UTF-8 text without control characters. `hourly`: it has the first counters of an hour (HourMark), so it
	 * is thinned last. `make` is called only where the line is kept; what it gives is copied.
	 */
	add(hourly: boolean, make: () => Parts): void {
		if (!hourly && this.#turn++ % 2 ** this.#level !== 0) {
			this.#thinned++;
			return;
		}
		const parts = make();
		const length = lengthOf(parts) + 2;
		if (length > LONGEST_LINE) {
			this.#lost++;
			return;
		}
		if (this.#end - this.#start + length > BUFFER_BYTES) this.#flush();
		const buffer = length > BUFFER_BYTES ? new Uint8Array(length) : this.#room(length);
		let at = length > BUFFER_BYTES ? 0 : this.#end;
		buffer[at++] = hourly ? HOURLY : PLAIN;
		for (const part of parts) {
			buffer.set(part, at);
			at += part.length;
		}
		buffer[at++] = LINE_FEED;
		if (length > BUFFER_BYTES) this.#append(buffer);
		else {
			this.#end = at;
			this.#timer ??= this.#context.timers.set(() => this.#flush(), FLUSH_AFTER_MS);
		}
	}

	/** The oldest line's text, which stays until `remove`; `undefined` where nothing waits. The bytes are the caller's. */
	peek(): Uint8Array | undefined {
		while (this.#count > 0) {
			const bytes = this.#read(0);
			const end = bytes.indexOf(LINE_FEED, this.#cursor);
			if (end >= 0) return this.#hold(bytes, this.#cursor, end);
			// Torn, or its last line is sent.
			this.#drop(0);
		}
		const buffer = this.#buffer;
		if (!buffer || this.#end === 0) return undefined;
		return this.#hold(buffer, this.#start, buffer.indexOf(LINE_FEED, this.#start));
	}

	/** The line that `peek` gave has arrived; harmless twice. */
	remove(): void {
		const held = this.#held;
		this.#held = 0;
		if (held === 0) return;
		if (this.#count > 0) {
			this.#cursor += held;
			if (this.#cursor >= this.#at(0, BYTES)) this.#drop(0);
		} else {
			this.#start += held;
			if (this.#start >= this.#end) this.#empty();
		}
		if (this.empty) {
			this.#turn = 0;
			this.#level = 0;
		}
	}

	/** Writes what is in memory, and forgets for good what was sent. */
	close(): void {
		this.#held = 0;
		this.#flush();
		if (this.#count > 0 && this.#cursor > HEADER) {
			const bytes = this.#read(0);
			this.#save(0, bytes, this.#cut(bytes));
		}
		this.#context.timers.clear(this.#timer);
	}

	#hold(bytes: Uint8Array, start: number, end: number): Uint8Array {
		this.#held = end + 1 - start;
		return bytes.slice(start + 1, end);
	}

	/** A file of an earlier life goes into its place of the table. */
	#find(slot: number): void {
		const bytes = this.#context.files.read(this.#file(slot));
		if (!bytes) return;
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		if (bytes.length <= HEADER || view.getUint16(0) !== MAGIC || bytes[2] !== VERSION) {
			this.#context.files.remove(this.#file(slot));
			return;
		}
		const first = view.getUint32(FIRST_AT);
		let row = 0;
		while (row < this.#count && this.#at(row, FIRST) < first) row++;
		this.#insert(row, slot, first, view.getUint32(LAST_AT), bytes[RANK_AT] as number);
		this.#measure(row, bytes, bytes.lastIndexOf(LINE_FEED) + 1);
	}

	#at(row: number, column: number): number {
		return this.#table[row * COLUMNS + column] as number;
	}

	#set(row: number, column: number, value: number): void {
		this.#table[row * COLUMNS + column] = value;
	}

	#file(slot: number): string {
		return `${this.#name}.late${slot}`;
	}

	#read(row: number): Uint8Array {
		const bytes = this.#context.files.read(this.#file(this.#at(row, SLOT)));
		return (bytes ?? new Uint8Array(0)).subarray(0, this.#at(row, BYTES));
	}

	#insert(row: number, slot: number, first: number, last: number, rank: number): void {
		const from = row * COLUMNS;
		this.#table.copyWithin(from + COLUMNS, from, this.#count * COLUMNS);
		this.#table.set([slot, first, last, 0, 0, rank], from);
		this.#count++;
	}

	/** The row is forgotten, and its file removed. */
	#drop(row: number): void {
		const slot = this.#at(row, SLOT);
		this.#table.copyWithin(row * COLUMNS, (row + 1) * COLUMNS, this.#count * COLUMNS);
		this.#count--;
		if (row === 0) {
			this.#cursor = HEADER;
			this.#held = 0;
		}
		this.#guard(() => this.#context.files.remove(this.#file(slot)));
	}

	/** Size and plain lines of the first `end` bytes. */
	#measure(row: number, bytes: Uint8Array, end: number): void {
		let plain = 0;
		for (let at = HEADER; at < end; at = bytes.indexOf(LINE_FEED, at) + 1) if (bytes[at] === PLAIN) plain++;
		this.#set(row, BYTES, end);
		this.#set(row, LINES, plain);
	}

	/** Writes the row's file: the first `end` of `bytes`, whose header is filled in here. A row without lines goes: false. */
	#save(row: number, bytes: Uint8Array, end: number): boolean {
		if (row === 0) this.#cursor = HEADER;
		if (end <= HEADER) {
			this.#drop(row);
			return false;
		}
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		view.setUint16(0, MAGIC);
		view.setUint8(2, VERSION);
		view.setUint8(RANK_AT, this.#at(row, RANK));
		view.setUint32(FIRST_AT, this.#at(row, FIRST));
		view.setUint32(LAST_AT, this.#at(row, LAST));
		this.#measure(row, bytes, end);
		const written = this.#guard(() =>
			this.#context.files.write(this.#file(this.#at(row, SLOT)), bytes.subarray(0, end)),
		);
		if (!written) {
			this.#lost++;
			this.#drop(row);
		}
		return written;
	}

	#guard(work: () => void): boolean {
		try {
			work();
			return true;
		} catch (error) {
			if (!this.#told)
				this.#context.log(`${this.#name}: what was not sent cannot be kept: ${error}`, "warning");
			this.#told = true;
			return false;
		}
	}

	#stored(): number {
		let bytes = 0;
		for (let row = 0; row < this.#count; row++) bytes += this.#at(row, BYTES);
		return bytes;
	}

	/** The first of the least thinned files that have plain lines, or, where none has, of all; -1 without files. */
	#leastThinned(): number {
		let found = -1;
		for (let row = 0; row < this.#count; row++) {
			const plain = this.#at(row, LINES) > 0;
			const foundPlain = found >= 0 && this.#at(found, LINES) > 0;
			if (plain === foundPlain ? this.#rank(row) < this.#rank(found) : plain) found = row;
			else if (found < 0) found = row;
		}
		return found;
	}

	/** New plain lines are to lie as thin as the old ones. */
	#learnLevel(): void {
		const row = this.#leastThinned();
		if (row >= 0 && this.#at(row, LINES) > 0) this.#level = Math.max(this.#level, this.#rank(row));
	}

	#rank(row: number): number {
		return row < 0 ? HIGHEST_RANK + 1 : this.#at(row, RANK);
	}

	/** The buffer with room for `length` more at its end; there is enough once it is pushed together. */
	#room(length: number): Uint8Array {
		this.#buffer ??= new Uint8Array(BUFFER_BYTES);
		if (this.#end + length > BUFFER_BYTES) {
			this.#buffer.copyWithin(0, this.#start, this.#end);
			this.#end -= this.#start;
			this.#start = 0;
		}
		return this.#buffer;
	}

	#empty(): void {
		this.#start = 0;
		this.#end = 0;
		this.#buffer = undefined;
		this.#context.timers.clear(this.#timer);
		this.#timer = undefined;
	}

	/** What waits in memory goes to flash. */
	#flush(): void {
		const lines = this.#buffer?.subarray(this.#start, this.#end);
		if (lines && lines.length > 0) this.#append(lines);
		this.#empty();
	}

	/** Behind the newest line: in the newest file where there is room, or in one of its own. */
	#append(lines: Uint8Array): void {
		let row = this.#count - 1;
		const joins = row >= 0 && this.#at(row, BYTES) + lines.length <= FILE_BYTES;
		if (!joins) {
			this.#makeRoom(HEADER + lines.length);
			row = this.#count;
			const number = row > 0 ? this.#at(row - 1, LAST) + 1 : 1;
			this.#insert(row, this.#freeSlot(), number, number, row > 0 ? this.#rank(this.#leastThinned()) : 0);
		}
		const old = joins ? this.#read(row) : undefined;
		const from = old && row === 0 ? this.#cursor : HEADER;
		const before = old ? Math.max(0, old.length - from) : 0;
		const bytes = new Uint8Array(HEADER + before + lines.length);
		if (old && before > 0) bytes.set(old.subarray(from), HEADER);
		bytes.set(lines, HEADER + before);
		this.#save(row, bytes, bytes.length);
	}

	#freeSlot(): number {
		let slot = 0;
		for (let row = 0; row < this.#count; row++) {
			if (this.#at(row, SLOT) !== slot) continue;
			slot++;
			row = -1;
		}
		return slot;
	}

	/** Frees a file and `length` bytes: joins files that have shrunk, else thins the oldest of the least thinned. */
	#makeRoom(length: number): void {
		while (this.#count === MOST_FILES || (this.#count > 0 && this.#stored() + length > this.#most)) {
			const before = this.#stored();
			const count = this.#count;
			if (!this.#joinSmall()) this.#thinOldest();
			this.#learnLevel();
			if (this.#count === count && this.#stored() === before) this.#drop(0);
		}
	}

	/** Two neighbours that fit into one file, and that are as thin as each other or have nothing to thin. */
	#joinSmall(): boolean {
		for (let row = 0; row + 1 < this.#count; row++) {
			const alike =
				this.#at(row, RANK) === this.#at(row + 1, RANK) ||
				this.#at(row, LINES) === 0 ||
				this.#at(row + 1, LINES) === 0;
			if (!alike || this.#at(row, BYTES) + this.#at(row + 1, BYTES) - HEADER > FILE_BYTES) continue;
			if (this.#at(row, LINES) === 0) this.#set(row, RANK, this.#at(row + 1, RANK));
			const bytes = this.#read(row);
			this.#join(row, bytes, row === 0 ? this.#cut(bytes) : bytes.length, this.#read(row + 1));
			return true;
		}
		return false;
	}

	/** Every second plain line of the oldest pair of the lowest rank goes; where no file has any, every second hourly one. */
	#thinOldest(): void {
		const row = this.#leastThinned();
		const hourly = this.#at(row, LINES) === 0;
		const rank = this.#at(row, RANK);
		const bytes = this.#read(row);
		this.#keep = true;
		const end = this.#thin(row, bytes, hourly);
		this.#set(row, RANK, Math.min(rank + 1, HIGHEST_RANK));
		if (row + 1 < this.#count && this.#at(row + 1, RANK) === rank) {
			const next = this.#read(row + 1);
			const nextEnd = this.#thin(row + 1, next, hourly);
			this.#set(row + 1, RANK, this.#at(row, RANK));
			if (end + nextEnd - HEADER <= bytes.length) {
				this.#join(row, bytes, end, next.subarray(0, nextEnd));
				return;
			}
			this.#save(row + 1, next, nextEnd);
		}
		this.#save(row, bytes, end);
	}

	/** `bytes` up to `end`, and the lines of `next`, become the file of that row; the row behind it goes. */
	#join(row: number, bytes: Uint8Array, end: number, next: Uint8Array): void {
		const length = end + next.length - HEADER;
		let joined = bytes;
		if (length > bytes.length) {
			joined = new Uint8Array(length);
			joined.set(bytes.subarray(0, end));
		}
		joined.set(next.subarray(HEADER), end);
		this.#set(row, LAST, this.#at(row + 1, LAST));
		if (this.#save(row, joined, length)) this.#drop(row + 1);
		// Nothing is left of either.
		else if (length <= HEADER) this.#drop(row);
	}

	/** Lines of the oldest file that were sent are cut off, in place; returns the new end. */
	#cut(bytes: Uint8Array): number {
		bytes.copyWithin(HEADER, this.#cursor);
		return HEADER + Math.max(0, bytes.length - this.#cursor);
	}

	/** In place: every second line goes, of the plain ones or of all; returns the new end. */
	#thin(row: number, bytes: Uint8Array, hourly: boolean): number {
		const from = row === 0 ? this.#cursor : HEADER;
		let to = HEADER;
		for (let at = from; ; ) {
			const end = bytes.indexOf(LINE_FEED, at) + 1;
			if (end === 0) return to;
			const counts = hourly || bytes[at] !== HOURLY;
			if (counts) this.#keep = !this.#keep;
			// One that is on its way stays the first, whatever it is.
			if (!counts || this.#keep || (at === from && row === 0 && this.#held > 0)) {
				bytes.copyWithin(to, at, end);
				to += end - at;
			} else this.#thinned++;
			at = end;
		}
	}
}

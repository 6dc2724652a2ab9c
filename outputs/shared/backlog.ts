// What an output could not send: lines in flash, oldest first, that outlive a power cut and never take more than so much
// room. When it is full all lines are thinned evenly; the first counters of each hour stay to the last. Knows
// neither readings nor brokers: what a line says, its time too, is its owner's.
//
// Use: `add` each line that cannot be sent now and that it `wants`. When there is a way again: `peek` the oldest, send it, and when the
// other end has it `remove` it; live data may go in between. At most 2 KB wait in memory, for five minutes at most: that much
// a power cut costs. One that strikes while a file's lines are being sent brings back those that were sent already.

import { insertInOrder } from "../../readings/insert.js";
import type { OutputContext } from "../output.js";
import { lengthOf, type Parts } from "./parts.js";

/** What littlefs gives out at once. A longer line has a file of its own. */
const FILE_BYTES = 4096;
/** Of a block that is not a file's first, some bytes are littlefs's own. */
const BLOCK_BYTES = 4088;
const MOST_FILES = 16;
const BUFFER_BYTES = 2048;
/** Longer lines are not kept. */
const LONGEST_LINE = 16_384;
const FLUSH_AFTER_MS = 300_000;

// A file: magic (2), levels of plain and of hourly lines (1 each); numbers of its first and last part, big-endian; then
// lines. One that was joined with its successors has the numbers of all, so that a successor that a power cut left there
// is known.
const HEADER = 12;
const MAGIC = 0x4d32;
const LEVELS_AT = 2;
const FIRST_AT = 4;
const LAST_AT = 8;

// A line: its kind, text, line feed.
const PLAIN = 0;
const HOURLY = 1;
const KINDS_FROM = 0x70;
const LINE_FEED = 0x0a;
const NOTHING = new Uint8Array(0);
/** Of each kind none. */
const NONE: readonly number[] = Object.freeze([0, 0]);

interface LateFile {
	readonly slot: number;
	readonly first: number;
	last: number;
	bytes: number;
}

/** Names of all files that a backlog of that name may have: for a factory reset. */
export function backlogFiles(name: string): readonly string[] {
	const names: string[] = [];
	for (let slot = 0; slot < MOST_FILES; slot++) names.push(`${name}.late${slot}`);
	return names;
}

export class Backlog {
	/** Lines that were left out to save room. */
	thinned = 0;
	/** Lines that are gone because they are too long, or because the storage failed. */
	lost = 0;
	readonly #context: Pick<OutputContext, "files" | "timers" | "log">;
	readonly #name: string;
	readonly #most: number;
	/** Oldest first. */
	#files: LateFile[] = [];
	/** Where the oldest line begins in the oldest file. */
	#cursor = HEADER;
	/** Bytes of the line that was peeked at, with its ends; 0: none. */
	#held = 0;
	/** Lines in memory. */
	#newest: Uint8Array = NOTHING;
	#timer: unknown;
	/** By kind: only every 2^level-th line is kept; `#turns` counts them. */
	#levels = NONE;
	#turns = NONE;
	#told = false;

	/** `name`: the output's own, by which its files are found again. `most`: blocks of 4 KB; beyond these, lines are thinned. */
	constructor(context: Pick<OutputContext, "files" | "timers" | "log">, name: string, most = MOST_FILES) {
		this.#context = context;
		this.#name = name;
		this.#most = most;
		for (let slot = 0; slot < MOST_FILES; slot++) this.#find(slot);
		let last = 0;
		for (const file of [...this.#files]) {
			if (file.first <= last) this.#drop(file);
			else last = file.last;
		}
	}

	get empty(): boolean {
		return this.#files.length === 0 && this.#newest.length === 0;
	}

	/** Bytes that wait, in flash and in memory. */
	get bytes(): number {
		let sum = this.#newest.length;
		for (const { bytes } of this.#files) sum += bytes;
		return sum;
	}

	/**
	 * Whether a line that cannot be sent now is kept, or left out to save room; to be asked once for each. `hourly`: it has
	 * the first counters of an hour (HourMark), so it is thinned last.
	 */
	wants(hourly: boolean): boolean {
		const kind = hourly ? HOURLY : PLAIN;
		const turn = this.#turns[kind] as number;
		this.#turns = oneMore(this.#turns, kind);
		if (turn % 2 ** (this.#levels[kind] as number) === 0) return true;
		this.thinned++;
		return false;
	}

	/** Keeps a line that it wants: UTF-8 text without control characters, which is copied. */
	add(hourly: boolean, parts: Parts): void {
		const length = lengthOf(parts) + 2;
		if (length > LONGEST_LINE) {
			this.lost++;
			return;
		}
		if (this.#newest.length + length > BUFFER_BYTES) this.#flush();
		const line = linesOf(length);
		line[0] = KINDS_FROM + (hourly ? HOURLY : PLAIN);
		let at = 1;
		for (const part of parts) {
			line.set(part, at);
			at += part.length;
		}
		line[at] = LINE_FEED;
		if (length > BUFFER_BYTES) return this.#append(line);
		this.#newest = joined(this.#newest, line);
		this.#timer ??= this.#context.timers.set(() => this.#flush(), FLUSH_AFTER_MS);
	}

	/** The oldest line's text, which stays until `remove`; `undefined` where nothing waits. The bytes are the caller's. */
	peek(): Uint8Array | undefined {
		for (;;) {
			const [file] = this.#files;
			const lines = file ? this.#read(file) : this.#newest;
			const end = lines.indexOf(LINE_FEED);
			this.#held = end + 1;
			// A file's bytes are nobody else's: a line that has one of its own is not copied.
			if (end >= 0) return file && end > FILE_BYTES ? lines.subarray(1, end) : lines.slice(1, end);
			if (!file) return undefined;
			// Torn, or its last line is sent.
			this.#drop(file);
		}
	}

	/** The line that `peek` gave has arrived; harmless twice. */
	remove(): void {
		const held = this.#held;
		const [file] = this.#files;
		this.#held = 0;
		if (file) {
			this.#cursor += held;
			if (this.#cursor >= file.bytes) this.#drop(file);
		} else this.#newest = this.#newest.subarray(held);
		if (!this.empty) return;
		this.#flush();
		this.#levels = NONE;
		this.#turns = NONE;
	}

	/** Writes what is in memory, and forgets for good what was sent. */
	close(): void {
		this.#held = 0;
		this.#flush();
		const [file] = this.#files;
		if (file && this.#cursor > HEADER) this.#write(file, this.#read(file));
	}

	get #blocks(): number {
		let sum = 0;
		for (const { bytes } of this.#files) sum += blocksOf(bytes);
		return sum;
	}

	/** A file of an earlier life. */
	#find(slot: number): void {
		const { files } = this.#context;
		const name = this.#file(slot);
		const bytes = files.read(name);
		if (!bytes) return;
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		if (bytes.length <= HEADER || view.getUint16(0) !== MAGIC) return files.remove(name);
		let length = bytes.length;
		while (length > 0 && bytes[length - 1] !== LINE_FEED) length--;
		const file = { slot, first: view.getUint32(FIRST_AT), last: view.getUint32(LAST_AT), bytes: length };
		insertInOrder(this.#files, file, (one, other) => one.first < other.first);
		this.#levels = this.#levels.map((level, kind) => Math.max(level, bytes[LEVELS_AT + kind] as number));
	}

	#file(slot: number): string {
		return `${this.#name}.late${slot}`;
	}

	/** Its lines that are not sent yet. */
	#read(file: LateFile): Uint8Array {
		const bytes = this.#context.files.read(this.#file(file.slot)) ?? NOTHING;
		return bytes.subarray(file === this.#files[0] ? this.#cursor : HEADER, file.bytes);
	}

	#drop(file: LateFile): void {
		if (file === this.#files[0]) this.#cursor = HEADER;
		this.#files = this.#files.filter((each) => each !== file);
		this.#guard(() => this.#context.files.remove(this.#file(file.slot)));
	}

	/** Writes a file of these lines; one without goes. */
	#write(file: LateFile, lines: Uint8Array): void {
		if (file === this.#files[0]) this.#cursor = HEADER;
		file.bytes = HEADER + lines.length;
		const isReady = lines.byteOffset === HEADER && lines.buffer.byteLength === file.bytes;
		const bytes = isReady ? new Uint8Array(lines.buffer) : new Uint8Array(file.bytes);
		const view = new DataView(bytes.buffer);
		view.setUint16(0, MAGIC);
		bytes.set(this.#levels, LEVELS_AT);
		view.setUint32(FIRST_AT, file.first);
		view.setUint32(LAST_AT, file.last);
		if (!isReady) bytes.set(lines, HEADER);
		if (lines.length === 0) this.#drop(file);
		else if (!this.#guard(() => this.#context.files.write(this.#file(file.slot), bytes))) {
			this.lost++;
			this.#drop(file);
		}
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

	/** What waits in memory goes to flash. */
	#flush(): void {
		const lines = this.#newest;
		this.#newest = NOTHING;
		this.#context.timers.clear(this.#timer);
		this.#timer = undefined;
		if (lines.length > 0) this.#append(lines);
	}

	/** Behind the newest line: in the newest file where there is room, or in one of its own. */
	#append(lines: Uint8Array): void {
		const newest = this.#files[this.#files.length - 1];
		if (newest && newest.bytes + lines.length <= FILE_BYTES)
			return this.#write(newest, joined(this.#read(newest), lines));
		while (this.#files.length > 0 && this.#blocks + blocksOf(HEADER + lines.length) > this.#most)
			if (!this.#thin(PLAIN) && !this.#thin(HOURLY)) this.#drop(this.#files[0] as LateFile);
		let slot = 0;
		while (this.#files.some((file) => file.slot === slot)) slot++;
		const number = (this.#files[this.#files.length - 1]?.last ?? 0) + 1;
		const file = { slot, first: number, last: number, bytes: 0 };
		this.#files.push(file);
		this.#write(file, lines);
	}

	/** Every second line of that kind goes, and neighbours that fit into one file are joined; false where nothing was gained. */
	#thin(kind: number): boolean {
		const before = this.bytes;
		const thinned = this.thinned;
		let keep = false;
		let into: LateFile | undefined;
		let lines: Uint8Array = NOTHING;
		for (const file of [...this.#files]) {
			const all = this.#read(file);
			let to = 0;
			for (let at = 0; at < all.length; ) {
				const end = all.indexOf(LINE_FEED, at) + 1;
				const counts = all[at] === KINDS_FROM + kind;
				if (counts) keep = !keep;
				// One that is on its way stays the first, whatever it is.
				if (!counts || keep || (at === 0 && file === this.#files[0] && this.#held > 0)) {
					all.copyWithin(to, at, end);
					to += end - at;
				} else this.thinned++;
				at = end;
			}
			const rest = all.subarray(0, to);
			if (into && HEADER + lines.length + to <= FILE_BYTES) {
				lines = joined(lines, rest);
				into.last = file.last;
				// Both are there until the first holds the lines of both.
				this.#write(into, lines);
				this.#drop(file);
			} else {
				into = file;
				lines = rest;
				if (to < all.length) this.#write(file, rest);
			}
		}
		if (this.thinned > thinned) this.#levels = oneMore(this.#levels, kind);
		return this.bytes < before;
	}
}

function blocksOf(bytes: number): number {
	return Math.ceil((bytes - FILE_BYTES) / BLOCK_BYTES) + 1;
}

function oneMore(counts: readonly number[], kind: number): readonly number[] {
	return counts.map((count, each) => (each === kind ? count + 1 : count));
}

/** Room for lines, behind that of a file's head: they are written from where they are, as kilobytes may not be there twice. */
function linesOf(length: number): Uint8Array {
	return new Uint8Array(HEADER + length).subarray(HEADER);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
	const bytes = linesOf(one.length + other.length);
	bytes.set(one);
	bytes.set(other, one.length);
	return bytes;
}

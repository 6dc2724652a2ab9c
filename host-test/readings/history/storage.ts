// Files in memory for history, a storage whose power fails at any step of a write, and readings for it. Runs on XS too.

import "../../../host/platform/globals.js";
import type { HistoryOptions } from "../../../readings/history/log.js";
import { History } from "../../../readings/history/recorder.js";
import type { DeviceReading, Quantity, Reading } from "../../../readings/reading.js";
import { crc32 } from "../../../settings/crc32.js";
import { zoneOffsets } from "../../../settings/posix-time-zone.js";

type HistoryFiles = HistoryOptions["files"];

export const COPENHAGEN = "CET-1CEST,M3.5.0,M10.5.0/3";

export class MemoryFiles implements HistoryFiles {
	readonly files = new Map<string, Uint8Array>();
	/** Writes, and bytes written. */
	writes = 0;
	bytesWritten = 0;
	largestWrite = 0;

	readPart(name: string, at: number, count: number): Uint8Array | undefined {
		return this.files.get(name)?.slice(at, at + count);
	}

	read(name: string): Uint8Array | undefined {
		return this.files.get(name)?.slice();
	}

	append(name: string, bytes: Uint8Array, at?: number): void {
		const old = this.files.get(name) ?? new Uint8Array(0);
		const from = at ?? old.length;
		const fresh = new Uint8Array(Math.max(old.length, from + bytes.length));
		fresh.set(old);
		fresh.set(bytes, from);
		this.#count(bytes);
		this.files.set(name, fresh);
	}

	write(name: string, bytes: Uint8Array): void {
		this.#count(bytes);
		this.files.set(name, bytes.slice());
	}

	remove(name: string): void {
		this.files.delete(name);
	}

	/** Bytes in all files; blocks of 4096 as littlefs gives them. */
	get blocks(): number {
		let blocks = 0;
		for (const bytes of this.files.values()) blocks += Math.ceil(bytes.length / 4096);
		return blocks;
	}

	#count(bytes: Uint8Array): void {
		this.writes++;
		this.bytesWritten += bytes.length;
		this.largestWrite = Math.max(this.largestWrite, bytes.length);
	}
}

const RUBBISH = 40;

/** Files whose power fails once, after `budget` steps: each byte is a step, and so are opening and closing. */
export class FailingFiles extends MemoryFiles {
	budget: number;
	/** The power has failed: nothing is written any more until it is set back. */
	failed = false;
	readonly #random: () => number;

	constructor(budget: number, random: () => number) {
		super();
		this.budget = budget;
		this.#random = random;
	}

	override append(name: string, bytes: Uint8Array, at?: number): void {
		if (this.#lasts(bytes.length + 2)) return super.append(name, bytes, at);
		const cut = Math.floor(this.#random() * (bytes.length + 1));
		const torn = this.#torn(bytes, cut);
		if (torn.length > 0) super.append(name, torn, at);
		this.failed = true;
		throw new Error("no power");
	}

	/** A file that is replaced: the old one stays, or whatever a file system without renaming leaves of the new one. */
	override write(name: string, bytes: Uint8Array): void {
		if (this.#lasts(bytes.length + 2)) return super.write(name, bytes);
		const cut = Math.floor(this.#random() * (bytes.length + 1));
		if (this.#random() < 0.5) super.write(name, this.#torn(bytes, cut));
		this.failed = true;
		throw new Error("no power");
	}

	/** Cut off; what was being programmed; grown before its bytes came; blocks out of order. */
	#torn(bytes: Uint8Array, cut: number): Uint8Array {
		const torn = bytes.slice();
		switch (Math.floor(this.#random() * 4)) {
			case 0:
				return bytes.slice(0, cut);
			case 1:
				for (let at = cut; at < Math.min(torn.length, cut + RUBBISH); at++) torn[at] = this.#random() * 256;
				return torn;
			case 2:
				return torn.fill(0, cut);
			default:
				return torn.fill(0, 0, cut);
		}
	}

	#lasts(steps: number): boolean {
		if (this.failed) throw new Error("no power");
		if (this.budget < 0) return true;
		this.budget -= steps;
		return this.budget >= 0;
	}
}

/** Storage that takes no byte more. */
export class FullFiles extends MemoryFiles {
	full = false;

	override append(name: string, bytes: Uint8Array, at?: number): void {
		if (this.full) throw new Error("the storage is full");
		super.append(name, bytes, at);
	}

	override write(name: string, bytes: Uint8Array): void {
		if (this.full) throw new Error("the storage is full");
		super.write(name, bytes);
	}
}

export function openHistory(
	files: HistoryFiles,
	posix = COPENHAGEN,
	log: (line: string) => void = () => {},
): History {
	return new History({
		files,
		crc32,
		zone: zoneOffsets(posix),
		log,
		bytesOf: (text) => new Uint8Array(ArrayBuffer.fromString(text)),
	});
}

/** A counter of the meter in whole thousandths. */
export function counter(name: string, thousandths: number, unit = "kWh"): Quantity {
	return { name, value: { mantissa: thousandths, exponent: -3 }, unit };
}

export function reading(
	time: string | null,
	quantities: readonly Quantity[],
	devices: readonly DeviceReading[] = [],
	id = "meter-1",
): Reading {
	return { protocol: "p1", meter: { id }, time, quantities, devices };
}

// What a pulse counter says on its line: fixed records of 14 bytes, made on the board by hardware/pulse-line.ts and on a
// computer by an emulated counter or another board. The format is this project's own; docs/protocols/pulse.md.
//
//   F5 53 30 01 | count, 4 bytes | time of the newest pulse, 4 bytes | CRC-16/X-25 of all before, 2 bytes
//
// High byte first. Both numbers begin with the counter's start and run over at 2^32; the time is in milliseconds.

import type { Checksums } from "../shared/checksums.js";

/** First byte, which no text has, then `S0` and the version. Four fixed bytes and a CRC: rubbish never looks so. */
const MAGIC: readonly number[] = Object.freeze([0xf5, 0x53, 0x30, 0x01]);
export const RECORD_LENGTH = 14;
const COUNT = 4;
const TIME = 8;
const CHECK = 12;

export interface PulseRecord {
	/** Pulses since the counter's start, modulo 2^32. */
	readonly count: number;
	/** When the newest pulse began, by the counter's clock, in milliseconds modulo 2^32; of no meaning while `count` is 0. */
	readonly at: number;
}

export function encodeRecord({ count, at }: PulseRecord, checksums: Checksums): Uint8Array {
	const bytes = new Uint8Array(RECORD_LENGTH);
	bytes.set(MAGIC);
	putUint32(bytes, COUNT, count);
	putUint32(bytes, TIME, at);
	const check = checksums.x25(bytes, 0, CHECK);
	bytes[CHECK] = check >> 8;
	bytes[CHECK + 1] = check & 0xff;
	return bytes;
}

/** How many of the record's first bytes `bytes` could be, from `start`: `RECORD_LENGTH` for a whole one, 0 for none. */
export function recordPrefix(bytes: Uint8Array, start: number, end: number): number {
	const fixed = Math.min(MAGIC.length, end - start);
	for (let index = 0; index < fixed; index++) if (bytes[start + index] !== MAGIC[index]) return 0;
	return Math.min(RECORD_LENGTH, end - start);
}

/** The record at `start`, whose magic is right; the two checks where they differ. */
export function decodeRecord(
	bytes: Uint8Array,
	start: number,
	checksums: Checksums,
): PulseRecord | { readonly expected: number; readonly actual: number } {
	const expected = checksums.x25(bytes, start, start + CHECK);
	const actual = byteAt(bytes, start + CHECK) * 0x100 + byteAt(bytes, start + CHECK + 1);
	if (expected !== actual) return { expected, actual };
	return { count: uint32(bytes, start + COUNT), at: uint32(bytes, start + TIME) };
}

/** `to - from` of two numbers that run over at 2^32. */
export function uint32Difference(to: number, from: number): number {
	return (to - from) >>> 0;
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
	bytes[at] = (value >>> 24) & 0xff;
	bytes[at + 1] = (value >>> 16) & 0xff;
	bytes[at + 2] = (value >>> 8) & 0xff;
	bytes[at + 3] = value & 0xff;
}

function uint32(bytes: Uint8Array, at: number): number {
	let value = 0;
	for (let index = 0; index < 4; index++) value = value * 0x100 + byteAt(bytes, at + index);
	return value;
}

function byteAt(bytes: Uint8Array, at: number): number {
	return bytes[at] ?? 0;
}

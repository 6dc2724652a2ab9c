// Small tests on the bytes of a telegram that need no state: parity, printable characters, its end, its CRC's digits.
// Source: DSMR 5.0.2 P1 companion standard, 6.2.

import type { Checksums } from "../shared/checksums.js";
import { hexDigit } from "../shared/text.js";
import { HIGHEST_BITS } from "../shared/words.js";
import { CR, LF, LOW_SEVEN, SPACE } from "./bytes.js";
import { ENVELOPE_TAG, envelopeAt } from "./envelope.js";

export const SLASH = 0x2f;
/** `/` with even parity in bit 7: a 7E1 line recorded as 8N1. */
export const SLASH_EVEN = 0xaf;
export const EXCLAMATION = 0x21;
export const CRC_DIGITS = 4;

/**
 * Whether another envelope (its title and security byte, as far as they are there) or telegram starts at `at`, in
 * bytes that were taken for an envelope at `start`. A `/` right behind a stray DB counts, as behind all noise.
 */
export function startsAgain(bytes: Uint8Array, start: number, at: number, end: number): boolean {
	const byte = bytes[at];
	if (byte === ENVELOPE_TAG) return envelopeAt(bytes, at, end) !== null;
	return byte === SLASH && ((bytes[at - 1] === LF && bytes[at - 2] === CR) || at === start + 1);
}

export function isLineEnd(byte: number): boolean {
	return byte === LF || byte === CR;
}

/** Taken from all bytes of a word, it borrows from the highest bit of what was below 20; added to them, 7F overflows. */
const BLANKS = 0x20202020;
const ONES = 0x01010101;

const EXCLAMATIONS = 0x21212121;
const SLASHES = 0x2f2f2f2f;

/**
 * Index of the first byte of `[start, end)` that is `!` or `/` or no ASCII, and so may end a telegram; `end` where there is
 * none. `words`: the same bytes, since each look costs an ESP32 microseconds.
 */
function markAt(bytes: Uint8Array, words: Int32Array, start: number, end: number): number {
	let at = start;
	for (; at < end && (at & 3) !== 0; at++) if (isMark(bytes[at] as number)) return at;
	const last = end >> 2;
	let word = at >> 2;
	for (; word < last; word++) {
		const four = words[word] as number;
		// What is taken from a byte of zero borrows from its highest bit.
		const first = four ^ EXCLAMATIONS;
		const second = four ^ SLASHES;
		if (((((first - ONES) & ~first) | ((second - ONES) & ~second) | four) & HIGHEST_BITS) !== 0) break;
	}
	for (at = Math.max(at, word << 2); at < end; at++) if (isMark(bytes[at] as number)) return at;
	return at;
}

function isMark(byte: number): boolean {
	return byte === EXCLAMATION || byte === SLASH || byte > LOW_SEVEN;
}

/**
 * Index of the first byte of `[start, end)` that may end a telegram: a mark at the start of a line, or no ASCII anywhere;
 * `end` where there is none. `start` is not the first of `bytes`.
 */
export function textEnd(bytes: Uint8Array, words: Int32Array, start: number, end: number): number {
	for (let at = markAt(bytes, words, start, end); at < end; at = markAt(bytes, words, at + 1, end))
		if ((bytes[at] as number) > LOW_SEVEN || isLineEnd(bytes[at - 1] as number)) return at;
	return end;
}

/** The same for the first line, which ends with the line. */
export function headEnd(bytes: Uint8Array, start: number, end: number): number {
	let at = start;
	for (; at < end; at++) {
		const byte = bytes[at] as number;
		if (isLineEnd(byte) || byte > LOW_SEVEN) break;
	}
	return at;
}

/**
 * Index of the first byte of `[start, end)` that a meter prints in no line: line ends, other controls, 7F and above;
 * `end` where there is none. `words`: the same bytes, since each look costs an ESP32 microseconds.
 */
export function plainEnd(bytes: Uint8Array, words: Int32Array, start: number, end: number): number {
	let at = start;
	for (; at < end && (at & 3) !== 0; at++) {
		const byte = bytes[at] as number;
		if (byte < SPACE || byte >= LOW_SEVEN) return at;
	}
	const last = end >> 2;
	for (let word = at >> 2; word < last; word++, at += 4) {
		const four = words[word] as number;
		if ((((four - BLANKS) | (four + ONES) | four) & HIGHEST_BITS) !== 0) break;
	}
	for (; at < end; at++) {
		const byte = bytes[at] as number;
		if (byte < SPACE || byte >= LOW_SEVEN) return at;
	}
	return at;
}

export function hasEvenParity(byte: number): boolean {
	let folded = byte ^ (byte >> 4);
	folded ^= folded >> 2;
	return ((folded ^ (folded >> 1)) & 1) === 0;
}

/** No CRC vouches for these bytes: they must at least be characters that a meter prints, and line ends. */
export function isPrintable(bytes: Uint8Array, words: Int32Array, length: number): boolean {
	for (let at = plainEnd(bytes, words, 0, length); at < length; at = plainEnd(bytes, words, at + 1, length))
		if (!isLineEnd(bytes[at] as number)) return false;
	return true;
}

/**
 * The CRC with each LF's CR given back, for telegrams that were stored as text files with LF only.
 * -1 where a CR stands: then nothing was taken away.
 */
export function restoredArc(checksums: Checksums, bytes: Uint8Array, length: number): number {
	let lines = 0;
	for (let at = 0; at < length; at++) {
		if (bytes[at] === CR) return -1;
		if (bytes[at] === LF) lines++;
	}
	if (lines === 0) return -1;
	const restored = new Uint8Array(length + lines);
	let to = 0;
	for (let at = 0; at < length; at++) {
		if (bytes[at] === LF) restored[to++] = CR;
		restored[to++] = bytes[at] as number;
	}
	return checksums.arc(restored, 0, to);
}

/** Index behind the `!` at a line start, or 0 where the bytes are no telegram. */
export function telegramEnd(bytes: Uint8Array): number {
	if (bytes[0] !== SLASH) return 0;
	for (let at = bytes.length - 1; at > 0; at--)
		if (bytes[at] === EXCLAMATION && (bytes[at - 1] === LF || bytes[at - 1] === CR)) return at + 1;
	return 0;
}

export function crcDigitsAt(bytes: Uint8Array, at: number): number {
	let digits = 0;
	while (digits < CRC_DIGITS && at + digits < bytes.length && hexDigit(bytes[at + digits] as number) >= 0)
		digits++;
	return digits;
}

export function hex4(crc: number): string {
	return crc.toString(16).toUpperCase().padStart(CRC_DIGITS, "0");
}

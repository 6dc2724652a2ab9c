// The data lines of a telegram taken apart: one object is an OBIS code and its values in brackets. No meaning here.
// Source: IEC 62056-21, 6.6 (data set), with the slips that meters make (docs/protocols/p1.md).

import { CURRENT_VALUE, type Obis } from "../../readings/obis.js";
import { ASTERISK, CR, isDigit, LF, SPACE } from "./bytes.js";

const OPEN = 0x28;
const CLOSE = 0x29;
const DASH = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
const AMPERSAND = 0x26;
const ZERO = 0x30;
const LARGEST_GROUP = 255;
/** Values whose place is kept; longer logs are read as one text anyway. */
export const MOST_VALUES = 8;

/**
 * Removes line breaks inside brackets (Kamstrup 162 breaks long messages): values become one piece of bytes.
 * Works in place; returns the new end.
 */
export function joinBrokenValues(bytes: Uint8Array, start: number, end: number): number {
	let depth = 0;
	let to = start;
	for (let at = start; at < end; at++) {
		const character = bytes[at] as number;
		if (character === OPEN) depth = 1;
		else if (character === CLOSE) depth = 0;
		else if (depth > 0 && (character === CR || character === LF)) continue;
		bytes[to++] = character;
	}
	return to;
}

/** Walks over objects; after `next()` the fields tell of the object found. One instance serves all telegrams. */
export class ObjectReader {
	/** Code of the object; group F is 255 where it is not printed. */
	obis: Obis = { a: 0, b: 0, c: 0, d: 0, e: 0, f: CURRENT_VALUE };
	/** Range of all values with their brackets; line breaks between them are inside. */
	start = 0;
	end = 0;
	/** How many values; the first `MOST_VALUES` have their place in `starts` and `ends` (brackets excluded). */
	count = 0;
	readonly starts = new Uint16Array(MOST_VALUES);
	readonly ends = new Uint16Array(MOST_VALUES);
	#bytes: Uint8Array = new Uint8Array(0);
	#at = 0;
	#limit = 0;

	/** Objects of `bytes[start, end)` will be read; the array is borrowed until the last `next()`. */
	open(bytes: Uint8Array, start: number, end: number): void {
		this.#bytes = bytes;
		this.#at = start;
		this.#limit = end;
	}

	/** Lets go of the bytes. */
	close(): void {
		this.#bytes = new Uint8Array(0);
		this.#limit = 0;
	}

	/** `object`, `malformed` (the line at `start` is skipped) or `end`. */
	next(): "object" | "malformed" | "end" {
		const bytes = this.#bytes;
		this.#skipBlank();
		if (this.#at >= this.#limit) return "end";
		this.start = this.#at;
		if (!this.#code() || !this.#values()) {
			while (this.#at < this.#limit && bytes[this.#at] !== LF) this.#at++;
			return "malformed";
		}
		return "object";
	}

	#skipBlank(): void {
		const bytes = this.#bytes;
		for (; this.#at < this.#limit; this.#at++) {
			const character = bytes[this.#at];
			if (character !== CR && character !== LF && character !== SPACE) return;
		}
	}

	/** One group, 0–255; -1 where there is none. */
	#group(): number {
		const bytes = this.#bytes;
		const from = this.#at;
		let group = 0;
		while (this.#at < this.#limit && isDigit(bytes[this.#at]) && this.#at - from < 4)
			group = group * 10 + (bytes[this.#at++] as number) - ZERO;
		return this.#at === from || group > LARGEST_GROUP ? -1 : group;
	}

	#follows(character: number): boolean {
		if (this.#at >= this.#limit || this.#bytes[this.#at] !== character) return false;
		this.#at++;
		return true;
	}

	#code(): boolean {
		const a = this.#group();
		if (a < 0 || !this.#follows(DASH)) return false;
		const b = this.#group();
		if (b < 0 || !this.#follows(COLON)) return false;
		let c = this.#group();
		// Danish KAM5 firmware prints 1-0:4:24.7.0 for 1-0:24.7.0.
		if (c >= 0 && this.#follows(COLON)) c = this.#group();
		if (c < 0 || !this.#follows(POINT)) return false;
		const d = this.#group();
		if (d < 0 || !this.#follows(POINT)) return false;
		const e = this.#group();
		if (e < 0) return false;
		let f = CURRENT_VALUE;
		if (this.#follows(ASTERISK) || this.#follows(AMPERSAND)) f = this.#group();
		if (f < 0) return false;
		this.obis = { a, b, c, d, e, f };
		return true;
	}

	/** Values up to the next code: brackets on the following line still belong to this one (24.3.0). */
	#values(): boolean {
		const bytes = this.#bytes;
		this.count = 0;
		while (this.#at < this.#limit && bytes[this.#at] === SPACE) this.#at++;
		this.start = this.#at;
		while (this.#follows(OPEN)) {
			const from = this.#at;
			while (this.#at < this.#limit && bytes[this.#at] !== CLOSE) {
				if (bytes[this.#at] === OPEN) return false;
				this.#at++;
			}
			if (this.#at >= this.#limit) return false;
			if (this.count < MOST_VALUES) {
				this.starts[this.count] = from;
				this.ends[this.count] = this.#at;
			}
			this.count++;
			this.end = ++this.#at;
			this.#skipBlank();
		}
		if (this.count === 0) return false;
		// The next code begins on a line of its own: anything else behind the bracket is a damaged line.
		if (this.#at >= this.#limit || bytes[this.#at - 1] === LF || bytes[this.#at - 1] === CR) return true;
		return false;
	}
}

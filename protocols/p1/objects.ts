// The data lines of a telegram taken apart: one object is an OBIS code and its values in brackets. No meaning here.
// One pass over the bytes: each byte costs an ESP32 several microseconds, and telegrams come every second.
// Source: IEC 62056-21, 6.6 (data set), with the slips that meters make (docs/protocols/p1.md).

import { CURRENT_VALUE } from "../../readings/obis.js";
import { ASTERISK, CR, LF, LONGEST_UNIT, SPACE } from "./bytes.js";
import { CodeBook, codeKey } from "./codes.js";

const OPEN = 0x28;
const CLOSE = 0x29;
const DASH = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
const AMPERSAND = 0x26;
const ZERO = 0x30;
const NINE = 0x39;
const LARGEST_GROUP = 255;
const MOST_DIGITS = 4;
/** Places of the groups: C is doubled by a slip, E may be the last, F is. */
const GROUP_C = 2;
const GROUP_E = 4;
const GROUP_F = 5;
/** What stands behind them: A-B:C.D.E */
const SEPARATORS = Uint8Array.of(DASH, COLON, POINT, POINT);
/** Values whose place is kept; longer logs are read as one text anyway. */
export const MOST_VALUES = 8;

/** Digits and point of a number that is read in passing: it surely fits a safe integer. */
const SAFE_DIGITS = 15;

/** Walks over objects; after `next()` the fields tell of the object found. One instance serves all telegrams. */
export class ObjectReader {
	/** Index of the object's code in the book; -1 where that is full. */
	code = 0;
	/** Range of all values with their brackets; line breaks between them are inside. */
	start = 0;
	end = 0;
	/** How many values; the first `MOST_VALUES` have their place in `starts` and `ends` (brackets excluded). */
	count = 0;
	readonly starts = new Uint16Array(MOST_VALUES);
	readonly ends = new Uint16Array(MOST_VALUES);
	/** The last value is digits with at most one point, and perhaps a unit behind a `*`: `mantissa × 10^exponent`. */
	isNumber = false;
	mantissa = 0;
	exponent = 0;
	/** The unit's bytes as one number, and where they begin; 0 where there is none. */
	unitKey = 0;
	unitStart = 0;
	readonly #groups = new Uint8Array(GROUP_F + 1);
	readonly #book: CodeBook;
	#bytes: Uint8Array = NO_BYTES;
	#text: DataView = NO_TEXT;
	#key = 0;
	#isCopy = false;
	#at = 0;
	#limit = 0;

	constructor(book = new CodeBook()) {
		this.#book = book;
	}

	/**
	 * Objects of `bytes[start, end)` will be read; the array is borrowed until the last `next()`. A value that is
	 * broken over lines (Kamstrup 162's long messages) is closed up in a copy.
	 */
	open(bytes: Uint8Array, start: number, end: number): void {
		this.#bytes = bytes;
		this.#text = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		this.#isCopy = false;
		this.#limit = end;
		this.#at = this.#behindBlanks(start);
	}

	/** The object's code as `codeKey` makes it; group F is 255 where it is not printed. */
	get key(): number {
		return this.code < 0 ? this.#key : this.#book.key(this.code);
	}

	/** Where the places of an object's values are: the array given, or its copy with values closed up. */
	get bytes(): Uint8Array {
		return this.#bytes;
	}

	/** Lets go of the bytes. */
	close(): void {
		this.#bytes = NO_BYTES;
		this.#text = NO_TEXT;
		this.#limit = 0;
	}

	/** `object`, `malformed` (the line at `start` is skipped) or `end`. */
	next(): "object" | "malformed" | "end" {
		const bytes = this.#bytes;
		const book = this.#book;
		const from = this.#at;
		if (from >= this.#limit) return "end";
		this.start = from;
		const expected = book.expected(this.#text, from, this.#limit);
		if (expected > 0) {
			this.#at = from + expected - 1;
			if (this.#values()) {
				this.code = book.next++;
				return "object";
			}
		} else if (this.#code(from)) {
			const behind = this.#at;
			if (this.#values()) {
				this.code = book.find(this.#key);
				if (bytes[behind] === OPEN) book.printed(this.code, this.#text, from, behind + 1);
				return "object";
			}
		}
		let at = this.#at;
		while (at < this.#limit && bytes[at] !== LF) at++;
		this.#at = this.#behindBlanks(at);
		return "malformed";
	}

	#behindBlanks(from: number): number {
		const bytes = this.#bytes;
		let at = from;
		for (; at < this.#limit; at++) {
			const character = bytes[at];
			if (character !== CR && character !== LF && character !== SPACE) break;
		}
		return at;
	}

	/** Reads the groups at `from` and goes behind them. */
	#code(from: number): boolean {
		const bytes = this.#bytes;
		const limit = this.#limit;
		const groups = this.#groups;
		groups[GROUP_F] = CURRENT_VALUE;
		let index = 0;
		let group = 0;
		let digits = 0;
		let doubled = false;
		let at = from;
		for (; at < limit; at++) {
			const character = bytes[at] as number;
			if (character >= ZERO && character <= NINE) {
				group = group * 10 + character - ZERO;
				if (++digits > MOST_DIGITS) break;
				continue;
			}
			if (digits === 0 || group > LARGEST_GROUP) break;
			groups[index] = group;
			if (index === GROUP_F || (index === GROUP_E && character !== ASTERISK && character !== AMPERSAND)) {
				this.#key = codeKey(groups);
				this.#at = at;
				return true;
			}
			// Danish KAM5 firmware prints 1-0:4:24.7.0 for 1-0:24.7.0.
			if (index === GROUP_C && character === COLON && !doubled) doubled = true;
			else if (index === GROUP_E || character === SEPARATORS[index]) index++;
			else break;
			group = 0;
			digits = 0;
		}
		this.#at = at;
		return false;
	}

	/** Values up to the next code: brackets on the following line still belong to this one (24.3.0). */
	#values(): boolean {
		const bytes = this.#bytes;
		const limit = this.#limit;
		let at = this.#at;
		while (bytes[at] === SPACE && at < limit) at++;
		this.start = at;
		this.count = 0;
		while (at < limit && bytes[at] === OPEN) {
			const from = at + 1;
			const end = this.#valueEnd(from);
			if (end < 0) return false;
			if (this.count < MOST_VALUES) {
				this.starts[this.count] = this.#broken ? closedUp(this.#copy(), from, end) : from;
				this.ends[this.count] = end;
			}
			this.count++;
			at = end + 1;
			this.end = at;
			if (bytes[at] === CR && bytes[at + 1] === LF) {
				// Nearly always another code stands behind.
				const next = bytes[at + 2] as number;
				if (next > OPEN && at + 2 < limit) {
					this.#at = at + 2;
					return true;
				}
			}
			at = this.#behindBlanks(at);
		}
		this.#at = at;
		if (this.count === 0) return false;
		// The next code begins on a line of its own: anything else behind the bracket is a damaged line.
		const before = bytes[at - 1];
		return at >= limit || before === LF || before === CR;
	}

	/** The telegram stays as it came, for those who want it so. */
	#copy(): Uint8Array {
		if (!this.#isCopy) this.#bytes = this.#bytes.slice(0, this.#limit);
		this.#isCopy = true;
		return this.#bytes;
	}

	/** The value whose end was found last goes over several lines. */
	#broken = false;

	/** Index of the bracket that closes the value at `from`; -1, and where reading goes on, where there is none. */
	#valueEnd(from: number): number {
		const bytes = this.#bytes;
		const limit = this.#limit;
		let character = 0;
		let mantissa = 0;
		let point = -1;
		let at = from;
		// What is behind the limit is no number's end, but it does stop this.
		for (; ; at++) {
			character = bytes[at] as number;
			if (character >= ZERO && character <= NINE) mantissa = mantissa * 10 + character - ZERO;
			else if (character === POINT && point < 0) point = at;
			else break;
		}
		const numberEnd = at;
		let unit = 0;
		if (character === ASTERISK)
			for (at++; at - numberEnd <= LONGEST_UNIT + 1; at++) {
				character = bytes[at] as number;
				if (!(character > CLOSE)) break;
				unit = unit * 256 + character;
			}
		const length = numberEnd - from;
		this.isNumber =
			at < limit && character === CLOSE && length > (point < 0 ? 0 : 1) && length <= SAFE_DIGITS;
		if (!this.isNumber) return this.#textEnd(from);
		this.mantissa = mantissa;
		this.exponent = point < 0 || point === numberEnd - 1 ? 0 : point + 1 - numberEnd;
		this.unitKey = unit;
		this.unitStart = numberEnd + 1;
		this.#broken = false;
		return at;
	}

	/** The same for a value that may be anything. */
	#textEnd(from: number): number {
		const bytes = this.#bytes;
		const limit = this.#limit;
		let broken = false;
		for (let at = from; at < limit; at++) {
			const character = bytes[at] as number;
			if (character > CLOSE) continue;
			if (character === CLOSE) {
				this.#broken = broken;
				return at;
			}
			if (character === OPEN) {
				this.#at = at;
				return -1;
			}
			if (character < SPACE) broken = true;
		}
		this.#at = limit;
		return -1;
	}
}

const NO_BYTES = new Uint8Array(0);
const NO_TEXT = new DataView(NO_BYTES.buffer);

/**
 * Moves the characters of a broken value up to its end, so that they are in one piece; line breaks take the room in
 * front. Returns where the value begins now.
 */
function closedUp(bytes: Uint8Array, start: number, end: number): number {
	let to = end;
	for (let at = end - 1; at >= start; at--) {
		const character = bytes[at] as number;
		if (character !== CR && character !== LF) bytes[--to] = character;
	}
	bytes.fill(LF, start, to);
	return to;
}

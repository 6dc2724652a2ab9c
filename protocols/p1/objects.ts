// The data lines of a telegram taken apart: one object is an OBIS code and its values in brackets. No meaning here.
// One pass over the bytes: each byte costs an ESP32 several microseconds, and telegrams come every second.
// Source: IEC 62056-21, 6.6 (data set), with the slips that meters make (docs/protocols/p1.md).

import { CURRENT_VALUE } from "../../readings/obis.js";
import { KnownTexts } from "../shared/known-texts.js";
import { ASTERISK, CLOSE, CR, LF, NINE, OPEN, POINT, SPACE, UnitBook, ZERO } from "./bytes.js";
import { CodeBook, Content, codeKey, LOOK } from "./codes.js";
import { NumberReader } from "./numbers.js";

const DASH = 0x2d;
const COLON = 0x3a;
const AMPERSAND = 0x26;
const LARGEST_GROUP = 255;
const MOST_DIGITS = 4;
/** Places of the groups: C is doubled by a slip, E may be the last, F is. */
const GROUP_C = 2;
const GROUP_E = 4;
const GROUP_F = 5;
/** What stands behind them: A-B:C.D.E */
const SEPARATORS = Uint8Array.of(DASH, COLON, POINT, POINT);
/** Of a time stamp, YYMMDDhhmmss; `S` or `W` follows. */
const TIME_DIGITS = 12;
/** Values whose place is kept; longer logs are read as one text anyway. */
export const MOST_VALUES = 8;

/** Walks over objects; after `next()` the fields tell of the object found. One instance serves all telegrams. */
export class ObjectReader {
	/** Index of the object's code in the book; -1 where that is full. */
	code = 0;
	/** Range of all values with their brackets; line breaks between them are inside. */
	start = 0;
	end = 0;
	/** There are blanks or line ends in a value or behind one. */
	isBroken = false;
	/** How many values; the first `MOST_VALUES` have their place in `starts` and `ends` (brackets excluded). */
	count = 0;
	readonly starts = new Uint16Array(MOST_VALUES);
	readonly ends = new Uint16Array(MOST_VALUES);
	/** The last value is a number, and what it is. */
	isNumber = false;
	readonly number: NumberReader;
	/** What the last value was read as when it stood there in an earlier telegram (`keepText`). */
	text: string | undefined;
	/** The telegram's bytes, eight at a time. */
	view: DataView = NO_TEXT;
	readonly #texts = new KnownTexts();
	readonly #groups = new Uint8Array(GROUP_F + 1);
	readonly #book: CodeBook;
	#bytes: Uint8Array = NO_BYTES;
	#key = 0;
	#isCopy = false;
	#at = 0;
	#limit = 0;

	constructor(book = new CodeBook(), units = new UnitBook()) {
		this.#book = book;
		this.number = new NumberReader(units);
	}

	/**
	 * Objects of `bytes[start, end)` will be read; the array is borrowed until the last `next()`. A value that is
	 * broken over lines (Kamstrup 162's long messages) is closed up in a copy.
	 */
	open(bytes: Uint8Array, start: number, end: number): void {
		this.#bytes = bytes;
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		this.#isCopy = false;
		this.#texts.begin();
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
		this.view = NO_TEXT;
		this.#limit = 0;
	}

	/** The object's value is a text that was read as `text`: so it will be in the telegrams that come. */
	keepText(text: string): void {
		const start = this.starts[0] as number;
		if (!this.isBroken && this.count === 1)
			this.#texts.keep(this.view, start, (this.ends[0] as number) - start, text);
	}

	/** `object`, `malformed` (the line at `start` is skipped) or `end`. */
	next(): "object" | "malformed" | "end" {
		const text = this.view;
		const limit = this.#limit;
		const book = this.#book;
		const { columns } = book;
		const from = this.#at;
		if (from >= limit) return "end";
		// Nearly always the code behind the code before, printed as it was: two looks instead of one at each character.
		const expected = book.next;
		const length = columns.lengths[expected] as number;
		const values = from + length;
		if (
			length > 0 &&
			values <= limit &&
			text.getFloat64(from) === columns.heads[expected] &&
			text.getFloat64(values - LOOK) === columns.tails[expected]
		) {
			const { number } = this;
			const next = number.readAsBefore(columns, expected, text, values, limit);
			if (next > 0) {
				const { end } = number;
				this.start = values - 1;
				this.end = end + 1;
				this.count = 1;
				this.starts[0] = values;
				this.ends[0] = end;
				this.isNumber = true;
				this.#at = next;
			} else {
				this.start = from;
				this.#at = values - 1;
				if (!this.#values(columns.contents[expected] === Content.text)) return this.#malformed();
				if (this.isNumber && this.count === 1) number.learn(columns, expected, text, values, this.#at);
			}
			this.code = expected;
			book.next = expected + 1;
			return "object";
		}
		this.start = from;
		if (!this.#code(from)) return this.#malformed();
		const behind = this.#at;
		if (!this.#values(false)) return this.#malformed();
		this.code = book.find(this.#key);
		if (this.#bytes[behind] === OPEN) book.printed(this.code, text, from, behind + 1);
		return "object";
	}

	/** Goes on behind the line. */
	#malformed(): "malformed" {
		const bytes = this.#bytes;
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

	/**
	 * Values up to the next code: brackets on the following line still belong to this one (24.3.0). `areText`: they are, even
	 * where they look like numbers.
	 */
	#values(areText: boolean): boolean {
		const bytes = this.#bytes;
		const limit = this.#limit;
		let at = this.#at;
		while (bytes[at] === SPACE && at < limit) at++;
		this.start = at;
		this.count = 0;
		this.isBroken = false;
		while (at < limit && bytes[at] === OPEN) {
			const from = at + 1;
			const end = this.#valueEnd(from, areText);
			if (end < 0) return false;
			if (this.count < MOST_VALUES) {
				this.starts[this.count] = this.#broken ? closedUp(this.#copy(), from, end) : from;
				this.ends[this.count] = end;
			}
			this.count++;
			if (this.#broken) this.isBroken = true;
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
			if (at > end + 1) this.isBroken = true;
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
	#valueEnd(from: number, isText: boolean): number {
		this.text = undefined;
		this.isNumber = !isText && !this.#isTime(from) && this.number.read(this.#bytes, from, this.#limit);
		if (!this.isNumber) return isText ? this.#knownTextEnd(from) : this.#textEnd(from);
		this.#broken = false;
		return this.number.end;
	}

	/** A look ahead: twelve digits are read in vain where a letter and the bracket stand behind them. */
	#isTime(from: number): boolean {
		const bytes = this.#bytes;
		if (bytes[from + TIME_DIGITS + 1] !== CLOSE || (bytes[from + TIME_DIGITS] as number) <= NINE)
			return false;
		// Not `00123.456*kWh`.
		const last = bytes[from + TIME_DIGITS - 1] as number;
		return last >= ZERO && last <= NINE;
	}

	/** The same for a text, which often is the one of the telegram before. */
	#knownTextEnd(from: number): number {
		const length = this.#texts.expected;
		const end = from + length;
		if (length > 0 && end < this.#limit && this.#bytes[end] === CLOSE) {
			this.text = this.#texts.find(this.view, from, length);
			if (this.text !== undefined) {
				this.#broken = false;
				return end;
			}
		}
		return this.#textEnd(from);
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

// A number in brackets, read in passing: digits, point, unit. A meter prints a number the same way in each telegram: then
// only its digits are looked at, four in one, since a look at each character costs an ESP32 microseconds.
// Source: DSMR 5.0.2 P1 companion standard, 6.4; IEC 62056-21, 6.6.

import { ASTERISK, CLOSE, LONGEST_UNIT, NINE, OPEN, POINT, type UnitBook, ZERO } from "./bytes.js";
import { type Columns, LOOK } from "./codes.js";

/** Digits of a number that surely fits a safe integer, and its point. */
const SAFE_DIGITS = 15;

/** Characters of a word. Digits leave their values of it; what is none leaves a high bit, at once or with six added. */
const WORD = 4;
const ZEROS = 0x30303030;
const SIXES = 0x06060606;
const HIGH_BITS = -0x0f0f0f10;
const PAIRS = 0x00ff00ff;
/** The last so many characters of a word. */
const LAST = Int32Array.of(0, 0xff, 0xffff, 0xffffff, -1);
const POWERS = Uint16Array.of(1, 10, 100, 1000);

/** Parts of a form, four bits each: how many characters follow the number, its digits before and behind the point, its unit. */
const WHOLE = 4;
const FRACTION = 8;
const UNIT = 12;
const PART = 0xf;
/** What closes a line: bracket, CR, LF. */
const CLOSING = 3;

/** Reads numbers; the fields tell of the one found. One instance serves all telegrams. */
export class NumberReader {
	/** `mantissa × 10^exponent`. */
	mantissa = 0;
	exponent = 0;
	/** The unit's place in the book; 0 where there is none. */
	unit = 0;
	/** Index of the bracket that closes it. */
	end = 0;
	/** First index behind its digits. */
	#behind = 0;
	readonly #units: UnitBook;

	constructor(units: UnitBook) {
		this.#units = units;
	}

	/** Whether `bytes[from, limit)` begins with digits with at most one point, perhaps a unit behind a `*`, and a bracket. */
	read(bytes: Uint8Array, from: number, limit: number): boolean {
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
		const behind = at;
		let unit = 0;
		if (character === ASTERISK)
			for (at++; at - behind <= LONGEST_UNIT + 1; at++) {
				character = bytes[at] as number;
				if (!(character > CLOSE)) break;
				unit = unit * 256 + character;
			}
		const length = behind - from;
		if (at >= limit || character !== CLOSE || length <= (point < 0 ? 0 : 1) || length > SAFE_DIGITS)
			return false;
		this.mantissa = mantissa;
		this.exponent = point < 0 ? 0 : point + 1 - behind;
		this.unit = unit === 0 ? 0 : this.#units.find(unit, bytes, behind + 1, at);
		this.end = at;
		this.#behind = behind;
		return this.unit >= 0;
	}

	/** Keeps how the number that was read at `from` is printed, and all behind it up to the next line's first character. */
	learn({ forms, endings }: Columns, code: number, text: DataView, from: number, next: number): void {
		const behind = this.#behind;
		const fraction = -this.exponent;
		const whole = behind - from - (fraction > 0 ? fraction + 1 : 0);
		const rest = next - behind;
		const look = rest > LOOK ? next - LOOK : behind;
		forms[code] = 0;
		if (
			next !== this.end + CLOSING ||
			rest > LOOK + 1 ||
			whole > 2 * WORD ||
			fraction >= WORD ||
			look + LOOK > text.byteLength
		)
			return;
		forms[code] = (this.unit << UNIT) | (fraction << FRACTION) | (whole << WHOLE) | rest;
		endings[code] = text.getFloat64(look);
	}

	/**
	 * Reads the number at `from` if it is printed as the code's was before, so that nothing but its digits can be other ones.
	 * Returns where the next line begins, or 0: something else stands there.
	 */
	readAsBefore(columns: Columns, code: number, text: DataView, from: number, limit: number): number {
		const form = columns.forms[code] as number;
		if (form === 0) return 0;
		const whole = (form >> WHOLE) & PART;
		const fraction = (form >> FRACTION) & PART;
		const rest = form & PART;
		const behind = from + whole + (fraction === 0 ? 0 : fraction + 1);
		const next = behind + rest;
		const look = rest > LOOK ? next - LOOK : behind;
		if (look + LOOK > limit || text.getFloat64(look) !== columns.endings[code]) return 0;
		if (rest >= LOOK) {
			// What the look has not seen: the next line, and the star of a long unit.
			if (next >= limit || text.getUint8(next) <= OPEN) return 0;
			if (rest > LOOK && text.getUint8(behind) !== ASTERISK) return 0;
		}
		let word = text.getInt32(behind - WORD);
		let wrong = 0;
		let mantissa = 0;
		let at = behind;
		if (fraction > 0) {
			if (((word >> (8 * fraction)) & 0xff) !== POINT) return 0;
			word = (word ^ ZEROS) & (LAST[fraction] as number);
			wrong = word | (word + SIXES);
			word = ((word >> 8) & PAIRS) * 10 + (word & PAIRS);
			mantissa = (word >> 16) * 100 + (word & 0xff);
			at -= fraction + 1;
			word = text.getInt32(at - WORD);
		}
		word = (word ^ ZEROS) & (LAST[whole < WORD ? whole : WORD] as number);
		wrong |= word | (word + SIXES);
		word = ((word >> 8) & PAIRS) * 10 + (word & PAIRS);
		mantissa += ((word >> 16) * 100 + (word & 0xff)) * (POWERS[fraction] as number);
		if (whole > WORD) {
			word = (text.getInt32(at - 2 * WORD) ^ ZEROS) & (LAST[whole - WORD] as number);
			wrong |= word | (word + SIXES);
			word = ((word >> 8) & PAIRS) * 10 + (word & PAIRS);
			mantissa += ((word >> 16) * 100 + (word & 0xff)) * 10_000 * (POWERS[fraction] as number);
		}
		if ((wrong & HIGH_BITS) !== 0) return 0;
		this.mantissa = mantissa;
		this.exponent = fraction === 0 ? 0 : -fraction;
		this.unit = form >> UNIT;
		this.end = next - CLOSING;
		return next;
	}
}

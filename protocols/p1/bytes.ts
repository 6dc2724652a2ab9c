// Bytes of a P1 telegram as values: text, hexadecimal text, time stamps (TST) and numbers with a unit.
// Works on index ranges `[start, end)`; a string is made only for a result.
// Source: DSMR 5.0.2 P1 companion standard, 5.2.3 and 6.4; IEC 62056-21, 6.

import { type Decimal, parseDecimal, scaled } from "../../readings/decimal.js";
import { canonical, type UnitScale, unitScale } from "../../readings/units.js";

import { isoDate, isoDateTime, isoTime } from "../shared/iso-time.js";
import { hexDigit, textOf } from "../shared/text.js";

export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const ASTERISK = 0x2a;
export const OPEN = 0x28;
export const CLOSE = 0x29;
const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
const COLON = 0x3a;
const TILDE = 0x7e;
export const LOW_SEVEN = 0x7f;

export function isDigit(character: number | undefined): boolean {
	return character !== undefined && character >= ZERO && character <= NINE;
}

/** Values of characters that are hexadecimal digits; FF for others. A look here costs less than a call. */
const HEX_DIGITS = Uint8Array.from({ length: 256 }, (_, character) => hexDigit(character) & 0xff);

/**
 * An octet string printed as two hexadecimal digits a byte, as the text that it stands for, outer blanks removed.
 * As it is where it is no such string: an odd number of digits, other characters, or bytes that print nothing.
 */
export function octetText(bytes: Uint8Array, start: number, end: number): string {
	if (start === end) return "";
	const length = (end - start) >> 1;
	if ((end - start) % 2 !== 0) return textOf(bytes, start, end);
	const octets = new Uint8Array(length);
	for (let index = 0, at = start; index < length; index++, at += 2) {
		const high = HEX_DIGITS[bytes[at] as number] as number;
		// What is no digit makes this greater than a byte, or FF.
		const octet = (high << 4) | (HEX_DIGITS[bytes[at + 1] as number] as number);
		if (octet < SPACE || octet > TILDE) return textOf(bytes, start, end);
		octets[index] = octet;
	}
	return textOf(octets, 0, length).trim();
}

const STAMP_DIGITS = 12;

/**
 * A time stamp `YYMMDDhhmmss` with `S` (summer, +02:00), `W` (winter, +01:00) or nothing (no offset) behind it, or
 * ACE4000's `YY-MM-DD hh:mm:ss`, as ISO 8601. `null`: has that shape but is no time (`632525252525W`, "never").
 * `undefined`: is not of that shape.
 */
export function timeStamp(bytes: Uint8Array, start: number, end: number): string | null | undefined {
	let digits = 0;
	let at = start;
	// Twelve digits are one number, exactly.
	let stamp = 0;
	for (; at < end && digits < STAMP_DIGITS; at++) {
		const character = bytes[at] as number;
		if (character >= ZERO && character <= NINE) {
			stamp = stamp * 10 + character - ZERO;
			digits++;
		} else if (!(character === MINUS || character === COLON || character === SPACE) || digits % 2 !== 0)
			return undefined;
	}
	if (digits < STAMP_DIGITS) return undefined;
	let offset = "";
	if (at < end) {
		const season = (bytes[at] as number) & ~0x20;
		if (at + 1 !== end || (season !== 0x53 && season !== 0x57)) return undefined;
		offset = season === 0x53 ? "+02:00" : "+01:00";
	}
	const time = stamp % 1_000_000;
	const date = (stamp - time) / 1_000_000;
	return (
		isoDateTime(
			isoDate(2000 + Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100),
			isoTime(Math.floor(time / 10_000), Math.floor(time / 100) % 100, time % 100),
			offset,
		) ?? null
	);
}

/** A number as printed and in the canonical unit; `unit` is absent where the meter printed none. */
export interface Measured {
	readonly value: Decimal;
	readonly unit?: string | undefined;
}

/** Spellings of units that are remembered; a meter has fewer than ten. */
const MOST_UNITS = 12;
/** Longest spelling that is remembered: as many bytes fit a float exactly. */
export const LONGEST_UNIT = 6;

/** The units that a meter prints, again and again the same few, by place. */
export class UnitBook {
	/** What they mean; what nobody knows is itself. At place 0 is none. */
	readonly scales: (UnitScale | undefined)[] = [undefined];
	readonly #keys: number[] = [-1];

	/** Place of `bytes[start, end)`; `key`: these bytes as one number, high byte first. 0: blanks only; -1: there is no room. */
	find(key: number, bytes: Uint8Array, start: number, end: number): number {
		const known = this.#keys.indexOf(key);
		if (known >= 0) return known;
		const scale = meaning(textOf(bytes, start, end).trim());
		if (scale === undefined) return 0;
		if (this.#keys.length > MOST_UNITS) return -1;
		this.#keys.push(key);
		return this.scales.push(scale) - 1;
	}
}

/** What a unit means; one that nobody knows is itself, none is `undefined`. */
function meaning(spelling: string): UnitScale | undefined {
	return spelling === "" ? undefined : (unitScale(spelling) ?? { unit: spelling, power: 0 });
}

/** Reads numbers with their units however meters print them. */
export class MeasuredReader {
	readonly #units: UnitBook;

	constructor(units = new UnitBook()) {
		this.#units = units;
	}

	/**
	 * `123.456*kWh`, `123.456kWh` (Fluvius leaves the `*` out at times), `00042`. `undefined` for anything else.
	 * Without a `*` the letters must be a unit that readings/units.ts knows: otherwise it is text.
	 */
	read(bytes: Uint8Array, start: number, end: number): Measured | undefined {
		let split = end;
		// From behind: the unit is shorter than the number.
		for (let last = bytes[split - 1]; split > start && last !== undefined; last = bytes[split - 1]) {
			if (last >= ZERO && last <= NINE) break;
			split--;
		}
		let from = split;
		while (from < end && bytes[from] === SPACE) from++;
		const starred = from < end && bytes[from] === ASTERISK;
		if (starred || from === end) {
			const value = parseDecimal(bytes, start, split);
			if (value === undefined) return this.#slowly(bytes, start, end);
			return from + 1 >= end ? { value } : this.inUnit(value, bytes, from + 1, end);
		}
		return this.#slowly(bytes, start, end);
	}

	/** Units with digits in them (`m3`), units without a star, and what is no number at all. */
	#slowly(bytes: Uint8Array, start: number, end: number): Measured | undefined {
		let split = start;
		while (split < end && isNumeral(bytes[split] as number)) split++;
		const value = parseDecimal(bytes, start, split);
		if (value === undefined) return undefined;
		let from = split;
		while (from < end && bytes[from] === SPACE) from++;
		const starred = from < end && bytes[from] === ASTERISK;
		if (starred) from++;
		const spelling = textOf(bytes, from, end).trim();
		if (spelling === "") return { value };
		if (!starred && unitScale(spelling) === undefined) return undefined;
		return canonical(value, spelling);
	}

	/** The value with the unit that is spelled in `bytes[start, end)`. */
	inUnit(value: Decimal, bytes: Uint8Array, start: number, end: number): Measured {
		let key = 0;
		for (let at = start; at < end; at++) key = key * 256 + (bytes[at] as number);
		const place = end - start > LONGEST_UNIT ? -1 : this.#units.find(key, bytes, start, end);
		const scale = place < 0 ? meaning(textOf(bytes, start, end).trim()) : this.#units.scales[place];
		return scale ? { value: scaled(value, scale.power), unit: scale.unit } : { value };
	}
}

function isNumeral(character: number): boolean {
	return (
		isDigit(character) ||
		character === POINT ||
		character === MINUS ||
		character === 0x2b ||
		character === 0x2c
	);
}

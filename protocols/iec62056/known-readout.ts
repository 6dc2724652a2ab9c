// The readout that a meter sent last, and where its numbers have their digits: as long as nothing but digits is another one,
// it is not taken apart again. Names, units and ids are what they were then; characters are compared four in one look.

import type { Decimal } from "../../readings/decimal.js";
import type { Quantity, Reading } from "../../readings/reading.js";
import { CLOSE, COMMA, isDigit, OPEN, POINT, STAR, STX, ZERO } from "./characters.js";
import type { DataSet } from "./data-set.js";
import type { Protection } from "./message.js";
import { readObjectId } from "./object-id.js";
import { isOnlyValue } from "./readout.js";

/** Longest readout that is kept; the Kamstrup 382's has 167 characters. */
const LONGEST = 512;
/** Characters of a number that surely fits a safe integer. */
const SAFE = 15;
/** Bits that may not be other ones: of a character that must be the same, and of a digit, which has the rest for its value. */
const SAME = 0xff;
const DIGIT = 0xf0;
/** Added to the value of a digit, it tells A to F. */
const SIXES = 0x06060606;

export class KnownReadout {
	#reading: Reading | undefined;
	#protection: Protection = "none";
	/** The characters up to the ETX, and which bits of them may not be other ones. */
	#expected = new Int32Array(0);
	#masks = new Int32Array(0);
	/** Where the number of each quantity begins; 0 where it has none whose digits may be other ones. */
	#starts: readonly number[] = [];

	/**
	 * What `frame` says, a readout from its identification to its check character, which stands in `words`, too, if it is the last
	 * one with other digits. Quantities that have not changed are the same objects.
	 */
	read(frame: Uint8Array, words: Int32Array, protection: Protection): Reading | undefined {
		const known = this.#reading;
		const start = frame.byteOffset;
		if (known === undefined || protection !== this.#protection || (start & 3) !== 0) return undefined;
		const expected = this.#expected;
		const masks = this.#masks;
		let at = start >> 2;
		let wrong = 0;
		// A shorter or a longer readout has its ETX somewhere else.
		for (let word = 0; word < expected.length; word++) {
			const mask = masks[word] as number;
			const value = (words[at++] as number) ^ ((expected[word] as number) & mask);
			wrong |= (value | (value + (~mask & SIXES))) & mask;
		}
		if (wrong !== 0) return undefined;
		const { protocol, meter, time, devices } = known;
		const quantities = known.quantities.slice();
		const starts = this.#starts;
		for (let place = 0; place < starts.length; place++) {
			const digits = starts[place] as number;
			if (digits > 0) quantities[place] = withDigits(quantities[place] as Quantity, frame, digits);
		}
		// Written out: spreading it takes Node a fifth of the whole.
		this.#reading = { protocol, meter, time, quantities, devices };
		return this.#reading;
	}

	/** Keeps the `reading` that was made of the `sets` of a `frame`, if it may come again: one with a clock does not. */
	learn(frame: Uint8Array, protection: Protection, sets: readonly DataSet[], reading: Reading): void {
		this.#reading = undefined;
		const { quantities, time } = reading;
		const length = frame.length - 1;
		// A set that is several quantities has no place of its own.
		if (time !== null || quantities.length !== sets.length || length > LONGEST) return;
		const masks = new Uint8Array((length + 3) & ~3).fill(SAME, 0, length);
		const starts: number[] = [];
		let at = frame.indexOf(STX);
		for (let place = 0; place < sets.length; place++) {
			const { id, values } = sets[place] as DataSet;
			for (let count = 0; count < values.length; count++) at = frame.indexOf(OPEN, at) + 1;
			const object = readObjectId(id);
			const isNumber = typeof quantities[place]?.value !== "string" && object && isOnlyValue(object);
			starts.push(isNumber && values.length === 1 && openDigits(frame, at, masks) ? at : 0);
		}
		const expected = new Uint8Array(masks.length);
		expected.set(frame.subarray(0, length));
		this.#expected = new Int32Array(expected.buffer);
		this.#masks = new Int32Array(masks.buffer);
		this.#starts = starts;
		this.#protection = protection;
		this.#reading = reading;
	}
}

/** The quantity with the digits at `start` as its value: itself where they are the same. */
function withDigits(before: Quantity, bytes: Uint8Array, start: number): Quantity {
	const { name, unit, obis } = before;
	const { mantissa: last, exponent } = before.value as Decimal;
	let mantissa = 0;
	// Points are lesser characters than digits; stars and brackets are the least.
	for (let at = start, character = bytes[at] as number; character > STAR; character = bytes[++at] as number)
		if (character >= ZERO) mantissa = mantissa * 10 + character - ZERO;
	if (mantissa === last) return before;
	const value = { mantissa, exponent };
	return unit === undefined ? { name, value, obis } : { name, value, unit, obis };
}

/** Lets the digits at `start` be other ones if they are, with a point or comma, all up to the star of a unit or the bracket. */
function openDigits(bytes: Uint8Array, start: number, masks: Uint8Array): boolean {
	let points = 0;
	let at = start;
	for (; (bytes[at] as number) > STAR; at++) {
		const character = bytes[at];
		if (isDigit(character)) masks[at] = DIGIT;
		else points += character === POINT || character === COMMA ? 1 : SAFE;
	}
	if (points < 2 && at - start <= SAFE && (bytes[at] === STAR || bytes[at] === CLOSE)) return true;
	masks.fill(SAME, start, at);
	return false;
}

// The registers of a meter's GetRegister replies as quantities. A meter sends the same registers in the same order again
// and again, so what their names and units are is remembered, by place: only numbers are read anew, and what has not changed
// is the same quantity.

import type { Decimal } from "../../readings/decimal.js";
import type { Quantity } from "../../readings/reading.js";
import { decodeValue, NEGATIVE, SAFE_BYTES } from "./register-value.js";
import { MOST_REGISTERS } from "./registers.js";
import { addRegister, DATA, FORMAT_BYTES, formatAt, ID_BYTES, word } from "./replies.js";
import { CLOCK } from "./units.js";

const HEADER = ID_BYTES + FORMAT_BYTES;

/** The register numbers of a reply (data of `bytes[0, length)`, chapter 6.2.1); `undefined`: lengths do not add up. */
export function registerNumbers(bytes: Uint8Array, length: number): readonly number[] | undefined {
	const numbers: number[] = [];
	for (let at = DATA; at < length; ) {
		if (at + HEADER > length) return undefined;
		const size = bytes[at + 3] as number;
		numbers.push(word(bytes, at));
		at += HEADER + size;
		if (size === 0 || at > length) return undefined;
	}
	return numbers;
}

/** One session's memory. */
export class KnownRegisters {
	/** By place in a list: register, unit, length, sign and exponent as one number, and what they became. */
	readonly #headers: number[] = [];
	readonly #quantities: Quantity[] = [];
	/** The list whose quantities are those known, all of them. */
	#list: readonly Quantity[] | undefined;

	/** Adds the registers of a reply that `registerNumbers` has found whole to a list, whose names stay unique. */
	add(list: Quantity[], bytes: Uint8Array, length: number): Quantity[] {
		let follows = list.length === 0 || this.#list === list;
		for (let at = DATA; at < length; ) {
			const number = word(bytes, at);
			const unit = bytes[at + 2] as number;
			const size = bytes[at + 3] as number;
			const signExponent = bytes[at + 4] as number;
			const header = number * 0x1000000 + ((unit << 16) | (size << 8) | signExponent);
			const from = at + HEADER;
			const place = list.length;
			at = from + size;
			if (follows && this.#headers[place] === header && size <= SAFE_BYTES && unit < CLOCK) {
				list.push(this.#next(place, bytes, from, at, (signExponent & NEGATIVE) !== 0));
				continue;
			}
			addRegister(list, {
				register: number,
				...decodeValue(bytes, from, formatAt(bytes, from - FORMAT_BYTES)),
			});
			// One that the list had already: what comes next has another place than last time.
			if (list.length === place || place >= MOST_REGISTERS) follows = false;
			if (follows) this.#learn(place, header, list[place] as Quantity);
		}
		this.#list = follows ? list : undefined;
		return list;
	}

	/** The quantity known at that place with the number in `bytes[start, end)`. */
	#next(place: number, bytes: Uint8Array, start: number, end: number, negative: boolean): Quantity {
		const known = this.#quantities[place] as Quantity;
		const { name, value, unit, register } = known;
		let mantissa = 0;
		for (let at = start; at < end; at++) mantissa = mantissa * 0x100 + (bytes[at] as number);
		if (negative && mantissa !== 0) mantissa = -mantissa;
		const { exponent } = value as Decimal;
		if (mantissa === (value as Decimal).mantissa) return known;
		const number = { mantissa, exponent };
		const quantity: Quantity =
			unit === undefined
				? { name, value: number, register: register as number }
				: { name, value: number, unit, register: register as number };
		// Not two lists are held by this: the newest alone.
		this.#quantities[place] = quantity;
		return quantity;
	}

	#learn(place: number, header: number, quantity: Quantity): void {
		// What came behind it last time may not come now.
		this.#headers.length = place;
		this.#quantities.length = place;
		this.#headers.push(header);
		this.#quantities.push(quantity);
	}
}

// The objects of the list before: a meter sends the same ones again and again, and finding their names and units anew
// each time would be most of the work on the device. As long as a list goes as the one before did, only its numbers
// are read, and what has not changed is the same quantity. Costs 8 bytes an object.

import type { Quantity } from "../../../readings/reading.js";
import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { PLAIN_SCALING, type Scaling } from "./item-values.js";

/** The longest flat list has 32 (Kamstrup's "DLMS push 1"); what comes behind is read the long way. */
const MOST_OBJECTS = 64;

export class KnownObjects {
	readonly #keys = new Float64Array(MOST_OBJECTS);
	/** What the object became; `undefined` where that was no plain number. */
	readonly #quantities: (Quantity | undefined)[] = [];
	#scaling = PLAIN_SCALING;
	/** Objects known, and how many of this list have come, all as before; -1: this list is not followed. */
	#count = 0;
	#place = -1;

	/** A message begins: its list is not followed before `follow`. */
	begin(): void {
		this.#place = -1;
	}

	/** A flat list without scalers begins; another `scaling` makes everything known worthless. */
	follow(scaling: Scaling): void {
		const before = this.#scaling;
		this.#place = 0;
		if (
			scaling.voltage === before.voltage &&
			scaling.current === before.current &&
			scaling.energy === before.energy &&
			scaling.factor === before.factor
		)
			return;
		this.#scaling = scaling;
		this.#count = 0;
	}

	/** The quantity of the code `item` and the whole number behind it, where it is as before; otherwise `undefined`. */
	next(items: AxdrItems, item: number): Quantity | undefined {
		const place = this.#place;
		if (place < 0 || place >= this.#count) return undefined;
		const known = this.#quantities[place];
		if (known === undefined || items.obisKey(item) !== this.#keys[place]) return undefined;
		const mantissa = items.integer(item + 1);
		if (typeof mantissa !== "number" || typeof known.value === "string") return undefined;
		this.#place = place + 1;
		if (mantissa === known.value.mantissa) return known;
		const { name, unit, obis } = known;
		const number = { mantissa, exponent: known.value.exponent };
		const quantity =
			unit === undefined
				? { name, value: number, obis: obis as string }
				: { name, value: number, unit, obis: obis as string };
		this.#quantities[place] = quantity;
		return quantity;
	}

	/** The long way led from the code `item` and the value behind it to this. */
	learn(items: AxdrItems, item: number, quantity: Quantity | undefined): void {
		const place = this.#place;
		if (place < 0 || place >= MOST_OBJECTS) return;
		const key = items.obisKey(item);
		// Another object than last time: what came behind it then may not come now.
		if (place >= this.#count || this.#keys[place] !== key) this.#count = place + 1;
		this.#keys[place] = key;
		this.#quantities[place] = isPlain(quantity) ? quantity : undefined;
		this.#place = place + 1;
	}
}

function isPlain(quantity: Quantity | undefined): boolean {
	return quantity !== undefined && typeof quantity.value !== "string" && quantity.time === undefined;
}

/** Whether the value behind the code may be read in one go: no structure comes behind it. */
export function isFlat(items: AxdrItems, item: number, end: number): boolean {
	return item + 2 >= end || items.tag(item + 2) !== Tag.structure;
}

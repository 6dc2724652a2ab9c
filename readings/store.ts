// The newest reading of each kind of list, and how fresh it is. Meters send short lists often and long lists
// seldom (Kamstrup: powers every 10 s, counters on the hour): the store keeps both in one picture.
// No history: that is a store of its own. Time is an argument.

import type { DeviceReading, Quantity, Reading } from "./reading.js";

/** A quantity and when (monotonic ms) it last arrived. */
export interface KnownQuantity {
	readonly quantity: Quantity;
	readonly at: number;
}

/** Most quantities and devices kept: beyond this a meter's new names are counted, not stored. */
export const MOST_QUANTITIES = 160;

/** Latest reading, and the latest value of every quantity ever seen since the start. */
export class ReadingStore {
	#latest: Reading | undefined;
	#latestAt: number | undefined;
	#count = 0;
	#overflow = 0;
	readonly #known: KnownQuantity[] = [];

	/** Takes a reading in; `now` is monotonic milliseconds. */
	add(reading: Reading, now: number): void {
		this.#latest = reading;
		this.#latestAt = now;
		this.#count++;
		for (const quantity of reading.quantities) this.#learn(quantity, now);
	}

	/** The newest reading, or `undefined` before the first. */
	get latest(): Reading | undefined {
		return this.#latest;
	}

	/** Readings since the start. */
	get count(): number {
		return this.#count;
	}

	/** Quantities that found no room (a meter with more than `MOST_QUANTITIES` names). */
	get overflow(): number {
		return this.#overflow;
	}

	/** Milliseconds since the newest reading; `undefined` before the first. */
	age(now: number): number | undefined {
		return this.#latestAt === undefined ? undefined : now - this.#latestAt;
	}

	/** Latest value of each quantity, in the order in which names were first seen. */
	get known(): readonly KnownQuantity[] {
		return this.#known;
	}

	/** Sub-meters of the newest reading. */
	get devices(): readonly DeviceReading[] {
		return this.#latest?.devices ?? [];
	}

	#learn(quantity: Quantity, at: number): void {
		const index = this.#known.findIndex((known) => known.quantity.name === quantity.name);
		if (index >= 0) this.#known[index] = { quantity, at };
		else if (this.#known.length < MOST_QUANTITIES) this.#known.push({ quantity, at });
		else this.#overflow++;
	}
}

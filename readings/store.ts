// The newest reading of each kind of list, and how fresh it is. Meters send short lists often and long lists
// seldom (Kamstrup: powers every 10 s, counters on the hour): the store keeps both in one picture.
// No history: that is a store of its own. Time is an argument.

import type { DeviceReading, MeterIdentity, Quantity, Reading } from "./reading.js";

/** Most quantities and devices kept: beyond this a meter's new names are counted, not stored. */
export const MOST_QUANTITIES = 160;

/** Room at first; it doubles up to `MOST_QUANTITIES`. */
const FIRST_QUANTITIES = 40;

/** Most sub-meters kept; a P1 port has four at most. */
const MOST_DEVICES = 8;

// When is a power, voltage or temperature too old to be told as the present one? A meter that sends every second has
// fallen silent after five minutes; one that is asked once an hour has not.
const LEAST_FRESH_MS = 300_000;
/** So many pauses between readings may pass without one. */
const PAUSES = 3;
/** The pause is not known before the second reading: asked once an hour, as battery meters are. */
const ASSUMED_PAUSE_MS = 3_600_000;

/** Latest reading, and the latest value of every quantity ever seen since the start. */
export class ReadingStore {
	#latest: Reading | undefined;
	#latestAt: number | undefined;
	#pause = ASSUMED_PAUSE_MS;
	#meter: MeterIdentity = NOBODY;
	#rendered: readonly Uint8Array[] | undefined;
	#count = 0;
	#overflow = 0;
	readonly #known: Quantity[] = [];
	/** By place, with room for some more. */
	#knownAt = new Float64Array(FIRST_QUANTITIES);

	readonly #devices: DeviceReading[] = [];
	readonly #devicesAt: number[] = [];

	/** Takes a reading in; `now` is monotonic milliseconds. */
	add(reading: Reading, now: number): void {
		this.#latest = reading;
		this.#rendered = undefined;
		this.#meter = merged(this.#meter, reading.meter);
		if (this.#latestAt !== undefined) this.#pause = now - this.#latestAt;
		this.#latestAt = now;
		this.#count++;
		let expected = 0;
		for (const quantity of reading.quantities) expected = this.#learn(quantity, now, expected) + 1;
		for (const device of reading.devices) this.#learnDevice(device, now);
	}

	/** The newest reading, or `undefined` before the first. */
	get latest(): Reading | undefined {
		return this.#latest;
	}

	/**
	 * The newest reading as `render` makes it, made once for all who want it: what many outputs send is in memory once.
	 * Every caller must mean the same form.
	 */
	rendered(render: (reading: Reading) => readonly Uint8Array[]): readonly Uint8Array[] | undefined {
		if (this.#latest) this.#rendered ??= render(this.#latest);
		return this.#rendered;
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

	/** Whether what came at `at` (monotonic ms) still counts as the present. */
	isFresh(at: number, now: number): boolean {
		return now - at <= Math.max(LEAST_FRESH_MS, PAUSES * this.#pause);
	}

	/** Who the meter is, put together from all that it sends: short lists say less than long ones. */
	get meter(): MeterIdentity {
		return this.#meter;
	}

	/** Latest value of each quantity, in the order in which names were first seen. */
	get known(): readonly Quantity[] {
		return this.#known;
	}

	/** When (monotonic ms) the quantity at that place of `known` last arrived. */
	knownAt(index: number): number {
		return this.#knownAt[index] as number;
	}

	/** Whether the quantity at that place of `known` is the newest reading's. */
	isNewest(index: number): boolean {
		const quantity = this.#known[index];
		return quantity !== undefined && this.#latest?.quantities.includes(quantity) === true;
	}

	/** Sub-meters of the newest reading. */
	get devices(): readonly DeviceReading[] {
		return this.#latest?.devices ?? [];
	}

	/** The latest of each sub-meter, in the order in which they were first seen. */
	get knownDevices(): readonly DeviceReading[] {
		return this.#devices;
	}

	/** When (monotonic ms) the sub-meter at that place of `knownDevices` last arrived. */
	deviceAt(index: number): number {
		return this.#devicesAt[index] as number;
	}

	#learnDevice(device: DeviceReading, at: number): void {
		const { kind, id, channel } = device;
		const known = this.#devices;
		const found = known.findIndex((each) => each.kind === kind && each.id === id && each.channel === channel);
		if (found < 0 && known.length === MOST_DEVICES) return;
		const index = found < 0 ? known.length : found;
		known[index] = device;
		this.#devicesAt[index] = at;
	}

	/** Returns the quantity's place; `expected` is tried first: lists of a kind have their quantities in one order. */
	#learn(quantity: Quantity, at: number, expected: number): number {
		const { name } = quantity;
		const known = this.#known;
		let index = expected;
		if (known[index]?.name !== name) index = known.findIndex((each) => each.name === name);
		if (index < 0) {
			if (known.length === MOST_QUANTITIES) {
				this.#overflow++;
				return index;
			}
			index = known.length;
			if (index === this.#knownAt.length) {
				const more = new Float64Array(2 * index);
				more.set(this.#knownAt);
				this.#knownAt = more;
			}
		}
		known[index] = quantity;
		this.#knownAt[index] = at;
		return index;
	}
}

const NOBODY: MeterIdentity = Object.freeze({});
const MEMBERS = ["manufacturer", "model", "id", "list"] as const;

/** `known` itself where `heard` says nothing else: what is told of a meter must not come and go with its lists. */
function merged(known: MeterIdentity, heard: MeterIdentity): MeterIdentity {
	for (const member of MEMBERS)
		if (heard[member] !== undefined && heard[member] !== known[member]) return { ...known, ...heard };
	return known;
}

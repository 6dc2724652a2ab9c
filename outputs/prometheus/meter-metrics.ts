// The meter's newest values as samples, family by family as both formats want them, a line at a time. What was not read
// is not there, and what is too old neither: Prometheus then marks the series as stale, which no 0 would.

import { toText } from "../../readings/decimal.js";
import type { DeviceReading, Quantity } from "../../readings/reading.js";
import type { ReadingStore } from "../../readings/store.js";
import { type Format, headOf, label, sample } from "./exposition.js";
import { type Family, familyAt, familyOf, inUnitOf, labelsOf, OTHER } from "./families.js";

export class MeterMetrics {
	readonly #store: ReadingStore;
	readonly #meter: string;
	readonly #format: Format;
	readonly #now: number;
	/** Sub-meters as they were at the beginning: a newer reading may come while this is sent. */
	readonly #devices: readonly DeviceReading[];
	/** How many of the items are the main meter's own; the sub-meters' follow. */
	readonly #own: number;
	/** Each item's family, -1 for none. */
	readonly #families: Int8Array;
	#family = 0;
	#next = 0;
	#head: Family | undefined;

	/** `meter`: the label of that name, or empty. */
	constructor(store: ReadingStore, meter: string, format: Format, now: number) {
		this.#store = store;
		this.#meter = meter;
		this.#format = format;
		this.#now = now;
		const { known, devices } = store;
		this.#devices = devices.filter(
			(device, index) => devices.findIndex((other) => isSame(device, other)) === index,
		);
		this.#own = known.length;
		let count = this.#own;
		for (const { quantities } of this.#devices) count += quantities.length;
		const families = new Int8Array(count).fill(-1);
		// Silent for too long: whatever is known is history.
		const age = store.age(now);
		if (age !== undefined && store.isFresh(now - age, now))
			for (let item = 0; item < count; item++) families[item] = familyOf(this.#itemAt(item)[0]);
		this.#families = families;
	}

	/** The next sample, with the head of its family where it is the first; `undefined` at the end. */
	next(): string | undefined {
		while (this.#family <= OTHER) {
			const item = this.#families.indexOf(this.#family, this.#next);
			if (item < 0) {
				this.#family++;
				this.#next = 0;
				this.#head = undefined;
				continue;
			}
			this.#next = item + 1;
			const head = this.#head ?? familyAt(this.#family);
			const line = this.#line(item, head);
			if (line === undefined) continue;
			const first = this.#head === undefined;
			this.#head = head;
			return first ? headOf(head, this.#format).concat(line) : line;
		}
		return undefined;
	}

	#line(item: number, family: Family): string | undefined {
		const [quantity, device] = this.#itemAt(item);
		const value = inUnitOf(this.#family, quantity);
		if (!value) return undefined;
		if (family.kind === "now" && !device && !this.#store.isFresh(this.#store.knownAt(item), this.#now))
			return undefined;
		const { name, unit } = quantity;
		const own = this.#family === OTHER ? [label("name", name), label("unit", unit)] : [labelsOf(name)];
		const { kind, id, channel } = device ?? {};
		const labels = [
			this.#meter,
			label("device", kind),
			label("device_id", id),
			label("channel", channel === undefined ? undefined : `${channel}`),
			...own,
		];
		return sample(family, labels, toText(value));
	}

	#itemAt(item: number): readonly [Quantity, DeviceReading?] {
		if (item < this.#own) return [this.#store.known[item] as Quantity];
		let at = item - this.#own;
		for (const device of this.#devices) {
			const { quantities } = device;
			if (at < quantities.length) return [quantities[at] as Quantity, device];
			at -= quantities.length;
		}
		throw new RangeError("no such item");
	}
}

/** Their samples could not be told apart. */
function isSame(one: DeviceReading, other: DeviceReading): boolean {
	return one.kind === other.kind && one.id === other.id && one.channel === other.channel;
}

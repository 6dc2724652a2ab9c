// A pulse counter's line: records in, readings out. The counter's value comes from all pulses since the start value was
// set, power from the time between pulses; when they stop, power falls as the time without a pulse bounds it.

import { decimal } from "../../readings/decimal.js";
import type { Quantity } from "../../readings/reading.js";
import { type Action, NO_ACTIONS, type Session, type SessionOptions } from "../protocol.js";
import type { Checksums } from "../shared/checksums.js";
import { counterValue, rateOf } from "./count.js";
import { KeptCount, MARK_MS } from "./kept-count.js";
import { decodeRecord, type PulseRecord, RECORD_LENGTH, recordPrefix, uint32Difference } from "./record.js";
import { type PulseSettings, pulseSettings } from "./settings.js";

/** Pulses beyond the most plausible rate that clocks and the debouncing may add. */
const RATE_SLACK = 2;
/** A pulse is told up to that late: the pin is looked at ten times a second, and lines have their delays. */
const LATENESS_MS = 500;
const LAYER = "pulse";

export class PulseSession implements Session {
	readonly #settings: PulseSettings;
	readonly #checksums: Checksums;
	readonly #kept: KeptCount;
	readonly #held = new Uint8Array(RECORD_LENGTH);
	#length = 0;
	/** Bytes before `#held`'s first. */
	#offset = 0;
	#actions: Action[] = [];
	/** The counter's newest record, and when it came with a new pulse. */
	#last: PulseRecord | undefined;
	#pulseAt = 0;
	/** The pulse that the present rate is measured from, and how many came since. */
	#from: number | undefined;
	#since = 0;
	#rate: number | undefined;
	/** The counter's clock at the newest reading. */
	#toldAt = 0;
	#nextTick = 0;
	/** A pulse has come that no reading has told yet. */
	#pending = false;
	/** Rubbish since the newest record has been told once. */
	#noisy = false;

	constructor({ checksums, settings, kept }: SessionOptions) {
		this.#settings = pulseSettings(settings);
		this.#checksums = checksums;
		this.#kept = new KeptCount(this.#settings, checksums, kept);
	}

	receive(bytes: Uint8Array, now: number): readonly Action[] {
		for (let index = 0; index < bytes.length; index++) {
			this.#held[this.#length] = bytes[index] as number;
			this.#length++;
			this.#sift(now);
		}
		return this.#taken();
	}

	tick(now: number): readonly Action[] {
		if (this.#last && now >= this.#nextTick) this.#tell(now);
		else if (!this.#last) this.#nextTick = now + this.#settings.intervalMs;
		this.#actions.push({ do: "wakeAt", time: this.#nextTick });
		return this.#taken();
	}

	/** What was not told is told, and the exact count is kept. */
	end(now: number): readonly Action[] {
		if (this.#pending) this.#tell(now);
		if (this.#last) this.#actions.push({ do: "keep", bytes: this.#kept.final() });
		return this.#taken();
	}

	/** Drops what can be no record's beginning, and takes a whole one. Before the first record, rubbish is not worth a word. */
	#sift(now: number): void {
		while (this.#length > 0) {
			const prefix = recordPrefix(this.#held, 0, this.#length);
			if (prefix === RECORD_LENGTH) {
				const record = decodeRecord(this.#held, 0, this.#checksums);
				if ("count" in record) {
					this.#drop(RECORD_LENGTH);
					this.#take(record, now);
					return;
				}
				this.#reject("crc", record);
			} else if (prefix > 0) return;
			else if (this.#last && !this.#noisy) {
				this.#noisy = true;
				this.#reject("noise");
			}
			this.#drop(this.#nextStart());
		}
	}

	/** Index of the next byte that could begin a record; the whole length where there is none. */
	#nextStart(): number {
		for (let index = 1; index < this.#length; index++)
			if (recordPrefix(this.#held, index, this.#length) > 0) return index;
		return this.#length;
	}

	#drop(count: number): void {
		this.#held.copyWithin(0, count, this.#length);
		this.#length -= count;
		this.#offset += count;
	}

	#reject(code: string, check?: { readonly expected: number; readonly actual: number }): void {
		this.#actions.push({
			do: "rejected",
			rejection: { rejected: true, layer: LAYER, code, offset: this.#offset, ...check },
		});
	}

	#take(record: PulseRecord, now: number): void {
		const last = this.#last;
		this.#last = record;
		this.#noisy = false;
		if (!last) {
			// Pulses from before belong to no reading: nobody knows when they were.
			this.#pulseAt = now;
			this.#from = record.count > 0 ? record.at : undefined;
			this.#tell(now);
			return;
		}
		const pulses = this.#pulses(record, last);
		if (pulses === 0) return;
		this.#kept.count += pulses;
		this.#since += pulses;
		this.#pulseAt = now;
		this.#pending = true;
		if (this.#from === undefined) {
			// The first pulse has none before it that its distance could be measured from.
			this.#from = record.at;
			this.#since = 0;
		}
		const due = uint32Difference(record.at, this.#toldAt) >= this.#settings.intervalMs;
		if (due || this.#rate === undefined) this.#tell(now);
	}

	/** Pulses between two records: none where there are more than can be, for that is a disturbance. */
	#pulses(record: PulseRecord, last: PulseRecord): number {
		const pulses = uint32Difference(record.count, last.count);
		const elapsed = uint32Difference(record.at, last.at);
		if (pulses === 0 || pulses <= this.#most(elapsed)) return pulses;
		// Rates are measured from here on.
		this.#from = record.count > 0 ? record.at : undefined;
		this.#since = 0;
		this.#toldAt = record.at;
		if (record.count < last.count) {
			// The counter began anew: what it has counted since came after all that is known.
			this.#actions.push({ do: "rejected", rejection: { rejected: true, layer: LAYER, code: "restart" } });
			if (record.count > this.#most(record.at)) return 0;
			// The newest of them is the first that a distance can be measured from.
			this.#from = undefined;
			return record.count;
		}
		const expected = Math.floor(this.#most(elapsed));
		this.#actions.push({
			do: "rejected",
			rejection: { rejected: true, layer: LAYER, code: "rate", expected, actual: pulses },
		});
		return 0;
	}

	/** Most plausible pulses in that time. */
	#most(milliseconds: number): number {
		return (this.#settings.mostRate * milliseconds) / 1000 + RATE_SLACK;
	}

	#tell(now: number): void {
		const { counter, counterUnit, rate, rateUnit, pulses, start } = this.#settings;
		this.#measure();
		const bounded = this.#bounded(now);
		const { count } = this.#kept;
		const bytes = this.#kept.due(this.#pulsesInMarkTime());
		// First kept, then told: what is told is never beyond what a restart goes on from.
		if (bytes) this.#actions.push({ do: "keep", bytes });
		const quantities: Quantity[] = [
			{ name: counter, value: counterValue(start, count, pulses), unit: counterUnit },
			...(bounded === undefined ? [] : [{ name: rate, value: decimal(bounded), unit: rateUnit }]),
			{ name: "pulse_count", value: decimal(count) },
		];
		this.#actions.push({
			do: "reading",
			reading: { protocol: "pulse", meter: {}, time: null, quantities, devices: [] },
		});
		this.#toldAt = this.#last?.at ?? 0;
		this.#pending = false;
		this.#nextTick = now + this.#settings.intervalMs;
		this.#actions.push({ do: "wakeAt", time: this.#nextTick });
	}

	/** The mean over all pulses since the rate was measured last. */
	#measure(): void {
		if (this.#since === 0 || this.#from === undefined || !this.#last) return;
		const elapsed = uint32Difference(this.#last.at, this.#from);
		if (elapsed === 0) return;
		this.#rate = rateOf(this.#since, elapsed, this.#settings.pulses);
		this.#from = this.#last.at;
		this.#since = 0;
	}

	/** The rate, or less where no pulse has come for longer than it would take. */
	#bounded(now: number): number | undefined {
		if (this.#rate === undefined) return undefined;
		const elapsed = now - this.#pulseAt - LATENESS_MS;
		if (elapsed <= 0) return this.#rate;
		return Math.min(this.#rate, rateOf(1, elapsed, this.#settings.pulses));
	}

	#pulsesInMarkTime(): number {
		const { pulses } = this.#settings;
		return ((this.#rate ?? 0) * pulses * MARK_MS) / 3_600_000_000;
	}

	#taken(): readonly Action[] {
		if (this.#actions.length === 0) return NO_ACTIONS;
		const actions = this.#actions;
		this.#actions = [];
		return actions;
	}
}

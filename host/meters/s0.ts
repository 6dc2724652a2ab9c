// An emulated S0 output with its counter: a household's import as pulses of 1000 imp/kWh, told in the records of
// protocols/pulse. Each pulse begins at the very millisecond at which its watt-hour is full.

import { encodeRecord } from "../../protocols/pulse/record.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { Household } from "./household.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";

const SECOND_MS = 1000;
const WATT_SECONDS_OF_PULSE = 3600;
/** Without a pulse the counter says so much less often than it would be thought dead. */
const HEARTBEAT_MS = 10_000;

export class S0 implements PushMeter {
	readonly title = "an S0 output with its counter: a record for each pulse, 1000 to the kWh";
	readonly protocol = "pulse";
	readonly line = {
		baud: 9600,
		dataBits: 8,
		parity: "none",
		stopBits: 1,
		invertReceive: false,
		invertTransmit: false,
	} as const;
	readonly #checksums = tableChecksums();
	readonly #household: Household;
	readonly #start: number;
	/** Watt-seconds of import at the beginning: the counter's zero. */
	readonly #begun: number;
	/** The second that was stepped to last, and the import before it. */
	#second: number;
	#before: number;
	#count = 0;
	#pulseAt: number;

	constructor({ seed, start, solarWatts }: MeterOptions) {
		this.#start = start;
		this.#second = Math.floor(start / SECOND_MS);
		this.#household = new Household({ seed, start: this.#second, heatPump: true, solarWatts });
		this.#begun = this.#household.state.counters.imported;
		this.#before = this.#begun;
		this.#pulseAt = start;
	}

	/** The next pulse, or the next sign of life. */
	nextSend(time: number): number {
		const until = time + HEARTBEAT_MS;
		return this.#nextPulse(until) ?? until;
	}

	telegram(time: number): Uint8Array {
		for (let at = this.#nextPulse(time); at !== undefined; at = this.#nextPulse(time)) {
			this.#count++;
			this.#pulseAt = at;
		}
		const at = this.#count === 0 ? 0 : Math.round(this.#pulseAt - this.#start);
		return encodeRecord({ count: this.#count >>> 0, at: at >>> 0 }, this.#checksums);
	}

	/** When the pulse after `#count` of them begins, where that is not after `until`. */
	#nextPulse(until: number): number | undefined {
		const due = this.#begun + (this.#count + 1) * WATT_SECONDS_OF_PULSE;
		while (this.#household.state.counters.imported < due) {
			if ((this.#second + 1) * SECOND_MS > until) return undefined;
			this.#before = this.#household.state.counters.imported;
			this.#second++;
			this.#household.stepTo(this.#second);
		}
		const { imported } = this.#household.state.counters;
		// The second's power is steady: its watt-seconds fill up evenly.
		const share = (due - this.#before) / (imported - this.#before);
		const at = Math.ceil((this.#second + Math.max(0, share)) * SECOND_MS);
		return at <= until ? at : undefined;
	}
}

// P1's Data Request: the line by which a reader asks the meter to send. Held high, or pulsed: high until one telegram
// has come, then low until the next period. Pin and timers are injected; what the line is made of is the board's matter.
// Source: DSMR 5.0.2 P1, 5.5: the meter sends while it is high, and finishes a telegram that has begun.

import type { OutputPin } from "../hardware/pins.js";
import type { Timers } from "../outputs/output.js";

/** Older meters begin a telegram each 10 s and need 8 s for it: two chances to come through whole. */
export const LONGEST_PULSE_MS = 30_000;

export interface DataRequestOptions {
	readonly output: OutputPin;
	readonly timers: Timers;
	/** From one pulse's begin to the next; `undefined` holds the line. */
	readonly periodMs: number | undefined;
}

export class DataRequest {
	readonly #options: DataRequestOptions;
	/** Ends a pulse without a telegram. */
	#limit: unknown;
	#next: unknown;
	#asserted = false;
	#unanswered = 0;

	constructor(options: DataRequestOptions) {
		this.#options = options;
		this.#begin();
	}

	get asserted(): boolean {
		return this.#asserted;
	}

	/** Pulses in a row that brought no telegram. */
	get unanswered(): number {
		return this.#unanswered;
	}

	/** A whole telegram has come. */
	telegram(): void {
		this.#unanswered = 0;
		if (this.#options.periodMs !== undefined) this.#release();
	}

	/** Lets go of the line for good. */
	close(): void {
		const { output, timers } = this.#options;
		this.#release();
		timers.clear(this.#next);
		output.close();
	}

	#begin(): void {
		const { output, timers, periodMs } = this.#options;
		this.#asserted = true;
		output.write(true);
		if (periodMs === undefined) return;
		this.#next = timers.set(() => this.#begin(), periodMs);
		timers.clear(this.#limit);
		// A period shorter than the longest pulse holds the line until something comes.
		if (periodMs > LONGEST_PULSE_MS) this.#limit = timers.set(() => this.#giveUp(), LONGEST_PULSE_MS);
	}

	#giveUp(): void {
		this.#unanswered++;
		this.#release();
	}

	#release(): void {
		const { output, timers } = this.#options;
		timers.clear(this.#limit);
		this.#limit = undefined;
		if (!this.#asserted) return;
		this.#asserted = false;
		output.write(false);
	}
}

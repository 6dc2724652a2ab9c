// What is done when a push has stopped: a warning, and where the board can, the port's supply is switched off for a
// while. Bounded tries with growing pauses, so that a meter that has been taken away is not worn down; the next reading
// forgets them. Pin, timers and time are injected.

import type { OutputPin } from "../hardware/pins.js";
import type { Timers } from "../outputs/output.js";
import type { Warning } from "./plausibility.js";
import { PushWatch } from "./push-watch.js";

const CHECK_MS = 5000;
/** Long enough for the port's capacitors, also those of a module behind a diode. */
export const OFF_MS = 10_000;
const MINUTE_MS = 60_000;
/** From one try to the next; after the last there is none. */
export const PAUSES_MS: readonly number[] = Object.freeze(
	[2, 10, 30, 120].map((minutes) => minutes * MINUTE_MS),
);
export const MOST_TRIES = PAUSES_MS.length + 1;

export interface PortPowerOptions {
	/** Switches the port's supply, on now; `undefined` where the board cannot, or must not. */
	readonly output: OutputPin | undefined;
	readonly timers: Timers;
	now(): number;
	log(line: string): void;
}

export class PortPower {
	readonly #options: PortPowerOptions;
	readonly #watch = new PushWatch();
	readonly #check: unknown;
	/** Runs while the supply is off. */
	#off: unknown;
	#tries = 0;
	#nextTry = 0;

	constructor(options: PortPowerOptions) {
		this.#options = options;
		this.#check = options.timers.repeat(() => this.#look(), CHECK_MS);
	}

	reading(): void {
		this.#watch.reading(this.#options.now());
		this.#tries = 0;
		this.#nextTry = 0;
	}

	/** What holds now. */
	warnings(): readonly Warning[] {
		const now = this.#options.now();
		const since = this.#watch.stoppedSince(now);
		if (since === undefined) return [];
		const every = Math.round((this.#watch.period ?? 0) / 1000);
		const text = `The meter sent about every ${every} s and has stopped: its port may hang. ${this.#remedy()}`;
		return [{ code: "stopped", quantity: null, value: null, text, since }];
	}

	/** No more tries; the supply is on. The pin is its owner's to close. */
	close(): void {
		const { timers, output } = this.#options;
		timers.clear(this.#check);
		if (this.#off !== undefined) output?.write(true);
		timers.clear(this.#off);
		this.#off = undefined;
	}

	#remedy(): string {
		if (!this.#options.output) return "Unplug it from the meter for ten seconds.";
		if (this.#tries === 0) return "Its supply is about to be switched off and on.";
		const times = this.#tries === 1 ? "once" : `${this.#tries} times`;
		return `Its supply was switched off and on ${times}${
			this.#tries < MOST_TRIES ? "; more tries follow." : ", in vain. Is the meter's port still enabled?"
		}`;
	}

	#look(): void {
		const { output, timers, now, log } = this.#options;
		if (!output || this.#off !== undefined || this.#tries >= MOST_TRIES) return;
		if (this.#watch.stoppedSince(now()) === undefined || now() < this.#nextTry) return;
		this.#nextTry = now() + (PAUSES_MS[this.#tries] ?? 0);
		this.#tries++;
		log(
			`meter: it has stopped sending; its port is switched off and on (try ${this.#tries} of ${MOST_TRIES})`,
		);
		output.write(false);
		this.#off = timers.set(() => {
			this.#off = undefined;
			output.write(true);
		}, OFF_MS);
	}
}

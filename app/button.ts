// The board's button: a short press does one thing, holding it for ten seconds erases the settings. Bouncing contacts
// are waited out, and a button that was down at the start (a boot pin, a short circuit) counts only after its release.

import type { Timers } from "../outputs/output.js";

/** A level that lasts so long is no bouncing. */
export const DEBOUNCE_MS = 30;
/** Longer presses are no short ones; released before the reset they do nothing. */
export const LONGEST_SHORT_PRESS_MS = 1500;
/** From here on a reset is announced. */
export const WARNING_AFTER_MS = 3000;
export const RESET_AFTER_MS = 10_000;

export interface ButtonOptions {
	readonly timers: Timers;
	/** Monotonic milliseconds. */
	now(): number;
	/** Whether it is down as this begins. */
	readonly pressed: boolean;
	onPress(): void;
	/** The button is held on, or released before the reset. */
	onWarning(near: boolean): void;
	/** Once, while it is still held. */
	onReset(): void;
}

export class Button {
	readonly #options: ButtonOptions;
	/** The level as it is, and as it counts. */
	#raw: boolean;
	#pressed: boolean;
	#ignored: boolean;
	#since = 0;
	#warned = false;
	#settling: unknown;
	#warning: unknown;
	#reset: unknown;

	constructor(options: ButtonOptions) {
		this.#options = options;
		this.#raw = options.pressed;
		this.#pressed = options.pressed;
		this.#ignored = options.pressed;
	}

	/** The pin's level changed, or may have. */
	changed(pressed: boolean): void {
		const { timers } = this.#options;
		if (pressed === this.#raw) return;
		this.#raw = pressed;
		timers.clear(this.#settling);
		this.#settling = timers.set(() => this.#settle(), DEBOUNCE_MS);
	}

	close(): void {
		this.#options.timers.clear(this.#settling);
		this.#stop();
	}

	#settle(): void {
		this.#settling = undefined;
		if (this.#raw === this.#pressed) return;
		this.#pressed = this.#raw;
		if (this.#pressed) this.#press();
		else this.#release();
	}

	#press(): void {
		const { timers, now, onWarning, onReset } = this.#options;
		this.#since = now();
		this.#warning = timers.set(() => {
			this.#warned = true;
			onWarning(true);
		}, WARNING_AFTER_MS - DEBOUNCE_MS);
		this.#reset = timers.set(() => {
			this.#ignored = true;
			this.#stop();
			onReset();
		}, RESET_AFTER_MS - DEBOUNCE_MS);
	}

	#release(): void {
		this.#stop();
		const ignored = this.#ignored;
		this.#ignored = false;
		const { now, onPress } = this.#options;
		if (!ignored && now() - this.#since <= LONGEST_SHORT_PRESS_MS) onPress();
	}

	#stop(): void {
		const { timers, onWarning } = this.#options;
		timers.clear(this.#warning);
		timers.clear(this.#reset);
		if (this.#warned) onWarning(false);
		this.#warned = false;
	}
}

// What the board's light says: one pattern for each state, as times of light and dark. Knows neither pins nor boards.

import type { Timers } from "../outputs/output.js";

/**
 * `searching`: no reading yet, or none for long. `reading`: all is well. `portal`: the set-up network is open.
 * `error`: the meter's line or the network is down, or safe mode. `identify`: "this one". `reset`: keep holding the
 * button and the settings are erased.
 */
export type LedPattern = "searching" | "reading" | "portal" | "error" | "identify" | "reset";

/** Milliseconds of light, dark, light, dark …, over and over. */
export const LED_PATTERNS: Readonly<Record<LedPattern, readonly number[]>> = Object.freeze({
	searching: Object.freeze([500, 500]),
	// Mostly dark: it is looked at from a bed. Each reading adds a flash of its own.
	reading: Object.freeze([30, 4970]),
	portal: Object.freeze([100, 150, 100, 1150]),
	error: Object.freeze([100, 100, 100, 100, 100, 1000]),
	identify: Object.freeze([50, 50]),
	reset: Object.freeze([250, 50]),
});

const FLASH_MS = 80;
const IDENTIFY_MS = 10_000;

export interface LedOptions {
	/** Lights it or not; inversion is the pin's matter. */
	write(lit: boolean): void;
	readonly timers: Timers;
}

export class Led {
	readonly #options: LedOptions;
	/** What the state says, and what stands before it for a while. */
	#pattern: LedPattern = "searching";
	#before: "identify" | "reset" | undefined;
	#step = 0;
	#edge: unknown;
	#identifying: unknown;
	#flash: unknown;

	constructor(options: LedOptions) {
		this.#options = options;
		this.#restart();
	}

	/** The pattern that is seen. */
	get shown(): LedPattern {
		return this.#before ?? this.#pattern;
	}

	/** The gateway's state; the same again does not disturb its rhythm. */
	show(pattern: LedPattern): void {
		if (pattern === this.#pattern) return;
		const shown = this.shown;
		this.#pattern = pattern;
		if (this.shown !== shown) this.#restart();
	}

	/** A short flash for a reading, where nothing else has to be said. */
	flash(): void {
		if (this.shown !== "reading" || this.#flash !== undefined) return;
		const { timers, write } = this.#options;
		timers.clear(this.#edge);
		write(true);
		this.#flash = timers.set(() => {
			this.#flash = undefined;
			// The dark part of the pattern begins anew.
			this.#step = 1;
			this.#show();
		}, FLASH_MS);
	}

	/** Blinks fast for ten seconds, so that a person finds this device among others. */
	identify(): void {
		const { timers } = this.#options;
		timers.clear(this.#identifying);
		this.#identifying = timers.set(() => {
			this.#identifying = undefined;
			if (this.#before !== "identify") return;
			this.#before = undefined;
			this.#restart();
		}, IDENTIFY_MS);
		if (this.#before === undefined) {
			this.#before = "identify";
			this.#restart();
		}
	}

	/** Whether the button is held for so long that a factory reset is near. */
	warnOfReset(warn: boolean): void {
		if (warn === (this.#before === "reset")) return;
		this.#before = warn ? "reset" : this.#identifying === undefined ? undefined : "identify";
		this.#restart();
	}

	/** Dark, and stays so. */
	close(): void {
		const { timers, write } = this.#options;
		timers.clear(this.#edge);
		timers.clear(this.#identifying);
		timers.clear(this.#flash);
		write(false);
	}

	#restart(): void {
		const { timers } = this.#options;
		timers.clear(this.#edge);
		timers.clear(this.#flash);
		this.#flash = undefined;
		this.#step = 0;
		this.#show();
	}

	#show(): void {
		const { timers, write } = this.#options;
		const pattern = LED_PATTERNS[this.shown];
		const step = this.#step % pattern.length;
		write(step % 2 === 0);
		this.#edge = timers.set(() => {
			this.#step = step + 1;
			this.#show();
		}, pattern[step] ?? 0);
	}
}

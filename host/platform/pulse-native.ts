// hardware/pulses/pulse-native.js over emulated pins: pulses of a pin, debounced as hardware/pulses/pulse-debounce.h
// does in the ESP32's interrupt. A test runs both over the same edges.

import { configuration } from "./configuration.js";
import type { EmulatedPins } from "./emulated-pins.js";

interface PulseCounterOptions {
	readonly pin: number;
	/** 0 none, 1 up, 2 down. */
	readonly pull: number;
	readonly activeLow: boolean;
	/** Milliseconds. */
	readonly debounce: number;
}

export default class PulseCounter {
	readonly #pins: EmulatedPins;
	readonly #options: PulseCounterOptions;
	readonly #opened: number;
	#since: number;
	#level: boolean;
	#stable: boolean;
	#count = 0;
	#at = 0;
	#closed = false;

	constructor(options: PulseCounterOptions) {
		const { pins } = configuration;
		if (!pins) throw new Error("no pins here");
		const { pin, pull, activeLow } = options;
		pins.take(pin);
		if (pull !== 0) pins.pull(pin, pull === 1);
		this.#pins = pins;
		this.#options = options;
		this.#opened = pins.now();
		this.#since = this.#opened;
		this.#level = pins.level(pin) !== activeLow;
		this.#stable = this.#level;
		pins.watch(pin, (level, at) => {
			this.#settle(at);
			this.#level = level !== activeLow;
			this.#since = at;
		});
	}

	count(): number {
		this.#look();
		return this.#count;
	}

	at(): number {
		this.#look();
		return this.#at;
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#pins.release(this.#options.pin);
	}

	#look(): void {
		if (this.#closed) throw new Error("closed");
		this.#settle(this.#pins.now());
	}

	#settle(now: number): void {
		if (this.#level === this.#stable || now - this.#since < this.#options.debounce) return;
		this.#stable = this.#level;
		if (!this.#stable) return;
		this.#count = (this.#count + 1) >>> 0;
		this.#at = Math.floor(this.#since - this.#opened) >>> 0;
	}
}

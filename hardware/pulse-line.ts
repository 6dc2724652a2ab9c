// The line of a pulse counter on a pin: a Line whose bytes are the records of protocols/pulse, made when the count has
// changed. Pulses are counted and debounced beneath, in an interrupt (hardware/pulses); here they are only looked at.

import PulseCounter from "pulse-native";
import { encodeRecord, RECORD_LENGTH } from "../protocols/pulse/record.js";
import { NativeChecksums } from "./checksums.js";
import { timers } from "./clock.js";
import type { Line, LineCounters } from "./line.js";
import type { Pull } from "./pins.js";

export interface PulseLineOptions {
	readonly pin: number;
	readonly pull: Pull;
	/** A pulse pulls the pin to ground. */
	readonly activeLow: boolean;
	/** Milliseconds that a level must stand to count. */
	readonly debounce: number;
	/** `count` bytes or more wait to be read. */
	onReadable(count: number): void;
}

/** Fine enough for a page that shows power, and cheap: a look is two calls without garbage. */
const LOOK_MS = 100;
const PULLS: readonly Pull[] = Object.freeze(["none", "up", "down"]);

/** Opens the pin; throws with a reason where it cannot. */
export function openPulseLine(options: PulseLineOptions): Line {
	return new PulseLine(options);
}

class PulseLine implements Line {
	readonly #checksums = new NativeChecksums();
	readonly #counters = { bytes: 0, parity: 0, overflow: 0, framing: 0 };
	readonly #onReadable: (count: number) => void;
	readonly #timer: unknown;
	#counter: PulseCounter | undefined;
	/** The count that was read last: none at first, so that the first look tells where the counter stands. */
	#told: number | undefined;

	constructor({ pin, pull, activeLow, debounce, onReadable }: PulseLineOptions) {
		if (pin < 0) throw new Error("no pin is chosen for the pulses");
		try {
			this.#counter = new PulseCounter({ pin, pull: PULLS.indexOf(pull), activeLow, debounce });
		} catch (error) {
			throw new Error(`pin ${pin}: ${error instanceof Error ? error.message : error}`);
		}
		this.#onReadable = onReadable;
		this.#timer = timers.repeat(() => this.#look(), LOOK_MS);
	}

	get counters(): LineCounters {
		return this.#counters;
	}

	read(): Uint8Array | undefined {
		const count = this.#counter?.count();
		if (!this.#counter || count === undefined || count === this.#told) return undefined;
		this.#told = count;
		this.#counters.bytes += RECORD_LENGTH;
		return encodeRecord({ count, at: this.#counter.at() }, this.#checksums);
	}

	/** Nobody listens at a contact's other end. */
	write(_bytes: Uint8Array): void {
		throw new Error("a pulse line takes no bytes");
	}

	/** A pin has no speed. */
	set(): void {}

	close(): void {
		timers.clear(this.#timer);
		this.#counter?.close();
		this.#counter = undefined;
	}

	#look(): void {
		if (!this.#counter || this.#counter.count() === this.#told) return;
		try {
			this.#onReadable(RECORD_LENGTH);
		} catch (error) {
			trace(`pulses: ${error}\n`);
		}
	}
}

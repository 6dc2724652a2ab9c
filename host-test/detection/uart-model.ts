// A UART at the level of bits: characters become levels of a wire at the sender's settings, and are sampled in the
// middle of each bit at the receiver's. Wrong speed, parity or polarity so gives the garbage that a real one gives.
// Not modelled: noise, slow edges, the 16-fold oversampling that real ones vote with, clocks that differ.

import type { LineSettings } from "../../protocols/protocol";

/** The wire keeps `level` for `microseconds`; true is high, a UART's idle state. */
export interface Stretch {
	readonly level: boolean;
	readonly microseconds: number;
}

/**
 * What happens to a character whose stop bit is low: `drop` as Linux with IGNPAR (npm `serialport`), `zero` as Linux
 * without, `keep` as most microcontrollers.
 */
export type FramingPolicy = "drop" | "zero" | "keep";

export interface UartCounters {
	bytes: number;
	parity: number;
	overflow: number;
	framing: number;
}

const SECOND_US = 1_000_000;
const HALF = 0.5;

function bitMicroseconds({ baud }: LineSettings): number {
	return SECOND_US / baud;
}

function isOddCount(value: number): boolean {
	let odd = false;
	for (let rest = value; rest > 0; rest >>= 1) odd = odd !== ((rest & 1) === 1);
	return odd;
}

/** The wire while these characters are sent back to back. */
export function stretchesOf(
	bytes: Uint8Array,
	settings: LineSettings,
	inverted: boolean,
): readonly Stretch[] {
	const { dataBits, parity, stopBits } = settings;
	const microseconds = bitMicroseconds(settings);
	const stretches: Stretch[] = [];
	const add = (mark: boolean, bits = 1) =>
		stretches.push({ level: mark !== inverted, microseconds: bits * microseconds });
	for (const byte of bytes) {
		add(false);
		for (let bit = 0; bit < dataBits; bit++) add(((byte >> bit) & 1) === 1);
		const odd = isOddCount(byte & ((1 << dataBits) - 1));
		if (parity !== "none") add(parity === "even" ? odd : !odd);
		add(true, stopBits);
	}
	return stretches;
}

/** Samples a wire. What it receives goes to `onByte`. */
export class UartReceiver {
	readonly counters: UartCounters = { bytes: 0, parity: 0, overflow: 0, framing: 0 };
	readonly #settings: LineSettings;
	readonly #policy: FramingPolicy;
	readonly #onByte: (byte: number) => void;
	#time = 0;
	/** The line was high since the last character: a falling edge is a start bit. */
	#armed = true;
	/** Bits sampled of the character in hand; -1 between characters. */
	#sampled = -1;
	#nextSample = 0;
	#shift = 0;
	#parityWrong = false;

	constructor(settings: LineSettings, policy: FramingPolicy, onByte: (byte: number) => void) {
		this.#settings = settings;
		this.#policy = policy;
		this.#onByte = onByte;
	}

	push({ level, microseconds }: Stretch): void {
		const mark = level !== this.#settings.invertReceive;
		const end = this.#time + microseconds;
		if (this.#sampled < 0) this.#look(mark, this.#time);
		while (this.#sampled >= 0 && this.#nextSample < end) this.#sample(mark);
		if (this.#sampled < 0 && mark) this.#armed = true;
		this.#time = end;
	}

	#look(mark: boolean, time: number): void {
		if (mark) this.#armed = true;
		else if (this.#armed) {
			this.#armed = false;
			this.#sampled = 0;
			this.#shift = 0;
			this.#parityWrong = false;
			this.#nextSample = time + bitMicroseconds(this.#settings) * HALF;
		}
	}

	#sample(mark: boolean): void {
		const { dataBits, parity } = this.#settings;
		const index = this.#sampled++;
		this.#nextSample += bitMicroseconds(this.#settings);
		const parityAt = parity === "none" ? -1 : dataBits + 1;
		const stopAt = dataBits + (parity === "none" ? 1 : 2);
		if (index === 0) {
			// A spike, no start bit.
			if (mark) this.#sampled = -1;
		} else if (index <= dataBits) {
			if (mark) this.#shift |= 1 << (index - 1);
		} else if (index === parityAt) {
			this.#parityWrong = (isOddCount(this.#shift) === (parity === "even")) !== mark;
		} else if (index === stopAt) this.#finish(mark);
	}

	#finish(stop: boolean): void {
		this.#sampled = -1;
		this.#armed = stop;
		if (this.#parityWrong) this.counters.parity++;
		if (!stop) this.counters.framing++;
		if (!stop && this.#policy === "drop") return;
		this.counters.bytes++;
		this.#onByte(!stop && this.#policy === "zero" ? 0 : this.#shift);
	}
}

// A bad line: flips bits, loses bytes and puts rubbish between frames on their way to a sink. Seeded, so that the same
// trouble can be had again. It damages what is written; pace and content are its caller's.

import type { ByteSink } from "./meter-line.js";
import { Random } from "./random.js";

export interface NoiseOptions {
	readonly sink: ByteSink;
	/** Share of bits that are flipped, and of bytes that are lost: 0 to 1. */
	readonly rate: number;
	/** False: no byte is lost. */
	readonly losses?: boolean;
	readonly seed: number;
	/** Milliseconds of the line: a pause in them is a place between frames. */
	now(): number;
	/** A character of wrong parity is on its way: an odd number of its bits were flipped. */
	onWrongParity?(): void;
}

/** A silence of so long ends a frame. */
const PAUSE_MS = 50;
/** Rubbish begins so much more often, per pause, than a bit flips. */
const RUBBISH_FACTOR = 100;
const MOST_RUBBISH = 16;
const BITS = 8;
/** A stream of random numbers of its own: the household's stays as it is without noise. */
const STREAM = 0x6e6f6973;

export class NoisySink implements ByteSink {
	readonly #options: NoiseOptions;
	readonly #random: Random;
	#writtenAt: number | undefined;
	/** Bits and bytes that pass before the next one is hit. */
	#untilFlip: number;
	#untilDrop: number;
	readonly #damage = { flipped: 0, dropped: 0, rubbish: 0 };

	constructor(options: NoiseOptions) {
		this.#options = options;
		this.#random = new Random(options.seed, STREAM);
		this.#untilFlip = this.#distance();
		this.#untilDrop = options.losses === false ? Number.POSITIVE_INFINITY : this.#distance();
	}

	/** Bits flipped, bytes lost and bytes of rubbish so far. */
	get damage(): { readonly flipped: number; readonly dropped: number; readonly rubbish: number } {
		return this.#damage;
	}

	requested(): boolean {
		return this.#options.sink.requested?.() ?? true;
	}

	write(bytes: Uint8Array): void {
		const { sink, rate, now } = this.#options;
		const time = now();
		const paused = this.#writtenAt === undefined || time - this.#writtenAt >= PAUSE_MS;
		this.#writtenAt = time;
		const wire: number[] = [];
		if (paused && this.#random.chance(rate * RUBBISH_FACTOR)) this.#rubbish(wire);
		for (const byte of bytes) {
			if (this.#untilDrop > 0) {
				this.#untilDrop--;
				wire.push(this.#flipped(byte));
			} else {
				this.#untilDrop = this.#distance();
				this.#damage.dropped++;
			}
		}
		if (wire.length > 0) sink.write(Uint8Array.from(wire));
	}

	#rubbish(wire: number[]): void {
		const length = this.#random.whole(1, MOST_RUBBISH);
		for (let index = 0; index < length; index++) wire.push(this.#random.whole(0, 0xff));
		this.#damage.rubbish += length;
	}

	#flipped(byte: number): number {
		let wire = byte;
		let flips = 0;
		while (this.#untilFlip < BITS) {
			wire ^= 1 << this.#untilFlip;
			flips++;
			this.#untilFlip += 1 + this.#distance();
		}
		this.#untilFlip -= BITS;
		this.#damage.flipped += flips;
		if (flips % 2 === 1) this.#options.onWrongParity?.();
		return wire;
	}

	/** How many pass unharmed until one is hit: geometrically distributed, one draw in place of one for each bit. */
	#distance(): number {
		const { rate } = this.#options;
		if (rate <= 0) return Number.POSITIVE_INFINITY;
		if (rate >= 1) return 0;
		return Math.floor(Math.log(1 - this.#random.next()) / Math.log(1 - rate));
	}
}

/** The sink behind a line of that noise; itself where there is none. */
export function withNoise(options: NoiseOptions): ByteSink {
	return options.rate > 0 ? new NoisySink(options) : options.sink;
}

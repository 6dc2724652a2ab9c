// Seeded random numbers: sfc32, published by Chris Doty-Humphrey with PractRand (public domain algorithm).
// For emulated meters only: the same seed gives the same day. Not for secrets.

const ROUNDS_BEFORE_USE = 12;
const TWO_TO_32 = 4294967296;

export class Random {
	#a: number;
	#b: number;
	#c: number;
	#counter = 1;

	/** One stream for each pair; both are taken as 32 bits. */
	constructor(seed: number, stream = 0) {
		this.#a = 0;
		this.#b = seed | 0;
		this.#c = stream | 0;
		for (let round = 0; round < ROUNDS_BEFORE_USE; round++) this.next();
	}

	/** In [0, 1). */
	next(): number {
		const result = (this.#a + this.#b + this.#counter) | 0;
		this.#counter = (this.#counter + 1) | 0;
		this.#a = this.#b ^ (this.#b >>> 9);
		this.#b = (this.#c + (this.#c << 3)) | 0;
		this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
		return (result >>> 0) / TWO_TO_32;
	}

	/** In [low, high). */
	between(low: number, high: number): number {
		return low + (high - low) * this.next();
	}

	/** A whole number in [low, high]. */
	whole(low: number, high: number): number {
		return Math.floor(this.between(low, high + 1));
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}
}

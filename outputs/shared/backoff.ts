// Waiting before the next attempt: 1 s, 2 s, 4 s … 60 s, each with jitter so that a house full of gateways does
// not knock on a restarted broker at the same instant. Used by every part that reconnects, the meter link too.

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
/** Share of the wait that jitter may take off. */
const JITTER = 0.25;

/** Numbers in [0, 1). */
interface Chance {
	random(): number;
}

export class Backoff {
	readonly #chance: Chance;
	#next = FIRST_MS;

	constructor(chance: Chance) {
		this.#chance = chance;
	}

	/** Milliseconds to wait before the next attempt: 750–1000 first, 45,000–60,000 at most. */
	next(): number {
		const wait = this.#next * (1 - JITTER * this.#chance.random());
		this.#next = Math.min(this.#next * 2, LONGEST_MS);
		return Math.round(wait);
	}

	/** The attempt worked: the next wait is the first one again. */
	reset(): void {
		this.#next = FIRST_MS;
	}
}

// Whether the meter is fresh or stale: stale when it has been silent for three times its usual gap, a minute at least. What
// its usual gap is, is learnt: a HAN port sends every ten seconds, a heat meter is asked once an hour.

export const FRESH = "fresh";
export const STALE = "stale";

const LEAST_MS = 60_000;
/** Until a second reading tells more. */
const UNKNOWN_MS = 3_600_000;
const GAPS = 3;
/** How fast a longer gap is forgotten, each reading. */
const FORGET = 0.9;

export class MeterWatch {
	#last: number | undefined;
	#gap: number | undefined;

	/** A reading came; `now`: monotonic milliseconds. */
	reading(now: number): void {
		const gap = this.#last === undefined ? undefined : now - this.#last;
		if (gap !== undefined) this.#gap = Math.max(gap, (this.#gap ?? 0) * FORGET);
		this.#last = now;
	}

	state(now: number): string {
		if (this.#last === undefined) return STALE;
		const patience = this.#gap === undefined ? UNKNOWN_MS : Math.max(LEAST_MS, GAPS * this.#gap);
		return now - this.#last > patience ? STALE : FRESH;
	}
}

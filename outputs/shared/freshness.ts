// When is a power, voltage or temperature too old to be told as the present one? A meter that sends every second has
// fallen silent after five minutes; one that is asked once an hour has not.

const LEAST_MS = 300_000;
/** So many pauses between readings may pass without one. */
const PAUSES = 3;
/** The pause is not known before the second reading: asked once an hour, as battery meters are. */
const ASSUMED_PAUSE_MS = 3_600_000;

export class Freshness {
	#last: number | undefined;
	#pause = ASSUMED_PAUSE_MS;

	/** A reading came; `now`: monotonic milliseconds. */
	heard(now: number): void {
		if (this.#last !== undefined) this.#pause = now - this.#last;
		this.#last = now;
	}

	/** Whether what came at `at` still counts as the present. */
	isFresh(at: number, now: number): boolean {
		return now - at <= Math.max(LEAST_MS, PAUSES * this.#pause);
	}
}

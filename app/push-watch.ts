// Whether a meter that sends by itself still does: learns its pace from its readings, and tells when it has been silent
// for much longer. A fault of some Kamstrup HAN modules, which only taking their supply away mends. Time is an argument.

/** The pace is the longest of the newest intervals: meters send short lists often and long ones seldom. */
const INTERVALS = 8;
/** Readings before there is a pace. */
const LEAST_INTERVALS = 3;
export const STOPPED_PERIODS = 6;
/** A meter of ten telegrams a minute may miss a few. */
const LEAST_SILENCE_MS = 60_000;

export class PushWatch {
	readonly #intervals: number[] = [];
	#last: number | undefined;

	reading(now: number): void {
		// The pause of a stop that has ended is no pace.
		if (this.#last !== undefined && this.stoppedSince(now) === undefined) {
			this.#intervals.push(now - this.#last);
			if (this.#intervals.length > INTERVALS) this.#intervals.shift();
		}
		this.#last = now;
	}

	/** Milliseconds between readings while the meter sent; `undefined` until it is known. */
	get period(): number | undefined {
		return this.#intervals.length < LEAST_INTERVALS ? undefined : Math.max(...this.#intervals);
	}

	/** When the last reading came, where the next is long overdue. */
	stoppedSince(now: number): number | undefined {
		const { period } = this;
		if (period === undefined || this.#last === undefined) return undefined;
		const longest = Math.max(LEAST_SILENCE_MS, STOPPED_PERIODS * period);
		return now - this.#last > longest ? this.#last : undefined;
	}
}

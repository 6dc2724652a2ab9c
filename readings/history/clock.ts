// What time a reading counts as. The meter's clock says when within the hour, the gateway's says which hour, and what
// went before says whether either can be believed: a clock that jumps is believed once it has stayed there for hours.

/** Clocks that agree to so many seconds agree. */
export const AGREEMENT = 600;
/** A meter's clock may be off by a zone, which is a multiple of this. */
const ZONE_STEP = 900;
/** A jump is believed after so many seconds. */
const SOON = 2 * 3600;
/** The same where it would make more than `FEW` samples void. */
const LATE = 7 * 86_400;
const FEW = 168;

/** What is known of the samples that are kept. */
export interface Kept {
	/** Time of the newest one; 0 where there is none. */
	newest(): number;
	/** How many are later than `time`. */
	later(time: number): number;
}

/** All times in seconds; `mono` runs evenly and never jumps. */
export class HistoryClock {
	readonly #kept: Kept;
	#at: number | undefined;
	#mono = 0;
	#jumpedAt: number | undefined;
	#patience = SOON;

	constructor(kept: Kept) {
		this.#kept = kept;
	}

	/** The time of a reading; `undefined` while it is not known. `meter`, `wall`: what the two clocks say, if they say it. */
	judge(meter: number | undefined, wall: number | undefined, mono: number): number | undefined {
		const expected = this.#at === undefined ? undefined : this.#at + mono - this.#mono;
		const said =
			meter === undefined || wall === undefined
				? (meter ?? wall)
				: meter + Math.round((wall - meter) / ZONE_STEP) * ZONE_STEP;
		if (said === undefined) return expected;
		for (const each of [said, meter])
			if (this.#fits(each, expected)) return this.#believe(each as number, mono);
		if (this.#jumpedAt === undefined) {
			this.#jumpedAt = mono;
			this.#patience = this.#kept.later(said) > FEW ? LATE : SOON;
		}
		if (mono - this.#jumpedAt >= this.#patience) return this.#believe(said, mono);
		return expected;
	}

	#fits(said: number | undefined, expected: number | undefined): boolean {
		if (said === undefined) return false;
		if (expected === undefined) return said >= this.#kept.newest() - AGREEMENT;
		return Math.abs(said - expected) <= AGREEMENT;
	}

	#believe(time: number, mono: number): number {
		this.#at = time;
		this.#mono = mono;
		this.#jumpedAt = undefined;
		return time;
	}
}

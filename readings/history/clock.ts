// What time a reading counts as. The meter's clock says when within the hour, the gateway's says which hour, and what
// went before says whether either can be believed: a clock that jumps is believed once it has stayed there for hours.

import type { SampleLog } from "./log.js";
import { LogReader } from "./reader.js";

/** Clocks that agree to so many seconds agree. */
export const AGREEMENT = 600;
/** A meter's clock may be off by a zone, which is a multiple of this. */
const ZONE_STEP = 900;
/** A jump is believed after so many seconds. */
const SOON = 2 * 3600;
/** The same where it would make more than `FEW` samples void. */
const LATE = 7 * 86_400;
const FEW = 168;

/** All times in seconds; `mono` runs evenly and never jumps. */
export class HistoryClock {
	readonly #log: SampleLog;
	#at = Number.NaN;
	#mono = 0;
	#jumpedAt = Number.NaN;
	#patience = SOON;

	/** `log`: of the samples that are kept. */
	constructor(log: SampleLog) {
		this.#log = log;
	}

	/** The time of a reading; NaN while it is not known. `meter`, `wall`: what the two clocks say, if they say it. */
	judge(meter: number | undefined, wall: number | undefined, mono: number): number {
		const expected = this.#at + mono - this.#mono;
		const said =
			meter === undefined || wall === undefined
				? (meter ?? wall)
				: meter + Math.round((wall - meter) / ZONE_STEP) * ZONE_STEP;
		if (said === undefined) return expected;
		for (const each of [said, meter ?? said]) {
			const fits =
				expected === expected
					? Math.abs(each - expected) <= AGREEMENT
					: each >= this.#log.last.time - AGREEMENT;
			if (fits) return this.#believe(each, mono);
		}
		if (this.#jumpedAt !== this.#jumpedAt) {
			this.#jumpedAt = mono;
			let later = 0;
			const reader = new LogReader(this.#log, said);
			while (reader.next()) if (reader.sample.time > said) later++;
			this.#patience = later > FEW ? LATE : SOON;
		}
		return mono - this.#jumpedAt >= this.#patience ? this.#believe(said, mono) : expected;
	}

	#believe(time: number, mono: number): number {
		this.#at = time;
		this.#mono = mono;
		this.#jumpedAt = Number.NaN;
		return time;
	}
}

// Quarter-hour means of a household's import and the highest of each month: what Belgian bills and the 382's peak rest
// on. The means are the counter's own difference over a quarter, so they agree with it to the watt-second.

import { SECONDS_OF_DAY } from "./appliances.js";
import type { Household, HouseholdState } from "./household.js";
import { monthStart } from "./local-time.js";
import { Random } from "./random.js";

/** A quarter's mean in whole W (cut off) and the local second at which the quarter ended. */
export interface Peak {
	readonly watts: number;
	readonly second: number;
}

const QUARTER_SECONDS = 900;
const DEMAND_STREAM = 0xdeaad;
const MONTHS_KEPT = 13;
const EARLIEST_PEAK_WATTS = 1800;
const HIGHEST_PAST_PEAK_WATTS = 5200;

export class Demand {
	readonly #household: Household;
	#quarterStart: number;
	#importedAtStart: number;
	#month: Peak;
	readonly #past: Peak[];

	/** `start`: the second that the household was made with. Months before it are made up. */
	constructor(household: Household, seed: number, start: number) {
		const random = new Random(seed, DEMAND_STREAM);
		this.#household = household;
		this.#quarterStart = start;
		this.#importedAtStart = household.state.counters.imported;
		this.#past = [];
		for (let months = MONTHS_KEPT; months > 0; months--) this.#past.push(inventedPeak(random, start, months));
		// The running month's, until a higher one comes.
		this.#month = { watts: EARLIEST_PEAK_WATTS / 2, second: monthStart(start) };
	}

	/** The household at that second, all quarters that ended by then counted. */
	stepTo(second: number): HouseholdState {
		for (;;) {
			const end = (Math.floor(this.#quarterStart / QUARTER_SECONDS) + 1) * QUARTER_SECONDS;
			if (end > second) return this.#household.stepTo(second);
			this.#finish(end, this.#household.stepTo(end).counters.imported);
		}
	}

	/** Mean over the running quarter so far, as if nothing more were drawn in it: whole W. */
	get current(): number {
		const { imported } = this.#household.state.counters;
		return Math.floor((imported - this.#importedAtStart) / QUARTER_SECONDS);
	}

	/** The running month's highest. */
	get month(): Peak {
		return this.#month;
	}

	/** Highest of the months before, oldest first, thirteen at most. */
	get past(): readonly Peak[] {
		return this.#past;
	}

	#finish(end: number, imported: number): void {
		const watts = Math.floor((imported - this.#importedAtStart) / QUARTER_SECONDS);
		this.#importedAtStart = imported;
		this.#quarterStart = end;
		// The quarter that ends at midnight is still the old month's.
		if (watts > this.#month.watts) this.#month = { watts, second: end };
		if (monthStart(end) !== end) return;
		this.#past.push(this.#month);
		if (this.#past.length > MONTHS_KEPT) this.#past.shift();
		this.#month = { watts: 0, second: end };
	}
}

function inventedPeak(random: Random, start: number, months: number): Peak {
	const evening = 18 * 3600 + random.whole(0, 11) * QUARTER_SECONDS;
	const day = random.whole(0, 27) * SECONDS_OF_DAY;
	return {
		watts: random.whole(EARLIEST_PEAK_WATTS, HIGHEST_PAST_PEAK_WATTS),
		second: monthStart(start, months) + day + evening,
	};
}

// Counters of each phase by itself, as Kamstrup's "DLMS push 1" has them: what the household's phases draw and give,
// second by second. Their sum is not the meter's total wherever one phase gives while another draws.

import type { Household, HouseholdState } from "./household.js";

type Three = readonly [number, number, number];

export class PhaseCounters {
	readonly #household: Household;
	readonly #imported: [number, number, number];
	readonly #exported: [number, number, number];

	/** Begins with a third of the household's counters on each phase. */
	constructor(household: Household) {
		const { imported, exported } = household.state.counters;
		const third = (value: number): [number, number, number] => {
			const part = Math.floor(value / 3);
			return [part, part, part];
		};
		this.#household = household;
		this.#imported = third(imported);
		this.#exported = third(exported);
	}

	/** Watt-seconds of each phase, at the second stepped to last. */
	get imported(): Three {
		return this.#imported;
	}

	get exported(): Three {
		return this.#exported;
	}

	stepTo(second: number): HouseholdState {
		while (this.#household.state.second < second) {
			const { watts } = this.#household.stepTo(this.#household.state.second + 1);
			for (const phase of [0, 1, 2] as const) {
				if (watts[phase] >= 0) this.#imported[phase] += watts[phase];
				else this.#exported[phase] -= watts[phase];
			}
		}
		return this.#household.state;
	}
}

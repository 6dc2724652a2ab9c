// The highest and lowest hourly means of flow and power in this month and this year, and when they were: registers 123
// to 145 of a MULTICAL. Means of whole clock hours are the differences of the counters, so they agree with them.

import { SECONDS_OF_HOUR } from "./appliances.js";
import type { HeatState, HeatUse } from "./heat-use.js";
import { monthStart } from "./local-time.js";

export interface Extreme {
	/** L/h, or W. */
	readonly value: number;
	/** Local second at which the hour ended. */
	readonly second: number;
}

export interface Extremes {
	readonly flowMost: Extreme;
	readonly flowLeast: Extreme;
	readonly powerMost: Extreme;
	readonly powerLeast: Extreme;
	/** Counters when the period began, for mean temperatures. */
	readonly since: HeatState["counters"];
}

const MILLILITRES_OF_LITRE = 1000;

export class HeatExtremes {
	readonly #heat: HeatUse;
	#hourStart: number;
	#atStart: HeatState["counters"];
	#month: Extremes;
	#year: Extremes;

	constructor(heat: HeatUse) {
		const { second, flow, power, counters } = heat.state;
		const litres = Math.floor((flow * SECONDS_OF_HOUR) / MILLILITRES_OF_LITRE);
		this.#heat = heat;
		this.#hourStart = second;
		this.#atStart = counters;
		// Until the first full hour, what flows now is all that is known.
		this.#month = begin(litres, power, second, counters);
		this.#year = this.#month;
	}

	get month(): Extremes {
		return this.#month;
	}

	get year(): Extremes {
		return this.#year;
	}

	stepTo(second: number): HeatState {
		for (;;) {
			const end = (Math.floor(this.#hourStart / SECONDS_OF_HOUR) + 1) * SECONDS_OF_HOUR;
			if (end > second) return this.#heat.stepTo(second);
			this.#finish(end, this.#heat.stepTo(end).counters);
		}
	}

	#finish(end: number, counters: HeatState["counters"]): void {
		const whole = end - this.#hourStart === SECONDS_OF_HOUR;
		const litres = Math.floor((counters.volume - this.#atStart.volume) / MILLILITRES_OF_LITRE);
		const watts = Math.floor((counters.energy - this.#atStart.energy) / SECONDS_OF_HOUR);
		this.#hourStart = end;
		this.#atStart = counters;
		if (!whole) return;
		this.#month = widened(this.#month, litres, watts, end);
		this.#year = widened(this.#year, litres, watts, end);
		if (monthStart(end) !== end) return;
		this.#month = begin(litres, watts, end, counters);
		if (new Date(end * 1000).getUTCMonth() === 0) this.#year = this.#month;
	}
}

function begin(litres: number, watts: number, second: number, since: HeatState["counters"]): Extremes {
	const flow = { value: litres, second };
	const power = { value: watts, second };
	return { flowMost: flow, flowLeast: flow, powerMost: power, powerLeast: power, since };
}

function widened(known: Extremes, litres: number, watts: number, second: number): Extremes {
	const flow = { value: litres, second };
	const power = { value: watts, second };
	return {
		flowMost: litres > known.flowMost.value ? flow : known.flowMost,
		flowLeast: litres < known.flowLeast.value ? flow : known.flowLeast,
		powerMost: watts > known.powerMost.value ? power : known.powerMost,
		powerLeast: watts < known.powerLeast.value ? power : known.powerLeast,
		since: known.since,
	};
}

// Power of the last hour, one value for each ten seconds, in memory only: import less export, in W. What was not
// measured is NaN.

import { toNumber } from "../decimal.js";
import { findQuantity, type Reading } from "../reading.js";

/** Seconds of one value. */
export const POWER_STEP = 10;
const COUNT = 360;

export class PowerRing {
	readonly #watts = new Float32Array(COUNT).fill(Number.NaN);
	/** Number, since 1970, of the newest step. */
	#newest = 0;

	/** Takes the newest reading's power; `time` in seconds. */
	add(reading: Reading, time: number): void {
		const watts = wattsOf(reading);
		if (watts === undefined) return;
		const step = Math.floor(time / POWER_STEP);
		const passed = step - this.#newest;
		if (passed > COUNT || passed < -1) this.#watts.fill(Number.NaN);
		else for (let each = 1; each < passed; each++) this.#watts[(this.#newest + each) % COUNT] = Number.NaN;
		this.#watts[step % COUNT] = watts;
		if (passed !== -1) this.#newest = step;
	}

	/** When the newest value's ten seconds end; 0 where there is none. */
	get until(): number {
		return this.#newest === 0 ? 0 : (this.#newest + 1) * POWER_STEP;
	}

	/** Each value, oldest first: 360 of them, NaN where there is none. */
	each(visit: (watts: number) => void): void {
		for (let index = 1; index <= COUNT; index++) visit(this.#watts[(this.#newest + index) % COUNT] as number);
	}
}

function wattsOf(reading: Reading): number | undefined {
	const bought = findQuantity(reading, "power_import")?.value;
	const sold = findQuantity(reading, "power_export")?.value;
	if (bought === undefined || typeof bought === "string") return undefined;
	return toNumber(bought) - (sold === undefined || typeof sold === "string" ? 0 : toNumber(sold));
}

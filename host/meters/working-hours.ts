// How long a meter has been in use: some years before the emulation, then by its clock.

import { SECONDS_OF_HOUR } from "./appliances.js";
import { Random } from "./random.js";

const HOURS_STREAM = 0x40b5;
const FEWEST_HOURS = 9_000;
const MOST_HOURS = 60_000;

export class WorkingHours {
	readonly #before: number;
	readonly #start: number;

	constructor(seed: number, start: number) {
		this.#before = new Random(seed, HOURS_STREAM).whole(FEWEST_HOURS, MOST_HOURS);
		this.#start = start;
	}

	/** Whole hours at that local second. */
	at(second: number): number {
		return this.#before + Math.floor((second - this.#start) / SECONDS_OF_HOUR);
	}
}

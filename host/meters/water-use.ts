// Water that a household draws, second by second: a day's plan of taps from the seed, and the counter that is the sum
// of the very flows. Invented, in the usual sizes. Deterministic, like the household's electricity.

import { SECONDS_OF_DAY, SECONDS_OF_HOUR } from "./appliances.js";
import { Random } from "./random.js";

interface Draw {
	readonly start: number;
	readonly end: number;
	readonly millilitresPerSecond: number;
}

const WATER_STREAM = 0x3a7e4;
const MILLILITRES_OF_CUBIC_METRE = 1_000_000;
/** Hours around which people wash, cook and go to bed. */
const BUSY_HOURS = [6.8, 7.6, 12.3, 17.8, 18.6, 21.9, 22.6] as const;

export class WaterUse {
	readonly #seed: number;
	#second: number;
	#millilitres: number;
	#day = Number.NaN;
	#draws: readonly Draw[] = [];

	/** `start`: local seconds since 1970. */
	constructor(seed: number, start: number) {
		this.#seed = seed;
		this.#second = start;
		this.#millilitres = new Random(seed, WATER_STREAM).whole(80, 900) * MILLILITRES_OF_CUBIC_METRE;
	}

	/** The counter at the end of that second, in whole millilitres; a second that has passed changes nothing. */
	stepTo(second: number): number {
		while (this.#second < second) this.#step(this.#second + 1);
		return this.#millilitres;
	}

	#step(second: number): void {
		this.#second = second;
		const day = Math.floor(second / SECONDS_OF_DAY);
		if (day !== this.#day) {
			this.#day = day;
			this.#draws = planDraws(this.#seed, day);
		}
		const ofDay = second - day * SECONDS_OF_DAY;
		for (const { start, end, millilitresPerSecond } of this.#draws)
			if (ofDay >= start && ofDay < end) this.#millilitres += millilitresPerSecond;
	}
}

function planDraws(seed: number, day: number): readonly Draw[] {
	const random = new Random(seed ^ WATER_STREAM, day);
	const draws: Draw[] = [];
	for (const hour of BUSY_HOURS) {
		const start = Math.round((hour + random.between(-0.4, 0.4)) * SECONDS_OF_HOUR);
		// A shower now and then, and always a tap or a cistern.
		if (random.chance(0.35)) draws.push(draw(start, random.whole(240, 540), random.whole(110, 160)));
		draws.push(draw(start + 900, random.whole(20, 70), random.whole(70, 120)));
	}
	return draws;
}

function draw(start: number, seconds: number, millilitresPerSecond: number): Draw {
	return { start, end: start + seconds, millilitresPerSecond };
}

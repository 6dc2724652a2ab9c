// A house on district heating, second by second: weather, demand, temperatures and flow; counters that are the sums of
// the very powers and flows. Invented, in the usual sizes. Deterministic: seed and start decide everything.

import { SECONDS_OF_DAY, SECONDS_OF_HOUR } from "./appliances.js";
import { Random } from "./random.js";

/** During one second; whole numbers throughout. Temperatures in 0.01 °C, flow in mL/s, power in W. */
export interface HeatState {
	/** Local seconds since 1970. */
	readonly second: number;
	readonly supply: number;
	readonly return: number;
	readonly flow: number;
	readonly power: number;
	/** Ws, and mL; `supplySum` and `returnSum` in mL · 0.01 °C (registers E8 and E9). */
	readonly counters: HeatCounters;
}

export interface HeatCounters {
	readonly energy: number;
	readonly volume: number;
	readonly supplySum: number;
	readonly returnSum: number;
}

const HEAT_STREAM = 0x4ea7;
const WATT_SECONDS_OF_KWH = 3_600_000;
/** Ws of a millilitre that cools by 0.01 K, in hundredths: 4.11 J/(mL·K) at 60 °C. */
const HEAT_OF_WATER = 411;
const HUNDREDTHS = 10_000;
/** Litres of a kWh at 30 K of cooling. */
const LITRES_OF_KWH = 29;
const MILLILITRES_OF_LITRE = 1000;
const TAP_FLOW = 95;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class HeatUse {
	readonly #random: Random;
	readonly #seed: number;
	readonly #counters: Mutable<HeatCounters>;
	#state: HeatState;
	#supplyDrift = 0;
	#taps: readonly { readonly start: number; readonly end: number }[] = [];
	#day = Number.NaN;

	/** `start`: local seconds since 1970. */
	constructor(seed: number, start: number) {
		this.#seed = seed;
		this.#random = new Random(seed, HEAT_STREAM);
		const kWh = this.#random.whole(20_000, 90_000);
		const volume = kWh * LITRES_OF_KWH * MILLILITRES_OF_LITRE;
		this.#counters = {
			energy: kWh * WATT_SECONDS_OF_KWH,
			volume,
			supplySum: volume * 6800,
			returnSum: volume * 3800,
		};
		this.#state = this.#at(start);
	}

	get state(): HeatState {
		return this.#state;
	}

	stepTo(second: number): HeatState {
		while (this.#state.second < second) this.#state = this.#at(this.#state.second + 1);
		return this.#state;
	}

	#at(second: number): HeatState {
		const day = Math.floor(second / SECONDS_OF_DAY);
		const ofDay = second - day * SECONDS_OF_DAY;
		if (day !== this.#day) this.#newDay(day);
		this.#supplyDrift = this.#supplyDrift * 0.999 + this.#random.between(-1.5, 1.5);
		const outside = outsideTemperature(day, ofDay);
		const supply = Math.round(6600 + (15 - outside) * 45 + this.#supplyDrift);
		const tap = this.#taps.some(({ start, end }) => ofDay >= start && ofDay < end);
		const cooled = Math.round(3600 + (15 - outside) * 12 - (tap ? 700 : 0) + this.#random.between(-8, 8));
		const heating = Math.max(0, (17 - outside) * 2.1 + this.#random.between(-0.8, 0.8));
		const flow = Math.round(heating + (tap ? TAP_FLOW : 0));
		const power = Math.round((flow * (supply - cooled) * HEAT_OF_WATER) / HUNDREDTHS);
		const counters = this.#counters;
		counters.energy += power;
		counters.volume += flow;
		counters.supplySum += flow * supply;
		counters.returnSum += flow * cooled;
		return { second, supply, return: cooled, flow, power, counters: { ...counters } };
	}

	/** Hot water in the morning and in the evening. */
	#newDay(day: number): void {
		const random = new Random(this.#seed ^ HEAT_STREAM, day);
		this.#day = day;
		this.#taps = [6.7, 7.4, 12.2, 17.9, 19.6, 22.1].map((hour) => {
			const start = Math.round((hour + random.between(-0.4, 0.4)) * SECONDS_OF_HOUR);
			return { start, end: start + random.whole(60, 540) };
		});
	}
}

/** °C: -1 in January, 19 in July, 4 K warmer after noon than before dawn. */
function outsideTemperature(day: number, ofDay: number): number {
	const season = -Math.cos(((day % 365.25) / 365.25) * 2 * Math.PI);
	const time = -Math.cos((ofDay / SECONDS_OF_DAY - 0.08) * 2 * Math.PI);
	return 9 + 10 * season + 2 * time;
}

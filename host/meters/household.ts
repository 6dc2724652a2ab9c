// A household on three phases, second by second: power from the day's plan and the sun, voltages that sag under
// load, counters that are the sum of the very powers shown. Deterministic: seed and start decide everything.

import { isOn, planDay, SECONDS_OF_DAY, SECONDS_OF_HOUR, type Use } from "./appliances.js";
import { Random } from "./random.js";

export interface HouseholdOptions {
	readonly seed: number;
	/** Local time of the first second, in seconds since 1970 as if local time were UTC. */
	readonly start: number;
	/** A heat pump; without one it heats with gas. */
	readonly heatPump: boolean;
	/** Peak of the solar panels in W; 0 for none. */
	readonly solarWatts: number;
}

/** The state during one second. Powers are whole W and var, positive when drawn from the grid. */
export interface HouseholdState {
	/** Local seconds since 1970. */
	readonly second: number;
	readonly watts: readonly [number, number, number];
	readonly vars: readonly [number, number, number];
	/** Sums over the phases. */
	readonly power: number;
	readonly reactive: number;
	/** Volts and amperes, unrounded. */
	readonly volts: readonly [number, number, number];
	readonly amperes: readonly [number, number, number];
	readonly counters: Counters;
}

/** Whole watt-seconds and var-seconds; `T1` is the low tariff of nights and weekends. Gas in whole millilitres. */
export interface Counters {
	readonly imported: number;
	readonly exported: number;
	readonly importedT1: number;
	readonly exportedT1: number;
	readonly reactiveImported: number;
	readonly reactiveExported: number;
	readonly gas: number;
}

const STATE_STREAM = 0x5eed;
const WATT_SECONDS_OF_KWH = 3_600_000;
const MILLILITRES_OF_CUBIC_METRE = 1_000_000;
/** Shares of the counters at the beginning. */
const LOW_TARIFF_OF_IMPORT = 0.46;
const LOW_TARIFF_OF_EXPORT = 0.27;
const NOMINAL_VOLTS = 231;
/** Ohms from the transformer to the meter. */
const GRID_OHMS = 0.32;
const GAS_MILLILITRES_PER_SECOND = 340;
const GAS_CYCLE_SECONDS = 1500;
const NIGHT_ENDS = 7;
const NIGHT_BEGINS = 23;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Household {
	readonly #options: HouseholdOptions;
	readonly #random: Random;
	readonly #counters: Mutable<Counters>;
	#plan: readonly Use[] = [];
	#planDay = Number.NaN;
	#gasOnSeconds = 0;
	#cloud = 0.8;
	readonly #drift = [0, 0, 0];
	#state: HouseholdState;

	constructor(options: HouseholdOptions) {
		this.#options = options;
		this.#random = new Random(options.seed, STATE_STREAM);
		const kWh = (low: number, high: number) => this.#random.whole(low, high) * WATT_SECONDS_OF_KWH;
		const imported = kWh(9_000, 30_000);
		const exported = options.solarWatts > 0 ? kWh(1_000, 8_000) : 0;
		this.#counters = {
			imported,
			exported,
			importedT1: Math.floor(imported * LOW_TARIFF_OF_IMPORT),
			exportedT1: Math.floor(exported * LOW_TARIFF_OF_EXPORT),
			reactiveImported: kWh(300, 2_000),
			reactiveExported: kWh(300, 2_000),
			gas: options.heatPump ? 0 : this.#random.whole(500, 6_000) * MILLILITRES_OF_CUBIC_METRE,
		};
		this.#state = this.#at(options.start);
	}

	/** During the second that was stepped to last; counters are those at its end. */
	get state(): HouseholdState {
		return this.#state;
	}

	/** Lives on until that second; a second that has passed changes nothing. */
	stepTo(second: number): HouseholdState {
		while (this.#state.second < second) this.#state = this.#at(this.#state.second + 1);
		return this.#state;
	}

	#at(second: number): HouseholdState {
		const day = Math.floor(second / SECONDS_OF_DAY);
		const secondOfDay = second - day * SECONDS_OF_DAY;
		if (day !== this.#planDay) this.#newDay(day);
		const watts: [number, number, number] = [0, 0, 0];
		const vars: [number, number, number] = [0, 0, 0];
		for (const use of this.#plan) {
			if (!isOn(use, secondOfDay)) continue;
			for (let phase = 0; phase < 3; phase++) {
				const drawn = (use.watts[phase] as number) * this.#random.between(1 - use.wander, 1 + use.wander);
				watts[phase] = (watts[phase] as number) + drawn;
				vars[phase] = (vars[phase] as number) + drawn * use.reactiveShare;
			}
		}
		const solar = this.#solar(secondOfDay) / 3;
		const net = watts.map((value) => Math.round(value - solar)) as [number, number, number];
		const reactive = vars.map(Math.round) as [number, number, number];
		return this.#measured(second, secondOfDay, net, reactive);
	}

	#measured(
		second: number,
		secondOfDay: number,
		watts: [number, number, number],
		vars: [number, number, number],
	): HouseholdState {
		const volts: [number, number, number] = [0, 0, 0];
		const amperes: [number, number, number] = [0, 0, 0];
		for (let phase = 0; phase < 3; phase++) {
			const [active, reactive] = [watts[phase] as number, vars[phase] as number];
			this.#drift[phase] = (this.#drift[phase] as number) * 0.99 + this.#random.between(-0.15, 0.15);
			const unloaded = NOMINAL_VOLTS + (this.#drift[phase] as number);
			// Solar power that flows out lifts the voltage, as a load lowers it.
			volts[phase] = unloaded - (GRID_OHMS * active) / NOMINAL_VOLTS;
			amperes[phase] = Math.hypot(active, reactive) / (volts[phase] as number);
		}
		const power = watts[0] + watts[1] + watts[2];
		const reactive = vars[0] + vars[1] + vars[2];
		this.#count(second, secondOfDay, power, reactive);
		return { second, watts, vars, power, reactive, volts, amperes, counters: { ...this.#counters } };
	}

	/** A power that holds for one second is as many watt-seconds: counters never drift from the powers shown. */
	#count(second: number, secondOfDay: number, power: number, reactive: number): void {
		const counters = this.#counters;
		const low = isLowTariff(second);
		if (power >= 0) counters.imported += power;
		else counters.exported -= power;
		if (low && power >= 0) counters.importedT1 += power;
		else if (low) counters.exportedT1 -= power;
		if (reactive >= 0) counters.reactiveImported += reactive;
		else counters.reactiveExported -= reactive;
		if (!this.#options.heatPump && secondOfDay % GAS_CYCLE_SECONDS < this.#gasOnSeconds)
			counters.gas += GAS_MILLILITRES_PER_SECOND;
	}

	#newDay(day: number): void {
		const { seed, heatPump } = this.#options;
		this.#plan = planDay(seed, day, { heatPump });
		this.#planDay = day;
		this.#gasOnSeconds = new Random(seed, -day).whole(120, 600);
	}

	/** A half sine from seven to seven, under clouds that come and go. */
	#solar(secondOfDay: number): number {
		const { solarWatts } = this.#options;
		if (solarWatts === 0) return 0;
		this.#cloud = Math.min(1, Math.max(0.15, this.#cloud + this.#random.between(-0.01, 0.01)));
		const hours = secondOfDay / SECONDS_OF_HOUR;
		return hours < 7 || hours > 19 ? 0 : solarWatts * this.#cloud * Math.sin(((hours - 7) / 12) * Math.PI);
	}
}

/** Nights from 23 to 7, Saturdays and Sundays. 1970-01-01 was a Thursday. */
export function isLowTariff(second: number): boolean {
	const day = Math.floor(second / SECONDS_OF_DAY);
	const hour = Math.floor((second - day * SECONDS_OF_DAY) / SECONDS_OF_HOUR);
	const weekday = (day + 4) % 7;
	return weekday === 0 || weekday === 6 || hour < NIGHT_ENDS || hour >= NIGHT_BEGINS;
}

// Peaks of import that grid fees depend on: the highest quarter of an hour of a month (Belgium), and the mean of the
// highest hours of the three days that have the highest ones (Norway). Only hours that were measured count. And power of
// the last hour, in memory.

import { toNumber } from "../decimal.js";
import { insertInOrder } from "../insert.js";
import { findQuantity, type Reading } from "../reading.js";
import { DAY, HOUR, periodStart } from "./calendar.js";
import { placeOf } from "./channel.js";
import { LogReader } from "./reader.js";
import { type History, ON_TIME } from "./recorder.js";
import type { Sample } from "./sample.js";

/** Days that the mean is of. */
const MOST_DAYS = 3;
/** Seconds of one value of power. */
export const POWER_STEP = 10;
export const POWER_COUNT = 360;

/** The highest hour of one day, in units of the import counter's last digit. */
export interface DayPeak {
	/** When the day began. */
	readonly day: number;
	readonly hour: number;
}

/** Sets `into.quarter` and `into.hour` to the highest of the hours between the two times. */
export function dayPeaks(history: History, from: number, to: number, into: Sample): void {
	const place = placeOf(history.channels, "energy_import");
	const reader = new LogReader(history.log("hour"), from - HOUR);
	const { sample } = reader;
	let boundary = 0;
	let before = 0;
	into.hour = 0;
	while (place >= 0 && reader.next() && sample.time < to + DAY) {
		const start = periodStart("hour", sample.time, history.zone);
		const count = sample.counters[place] as number;
		const bit = 1 << place;
		const isOnTime = sample.time - start <= ON_TIME && (sample.present & bit) !== 0;
		if (start > from && start <= to) {
			into.quarter = Math.max(into.quarter, sample.quarter);
			if (isOnTime && start - boundary === HOUR && !(sample.broken & bit))
				into.hour = Math.max(into.hour, count - before);
		}
		boundary = isOnTime ? start : 0;
		before = count;
	}
}

/** Sets `into.quarter` to the highest quarter of the days between, and `into.hour` to the mean of the three highest hours. */
export function monthPeaks(history: History, from: number, to: number, into: Sample): DayPeak[] {
	const { zone } = history;
	const highest: DayPeak[] = [];
	const reader = new LogReader(history.log("day"), from);
	into.quarter = 0;
	while (reader.next() && reader.sample.time < to + DAY) {
		const { time, quarter, hour } = reader.sample;
		const day = periodStart("day", periodStart("day", time, zone) - 1, zone);
		if (day < from || day >= to) continue;
		into.quarter = Math.max(into.quarter, quarter);
		insertPeak(highest, { day, hour });
	}
	into.hour = meanPeak(highest);
	return highest;
}

/** Puts the day among the highest three. */
export function insertPeak(highest: DayPeak[], peak: DayPeak): void {
	if (peak.hour === 0) return;
	insertInOrder(highest, peak, (one, other) => one.hour > other.hour);
	highest.length = Math.min(highest.length, MOST_DAYS);
}

/** Their mean, rounded to the counter's last digit; 0 of none. */
export function meanPeak(highest: readonly DayPeak[]): number {
	let sum = 0;
	for (const { hour } of highest) sum += hour;
	return Math.round(sum / highest.length) || 0;
}

/** Import less export in W, one value for each ten seconds; what was not measured is NaN. */
export class PowerRing {
	readonly #watts = new Float32Array(POWER_COUNT).fill(Number.NaN);
	/** Number, since 1970, of the newest step. */
	#newest = 0;

	/** Takes the newest reading's power; `time` in seconds. */
	add(reading: Reading, time: number): void {
		const bought = wattsOf(reading, "power_import");
		if (bought !== bought) return;
		const step = Math.floor(time / POWER_STEP);
		const passed = step - this.#newest;
		if (passed > POWER_COUNT || passed < -1) this.#watts.fill(Number.NaN);
		for (let each = step - Math.min(passed, POWER_COUNT) + 1; each < step; each++)
			this.#watts[each % POWER_COUNT] = Number.NaN;
		this.#watts[step % POWER_COUNT] = bought - (wattsOf(reading, "power_export") || 0);
		if (passed !== -1) this.#newest = step;
	}

	/** When the newest value's ten seconds end; 0 where there is none. */
	get until(): number {
		return this.#newest === 0 ? 0 : (this.#newest + 1) * POWER_STEP;
	}

	/** The value so many steps after the oldest, of 360. */
	at(index: number): number {
		return this.#watts[(this.#newest + 1 + index) % POWER_COUNT] ?? Number.NaN;
	}
}

function wattsOf(reading: Reading, name: string): number {
	const value = findQuantity(reading, name)?.value;
	return value === undefined || typeof value === "string" ? Number.NaN : toNumber(value);
}

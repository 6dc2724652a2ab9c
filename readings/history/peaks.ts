// Peaks of import that grid fees depend on: the highest quarter of an hour of a month (Belgium), and the mean of the
// highest hours of the three days that have the highest ones (Norway). Only hours that were measured count.

import { DAY, HOUR, periodStart } from "./calendar.js";
import { LogReader } from "./log.js";
import type { Sample } from "./record.js";
import { type History, ON_TIME } from "./recorder.js";

/** Days that the mean is of. */
const MOST_DAYS = 3;

/** The highest hour of one day, in units of the import counter's last digit. */
export interface DayPeak {
	/** When the day began. */
	readonly day: number;
	readonly hour: number;
}

/** Sets `into.quarter` and `into.hour` to the highest of the hours between the two times. */
export function dayPeaks(history: History, from: number, to: number, into: Sample): void {
	let { quarter } = into;
	let hour = 0;
	const place = history.channels.find("energy_import");
	const log = history.log("hour");
	const reader = new LogReader(log, log.slotAt(from - HOUR));
	let boundary = Number.NaN;
	let sum = Number.NaN;
	const visit = ({ time, sums, present, broken, quarter: highest }: Sample) => {
		const start = periodStart("hour", time, history.zone);
		const isOnTime = time - start <= ON_TIME && (present & (1 << place)) !== 0;
		if (start > from && start <= to) {
			if (highest > quarter) quarter = highest;
			const counted = (sums[place] as number) - sum;
			if (isOnTime && start - boundary === HOUR && !(broken & (1 << place)) && counted > hour) hour = counted;
		}
		boundary = isOnTime ? start : Number.NaN;
		sum = sums[place] as number;
	};
	if (place < 0) return;
	while (reader.next() && reader.sample.time < to + DAY) visit(reader.sample);
	into.quarter = quarter;
	into.hour = hour;
}

/** Sets `into.quarter` to the highest quarter of the days between, and `into.hour` to the mean of the three highest hours. */
export function monthPeaks(history: History, from: number, to: number, into: Sample): readonly DayPeak[] {
	const highest: DayPeak[] = [];
	let quarter = 0;
	const log = history.log("day");
	const reader = new LogReader(log, log.slotAt(from));
	while (reader.next() && reader.sample.time < to + DAY) {
		const end = periodStart("day", reader.sample.time, history.zone);
		const day = periodStart("day", end - 1, history.zone);
		if (day < from || day >= to) continue;
		if (reader.sample.quarter > quarter) quarter = reader.sample.quarter;
		insert(highest, { day, hour: reader.sample.hour });
	}
	into.quarter = quarter;
	into.hour = mean(highest);
	return highest;
}

/** Puts the day among the highest three. */
export function insert(highest: DayPeak[], peak: DayPeak): void {
	if (peak.hour === 0) return;
	highest.push(peak);
	highest.sort((one, other) => other.hour - one.hour);
	if (highest.length > MOST_DAYS) highest.pop();
}

/** Their mean, rounded to the counter's last digit; 0 of none. */
export function mean(highest: readonly DayPeak[]): number {
	let sum = 0;
	for (const { hour } of highest) sum += hour;
	return highest.length === 0 ? 0 : Math.round(sum / highest.length);
}

// Hours, days and months of the local calendar. Times are whole seconds since 1970 in UTC; the zone is a function.
// Days have 23 or 25 hours where the clock changes; hours always have 3600 seconds in zones that change by whole hours.

import { indexOfAny } from "../characters.js";
import { calendarDay, isoText, timeOfIso, twoDigits } from "../utc.js";

/** Seconds east of Greenwich at that time. */
export type ZoneOffset = (time: number) => number;

export type Period = "hour" | "day" | "month";
export const PERIODS: readonly Period[] = ["hour", "day", "month"];

export const HOUR = 3600;
export const DAY = 86_400;
/** From a month's beginning into the next month, whatever their lengths. */
const INTO_NEXT_MONTH = 31.5 * DAY;
const INTO_NEXT_DAY = 1.5 * DAY;

/** When the period in which `time` lies began. */
export function periodStart(period: Period, time: number, zone: ZoneOffset): number {
	const offset = zone(time);
	const local = time + offset;
	if (period === "hour") return time - (local % HOUR);
	const midnight = local - (local % DAY);
	const days = period === "day" ? 0 : calendarDay(midnight / DAY).day - 1;
	return utcOf(midnight - days * DAY, offset, zone);
}

/** When the period after the one that begins at `start` begins. */
export function nextStart(period: Period, start: number, zone: ZoneOffset): number {
	if (period === "hour") return start + HOUR - ((start + zone(start)) % HOUR);
	return periodStart(period, start + (period === "day" ? INTO_NEXT_DAY : INTO_NEXT_MONTH), zone);
}

/** Local time as UTC. What the clock passes over is the moment of the change. */
function utcOf(local: number, guess: number, zone: ZoneOffset): number {
	const first = local - guess;
	const offset = zone(first);
	if (offset === guess) return first;
	const second = local - offset;
	return zone(second) === offset ? second : Math.max(first, second);
}

/**
 * Seconds since 1970 of `2025-01-31`, `2025-01`, `2025-01-31T13:36:10` with or without `+01:00` or `Z`; local where nothing is said.
 * `undefined` for anything else.
 */
export function timeOf(text: string, zone: ZoneOffset): number | undefined {
	const seconds = Math.floor(timeOfIso(text) / 1000);
	if (!(seconds >= 0)) return undefined;
	return indexOfAny(text, "Z+-", 16) >= 0 ? seconds : utcOf(seconds, zone(seconds), zone);
}

/** `2025-01-31T13:36:10+01:00`. */
export function isoTime(time: number, zone: ZoneOffset): string {
	const offset = zone(time);
	const minutes = (Math.abs(offset) / 60) | 0;
	return isoText((time + offset) * 1000)
		.slice(0, 19)
		.concat(offset < 0 ? "-" : "+", twoDigits((minutes / 60) | 0), ":", twoDigits(minutes % 60));
}

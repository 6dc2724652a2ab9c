// Hours, days and months of the local calendar. Times are whole seconds since 1970 in UTC; the zone is a function.
// Days have 23 or 25 hours where the clock changes; hours always have 3600 seconds in zones that change by whole hours.

import { hasShape, indexOfAny } from "../characters.js";

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
	const date = new Date(local * 1000);
	const midnight = local - (local % DAY);
	return utcOf(period === "day" ? midnight : midnight - (date.getUTCDate() - 1) * DAY, offset, zone);
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
	let full = text.length === 7 ? `${text}-01` : text;
	if (full.length === 10) full += "T00:00:00";
	const offset = indexOfAny(full, "Z+-", 16) >= 0;
	const seconds = Math.floor(Date.parse(offset ? full : `${full}Z`) / 1000);
	if (!hasShape(full, "####-##-##T##:##") || !(seconds >= 0)) return undefined;
	return offset ? seconds : utcOf(seconds, zone(seconds), zone);
}

/** `2025-01-31T13:36:10+01:00`. */
export function isoTime(time: number, zone: ZoneOffset): string {
	const offset = zone(time);
	const text = (of: number) => new Date(of * 1000).toISOString();
	return text(time + offset)
		.slice(0, 19)
		.concat(offset < 0 ? "-" : "+", text(Math.abs(offset)).slice(11, 16));
}

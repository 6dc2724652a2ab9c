// Hours, days and months of the local calendar. Times are whole seconds since 1970 in UTC; the zone is a function.
// Days have 23 or 25 hours where the clock changes; hours always have 3600 seconds in zones that change by whole hours.

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
	if (period === "hour") return time - modulo(local, HOUR);
	let midnight = local - modulo(local, DAY);
	if (period === "month") {
		const date = new Date(local * 1000);
		midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000;
	}
	return utcOf(midnight, offset, zone);
}

/** When the period after the one that begins at `start` begins. */
export function nextStart(period: Period, start: number, zone: ZoneOffset): number {
	if (period === "hour") return start + HOUR - modulo(start + zone(start), HOUR);
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
	const offset = full.length > 16 && /[Z+-]/.test(full.slice(16));
	const milliseconds = Date.parse(offset ? full : `${full}Z`);
	if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(full) || Number.isNaN(milliseconds)) return undefined;
	const seconds = Math.floor(milliseconds / 1000);
	return offset ? seconds : utcOf(seconds, zone(seconds), zone);
}

/** `2025-01-31T13:36:10+01:00`. */
export function isoTime(time: number, zone: ZoneOffset): string {
	const offset = zone(time);
	const minutes = Math.abs(offset) / 60;
	const text = new Date((time + offset) * 1000).toISOString().slice(0, 19);
	return `${text}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(value: number): string {
	return value < 10 ? `0${value}` : `${value}`;
}

function modulo(value: number, divisor: number): number {
	return value - Math.floor(value / divisor) * divisor;
}

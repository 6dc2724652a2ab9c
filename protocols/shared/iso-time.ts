// ISO 8601 texts from calendar parts, or nothing where the parts are no date or time. No zone, no arithmetic:
// meters send local parts, and a damaged clock must not become a plausible one.

import { monthLength, twoDigits } from "../../readings/utc.js";

const LEAP_YEAR = 2000;

/** `2007-07-30`; `undefined` where there is no such day. `year` has four digits. */
export function isoDate(year: number, month: number, day: number): string | undefined {
	if (!(year >= 1900 && year <= 9999) || month < 1 || month > 12 || day < 1) return undefined;
	return day <= monthLength(year, month)
		? `${year}`.concat("-", twoDigits(month), "-", twoDigits(day))
		: undefined;
}

/** `--08-24`, ISO 8601's month and day without a year; `undefined` where no year has that day. */
export function isoMonthDay(month: number, day: number): string | undefined {
	if (month < 1 || month > 12 || day < 1) return undefined;
	return day <= monthLength(LEAP_YEAR, month) ? `--${twoDigits(month)}-${twoDigits(day)}` : undefined;
}

/** `16:15:57`; `undefined` where there is no such time of day. */
export function isoTime(hour: number, minute: number, second: number): string | undefined {
	if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)) return undefined;
	return twoDigits(hour).concat(":", twoDigits(minute), ":", twoDigits(second));
}

/** `2007-07-30T16:15:57` and the offset behind it; `undefined` where either part is impossible. */
export function isoDateTime(
	date: string | undefined,
	time: string | undefined,
	offset = "",
): string | undefined {
	return date === undefined || time === undefined ? undefined : date.concat("T", time, offset);
}

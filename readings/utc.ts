// Days and times of UTC in the proleptic Gregorian calendar, years 0000 to 9999, without leap seconds, and their texts of ISO 8601.
// A day is counted from 1970-01-01, day 0; a time is milliseconds since it began, as in Date, whose C costs the firmware 9 KB.
// The arithmetic on years that begin in March, at whose end the leap day stands: Howard Hinnant, "chrono-Compatible Low-Level
// Date Algorithms".

import { hasShape, indexOfAny, isDigits } from "./characters.js";

export interface CalendarDay {
	readonly year: number;
	/** 1 to 12. */
	readonly month: number;
	/** 1 to 31. */
	readonly day: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** From 0000-03-01 to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468;
/** On average: 146,097 in 400 years. */
const DAYS_OF_YEAR = 365.2425;
/** From March on, five months have 153 days, over and over. */
const FIVE_MONTHS = 153;
/** Behind `2025-01-31T13:36`. */
const SECONDS_AT = 16;

/** Days since 1970-01-01 of a day. `month`: 1 to 14, 13 and 14 of the year after; `day`: any, as days from the month's 1st. */
export function dayNumber(year: number, month: number, day: number): number {
	const before = month < 3 ? 1 : 0;
	const since = year - before;
	const century = Math.floor(since / 100);
	const days = since * 365 + (since >> 2) - century + (century >> 2) + daysBefore(month - 3 + 12 * before);
	return days + day - 1 - DAYS_BEFORE_1970;
}

/** The day that is `number` days after 1970-01-01. */
export function calendarDay(number: number): CalendarDay {
	// By the mean length of a year it is the right one, or the one before.
	let year = Math.floor((number + DAYS_BEFORE_1970) / DAYS_OF_YEAR);
	if (dayNumber(year + 1, 3, 1) <= number) year++;
	const days = number - dayNumber(year, 3, 1);
	const months = ((days * 5 + 2) / FIVE_MONTHS) | 0;
	const day = days - daysBefore(months) + 1;
	return months < 10 ? { year, month: months + 3, day } : { year: year + 1, month: months - 9, day };
}

/** 0 is Sunday, 6 Saturday. */
export function weekday(number: number): number {
	const days = (number + 4) % 7;
	return days < 0 ? days + 7 : days;
}

/** Days of a month, 1 to 12. */
export function monthLength(year: number, month: number): number {
	return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
}

/** Milliseconds since 1970 of a day and a time on it. */
export function utcTime(
	year: number,
	month: number,
	day: number,
	hour: number,
	minute: number,
	second: number,
): number {
	return dayNumber(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * 1000;
}

/** `2025-01-31T13:36:10.000Z` of milliseconds since 1970, less their fraction. */
export function isoText(time: number): string {
	const number = Math.floor(time / DAY_MS);
	const { year, month, day } = calendarDay(number);
	const rest = Math.floor(time - number * DAY_MS);
	const date = `${year}`.padStart(4, "0").concat("-", twoDigits(month), "-", twoDigits(day), "T");
	const hour = twoDigits((rest / HOUR_MS) | 0);
	const minute = twoDigits(((rest / MINUTE_MS) % 60) | 0);
	const second = twoDigits(((rest / 1000) % 60) | 0);
	return date.concat(hour, ":", minute, ":", second, ".", `${rest % 1000}`.padStart(3, "0"), "Z");
}

/**
 * Milliseconds since 1970 of `2025-01`, `2025-01-31`, `2025-01-31T13:36`, `2025-01-31T13:36:10` or `2025-01-31T13:36:10.25`, the
 * last three with or without `Z`, `+01:00` or `+0100` behind; UTC where nothing is said. Digits behind milliseconds do not count.
 * NaN for all else, days and times that do not exist included.
 */
export function timeOfIso(text: string): number {
	const zoneAt = indexOfAny(text, "Z+-", SECONDS_AT);
	const clock = zoneAt < 0 ? text : text.slice(0, zoneAt);
	const { length } = clock;
	const isWhole = length === 7 || length === 10 || length === SECONDS_AT || length === 19 || length > 20;
	const full = clock.concat("0000-01-01T00:00:00.000".slice(length));
	if (!isWhole || !hasShape(full, "####-##-##T##:##:##.") || !isDigits(full.slice(20), length))
		return Number.NaN;
	const year = numberAt(full, 0, 4);
	const month = numberAt(full, 5, 7);
	const day = numberAt(full, 8, 10);
	const hour = numberAt(full, 11, 13);
	const minute = numberAt(full, 14, 16);
	const second = numberAt(full, 17, 19);
	if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) return Number.NaN;
	if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
	const time = utcTime(year, month, day, hour, minute, second) + numberAt(full, 20, 23);
	return zoneAt < 0 ? time : time - offsetOf(text.slice(zoneAt));
}

/** Milliseconds east of Greenwich of `Z`, `+01:00`, `+0100`; NaN for all else. */
function offsetOf(zone: string): number {
	if (zone === "Z") return 0;
	const { length } = zone;
	const hour = numberAt(zone, 1, 3);
	const minute = numberAt(zone, length - 2, length);
	const isOffset = length < 7 && hasShape(zone, length < 6 ? "+####" : "+##:##");
	if (!isOffset || hour > 23 || minute > 59) return Number.NaN;
	return (zone.startsWith("-") ? -1 : 1) * (hour * HOUR_MS + minute * MINUTE_MS);
}

/** Of 0 to 99. */
export function twoDigits(value: number): string {
	return value < 10 ? `0${value}` : `${value}`;
}

/** Days of the first `months` months, from March on. */
function daysBefore(months: number): number {
	return ((months * FIVE_MONTHS + 2) / 5) | 0;
}

function numberAt(text: string, from: number, to: number): number {
	return Number(text.slice(from, to));
}

// Local time by a POSIX TZ string: `CET-1CEST,M3.5.0,M10.5.0/3`. XS knows no time zones. POSIX.1-2017, 8.3, with RFC
// 8536's extension (hours of a rule from -167 to 167). Only the rules that hold now: no history.

import { calendarDay, dayNumber, monthLength, weekday } from "../readings/utc.js";

/** Local time and how it came about. */
export interface LocalTime {
	/** Milliseconds since 1970 in which local time stands for UTC: `isoText` of readings/utc.ts gives the local clock. */
	readonly milliseconds: number;
	/** Minutes east of Greenwich. */
	readonly offsetMinutes: number;
	readonly isDaylightSaving: boolean;
	/** `CET`, `+03`. */
	readonly abbreviation: string;
}

/** When a change happens: a day of the year and seconds since its midnight, in the local time before the change. */
interface Change {
	/** M: month, week, day. J: day of year without February 29. N: day of year from 0. */
	readonly kind: "M" | "J" | "N";
	readonly month: number;
	readonly week: number;
	readonly day: number;
	readonly seconds: number;
}

interface Zone {
	readonly name: string;
	/** Seconds east of Greenwich. */
	readonly offset: number;
	readonly daylight?: {
		readonly name: string;
		readonly offset: number;
		readonly start: Change;
		readonly end: Change;
	};
}

const HOUR = 3600;
const DAY = 86_400;
const MILLISECONDS = 1000;
const TWO_O_CLOCK = 2 * HOUR;
const MOST_HOURS = 167;
const LONGEST = 64;
/** The rules that POSIX leaves open: those of the United States. */
const USUAL_RULES = ",M3.2.0,M11.1.0";

/** The local time at `utc` (milliseconds since 1970); `undefined` where `posix` is no such string. */
export function localTime(utc: number, posix: string): LocalTime | undefined {
	const zone = parseZone(posix);
	if (!zone) return undefined;
	const { daylight } = zone;
	const isDaylightSaving = daylight !== undefined && isDaylight(utc, zone);
	const { offset, name } = isDaylightSaving ? daylight : zone;
	return {
		milliseconds: utc + offset * MILLISECONDS,
		offsetMinutes: offset / 60,
		isDaylightSaving,
		abbreviation: name,
	};
}

/**
 * Seconds east of Greenwich at a time in seconds since 1970, for who asks thousands of times: the string is read once, and a year's
 * changes are found once. UTC where `posix` is no such string.
 */
export function zoneOffsets(posix: string): (seconds: number) => number {
	const zone = parseZone(posix);
	if (!zone) return () => 0;
	const { offset, daylight } = zone;
	if (!daylight) return () => offset;
	let from = 0;
	let to = 0;
	let start = 0;
	let end = 0;
	return (seconds) => {
		const standard = seconds + offset;
		if (standard < from || standard >= to) {
			const { year } = calendarDay(Math.floor(standard / DAY));
			from = dayNumber(year, 1, 1) * DAY;
			to = dayNumber(year + 1, 1, 1) * DAY;
			start = instant(year, daylight.start) / MILLISECONDS - offset;
			end = instant(year, daylight.end) / MILLISECONDS - daylight.offset;
		}
		const isDaylightSaving =
			start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end;
		return isDaylightSaving ? daylight.offset : offset;
	};
}

/** Whether the string can be used. */
export function isPosixTimeZone(posix: string): boolean {
	return parseZone(posix) !== undefined;
}

function isDaylight(utc: number, { offset, daylight }: Zone): boolean {
	if (!daylight) return false;
	// The year by standard time; a change within hours of New Year falls on the right side of its own instant all the same.
	const { year } = calendarDay(Math.floor((utc / MILLISECONDS + offset) / DAY));
	const start = instant(year, daylight.start) - offset * MILLISECONDS;
	const end = instant(year, daylight.end) - daylight.offset * MILLISECONDS;
	return start < end ? utc >= start && utc < end : utc >= start || utc < end;
}

/** Local milliseconds since 1970 of the change in that year. */
function instant(year: number, { kind, month, week, day, seconds }: Change): number {
	let days: number;
	switch (kind) {
		case "M": {
			const first = dayNumber(year, month, 1);
			let later = ((day - weekday(first) + 7) % 7) + (week - 1) * 7;
			// Week 5 is the last one.
			if (later >= monthLength(year, month)) later -= 7;
			days = first + later;
			break;
		}
		case "J":
			// From March on, day 60, a leap day stands before it.
			days = day < 60 ? dayNumber(year, 1, day) : dayNumber(year, 3, day - 59);
			break;
		case "N":
			days = dayNumber(year, 1, 1 + day);
	}
	return (days * DAY + seconds) * MILLISECONDS;
}

/** A reader of the string: where it stands, and whether all was well so far. */
interface Cursor {
	readonly text: string;
	at: number;
	failed: boolean;
}

function parseZone(posix: string): Zone | undefined {
	if (posix.length > LONGEST) return undefined;
	const cursor: Cursor = { text: posix, at: 0, failed: false };
	const name = readName(cursor);
	const offset = -readTime(cursor, 24);
	if (cursor.failed) return undefined;
	if (cursor.at === posix.length) return { name, offset };
	const daylightName = readName(cursor);
	const next = cursor.text.charAt(cursor.at);
	const daylightOffset = next === "" || next === "," ? offset + HOUR : -readTime(cursor, 24);
	if (cursor.failed) return undefined;
	const rules: Cursor = cursor.at === posix.length ? { text: USUAL_RULES, at: 0, failed: false } : cursor;
	const start = readChange(rules);
	const end = readChange(rules);
	if (rules.failed || rules.at !== rules.text.length) return undefined;
	return { name, offset, daylight: { name: daylightName, offset: daylightOffset, start, end } };
}

/** Three letters or more, or anything of letters, digits and signs between angle brackets. */
function readName(cursor: Cursor): string {
	const { text } = cursor;
	const quoted = text.charAt(cursor.at) === "<";
	if (quoted) cursor.at++;
	const from = cursor.at;
	while (isPartOfName(text.charCodeAt(cursor.at), quoted)) cursor.at++;
	const name = text.slice(from, cursor.at);
	if (quoted && text.charAt(cursor.at++) !== ">") cursor.failed = true;
	if (name.length < 3) cursor.failed = true;
	return name;
}

function isPartOfName(code: number, quoted: boolean): boolean {
	const letter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
	return letter || (quoted && ((code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d));
}

/** `[+-]hh[:mm[:ss]]` in seconds. */
function readTime(cursor: Cursor, mostHours: number): number {
	const sign = cursor.text.charAt(cursor.at);
	if (sign === "+" || sign === "-") cursor.at++;
	let seconds = readNumber(cursor, 0, mostHours) * HOUR;
	if (accept(cursor, ":")) seconds += readNumber(cursor, 0, 59) * 60;
	if (accept(cursor, ":")) seconds += readNumber(cursor, 0, 59);
	return sign === "-" ? -seconds : seconds;
}

/** `,M3.5.0/2`, `,J60`, `,0/-1`. */
function readChange(cursor: Cursor): Change {
	if (!accept(cursor, ",")) cursor.failed = true;
	let change: Omit<Change, "seconds">;
	if (accept(cursor, "M")) {
		const month = readNumber(cursor, 1, 12);
		if (!accept(cursor, ".")) cursor.failed = true;
		const week = readNumber(cursor, 1, 5);
		if (!accept(cursor, ".")) cursor.failed = true;
		change = { kind: "M", month, week, day: readNumber(cursor, 0, 6) };
	} else if (accept(cursor, "J")) change = { kind: "J", month: 0, week: 0, day: readNumber(cursor, 1, 365) };
	else change = { kind: "N", month: 0, week: 0, day: readNumber(cursor, 0, 365) };
	return { ...change, seconds: accept(cursor, "/") ? readTime(cursor, MOST_HOURS) : TWO_O_CLOCK };
}

function accept(cursor: Cursor, character: string): boolean {
	if (cursor.text.charAt(cursor.at) !== character) return false;
	cursor.at++;
	return true;
}

function readNumber(cursor: Cursor, least: number, most: number): number {
	const from = cursor.at;
	let value = 0;
	for (; cursor.at - from < 3; cursor.at++) {
		const digit = cursor.text.charCodeAt(cursor.at) - 0x30;
		if (!(digit >= 0 && digit <= 9)) break;
		value = value * 10 + digit;
	}
	if (cursor.at === from || value < least || value > most) cursor.failed = true;
	return value;
}

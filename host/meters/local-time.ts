// Local times as meters print them. Emulated meters keep Central European time, whose summer time ends and begins at
// 01:00 UTC on the last Sundays of October and March (Directive 2000/84/EC).

import { timeStampText } from "../../protocols/p1/p1-encoder.js";
import { SECONDS_OF_DAY, SECONDS_OF_HOUR } from "./appliances.js";

const SECOND_MS = 1000;
const MARCH = 2;
const OCTOBER = 9;
const SUMMER_BEGINS_HOUR = 2;
const SUMMER_ENDS_HOUR = 3;

/** Whether summer time holds at that local second since 1970; the hour that comes twice counts as summer. */
export function isSummerTime(second: number): boolean {
	const year = new Date(second * SECOND_MS).getUTCFullYear();
	const begins = lastSunday(year, MARCH) + SUMMER_BEGINS_HOUR * SECONDS_OF_HOUR;
	const ends = lastSunday(year, OCTOBER) + SUMMER_ENDS_HOUR * SECONDS_OF_HOUR;
	return second >= begins && second < ends;
}

/** `2026-03-12T12:00:00`, without an offset. */
export function localIso(second: number): string {
	return new Date(second * SECOND_MS).toISOString().slice(0, 19);
}

/** P1's `YYMMDDhhmmssX`. */
export function p1Time(second: number): string {
	return timeStampText(`${localIso(second)}${isSummerTime(second) ? "+02:00" : "+01:00"}`);
}

/** Local second at which the month of `second` began; `months` earlier ones count back. */
export function monthStart(second: number, months = 0): number {
	const date = new Date(second * SECOND_MS);
	return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1) / SECOND_MS;
}

function lastSunday(year: number, month: number): number {
	const last = new Date(Date.UTC(year, month + 1, 0));
	return last.getTime() / SECOND_MS - last.getUTCDay() * SECONDS_OF_DAY;
}

// The calendar of readings/utc.ts on each engine's own numbers, compared with that engine's Date.

import { calendarDay, isoText, timeOfIso, weekday } from "../../../readings/utc.js";
import type { ConformanceCase } from "./conformance.js";

const DAY_MS = 86_400_000;
/** 0000-01-01 and 10000-01-01. */
const FIRST = -62_167_219_200_000;
const END = 253_402_300_800_000;
/** Some 8000 instants, at all times of day. */
const STEP = 39_000_000_017;

/** What differs at that time; `undefined` where nothing does. */
function difference(time: number): string | undefined {
	const date = new Date(time);
	const text = date.toISOString();
	const number = Math.floor(time / DAY_MS);
	const { year, month, day } = calendarDay(number);
	const parts = [year, month - 1, day, weekday(number), isoText(time), timeOfIso(text)].join();
	const dates = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCDay()];
	const expected = [...dates, text, time].join();
	return parts === expected ? undefined : `${parts} is not ${expected}`;
}

export const calendarCases: readonly ConformanceCase[] = [
	{
		name: "calendar: days and texts of the years 0000 to 9999 are Date's",
		run(_, done) {
			let wrong: string | undefined;
			for (let time = FIRST; time < END && wrong === undefined; time += STEP) wrong = difference(time);
			done(wrong ?? difference(END - 1));
		},
	},
	{
		name: "calendar: each day from 1970 to 2100 is Date's",
		run(_, done) {
			let wrong: string | undefined;
			for (let day = 0; day < 47_847 && wrong === undefined; day++) wrong = difference(day * DAY_MS);
			done(wrong);
		},
	},
];

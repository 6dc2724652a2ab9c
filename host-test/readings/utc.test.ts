// Calendar arithmetic of UTC, compared with Node's own Date (V8, an independent implementation) and with days that standards and
// encyclopaedias name.

import {
	calendarDay,
	dayNumber,
	isoText,
	monthLength,
	timeOfIso,
	utcTime,
	weekday,
} from "../../readings/utc";

const DAY_MS = 86_400_000;

/** Node's milliseconds of a year, a month from 1, and a day: years below 100 too, which Date.UTC takes for 1900 and later. */
function byDate(year: number, month: number, day: number): number {
	return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** Numbers from 0 to 1, the same in each run. */
function* random(): Generator<number, never> {
	let state = 1;
	for (;;) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		yield state / 2 ** 32;
	}
}

/** Instants of the years 0000 to 9999, to the millisecond. */
function instants(count: number): number[] {
	const numbers = random();
	const first = byDate(0, 1, 1);
	const length = byDate(10_000, 1, 1) - first;
	return Array.from({ length: count }, () => first + Math.floor(numbers.next().value * length));
}

describe("days", () => {
	// ISO 8601, 3.2.1: 2000-01-01 was a Saturday. The Gregorian calendar began on Friday, 1582-10-15, day -141427.
	test.each([
		[1970, 1, 1, 0, 4],
		[1969, 12, 31, -1, 3],
		[2000, 1, 1, 10_957, 6],
		[2000, 2, 29, 11_016, 2],
		[1582, 10, 15, -141_427, 5],
		[0, 3, 1, -719_468, 3],
	])("%d-%d-%d is day %d", (year, month, day, number, ofWeek) => {
		expect(dayNumber(year, month, day)).toBe(number);
		expect(calendarDay(number)).toEqual({ year, month, day });
		expect(weekday(number)).toBe(ofWeek);
	});

	test("each day from 1600 to 2400 and around the ends of the range, as Date has it", () => {
		const wrong: number[] = [];
		const check = (from: number, to: number) => {
			for (let number = from / DAY_MS; number < to / DAY_MS; number++) {
				const date = new Date(number * DAY_MS);
				const { year, month, day } = calendarDay(number);
				const isDay =
					year === date.getUTCFullYear() &&
					month === date.getUTCMonth() + 1 &&
					day === date.getUTCDate() &&
					weekday(number) === date.getUTCDay();
				if (!isDay || dayNumber(year, month, day) !== number) wrong.push(number);
			}
		};
		check(byDate(1600, 1, 1), byDate(2401, 1, 1));
		check(byDate(0, 1, 1), byDate(9, 1, 1));
		check(byDate(9990, 1, 1), byDate(10_000, 1, 1));
		expect(wrong).toEqual([]);
	});

	test("the length of each month from year 0 to 2400, as Date has it", () => {
		const wrong: number[][] = [];
		for (let year = 0; year <= 2400; year++)
			for (let month = 1; month <= 12; month++)
				if (monthLength(year, month) !== (byDate(year, month + 1, 1) - byDate(year, month, 1)) / DAY_MS)
					wrong.push([year, month]);
		expect(wrong).toEqual([]);
	});

	test("the 13th and 14th month are the next year's, and days count on beyond a month's end", () => {
		expect(dayNumber(2023, 14, 29)).toBe(dayNumber(2024, 2, 29));
		expect(dayNumber(2023, 13, 1)).toBe(byDate(2024, 1, 1) / DAY_MS);
		expect(dayNumber(2024, 1, 366)).toBe(byDate(2024, 12, 31) / DAY_MS);
		expect(dayNumber(2024, 3, 0)).toBe(byDate(2024, 2, 29) / DAY_MS);
	});
});

describe("times", () => {
	test("of a day and a time on it", () => {
		expect(utcTime(2049, 12, 31, 23, 59, 59)).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
		expect(utcTime(1950, 2, 28, 0, 0, 1)).toBe(Date.UTC(1950, 1, 28, 0, 0, 1));
	});

	test("as texts and back, as Date has them", () => {
		for (const time of [...instants(20_000), 0, -1, 1, 951_782_399_999, 951_782_400_000, 4_107_542_399_999]) {
			const text = new Date(time).toISOString();
			expect([time, isoText(time)]).toEqual([time, text]);
			expect([text, timeOfIso(text)]).toEqual([text, time]);
		}
	});

	test("parts of a millisecond do not show", () => expect(isoText(1.9)).toBe("1970-01-01T00:00:00.001Z"));

	test("texts with offsets, with and without seconds and fractions, as Date reads them", () => {
		const numbers = random();
		const below = (most: number) => Math.floor((numbers.next().value as number) * most);
		const two = (value: number) => `${value}`.padStart(2, "0");
		for (const time of instants(20_000)) {
			const minutes = new Date(time).toISOString().slice(0, 16);
			const seconds = [
				"",
				`:${two(below(60))}`,
				`:${two(below(60))}.${"0".repeat(below(3))}${below(100_000)}`,
			];
			const offset = `${below(2) === 0 ? "+" : "-"}${two(below(24))}`;
			const zones = ["Z", `${offset}:${two(below(60))}`, `${offset}${two(below(60))}`];
			const text = `${minutes}${seconds[below(3)]}${zones[below(3)]}`;
			expect([text, timeOfIso(text)]).toEqual([text, Date.parse(text)]);
		}
	});

	test.each([
		["2025-01-31", "2025-01-31T00:00:00Z"],
		["2024-02-29", "2024-02-29T00:00:00Z"],
		["2025-01-31T13:36", "2025-01-31T13:36:00Z"],
		["2025-01-31T13:36:10.5", "2025-01-31T13:36:10.500Z"],
		["2025-01", "2025-01-01T00:00:00Z"],
		["2025-01-31T13:36:10-00:00", "2025-01-31T13:36:10Z"],
		["0000-01-01T00:00Z", "0000-01-01T00:00:00Z"],
	])("%s is %s", (text, same) => expect(timeOfIso(text)).toBe(Date.parse(same)));

	// Date.parse refuses these too.
	test.each([
		"",
		"never",
		"undefined",
		"2025-13-01",
		"2025-00-01",
		"2025-01-00",
		"2025-01-32",
		"2025-01-31T",
		"2025-01-31T13",
		"2025-01-31T13Z",
		"2025-01-31T25:00Z",
		"2025-01-31T24:00:01Z",
		"2025-01-31T24:00:00.1Z",
		"2025-01-31T13:60Z",
		"2025-01-31T13:36:60Z",
		"2025-01-31T13:36:1Z",
		"2025-01-31T13:36:Z",
		"2025-01-31T13:36:10.Z",
		"2025-01-31T13:36.5Z",
		"2025-01-31T13:36:10-05",
		"2025-01-31T13:36:10+01:0",
		"2025-01-31T13:36:10+01:0Z",
		"2025-01-31T13:36:10+24:00",
		"2025-01-31T13:36:10+23:60",
		"2025-01-31T13:36:10+01:00x",
		"2025-01-31T13:36:10+x1:00",
		"2025-01-31T13:36:10ZZ",
		"2025-01-31T13:36:10 Z",
		"20250131T133610Z",
		"+2025-01-31T13:36:10Z",
	])("%j is no time", (text) => {
		expect(Date.parse(text)).toBeNaN();
		expect(timeOfIso(text)).toBeNaN();
	});

	// Here Date.parse guesses, or counts on into the next month.
	test.each([
		"2025-02-29",
		"2025-04-31T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2025",
		"2025-01-31T24:00:00Z",
		"2025-1-31",
		"2025-01-3",
		"2025-01-31 13:36:10Z",
		"2025-01-31Z13:36:10",
		"2025-01-31t13:36:10z",
		" 2025-01-31",
		"31 Jan 2025 13:36:10 GMT",
		"1738330570",
	])("%j, which Date.parse may take, is no time either", (text) => expect(timeOfIso(text)).toBeNaN());
});

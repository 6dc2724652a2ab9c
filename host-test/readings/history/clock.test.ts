// Which clock is believed; peaks and the last hour of power. Times and numbers worked out by hand from docs/history.md.

import "../../../host/platform/globals";
import { HistoryClock } from "../../../readings/history/clock";
import { dayPeaks, insertPeak, meanPeak, monthPeaks, PowerRing } from "../../../readings/history/peaks";
import { emptySample } from "../../../readings/history/sample";
import { counter, MemoryFiles, openHistory, reading } from "./storage";

const at = (iso: string) => Date.parse(iso) / 1000;

describe("the clock", () => {
	const NOON = at("2025-01-15T12:00:00Z");
	const clock = (history = openHistory(new MemoryFiles(), "UTC0")) => new HistoryClock(history.log("hour"));
	test("is nobody's before one says something; then it runs evenly where nobody does", () => {
		const one = clock();
		expect(one.judge(undefined, undefined, 5)).toBeNaN();
		expect(one.judge(undefined, NOON, 10)).toBe(NOON);
		expect(one.judge(undefined, undefined, 25)).toBe(NOON + 15);
	});

	test("the meter's says when within the quarter, the gateway's which", () => {
		expect(clock().judge(NOON + 7, NOON, 0)).toBe(NOON + 7);
		expect(clock().judge(NOON + 3600 + 7, NOON, 0)).toBe(NOON + 7);
		expect(clock().judge(NOON - 5 * 3600 - 20, NOON, 0)).toBe(NOON - 20);
		expect(clock().judge(NOON + 7, undefined, 0)).toBe(NOON + 7);
	});

	test("up to ten minutes they agree; a jump is believed after two hours", () => {
		const one = clock();
		one.judge(undefined, NOON, 0);
		expect(one.judge(undefined, NOON + 700, 100)).toBe(NOON + 700);
		expect(one.judge(undefined, NOON + 1401, 200)).toBe(NOON + 800);
		expect(one.judge(undefined, NOON + 9000, 7399)).toBe(NOON + 7999);
		expect(one.judge(undefined, NOON + 9001, 7400)).toBe(NOON + 9001);
	});

	test("a clock that comes back has not jumped", () => {
		const one = clock();
		one.judge(undefined, NOON, 0);
		one.judge(undefined, NOON + 5000, 100);
		one.judge(undefined, NOON + 200, 200);
		expect(one.judge(undefined, NOON + 5000, 7300)).toBe(NOON + 7300);
	});

	test("the meter's own is taken where the gateway's has jumped", () => {
		const one = clock();
		one.judge(NOON, NOON, 0);
		expect(one.judge(NOON + 60, NOON + 90_000, 60)).toBe(NOON + 60);
	});

	test("nothing is before the newest sample, unless it stays so", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		history.reading(reading(null, [counter("energy_import", 1)]), NOON, 0);
		expect(clock(history).judge(undefined, NOON - 600, 0)).toBe(NOON - 600);
		const one = clock(history);
		expect(one.judge(undefined, NOON - 601, 0)).toBeNaN();
		expect(one.judge(undefined, NOON - 601 + 7200, 7200)).toBe(NOON - 601 + 7200);
	});

	test("more than a week of hours is given up after seven days only", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		const jump = (hours: number) => {
			const log = history.log("hour");
			while (log.last.time === 0 || log.last.time < NOON + hours * 3600) {
				const time = log.last.time === 0 ? NOON : log.last.time + 3600;
				log.add({ ...emptySample(), time, present: 1, counters: log.last.counters.fill(5, 0, 1) });
			}
			const one = clock(history);
			one.judge(undefined, NOON, 0);
			return one.judge(undefined, NOON + 7200, 7200);
		};
		expect([jump(100), jump(168), jump(169)]).toEqual([NOON + 7200, NOON + 7200, Number.NaN]);
	});
});

describe("peaks and power", () => {
	test("the three highest days are kept in order; no hour is none", () => {
		const highest: { day: number; hour: number }[] = [];
		for (const [day, hour] of [
			[1, 500],
			[2, 0],
			[3, 700],
			[4, 600],
			[5, 600],
			[6, 400],
		] as const)
			insertPeak(highest, { day, hour });
		expect(highest).toEqual([
			{ day: 3, hour: 700 },
			{ day: 4, hour: 600 },
			{ day: 5, hour: 600 },
		]);
		expect([meanPeak(highest), meanPeak(highest.slice(0, 2)), meanPeak([])]).toEqual([633, 650, 0]);
	});

	const DAY = 86_400;
	const FIRST = at("2025-01-01T00:00:00Z");
	test("of a day: its highest hour among those that were measured, its highest quarter", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		const tell = (hour: number, count: number, seconds = 0, quarter = 0) => {
			if (history.channels.length === 0) history.place("energy_import", "kWh", "meter", 0, -3);
			const counters = emptySample().counters.fill(count, 0, 1);
			history
				.log("hour")
				.add({ ...emptySample(), time: FIRST + hour * 3600 + seconds, present: 1, quarter, counters });
		};
		// 23:00 of the day before to 02:00 of the day behind: the day's own hours count alone.
		tell(-1, 0, 0, 900);
		tell(0, 9000, 0, 800);
		tell(1, 9500, 300, 120);
		tell(2, 10_100, 0, 70);
		// Read too late: neither the hour before nor the one behind is measured.
		tell(3, 15_000, 301, 110);
		tell(4, 20_000, 0, 100);
		tell(5, 20_300, 0, 100);
		// An hour that is missing makes two that are not measured.
		tell(7, 25_000, 0, 100);
		history.log("hour").broken = 1;
		tell(8, 32_000, 0, 100);
		tell(24, 40_000, 0, 130);
		tell(25, 49_000, 0, 700);
		const day = emptySample();
		dayPeaks(history, FIRST, FIRST + DAY, day);
		expect([day.hour, day.quarter]).toEqual([600, 130]);
		const before = { ...emptySample(), hour: 7, quarter: 5 };
		dayPeaks(history, FIRST - 2 * DAY, FIRST - DAY, before);
		expect([before.hour, before.quarter]).toEqual([0, 5]);
		const none = { ...emptySample(), hour: 7 };
		dayPeaks(openHistory(new MemoryFiles(), "UTC0"), FIRST, FIRST + DAY, none);
		expect(none.hour).toBe(0);
	});

	test("of a month: the mean of its three highest days, told at the first reading of the day behind", () => {
		const history = openHistory(new MemoryFiles(), "UTC0");
		const days = [
			[0, 9000, 900],
			[1, 4000, 50],
			[9, 8000, 60],
			[10, 0, 0],
			[20, 6000, 70],
			[21, 2000, 20],
			[31, 5000, 80],
			[32, 9000, 900],
		] as const;
		for (const [day, hour, quarter] of days)
			history.log("day").add({ ...emptySample(), time: FIRST + day * DAY + 5, hour, quarter });
		const january = { ...emptySample(), hour: 1, quarter: 1 };
		expect(monthPeaks(history, FIRST, FIRST + 31 * DAY, january)).toEqual([
			{ day: FIRST + 8 * DAY, hour: 8000 },
			{ day: FIRST + 19 * DAY, hour: 6000 },
			{ day: FIRST + 30 * DAY, hour: 5000 },
		]);
		expect([january.hour, january.quarter]).toEqual([6333, 80]);
	});

	const watts = (bought: number, sold?: number) =>
		reading(null, [
			{ name: "power_import", value: { mantissa: bought, exponent: 0 }, unit: "W" },
			...(sold === undefined
				? []
				: [{ name: "power_export", value: { mantissa: sold, exponent: 0 }, unit: "W" }]),
		]);
	test("power is import less export, the newest of its ten seconds; what was passed over is not known", () => {
		const ring = new PowerRing();
		expect([ring.until, ring.at(359)]).toEqual([0, Number.NaN]);
		ring.add(watts(100), 1000);
		ring.add(watts(300, 500), 1009);
		expect([ring.until, ring.at(359), ring.at(358)]).toEqual([1010, -200, Number.NaN]);
		ring.add(watts(7), 1030);
		expect([ring.until, ring.at(359), ring.at(358), ring.at(357), ring.at(356)]).toEqual([
			1040,
			7,
			Number.NaN,
			Number.NaN,
			-200,
		]);
		// One that comes a little late takes its place; the newest stays the newest.
		ring.add(watts(5), 1025);
		expect([ring.until, ring.at(359), ring.at(358)]).toEqual([1040, 7, 5]);
		ring.add(reading(null, []), 1050);
		expect(ring.until).toBe(1040);
		ring.add(watts(9), 1040 + 3600);
		expect([ring.at(359), ring.at(0)]).toEqual([9, Number.NaN]);
		ring.add(watts(4), 1000);
		expect([ring.until, ring.at(359), ring.at(358)]).toEqual([1010, 4, Number.NaN]);
	});
});

// Which clock is believed; peaks and the last hour of power. Times and numbers worked out by hand from docs/history.md.

import "../../../host/platform/globals";
import { HistoryClock } from "../../../readings/history/clock";
import { insertPeak, meanPeak, PowerRing } from "../../../readings/history/peaks";
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

// What the history page computes, against values that were worked out by hand or by an independent calendar (Intl, Date).

import {
	aligned,
	type Bar,
	barsOf,
	type Column,
	clockChange,
	compared,
	placed,
	quantitiesOf,
	sumOf,
	yearly,
} from "../../web/history/bars.js";
import { meanWith, runningHour, stepOf } from "../../web/history/peaks.js";
import {
	addressOf,
	boundsOf,
	inside,
	moved,
	placeIn,
	queryOf,
	type Span,
	slotsOf,
	spanAt,
	turned,
	zoneOf,
} from "../../web/history/span.js";

const COPENHAGEN = zoneOf("Europe/Copenhagen");
const day = (at: string): Span => ({ view: "day", at });
const seconds = (iso: string) => Date.parse(iso) / 1000;

describe("addresses", () => {
	test.each([
		["day/2026-11-21/gas_volume", { view: "day", at: "2026-11-21", quantity: "gas_volume" }],
		["month/2026-11", { view: "month", at: "2026-11", quantity: "" }],
		["year/2024/energy", { view: "year", at: "2024", quantity: "energy" }],
		["day/2024-02-29", { view: "day", at: "2024-02-29", quantity: "" }],
		["all/now/cost", { view: "all", at: "", quantity: "cost" }],
		["", { view: "day", at: "", quantity: "" }],
		// No such day, no such form, no such view: the present.
		["day/2025-02-29", { view: "day", at: "", quantity: "" }],
		["day/2025-02-31/energy", { view: "day", at: "", quantity: "energy" }],
		["month/2025-13", { view: "month", at: "", quantity: "" }],
		["day/2025-02", { view: "day", at: "", quantity: "" }],
		["week/2025-02-01", { view: "day", at: "2025-02-01", quantity: "" }],
	])("#history/%s", (part, place) => expect(placeIn(part)).toEqual(place));

	test("are read back as they were written", () => {
		for (const address of [
			"day/2026-11-21/gas_volume-1",
			"month/2024-02",
			"year/now",
			"hour/now",
			"all/now/cost",
		]) {
			const { quantity, ...span } = placeIn(address);
			expect(addressOf(span, quantity)).toBe(`#history/${address}`);
		}
	});
});

describe("periods", () => {
	test.each([
		["day", "2024-02-28", 1, "2024-02-29"],
		["day", "2024-02-29", 1, "2024-03-01"],
		["day", "2025-02-28", 1, "2025-03-01"],
		["day", "2025-01-01", -1, "2024-12-31"],
		["month", "2025-12", 1, "2026-01"],
		["month", "2025-01", -1, "2024-12"],
		["year", "2024", 1, "2025"],
	] as const)("%s %s moved by %i is %s", (view, at, by, expected) => {
		expect(moved({ view, at }, by)).toEqual({ view, at: expected });
	});

	test("a month's lengths, leap years, years of 12 months", () => {
		const count = (span: Span) => slotsOf(span, COPENHAGEN).length;
		expect(["2024-02", "2025-02", "2025-04", "2100-02"].map((at) => count({ view: "month", at }))).toEqual([
			29, 28, 30, 28,
		]);
		expect(count({ view: "year", at: "2024" })).toBe(12);
		const february = slotsOf({ view: "year", at: "2024" }, COPENHAGEN)[1];
		expect(february && (february.to - february.from) / 86_400).toBe(29);
	});

	test("a day in March has 23 hours: 02 is not among them", () => {
		const slots = slotsOf(day("2025-03-30"), COPENHAGEN);
		expect(slots.map(({ key }) => key).join(" ")).toBe(
			"00 01 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23",
		);
		expect(slots[2]).toMatchObject({
			from: seconds("2025-03-30T01:00:00Z"),
			local: "2025-03-30T03:00:00+02:00",
		});
		expect(boundsOf(day("2025-03-30"), COPENHAGEN)).toEqual([
			seconds("2025-03-29T23:00:00Z"),
			seconds("2025-03-30T22:00:00Z"),
		]);
		expect(clockChange(slots)).toBe(-1);
	});

	test("a day in October has 25: 02 comes twice, an hour each", () => {
		const slots = slotsOf(day("2025-10-26"), COPENHAGEN);
		expect(slots).toHaveLength(25);
		expect(slots.filter(({ local }) => local.slice(11, 13) === "02").map(({ local }) => local)).toEqual([
			"2025-10-26T02:00:00+02:00",
			"2025-10-26T02:00:00+01:00",
		]);
		expect(slots.every(({ from, to }) => to - from === 3600)).toBe(true);
		expect(slots[3]?.key).toBe("02 again");
		expect(clockChange(slots)).toBe(1);
	});

	test("a POSIX string is a zone as well as a name", () => {
		const posix = zoneOf("CET-1CEST,M3.5.0,M10.5.0/3");
		for (const at of ["2025-03-30", "2025-10-26", "2025-07-01"])
			expect(slotsOf(day(at), posix)).toEqual(slotsOf(day(at), COPENHAGEN));
		expect(zoneOf("Asia/Kolkata")(0)).toBe(5.5 * 3600);
		expect(zoneOf("America/New_York")(seconds("2025-01-01T00:00:00Z"))).toBe(-5 * 3600);
	});

	test("the present one is the gateway's, wherever the browser is", () => {
		const time = seconds("2025-12-31T23:30:00Z");
		expect(spanAt("day", time, COPENHAGEN).at).toBe("2026-01-01");
		expect(spanAt("year", time, zoneOf("America/New_York")).at).toBe("2025");
	});

	test("the view is changed within the same time, or to the present where that lies within", () => {
		const now = seconds("2026-11-21T12:00:00Z");
		const to = (span: Span, view: Span["view"]) => turned(span, view, now, COPENHAGEN).at;
		expect(to(day("2025-03-30"), "month")).toBe("2025-03");
		expect(to({ view: "month", at: "2025-03" }, "day")).toBe("2025-03-01");
		expect(to({ view: "year", at: "2026" }, "day")).toBe("");
		expect(to({ view: "year", at: "2025" }, "month")).toBe("2025-01");
		expect(to({ view: "all", at: "" }, "day")).toBe("");
	});

	test("a bar leads into what it stands for", () => {
		const slot = (span: Span, index: number) =>
			slotsOf(span, COPENHAGEN)[index] as ReturnType<typeof slotsOf>[0];
		const month: Span = { view: "month", at: "2025-03" };
		expect(inside(month, slot(month, 29))).toEqual(day("2025-03-30"));
		expect(inside(day("2025-03-30"), slot(day("2025-03-30"), 2))).toBeUndefined();
	});

	test("one question has the period and the one before", () => {
		expect(queryOf(day("2025-03-01"))).toBe("history?period=hour&from=2025-02-28&to=2025-03-02");
		expect(queryOf({ view: "month", at: "2025-01" })).toBe(
			"history?period=day&from=2024-12-01&to=2025-02-01",
		);
		expect(queryOf({ view: "year", at: "2025" })).toBe("history?period=month&from=2024-01-01&to=2026-01-01");
		expect(queryOf({ view: "all", at: "" })).toBe("history?period=month&from=2000-01-01");
	});
});

/** A bar of one hour in UTC and further. */
function bar(from: string, to: string, value: number, marks: Partial<Bar> = {}): Bar {
	return {
		from: seconds(from),
		to: seconds(to),
		value,
		estimated: false,
		block: false,
		open: false,
		...marks,
	};
}

describe("rows", () => {
	const column = (name: string, unit = "kWh", device: Column["device"] = null) => ({ name, unit, device });

	test("import and export are one quantity, tariffs its parts, sub-meters each their own", () => {
		const quantities = quantitiesOf([
			column("energy_import_t1"),
			column("energy_import"),
			column("energy_export"),
			column("energy_export_t1"),
			column("gas_volume", "m³", { kind: "gas", channel: 1 }),
			column("water_volume", "m³", { kind: "water", channel: 2 }),
			column("water_volume", "m³", { kind: "warm_water", channel: 3 }),
			column("cost_import", "DKK"),
			column("cost_export", "DKK"),
		]);
		expect(quantities.map(({ id, up, down, tariffs }) => [id, up, down, tariffs])).toEqual([
			["energy", 1, 2, [0]],
			["gas_volume-1", 4, -1, []],
			["water_volume-2", 5, -1, []],
			["water_volume-3", 6, -1, []],
			["cost", 7, 8, []],
		]);
	});

	test("marks belong to their column; what is not known is no bar, and no zero", () => {
		const rows = [
			{ from: "2025-01-01T00:00:00+01:00", to: "2025-01-01T01:00:00+01:00", change: [0.5, null] },
			{
				from: "2025-01-01T01:00:00+01:00",
				to: "2025-01-01T02:00:00+01:00",
				change: [0, 2],
				estimated: [1],
				open: true,
			},
		];
		expect(barsOf({ rows }, 0).map(({ value, estimated, open }) => [value, estimated, open])).toEqual([
			[0.5, false, false],
			[0, false, true],
		]);
		expect(barsOf({ rows }, 1)).toEqual([
			bar("2025-01-01T00:00:00Z", "2025-01-01T01:00:00Z", 2, { estimated: true, open: true }),
		]);
	});

	test("a gap stays empty, a block lies over its span and is no hour's value", () => {
		const slots = slotsOf(day("2025-01-01"), zoneOf("UTC"));
		const bars = [
			bar("2025-01-01T00:00:00Z", "2025-01-01T01:00:00Z", 0.25),
			bar("2025-01-01T06:00:00Z", "2025-01-01T09:30:00Z", 7, { block: true }),
			bar("2024-12-31T00:00:00Z", "2024-12-31T01:00:00Z", 99),
		];
		const { cells, blocks } = placed(bars, slots);
		expect(cells.map((cell) => cell?.value)).toEqual([0.25, ...Array(23).fill(undefined)]);
		expect(blocks.map(({ x }) => x)).toEqual([[6, 9.5]]);
		// The sum has both.
		expect(sumOf(bars, seconds("2025-01-01T00:00:00Z"), seconds("2025-01-02T00:00:00Z"))).toBe(7.25);
		expect(sumOf([], 0, 1)).toBeUndefined();
	});

	test("sums are those of decimals: ten times 0.1 is 1", () => {
		const bars = Array.from({ length: 10 }, (_, hour) =>
			bar(`2025-01-01T0${hour}:00:00Z`, `2025-01-01T${`${hour + 1}`.padStart(2, "0")}:00:00Z`, 0.1),
		);
		expect(sumOf(bars, 0, 2e9)).toBe(1);
	});

	test("years are the sums of their months by the local calendar; a block over New Year stays apart", () => {
		const month = (name: string, next: string, value: number, marks: Partial<Bar> = {}) =>
			bar(`${name}-01T00:00:00+01:00`, `${next}-01T00:00:00+01:00`, value, marks);
		const years = yearly(
			[
				month("2023-11", "2023-12", 100.1),
				month("2023-12", "2024-01", 100.2),
				month("2024-01", "2024-02", 50, { estimated: true }),
				month("2024-02", "2024-03", 50),
				month("2024-11", "2025-02", 300, { block: true }),
				month("2025-02", "2025-03", 7, { open: true }),
			],
			COPENHAGEN,
		);
		expect(years.map(({ value, estimated, block, open }) => [value, estimated, block, open])).toEqual([
			[200.3, false, false, false],
			[100, true, false, false],
			[300, false, true, false],
			[7, false, false, true],
		]);
	});
});

describe("compared with the period before", () => {
	const utc = zoneOf("UTC");
	const months = (at: string, values: readonly (number | undefined)[], open = -1) =>
		slotsOf({ view: "month", at }, utc).flatMap(({ from, to }, index) => {
			const value = values[index];
			const marks = { estimated: false, block: false, open: index === open };
			return value === undefined ? [] : [{ from, to, value, ...marks }];
		});
	const slots = (at: string) => slotsOf({ view: "month", at }, utc);

	test("all of both where all is known, whatever their lengths", () => {
		const march = months("2025-03", Array(31).fill(2));
		const february = months("2025-02", Array(28).fill(1.5));
		expect(compared(march, slots("2025-03"), february, slots("2025-02"))).toEqual({
			...{ now: 62, before: 42, isPart: false },
		});
	});

	test("a period that is not over: the days that are, against the same days", () => {
		const march = months("2025-03", [2, 2, 2, 0.5], 3);
		const february = months("2025-02", Array(28).fill(1.5));
		expect(compared(march, slots("2025-03"), february, slots("2025-02"))).toEqual({
			...{ now: 6, before: 4.5, isPart: true },
		});
	});

	test("gaps count on neither side; nothing known of before is no comparison", () => {
		const march = months("2025-03", [2, undefined, 4, ...Array(28).fill(1)]);
		const february = months("2025-02", [1, 50, undefined, 3]);
		expect(compared(march, slots("2025-03"), february, slots("2025-02"))).toEqual({
			...{ now: 3, before: 4, isPart: true },
		});
		expect(compared(march, slots("2025-03"), [], slots("2025-02"))).toBeUndefined();
	});

	test("hours are compared by the clock: on a day of 25 the second 02 with none", () => {
		const hours = (at: string) =>
			slotsOf(day(at), COPENHAGEN).map(({ from, to }, index) => ({
				...{ from, to, value: index, estimated: false, block: false, open: false },
			}));
		const ghosts = aligned(
			hours("2025-10-25"),
			slotsOf(day("2025-10-25"), COPENHAGEN),
			slotsOf(day("2025-10-26"), COPENHAGEN),
		);
		expect(ghosts.slice(0, 6)).toEqual([0, 1, 2, undefined, 3, 4]);
		const spring = aligned(
			hours("2025-03-29"),
			slotsOf(day("2025-03-29"), COPENHAGEN),
			slotsOf(day("2025-03-30"), COPENHAGEN),
		);
		expect(spring.slice(0, 4)).toEqual([0, 1, 3, 4]);
	});
});

describe("peaks", () => {
	const START = seconds("2026-11-21T14:00:00Z");
	const power = (until: number, watts: (secondsAgo: number) => number | null) => ({
		step: 10,
		until: new Date(until * 1000).toISOString(),
		power: Array.from({ length: 360 }, (_, index) => watts((359 - index) * 10)),
	});

	test.each([
		[0, 0, 2],
		[1.99, 0, 2],
		[2, 2, 5],
		[4.999, 2, 5],
		[5, 5, 10],
		[99, 75, 100],
		[100, 100, undefined],
	])("a mean of %f kW is the step from %f to %p", (mean, from, to) =>
		expect(stepOf(mean)).toEqual([from, to]),
	);

	test("half an hour at 2 kW makes 1 kWh, and 2 kWh by its end", () => {
		const hour = runningHour(
			power(START + 1800, () => 2000),
			START,
			START + 1803,
		);
		expect(hour?.soFar).toBeCloseTo(1, 9);
		expect(hour?.whole).toBeCloseTo(2, 9);
		expect(hour?.ends).toBe(START + 3600);
	});

	test("what the counter counted is taken first, then power, then the last five minutes go on", () => {
		// 1.2 kWh counted by 14:20; 3 kW until 14:25, 6 kW until 14:30: 0.25 + 0.5; then 6 kW for half an hour: 3.
		const rising = power(START + 1800, (ago) => (ago < 300 ? 6000 : 3000));
		const hour = runningHour(rising, START, START + 1800, 1.2, START + 1200);
		expect(hour?.soFar).toBeCloseTo(1.95, 9);
		expect(hour?.whole).toBeCloseTo(4.95, 9);
	});

	test("export is no negative import; gaps are as the rest", () => {
		const sunny = runningHour(
			power(START + 1800, () => -1500),
			START,
			START + 1800,
		);
		expect(sunny?.whole).toBe(0);
		const gappy = power(START + 1800, (ago) => (ago % 20 === 0 ? 1000 : null));
		expect(runningHour(gappy, START, START + 1800)?.soFar).toBeCloseTo(0.5, 9);
	});

	test("power of another hour, or none of late, is no estimate", () => {
		expect(
			runningHour(
				power(START - 600, () => 1),
				START,
				START + 5,
			),
		).toBeUndefined();
		expect(
			runningHour(
				power(START + 600, () => 1),
				START,
				START + 1800,
			),
		).toBeUndefined();
		expect(
			runningHour(
				power(START + 600, () => null),
				START,
				START + 605,
			),
		).toBeUndefined();
	});

	test("the mean with this hour: of three different days, today's hour only where it is today's highest", () => {
		const peaks = {
			...{ month: "2026-11", mean: 4, quarter: null, unit: "kWh" },
			days: [
				{ day: "2026-11-03", energy: 5 },
				{ day: "2026-11-21", energy: 4 },
				{ day: "2026-11-09", energy: 3 },
			],
		};
		expect(meanWith(peaks, "2026-11-21", 3.5)).toBe(4);
		expect(meanWith(peaks, "2026-11-21", 7)).toBe(5);
		expect(meanWith(peaks, "2026-11-22", 6)).toBe(5);
		expect(meanWith(peaks, "2026-11-22", 1)).toBe(4);
		expect(meanWith({ ...peaks, days: [] }, "2026-11-22", 1.5)).toBe(1.5);
	});
});

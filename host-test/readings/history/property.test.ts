// Whatever happens to a meter and its gateway – gaps of minutes to days, restarts, exchanges, a sub-meter that is silent –
// the rows add up: to what the counters counted, hours to days, days to months. Nothing counts backwards.

import fc from "fast-check";
import type { Period } from "../../../readings/history/calendar";
import type { History } from "../../../readings/history/recorder";
import { Rows } from "../../../readings/history/rows";
import { COPENHAGEN, counter, MemoryFiles, openHistory, reading } from "./storage";

/** Midnight of 1 March 2025 in Copenhagen: the clock changes within the month. */
const START = Date.UTC(2025, 1, 28, 23) / 1000;
const DAY = 86_400;
/** Fewer than the hours that are kept. */
const LONGEST = 55 * DAY;

/** METERLING_RUNS=2000 looks further, from another seed each time. */
const RUNS = Number(process.env.METERLING_RUNS ?? 50);

type Event = "none" | "restart" | "exchange" | "silent gas";

interface Step {
	readonly seconds: number;
	/** Wh and litres since the step before. */
	readonly used: readonly [number, number];
	readonly event: Event;
}

const seconds = fc.oneof(
	{ weight: 4, arbitrary: fc.integer({ min: 1, max: 7200 }) },
	{ weight: 2, arbitrary: fc.integer({ min: 1, max: 30 }).map((hours) => hours * 3600) },
	{ weight: 1, arbitrary: fc.integer({ min: 1, max: 6 * DAY }) },
);
const steps: fc.Arbitrary<Step[]> = fc.array(
	fc.record({
		seconds,
		used: fc.tuple(fc.nat(50_000), fc.nat(3000)),
		event: fc.constantFrom<Event>("none", "none", "none", "restart", "exchange", "silent gas"),
	}),
	{ minLength: 1, maxLength: 80 },
);

interface Row {
	readonly from: number;
	readonly to: number;
	readonly change: readonly number[];
	readonly block: number;
}

function rowsOf(history: History, period: Period, places = [0, 1]): Row[] {
	const rows = new Rows(history, period, START, START + 2 * LONGEST, places);
	const all: Row[] = [];
	while (rows.next())
		all.push({ from: rows.from, to: rows.to, change: [...rows.change.slice(0, 2)], block: rows.block });
	return all;
}

const sum = (rows: readonly Row[], place: number) =>
	rows.reduce((total, { change }) => total + (change[place] || 0), 0);

/** Lives the steps; gives the history and what was counted. */
function live(list: readonly Step[]): { readonly history: History; readonly counted: [number, number] } {
	const files = new MemoryFiles();
	let history = openHistory(files, COPENHAGEN);
	let time = START;
	const shown: [number, number] = [7_000_000, 123_000];
	const counted: [number, number] = [0, 0];
	let meter = 1;
	const tell = (gas: boolean) => {
		const device = {
			kind: "gas",
			id: "G",
			channel: 1,
			time: null,
			quantities: [counter("gas_volume", shown[1], "m³")],
		};
		history.reading(
			reading(null, [counter("energy_import", shown[0])], gas ? [device] : [], `m${meter}`),
			time,
			time,
		);
	};
	tell(true);
	for (const { seconds, used, event } of list) {
		if (time - START + seconds > LONGEST) break;
		time += seconds;
		for (const place of [0, 1] as const) {
			shown[place] += used[place];
			counted[place] += used[place];
		}
		if (event === "restart") history = openHistory(files, COPENHAGEN);
		tell(event !== "silent gas");
		if (event !== "exchange") continue;
		// Another meter, a minute later; what it shows is its own.
		meter++;
		time += 60;
		shown[0] = used[0] * 3;
		tell(true);
	}
	time += 60;
	tell(true);
	return { history, counted };
}

test("rows add up to what was counted; hours to days, days to months", () => {
	let blocks = 0;
	fc.assert(
		fc.property(steps, (list) => {
			const { history, counted } = live(list);
			const [hours, days, months] = (["hour", "day", "month"] as const).map((period) =>
				rowsOf(history, period),
			) as [Row[], Row[], Row[]];
			for (const rows of [hours, days, months])
				for (const place of [0, 1] as const) expect(sum(rows, place)).toBe(counted[place]);
			// Of one counter no row overlaps another: a block of two that were last read at different times may.
			for (const period of ["hour", "day", "month"] as const)
				for (const place of [0, 1] as const) {
					const rows = rowsOf(history, period, [place]);
					expect(sum(rows, place)).toBe(counted[place]);
					rows.forEach(({ from, to, change }, index) => {
						expect(from).toBeLessThan(to);
						expect(from).toBeGreaterThanOrEqual(rows[index - 1]?.to ?? START);
						expect(change[place]).toBeGreaterThanOrEqual(0);
					});
				}
			// Where no block goes beyond a day, its hours are the day; the same of days and months. A sub-meter that was silent
			// has no sample in some logs: what is estimated may then lie differently in hours and in days.
			const places = list.some(({ event }) => event === "silent gas") ? [0] : [0, 1];
			for (const [small, large] of [
				[hours, days],
				[days, months],
			] as const)
				for (const { from, to, change, block } of large) {
					const within = small.filter((row) => row.from < to && row.to > from);
					const crosses = within.some((row) => row.from < from || row.to > to || row.block) || block;
					if (crosses) {
						blocks++;
						continue;
					}
					for (const place of places) expect([from, sum(within, place)]).toEqual([from, change[place] || 0]);
				}
		}),
		{ numRuns: RUNS, ...(process.env.METERLING_RUNS ? {} : { seed: 7 }) },
	);
	expect(blocks).toBeGreaterThan(0);
}, 60_000);

// A year of readings, sped up: both days on which the clock changes, a meter exchange, clocks that jump by a year, a day
// without power. What is expected is summed up second by second here, by a calendar of its own (Intl), never by readings/.

import type { Period } from "../../../readings/history/calendar";
import type { History } from "../../../readings/history/recorder";
import { Rows } from "../../../readings/history/rows";
import { counter, MemoryFiles, openHistory, reading } from "./storage";

const ZONE = "Europe/Copenhagen";
const START = Date.UTC(2024, 11, 31, 22, 30) / 1000;
const END = Date.UTC(2026, 0, 1, 4) / 1000;
const STEP = 300;
const LOCAL = new Intl.DateTimeFormat("en-GB", {
	...{ timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", hourCycle: "h23" },
	timeZoneName: "longOffset",
} as const);

/** Names of the local hour, day and month in which a UTC hour lies; the offset tells the hours of the longest day apart. */
const names = new Map<number, Record<Period, string>>();
function namesAt(time: number): Record<Period, string> {
	const hourOf = Math.floor(time / 3600);
	let found = names.get(hourOf);
	if (!found) {
		const parts = Object.fromEntries(
			LOCAL.formatToParts(hourOf * 3_600_000).map(({ type, value }) => [type, value]),
		);
		const month = `${parts.year}-${parts.month}`;
		const day = `${month}-${parts.day}`;
		found = { month, day, hour: `${day}T${parts.hour} ${parts.timeZoneName}` };
		names.set(hourOf, found);
	}
	return found;
}

/** Wh in the five minutes that begin at `time`: whole, and never the same for long. */
function used(time: number): number {
	const minute = Math.floor(time / 60);
	return 2 + (minute % 7) + (Math.floor(minute / 60) % 24 === 18 ? 60 : 0) + (Math.floor(minute / 1440) % 5);
}

/** Litres of gas in an hour. */
const gasIn = (hour: number) => (hour % 24) * 3;

interface World {
	/** No power from, to. */
	readonly off?: readonly [number, number];
	/** The meter's clock is wrong by so many seconds at that time. */
	meterError?(time: number): number;
	/** The gateway's clock; undefined: not known. */
	wall?(time: number): number | undefined;
	readonly exchangeAt?: number;
}

const local = (time: number) => {
	const [day, month, year, hour] = LOCAL.formatToParts(time * 1000)
		.filter(({ type }) => ["day", "month", "year", "hour"].includes(type))
		.map(({ value }) => value);
	const rest = new Date(time * 1000).toISOString().slice(13, 19);
	return `${year}-${month}-${day}T${hour}${rest}`;
};

/** Runs the world; truth by name of the period, in Wh and litres. */
function live(world: World, from = START, to = END) {
	const files = new MemoryFiles();
	let history = openHistory(files);
	const truth = { hour: new Map(), day: new Map(), month: new Map() } as Record<Period, Map<string, number>>;
	const gasTruth = new Map<string, number>();
	let counterWh = 12_345_678;
	let meter = "meter-1";
	let gas = 1_000_000;
	let gasAt = 0;
	let wasOff = false;
	for (let time = from; time < to; time += STEP) {
		const hour = Math.floor(time / 3600);
		if (time % 3600 === 0) {
			gas += gasIn(hour - 1);
			gasAt = time;
			const { day } = namesAt(time - 3600);
			gasTruth.set(day, (gasTruth.get(day) ?? 0) + gasIn(hour - 1));
		}
		if (world.exchangeAt === time) {
			meter = "meter-2";
			counterWh = 500;
		}
		const off = world.off && time >= world.off[0] && time < world.off[1];
		if (wasOff && !off) history = openHistory(files);
		wasOff = off === true;
		if (!off) {
			const error = world.meterError?.(time) ?? 0;
			history.reading(
				reading(
					local(time + error),
					[counter("energy_import", counterWh)],
					// The gas meter's hour arrives some minutes later.
					time >= gasAt + 240 || gasAt === 0
						? [
								{
									kind: "gas",
									id: "gas-1",
									channel: 1,
									time: new Date((gasAt || from) * 1000).toISOString().replace(".000", ""),
									quantities: [counter("gas_volume", gas, "m³")],
								},
							]
						: [],
					meter,
				),
				world.wall ? world.wall(time) : time,
				time,
			);
		}
		const wh = used(time);
		counterWh += wh;
		const at = namesAt(time);
		for (const period of ["hour", "day", "month"] as const)
			truth[period].set(at[period], (truth[period].get(at[period]) ?? 0) + wh);
	}
	return { history, files, truth, gasTruth };
}

interface Row {
	name: string;
	from: number;
	hours: number;
	change: number;
	estimated: boolean;
	block: boolean;
	open: boolean;
}

function rowsOf(history: History, period: Period, from = START, to = END, place = 0): Row[] {
	const rows = new Rows(history, period, from, to, [place]);
	const all: Row[] = [];
	while (rows.next())
		all.push({
			name: namesAt(rows.from)[period],
			from: rows.from,
			hours: (rows.to - rows.from) / 3600,
			change: rows.change[place] as number,
			estimated: rows.estimated !== 0,
			block: rows.block !== 0,
			open: rows.open,
		});
	return all;
}

describe("a year without trouble", () => {
	const { history, files, truth, gasTruth } = live({});

	test.each(["day", "month"] as const)("each %s is what was used in it, measured", (period) => {
		const rows = rowsOf(history, period).filter(({ open }) => !open);
		const names = [...truth[period].keys()].slice(1, -1);
		expect(rows.map(({ name, change }) => [name, change])).toEqual(
			names.map((name) => [name, truth[period].get(name)]),
		);
		expect(rows.filter(({ estimated, block }) => estimated || block)).toEqual([]);
	});

	test("the last 62 days by hour, and more", () => {
		const rows = rowsOf(history, "hour").filter(({ open }) => !open);
		expect(rows.length).toBeGreaterThan(62 * 24);
		expect(rows.map(({ change }) => change)).toEqual(rows.map(({ name }) => truth.hour.get(name)));
		expect(rows.some(({ estimated, block }) => estimated || block)).toBe(false);
	});

	test("the days on which the clock changes have 23 and 25 hours", () => {
		const days = new Map(rowsOf(history, "day").map((row) => [row.name, row]));
		expect(days.get("2025-03-30")?.hours).toBe(23);
		expect(days.get("2025-10-26")?.hours).toBe(25);
		expect(rowsOf(history, "hour").filter(({ name }) => name.startsWith("2025-10-26"))).toHaveLength(25);
	});

	test("gas has its own hours", () => {
		const rows = rowsOf(history, "day", START, END, 1).filter(({ open }) => !open);
		expect(rows.length).toBe(365);
		expect(rows.map(({ name, change }) => [name, change])).toEqual(
			rows.map(({ name }) => [name, gasTruth.get(name)]),
		);
	});

	test("a year fits, and is written a little at a time", () => {
		const hours = (END - START) / 3600;
		console.log(
			`a year: ${files.files.size} files, ${files.blocks * 4} KB of flash, ${files.writes} writes, the largest ${files.largestWrite} B`,
		);
		expect(files.blocks * 4096).toBeLessThanOrEqual(200 * 1024);
		expect(files.writes).toBeLessThan(hours + 420);
		expect(files.largestWrite).toBeLessThan(512);
	});

	test("another start finds the same", () => {
		const again = openHistory(files);
		const closed = (each: History) => rowsOf(each, "day").filter(({ open }) => !open);
		expect(closed(again)).toEqual(closed(history));
	});
});

test("a day without power is spread over its hours, exactly, and says so", () => {
	const from = Date.UTC(2025, 5, 10, 8, 20) / 1000;
	const off = [from, from + 86_400 + 900] as const;
	const { history, truth } = live({ off }, Date.UTC(2025, 5, 1) / 1000, Date.UTC(2025, 5, 20) / 1000);
	const rows = rowsOf(history, "hour", Date.UTC(2025, 5, 9) / 1000).filter(({ open }) => !open);
	const estimated = rows.filter((row) => row.estimated);
	// Restarted: the newest that was kept is the sample of 8:00. Back at 8:35: 24 whole hours and the one of the return.
	expect(estimated).toHaveLength(25);
	for (const { name, change, estimated } of rows)
		if (!estimated) expect([name, change]).toEqual([name, truth.hour.get(name)]);
	const total = (list: readonly Row[]) => list.reduce((sum, { change }) => sum + change, 0);
	const true_ = estimated.reduce((sum, { name }) => sum + (truth.hour.get(name) ?? 0), 0);
	expect(total(estimated)).toBe(true_);
	const days = rowsOf(history, "day").filter(({ open }) => !open);
	expect(days.filter((row) => row.estimated).map(({ name }) => name)).toEqual(["2025-06-10", "2025-06-11"]);
	expect(total(days)).toBe(days.reduce((sum, { name }) => sum + (truth.day.get(name) ?? 0), 0));
});

test("a gap of weeks stays a gap in the hours: one block holds what was counted", () => {
	const from = Date.UTC(2025, 5, 10, 8) / 1000;
	const { history, truth } = live(
		{ off: [from + 600, from + 10 * 86_400] },
		Date.UTC(2025, 5, 1) / 1000,
		Date.UTC(2025, 5, 25) / 1000,
	);
	const rows = rowsOf(history, "hour", Date.UTC(2025, 5, 9) / 1000);
	const blocks = rows.filter(({ block }) => block);
	expect(blocks).toHaveLength(1);
	expect(blocks[0]).toMatchObject({ from, hours: 240, estimated: false });
	let sum = 0;
	for (let time = from; time < from + 240 * 3600; time += STEP) sum += used(time);
	expect(blocks[0]?.change).toBe(sum);
	expect(rows.filter(({ block, open }) => !block && !open).map(({ change }) => change)).toEqual(
		rows.filter(({ block, open }) => !block && !open).map(({ name }) => truth.hour.get(name)),
	);
});

test("a meter exchange invents nothing: the old meter's end and the new one's beginning are both counted", () => {
	const exchangeAt = Date.UTC(2025, 5, 10, 10, 20) / 1000;
	const { history, truth } = live({ exchangeAt }, Date.UTC(2025, 5, 1) / 1000, Date.UTC(2025, 6, 10) / 1000);
	for (const period of ["hour", "day"] as const) {
		const rows = rowsOf(history, period, START, END).filter(({ open }) => !open);
		const marked = rows.filter(({ estimated }) => estimated);
		expect(marked.map(({ name }) => name)).toEqual([namesAt(exchangeAt)[period]]);
		// Five minutes lie between the last reading of the old meter and the first of the new one.
		const lost = used(exchangeAt - STEP);
		for (const { name, change, estimated } of rows)
			expect([name, change]).toEqual([name, (truth[period].get(name) ?? 0) - (estimated ? lost : 0)]);
	}
});

const YEAR = 365 * 86_400;
const JUMP = Date.UTC(2025, 5, 10, 10, 20) / 1000;
const JUMP_END = JUMP + 5 * 3600;
const jumps = (by: number) => (time: number) => (time >= JUMP && time < JUMP_END ? by : 0);

describe.each([
	["forward", YEAR],
	["back", -YEAR],
])("a clock that jumps a year %s for five hours", (_, by) => {
	const span = [Date.UTC(2025, 5, 1) / 1000, Date.UTC(2025, 5, 25) / 1000] as const;

	test("the meter's: nothing is lost, the gateway's clock knows better", () => {
		const { history, truth } = live({ meterError: jumps(by) }, ...span);
		const rows = rowsOf(history, "hour").filter(({ open }) => !open);
		expect(rows.length).toBeGreaterThan(23 * 24);
		for (const { name, change } of rows) expect([name, change]).toEqual([name, truth.hour.get(name)]);
	});

	test("both: what was noted in the wrong year is void; the right hours are all there, some estimated", () => {
		const wall = (time: number) => time + jumps(by)(time);
		const { history, truth } = live({ meterError: jumps(by), wall }, ...span);
		const rows = rowsOf(history, "hour", START, END + 2 * YEAR).filter(({ open }) => !open);
		expect(new Set(rows.map(({ name }) => name.slice(0, 4)))).toEqual(new Set(["2025"]));
		const total = rows.reduce((sum, { change }) => sum + change, 0);
		expect(total).toBe(rows.reduce((sum, { name }) => sum + (truth.hour.get(name) ?? 0), 0));
		const estimated = rows.filter((row) => row.estimated);
		expect(estimated.length).toBeLessThanOrEqual(10);
		for (const { name, change, estimated } of rows)
			if (!estimated) expect([name, change]).toEqual([name, truth.hour.get(name)]);
		const days = rowsOf(history, "day", START, END + 2 * YEAR).filter(({ open }) => !open);
		expect(days.map(({ change }) => change)).toEqual(days.map(({ name }) => truth.day.get(name)));
	});

	test("the meter's alone, with no clock in the gateway", () => {
		const { history, truth } = live({ meterError: jumps(by), wall: () => undefined }, ...span);
		const rows = rowsOf(history, "hour", START, END + 2 * YEAR).filter(({ open }) => !open);
		const total = rows.reduce((sum, { change }) => sum + change, 0);
		expect(total).toBe(rows.reduce((sum, { name }) => sum + (truth.hour.get(name) ?? 0), 0));
		expect(new Set(rows.map(({ name }) => name.slice(0, 4)))).toEqual(new Set(["2025"]));
	});
});

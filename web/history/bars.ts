// Rows of the gateway as bars: what each quantity counted, placed in the slots of what is shown; sums; a comparison with
// the period before. Pure.

import { isoTime, type ZoneOffset } from "../../readings/history/calendar.js";
import type { Slot } from "./span.js";

/** The answer of `/api/v1/history`. */
export interface HistoryJson {
	readonly timeZone: string;
	readonly columns: readonly Column[];
	readonly rows: readonly Row[];
}

export interface Column {
	readonly name: string;
	readonly unit: string;
	/** `null`: the meter itself. */
	readonly device: { readonly kind: string; readonly channel?: number } | null;
}

export interface Row {
	readonly from: string;
	readonly to: string;
	readonly change: readonly (number | null)[];
	/** Columns by number. */
	readonly estimated?: readonly number[];
	readonly block?: readonly number[];
	readonly open?: boolean;
}

/** What was counted from one time to another, in seconds since 1970. */
export interface Bar {
	readonly from: number;
	readonly to: number;
	readonly value: number;
	readonly estimated: boolean;
	/** All that was counted in a long gap. */
	readonly block: boolean;
	/** Its period is not over. */
	readonly open: boolean;
}

/** What a person looks at at once: one counter, or what goes in and what goes out. */
export interface Quantity {
	/** In addresses: `energy`, `gas_volume-1`. */
	readonly id: string;
	/** `energy`, `cost`, or the counter's name. */
	readonly name: string;
	readonly unit: string;
	readonly device: Column["device"];
	/** Columns: upward, downward; -1: none. */
	readonly up: number;
	readonly down: number;
	/** Columns of import by tariff. */
	readonly tariffs: readonly number[];
}

const PAIRS: Readonly<Record<string, readonly [pair: string, isDown: boolean]>> = {
	energy_import: ["energy", false],
	energy_export: ["energy", true],
	cost_import: ["cost", false],
	cost_export: ["cost", true],
};
const TARIFF = /^energy_import_t\d$/;

/** What the columns are of, in their order. */
export function quantitiesOf(columns: readonly Column[]): readonly Quantity[] {
	const found: (Quantity & { up: number; down: number; tariffs: number[] })[] = [];
	const at = (name: string, { unit, device }: Column) => {
		const id = device ? `${name}-${device.channel ?? device.kind}` : name;
		let quantity = found.find((each) => each.id === id);
		if (!quantity) {
			quantity = { id, name, unit, device, up: -1, down: -1, tariffs: [] };
			found.push(quantity);
		}
		return quantity;
	};
	columns.forEach((column, index) => {
		const [name, isDown] = PAIRS[column.name] ?? [column.name, false];
		if (TARIFF.test(name)) at("energy", column).tariffs.push(index);
		else if (/_t\d$/.test(name)) return;
		else at(name, column)[isDown ? "down" : "up"] = index;
	});
	return found.filter(({ up, down }) => up >= 0 || down >= 0);
}

/** One column's bars; rows in which it was not known are left out. */
export function barsOf({ rows }: Pick<HistoryJson, "rows">, column: number): readonly Bar[] {
	const bars: Bar[] = [];
	for (const { from, to, change, estimated, block, open = false } of rows) {
		const value = change[column];
		if (value == null) continue;
		bars.push({
			...{ from: Date.parse(from) / 1000, to: Date.parse(to) / 1000, value, open },
			...{ estimated: estimated?.includes(column) ?? false, block: block?.includes(column) ?? false },
		});
	}
	return bars;
}

/**
 * Months summed up to the years that they lie in; a block over New Year stays one. A year is estimated where its first or last month is:
 * estimated ends between its months cancel out.
 */
export function yearly(months: readonly Bar[], zone: ZoneOffset): readonly Bar[] {
	const years: Bar[] = [];
	const yearOf = (time: number) => isoTime(time, zone).slice(0, 4);
	let last = "";
	let isBegun = false;
	for (const month of months) {
		const year = yearOf(month.from);
		const isSplit = yearOf(month.to - 1) !== year;
		const sum = years[years.length - 1];
		if (sum && year === last && !isSplit)
			years[years.length - 1] = {
				...{ from: sum.from, to: month.to, open: month.open, block: false },
				value: exact(sum.value + month.value),
				estimated: month.estimated || isBegun,
			};
		else {
			isBegun = month.estimated;
			years.push({ ...month, block: isSplit });
		}
		last = isSplit ? "" : year;
	}
	return years;
}

/** Bars by slot, and those that reach over several. */
export interface Placed {
	/** One a slot. */
	readonly cells: readonly (Bar | undefined)[];
	/** `x`: begin and end in slots, 1.5 being the middle of the second. */
	readonly blocks: readonly { readonly bar: Bar; readonly x: readonly [number, number] }[];
}

export function placed(bars: readonly Bar[], slots: readonly Slot[]): Placed {
	const cells: (Bar | undefined)[] = slots.map(() => undefined);
	const blocks: Placed["blocks"][number][] = [];
	for (const bar of bars) {
		const index = slots.findIndex(({ from, to }) => bar.from >= from && bar.to <= to);
		const before = cells[index];
		if (index >= 0)
			cells[index] = before ? { ...bar, from: before.from, value: exact(before.value + bar.value) } : bar;
		else if (bar.to > (slots[0]?.from ?? 0) && bar.from < (slots[slots.length - 1]?.to ?? 0))
			blocks.push({ bar, x: [xOf(bar.from, slots), xOf(bar.to, slots)] });
	}
	return { cells, blocks };
}

function xOf(time: number, slots: readonly Slot[]): number {
	const index = slots.findIndex(({ to }) => time < to);
	const slot = slots[index];
	return slot ? index + Math.max(0, (time - slot.from) / (slot.to - slot.from)) : slots.length;
}

/** Decimals of counters: nine behind the point at most. Takes away what adding floats leaves behind. */
export function exact(value: number): number {
	return Math.round(value * 1e9) / 1e9;
}

/** The sum of what lies within; `undefined` where nothing does. */
export function sumOf(bars: readonly Bar[], from: number, to: number): number | undefined {
	const within = bars.filter((bar) => bar.from >= from && bar.to <= to);
	return within.length === 0 ? undefined : exact(within.reduce((sum, { value }) => sum + value, 0));
}

export interface Comparison {
	readonly now: number;
	readonly before: number;
	/** Only a part of the two periods is compared: what is known of both, and over. */
	readonly isPart: boolean;
}

/**
 * What was counted against the period before: all of it where all of it is known; otherwise the slots that are known in
 * both and are over. `undefined` where there are none.
 */
export function compared(
	bars: readonly Bar[],
	slots: readonly Slot[],
	barsBefore: readonly Bar[],
	slotsBefore: readonly Slot[],
): Comparison | undefined {
	const whole = wholeSum(bars, slots);
	const wholeBefore = wholeSum(barsBefore, slotsBefore);
	if (whole !== undefined && wholeBefore !== undefined)
		return { now: whole, before: wholeBefore, isPart: false };
	const { cells } = placed(bars, slots);
	const ghosts = aligned(barsBefore, slotsBefore, slots);
	let now = 0;
	let before = 0;
	let count = 0;
	cells.forEach((cell, index) => {
		const ghost = ghosts[index];
		if (!cell || cell.open || ghost === undefined) return;
		now += cell.value;
		before += ghost;
		count++;
	});
	return count === 0 ? undefined : { now: exact(now), before: exact(before), isPart: true };
}

/** The sum where the bars leave no gap and the last is over. */
function wholeSum(bars: readonly Bar[], slots: readonly Slot[]): number | undefined {
	const start = slots[0]?.from ?? 0;
	const end = slots[slots.length - 1]?.to ?? 0;
	let until = start;
	for (const { from, to, open } of bars) {
		if (from < start || to > end) continue;
		if (from !== until || open) return undefined;
		until = to;
	}
	return until === end && end > start ? sumOf(bars, start, end) : undefined;
}

/** Values of the period before, in the slots of this one: by hour of day, day of month, month of year. */
export function aligned(
	bars: readonly Bar[],
	slotsBefore: readonly Slot[],
	slots: readonly Slot[],
): readonly (number | undefined)[] {
	const { cells } = placed(bars, slotsBefore);
	return slots.map(({ key }) => cells[slotsBefore.findIndex((slot) => slot.key === key)]?.value);
}

/** Hours by which a day is longer than 24; negative where it is shorter. */
export function clockChange(slots: readonly Slot[]): number {
	const first = slots[0];
	const last = slots[slots.length - 1];
	return first && last ? (last.to - first.from) / 3600 - 24 : 0;
}

// What the emulated HAN meters send alike: net powers as in and out, counters in a list's own counts, COSEM times.

import type { HouseholdState } from "./household.js";

export const HAN_LINE = Object.freeze({
	baud: 2400,
	dataBits: 8,
	parity: "none",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
} as const);

type Four = readonly [number, number, number, number];

/** In and out of a net value: one of them is 0. */
function directions(net: number): readonly [number, number] {
	return net >= 0 ? [net, 0] : [0, -net];
}

/** Active in, out, reactive in, out: W and var. */
export function netPowers({ power, reactive }: HouseholdState): Four {
	return [...directions(power), ...directions(reactive)];
}

const WATT_SECONDS_OF_WH = 3600;

/** The four counters in counts of `wattHours`, cut off. */
export function counts({ counters }: HouseholdState, wattHours: number): Four {
	const count = (value: number) => Math.floor(value / WATT_SECONDS_OF_WH / wattHours);
	const { imported, exported, reactiveImported, reactiveExported } = counters;
	return [count(imported), count(exported), count(reactiveImported), count(reactiveExported)];
}

/** Values in counts of 10^-`decimals`, rounded. */
export function rounded(values: readonly number[], decimals: number): readonly number[] {
	return values.map((value) => Math.round(value * 10 ** decimals));
}

/** The lists of Norwegian meters: a short one, a medium one, and the long one at that second of each hour. */
export interface Lists {
	readonly shortMs: number;
	readonly mediumMs: number;
	readonly hourlyOffsetMs: number;
}

const HOUR_MS = 3_600_000;

export function nextList(time: number, { shortMs, hourlyOffsetMs }: Lists): number {
	const list = (Math.floor(time / shortMs) + 1) * shortMs;
	const hour = (Math.floor((time - hourlyOffsetMs) / HOUR_MS) + 1) * HOUR_MS + hourlyOffsetMs;
	return Math.min(list, hour);
}

export function listAt(time: number, { mediumMs, hourlyOffsetMs }: Lists): "short" | "medium" | "long" {
	if (time % HOUR_MS === hourlyOffsetMs) return "long";
	return time % mediumMs === 0 ? "medium" : "short";
}

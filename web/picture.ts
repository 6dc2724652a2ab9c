// What the page knows of the meter: the newest value of everything it ever sent, with its age, and the last hour of
// power for the plot. Pure: time (milliseconds of the browser) is an argument.

import type { ExactValue } from "./exact-json.js";
import { toFloat } from "./format.js";

export interface Known {
	readonly value: ExactValue;
	readonly unit?: string;
	readonly time?: string;
	/** Browser milliseconds of its arrival at the gateway. */
	readonly at: number;
}

export interface SubMeter {
	readonly kind: string;
	readonly id?: string;
	readonly channel?: number;
	readonly time: string | null;
	readonly quantities: Readonly<Record<string, Omit<Known, "at">>>;
}

/** The reading's JSON after `parseExact`. */
export interface ReadingJson {
	readonly protocol: string;
	readonly meter: Readonly<Record<string, string>>;
	readonly time: string | null;
	readonly quantities: Readonly<Record<string, Omit<Known, "at">>>;
	readonly devices: readonly SubMeter[];
}

/** The answer of `/api/v1/state`. */
export interface StateJson {
	readonly gateway: string;
	readonly count: number;
	readonly age: number | null;
	readonly reading: ReadingJson | null;
	readonly known: Readonly<Record<string, Omit<Known, "at"> & { readonly age: number }>>;
}

/** One point of the plot: Unix seconds, kW, import and export. */
export interface PowerPoint {
	readonly time: number;
	readonly import: number | null;
	readonly export: number | null;
}

export interface Picture {
	readonly gateway: string;
	/** Number of the newest reading; those up to it are in the picture already. */
	readonly count: number;
	readonly at: number | undefined;
	/** Usual milliseconds between readings, as seen; undefined before the second. */
	readonly interval: number | undefined;
	readonly protocol: string;
	readonly meter: Readonly<Record<string, string>>;
	readonly meterTime: string | null;
	readonly known: ReadonlyMap<string, Known>;
	readonly devices: readonly SubMeter[];
	readonly points: readonly PowerPoint[];
}

const KEPT_SECONDS = 3600;
/** A reading each second for an hour. */
const MOST_POINTS = 3700;
const WATTS_PER_KILOWATT = 1000;

export const EMPTY_PICTURE: Picture = {
	gateway: "",
	count: 0,
	at: undefined,
	interval: undefined,
	protocol: "",
	meter: {},
	meterTime: null,
	known: new Map(),
	devices: [],
	points: [],
};

/** The gateway's whole state replaces what was known; the plot and the rhythm stay. */
export function withState(picture: Picture, state: StateJson, now: number): Picture {
	const known = new Map<string, Known>();
	for (const [name, { age, ...quantity }] of Object.entries(state.known))
		known.set(name, { ...quantity, at: now - age * 1000 });
	const at = state.age === null ? undefined : now - state.age * 1000;
	if (at !== undefined)
		for (const [name, quantity] of Object.entries(state.reading?.quantities ?? {}))
			known.set(name, { ...quantity, at });
	const isNew = state.count !== picture.count || state.gateway !== picture.gateway;
	return {
		...picture,
		gateway: state.gateway,
		count: state.count,
		at,
		known,
		...content(picture, state.reading),
		points:
			isNew && at !== undefined && state.reading
				? extended(picture.points, state.reading, at)
				: picture.points,
	};
}

/** A reading that has just come. */
export function withReading(picture: Picture, reading: ReadingJson, count: number, now: number): Picture {
	if (count <= picture.count) return picture;
	const known = new Map(picture.known);
	for (const [name, quantity] of Object.entries(reading.quantities))
		known.set(name, { ...quantity, at: now });
	const gap = picture.at === undefined || count !== picture.count + 1 ? undefined : now - picture.at;
	return {
		...picture,
		count,
		at: now,
		interval: gap ?? picture.interval,
		known,
		...content(picture, reading),
		points: extended(picture.points, reading, now),
	};
}

function content(
	picture: Picture,
	reading: ReadingJson | null,
): Pick<Picture, "protocol" | "meter" | "meterTime" | "devices"> {
	if (!reading) return picture;
	return {
		protocol: reading.protocol,
		// Short lists may name less of the meter than long ones.
		meter: { ...picture.meter, ...reading.meter },
		meterTime: reading.time,
		devices: reading.devices.length > 0 ? reading.devices : picture.devices,
	};
}

function extended(points: readonly PowerPoint[], reading: ReadingJson, at: number): readonly PowerPoint[] {
	const imported = kilowatts(reading, "power_import");
	const exported = kilowatts(reading, "power_export");
	if (imported === null && exported === null) return points;
	const time = at / 1000;
	const last = points[points.length - 1];
	if (last && last.time >= time) return points;
	const kept = points.filter((point) => point.time > time - KEPT_SECONDS).slice(-MOST_POINTS + 1);
	return [...kept, { time, import: imported, export: exported }];
}

function kilowatts(reading: ReadingJson, name: string): number | null {
	const number = toFloat(reading.quantities[name]?.value);
	return number === undefined ? null : number / WATTS_PER_KILOWATT;
}

// Ids of data sets: OBIS (`1-0:1.8.0*255`), EDIS (`1.8.0`, `C.1`, `F.F`) and the older two-part ids of heat meters
// and of the Kamstrup 382; and the canonical name of each. Source: IEC 62056-61, EN 1434-3, Kamstrup's manuals.

import { CURRENT_VALUE, type Obis, quantityName } from "../../readings/obis.js";
import { lookUp } from "../shared/table.js";

/** An id taken apart. `short`: printed with two groups only (`1.6`, `6.8`). `past`: suffix of a stored value (`01`). */
export interface ObjectId {
	readonly obis: Obis;
	readonly short: boolean;
	readonly past: string | undefined;
	/** As printed, without a suffix that says nothing (`*255`). */
	readonly text: string;
}

const ABSTRACT_FROM = 96;

/** Ids of a meter's readouts, by their place: it sends the same ones again and again. */
export class KnownIds {
	readonly #texts: string[] = [];
	readonly #ids: (ObjectId | undefined)[] = [];

	/** As `readObjectId(text)`, of the data set at that place (0 is the first). */
	read(place: number, text: string): ObjectId | undefined {
		if (this.#texts[place] === text) return this.#ids[place];
		const id = readObjectId(text);
		if (place < MOST_KNOWN) {
			this.#texts[place] = text;
			this.#ids[place] = id;
		}
		return id;
	}
}

/** The Kamstrup 382 sends 8, most meters less than 40. */
const MOST_KNOWN = 40;

/** The id, or `undefined` where the text is none (values of R2 replies, makers' own names). */
export function readObjectId(text: string): ObjectId | undefined {
	const colon = text.indexOf(":");
	const media = colon < 0 ? "" : text.slice(0, colon);
	let rest = colon < 0 ? text : text.slice(colon + 1);
	let past: string | undefined;
	const suffix = firstOf(rest, "*", "&");
	if (suffix >= 0) {
		past = rest.slice(suffix + 1);
		rest = rest.slice(0, suffix);
	}
	const groups = rest.split(".");
	if (groups.length > 3) return undefined;
	const [c = -1, d = 0, e = 0] = groups.map(groupNumber);
	if (c < 0 || d < 0 || e < 0) return undefined;
	const dash = media.indexOf("-");
	const a = colon < 0 ? (c === 0 || c >= ABSTRACT_FROM ? 0 : 1) : number(media.slice(0, Math.max(dash, 0)));
	const b = colon < 0 ? 0 : number(media.slice(dash + 1));
	if (a < 0 || b < 0) return undefined;
	if (past !== undefined && number(past) === CURRENT_VALUE) past = undefined;
	return {
		obis: { a, b, c, d, e, f: past === undefined ? CURRENT_VALUE : Math.max(number(past), 0) },
		short: groups.length < 3 && colon < 0,
		past,
		text: past === undefined && suffix >= 0 ? text.slice(0, text.length - rest255(text)) : text,
	};
}

/** Canonical name; `unit` tells energy from power and heat from reactive energy where ids are ambiguous. */
export function objectName(id: ObjectId, unit: string | undefined, kamstrup: boolean): string | undefined {
	const { c, d, e } = id.obis;
	if (id.past !== undefined) {
		// The 382 keeps last month's peak under `*1`; elsewhere the suffix is a counter of billing periods.
		return kamstrup && id.short && c === 1 && d === 6 && number(id.past) === 1
			? "power_peak_last_month"
			: undefined;
	}
	const kamstrupName = kamstrup ? oldKamstrupName(id) : undefined;
	if (kamstrupName) return kamstrupName;
	if (id.short && c === 6) return heatName(d, unit);
	const { a } = id.obis;
	if (a > 1) return mediumName(a, c, d, e);
	const name = quantityName(id.obis);
	// 1-0:96.x stands for 0-0:96.x in some meters.
	return name ?? (c >= ABSTRACT_FROM ? quantityName({ ...id.obis, a: 0 }) : undefined);
}

/** The 382's own ids: 1.20 total, 1.20.1 and 1.20.2 tariffs, 1.31 hours, 1.26 pulses, 1.6 peak. */
function oldKamstrupName({ obis: { c, d, e }, short }: ObjectId): string | undefined {
	if (c !== 1) return undefined;
	if (d === 20) return e === 0 ? "energy_import" : `energy_import_t${e}`;
	if (!short) return undefined;
	if (d === 31) return "operating_time";
	if (d === 26) return "pulse_count";
	return undefined;
}

const HEAT = `
4 heat_power
8 heat_energy
26 heat_volume
27 flow
28 temperature_return
29 temperature_supply
30 temperature_difference
31 operating_time
`;

/** Two-part ids of heat meters (EN 1434-3). */
function heatName(d: number, unit: string | undefined): string | undefined {
	const isReactive = d === 8 && (unit === undefined || unit.toLowerCase().startsWith("kvar"));
	return isReactive ? undefined : lookUp(HEAT, d);
}

const HEAT_PRESENT = `
8 heat_power
9 flow
10 temperature_supply
11 temperature_return
12 temperature_difference
`;

/** OBIS group A above 1: 5 cooling, 6 heat, 7 gas, 8 and 9 water (IEC 62056-61, table 1). */
function mediumName(a: number, c: number, d: number, e: number): string | undefined {
	if (e !== 0) return undefined;
	const counter = d === 0 || d === 8;
	if (a === 8 || a === 9) return c === 1 && counter ? "water_volume" : undefined;
	if (a === 7) return c === 3 && d <= 1 ? "gas_volume" : undefined;
	if (a !== 5 && a !== 6) return undefined;
	if (counter && c === 1) return a === 5 ? "cooling_energy" : "heat_energy";
	if (counter && c === 2) return "heat_volume";
	return d === 7 || d === 0 ? lookUp(HEAT_PRESENT, c) : undefined;
}

function firstOf(text: string, one: string, other: string): number {
	const first = text.indexOf(one);
	return first >= 0 ? first : text.indexOf(other);
}

/** Characters that `*255` takes at the text's end. */
function rest255(text: string): number {
	return text.length - Math.max(text.lastIndexOf("*"), text.lastIndexOf("&"));
}

/** EDIS letters, from 96 on. */
const LETTERS = "CFLP";

/** Group value: a number, or one of the letters; -1 for anything else. */
function groupNumber(group: string): number {
	const letter = group.length === 1 ? LETTERS.indexOf(group) : -1;
	return letter < 0 ? number(group) : ABSTRACT_FROM + letter;
}

/** 0 to 999 from digits, -1 for anything else. */
function number(text: string): number {
	if (text.length < 1 || text.length > 3) return -1;
	let value = 0;
	for (let at = 0; at < text.length; at++) {
		const digit = text.charCodeAt(at) - 0x30;
		if (digit < 0 || digit > 9) return -1;
		value = value * 10 + digit;
	}
	return value;
}

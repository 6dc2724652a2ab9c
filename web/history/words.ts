// Amounts, dates and names of history as people read them, in the page's language.

import { numberFormat, timeFormat } from "../format.js";
import { named } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import type { Quantity } from "./bars.js";
import { inside, type Slot, type Span } from "./span.js";

const CURRENCY = /^[A-Z]{3}$/;
const MOST_DIGITS = 9;

/** A number with `most` digits behind the point; `least` of them even where they are 0. */
export function numberOf(value: number, most: number, least = 0): string {
	return numberFormat({ maximumFractionDigits: most, minimumFractionDigits: least }).format(value);
}

/** Value and unit, as many digits as are of use at a glance: `12.34 kWh`, `1,204 kWh`, `3.20 kr.`. */
export function amount(value: number, unit: string): string {
	if (CURRENCY.test(unit)) return numberFormat({ style: "currency", currency: unit }).format(value);
	const size = Math.abs(value);
	const digits = unit === "" ? 0 : size < 100 ? 2 : size < 1000 ? 1 : 0;
	const text = numberOf(value, digits, digits);
	return unit === "" ? text : `${text}\u00a0${unit}`;
}

/** With every digit that the counter has. */
export function exactAmount(value: number, unit: string): string {
	const least = CURRENCY.test(unit) ? 2 : unit === "" ? 0 : 3;
	return numberOf(value, MOST_DIGITS, least);
}

/** A local time, `2026-11-21T14:00:00+01:00` or less of it, by Intl: in no zone but its own. */
export function dated(local: string, options: Intl.DateTimeFormatOptions): string {
	const time = local.slice(0, 19) + "0000-01-01T00:00:00".slice(local.length);
	return timeFormat({ ...options, timeZone: "UTC" }).format(new Date(`${time}Z`));
}

const DATES = {
	year: { year: "numeric" },
	month: { month: "long", year: "numeric" },
	day: { weekday: "short", day: "numeric", month: "long", year: "numeric" },
} as const;

/** `Sat, November 21, 2026`. */
export function titleOf({ view, at }: Span): string {
	if (view === "hour") return texts.history.lastHour;
	if (view === "all") return texts.history.allYears;
	return dated(at, DATES[view]);
}

/** What the readout and the table call a slot. */
export function slotName(span: Span, slot: Slot): string {
	const smaller = inside(span, slot);
	if (smaller?.view === "day") return dated(slot.local, { weekday: "short", day: "numeric", month: "long" });
	if (smaller) return titleOf(smaller);
	// Of the hour that comes twice, the second has another offset.
	const offset = slot.key.length > 2 ? ` (UTC${slot.local.slice(19)})` : "";
	return `${clockOf(slot.local)}–${clockOf(slot.localEnd)}${offset}`;
}

/** `14:05` of a local time. */
export function clockOf(local: string): string {
	return local.slice(11, 16);
}

export function quantityName({ name, device }: Quantity, all: readonly Quantity[]): string {
	const text = named(texts.history.names, name) ?? name;
	const same = all.filter((each) => each.name === name);
	if (same.length < 2 || !device) return text;
	return `${text} ${device.channel ?? device.kind}`;
}

// What the history page shows, as its address says: a view (`day`), and which one by the gateway's calendar
// (`2026-11-21`). Days and hours are those of the gateway's time zone, found by the same rules as the gateway does. Pure.

import {
	isoTime,
	nextStart,
	type Period,
	periodStart,
	timeOf,
	type ZoneOffset,
} from "../../readings/history/calendar.js";
import { zoneOffsets } from "../../settings/posix-time-zone.js";

export const VIEWS = ["hour", "day", "month", "year", "all"] as const;
export type View = (typeof VIEWS)[number];

/** A view's rows: what the gateway is asked for. */
export const PERIOD_OF: Readonly<Record<View, Period>> = {
	...{ hour: "hour", day: "hour", month: "day", year: "month", all: "month" },
};
/** Characters of a date that name one: `2026-11-21`, `2026-11`, `2026`. */
const LENGTHS: Readonly<Record<View, number>> = { hour: 0, day: 10, month: 7, year: 4, all: 0 };
/** The gateway has nothing from before. */
const ALL_SINCE = "2000";
const QUARTER = 900;

export interface Span {
	readonly view: View;
	/** `2026-11-21` of a day, `2026-11` of a month, `2026` of a year; empty: the present one. */
	readonly at: string;
}

/** A part of a span: an hour of a day, a day of a month. Seconds since 1970. */
export interface Slot {
	readonly from: number;
	readonly to: number;
	/** Local begin: `2026-11-21T14:00:00+01:00`. */
	readonly local: string;
	/** Local end. */
	readonly localEnd: string;
	/** The same in the period before: `14` of hours, `21` of days, `11` of months. */
	readonly key: string;
}

/** `day/2026-11-21/gas_volume`: what the address says behind `#history/`. What is no date is the present. */
export function placeIn(part: string): Span & { readonly quantity: string } {
	const [name, at = "", quantity = ""] = part.split("/");
	const view = VIEWS.find((each) => each === name) ?? "day";
	return { view, at: isDate(at, LENGTHS[view]) ? at : "", quantity };
}

export function addressOf({ view, at }: Span, quantity: string): string {
	return `#history/${view}/${at || "now"}${quantity === "" ? "" : `/${quantity}`}`;
}

function isDate(text: string, length: number): boolean {
	const full = text + "0000-01-01".slice(text.length);
	const time = Date.parse(`${full}T00:00:00Z`);
	// `2025-02-31` is read as a day of March.
	return text.length === length && length > 0 && time > 0 && new Date(time).toISOString().startsWith(full);
}

/** Seconds east of Greenwich by time; `name` as the gateway's setting has it: `Europe/Oslo`, or `CET-1CEST,M3.5.0,M10.5.0/3`. */
export function zoneOf(name: string): ZoneOffset {
	try {
		const format = new Intl.DateTimeFormat("en", { timeZone: name, timeZoneName: "longOffset" });
		const known = new Map<number, number>();
		return (time) => {
			// Clocks change at full quarters. Formatting takes a phone's time.
			const quarter = Math.floor(time / QUARTER);
			const before = known.get(quarter);
			if (before !== undefined) return before;
			const [, sign, hours = 0, minutes = 0] = /GMT([+-])(\d+):(\d+)/.exec(format.format(time * 1000)) ?? [];
			const offset = (Number(hours) * 3600 + Number(minutes) * 60) * (sign === "-" ? -1 : 1);
			known.set(quarter, offset);
			return offset;
		};
	} catch {
		return zoneOffsets(name);
	}
}

/** The span of that view in which `time` lies. */
export function spanAt(view: View, time: number, zone: ZoneOffset): Span {
	return { view, at: isoTime(time, zone).slice(0, LENGTHS[view]) };
}

/** The span so many after that one. */
export function moved({ view, at }: Span, by: number): Span {
	const [year = 0, month = 1, day = 1] = at.split("-").map(Number);
	const steps = (name: View) => (view === name ? by : 0);
	const time = Date.UTC(year + steps("year"), month - 1 + steps("month"), day + steps("day"));
	return { view, at: new Date(time).toISOString().slice(0, at.length) };
}

/** Another view of the same time; of the present where that lies within. */
export function turned({ at }: Span, view: View, now: number, zone: ZoneOffset): Span {
	const present = spanAt(view, now, zone).at;
	if (at === "" || present.startsWith(at)) return { view, at: "" };
	return { view, at: (at + "0000-01-01".slice(at.length)).slice(0, LENGTHS[view]) };
}

/** First day of a span. */
export function firstDay({ at }: Span): string {
	return at + `${ALL_SINCE}-01-01`.slice(at.length);
}

/** Begin and end in seconds since 1970. */
export function boundsOf(span: Span, zone: ZoneOffset): readonly [number, number] {
	return [timeOf(firstDay(span), zone) ?? 0, timeOf(firstDay(moved(span, 1)), zone) ?? 0];
}

/** What is asked of the gateway: the span and the one before it, so that they can be compared. */
export function queryOf(span: Span): string {
	const period = `history?period=${PERIOD_OF[span.view]}`;
	if (span.view === "all") return `${period}&from=${firstDay(span)}`;
	return `${period}&from=${firstDay(moved(span, -1))}&to=${firstDay(moved(span, 1))}`;
}

/** The span's hours, days or months. Of all years: the years between the two times. */
export function slotsOf(span: Span, zone: ZoneOffset, first = 0, last = 0): readonly Slot[] {
	const slots: Slot[] = [];
	if (span.view === "all") {
		if (first === 0) return slots;
		let year = spanAt("year", first, zone);
		const end = spanAt("year", last, zone);
		for (; year.at <= end.at; year = moved(year, 1)) {
			const [from, to] = boundsOf(year, zone);
			slots.push({ from, to, local: isoTime(from, zone), localEnd: isoTime(to, zone), key: year.at });
		}
		return slots;
	}
	const period = PERIOD_OF[span.view];
	const [start, end] = boundsOf(span, zone);
	for (let from = start; from < end; ) {
		const to = Math.min(nextStart(period, from, zone), end);
		const local = isoTime(from, zone);
		const before = slots[slots.length - 1]?.key;
		const key = local.slice(LENGTHS[span.view] + 1).slice(0, 2);
		// The hour that comes twice when the clock is set back has none before to be compared with.
		slots.push({ from, to, local, localEnd: isoTime(to, zone), key: key === before ? `${key} again` : key });
		from = to;
	}
	return slots;
}

/** The span that a slot is, to go into it; none of an hour. */
export function inside({ view }: Span, slot: Slot): Span | undefined {
	const smaller = view === "all" ? "year" : view === "year" ? "month" : view === "month" ? "day" : undefined;
	return smaller && { view: smaller, at: slot.local.slice(0, LENGTHS[smaller]) };
}

/** Begin of the hour in which `time` lies. */
export function hourOf(time: number, zone: ZoneOffset): number {
	return periodStart("hour", time, zone);
}

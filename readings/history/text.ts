// History as text, piece by piece: rows as JSON and as CSV, and all samples as lines that can be imported again. Each piece is
// some hundred characters, made when there is room to send it. Numbers keep every digit.
//
//   meterling-history,2                                          the format and its version
//   channel,0,energy_import,kWh,meter,0,-3,1a2b3c4d,0            as in channel.ts
//   hour,2025-01-15T09:00:05Z,0.412,,85823.280,,12.5!            log, time, peak quarter, peak hour, a counter a channel
//
// Nothing between two commas: not known. `12.5!`: the counter began anew since the sample before.

import { toText } from "../decimal.js";
import { isoTime, PERIODS, type Period } from "./calendar.js";
import { type Channel, channelLines, placeOf } from "./channel.js";
import { LogReader } from "./reader.js";
import type { History } from "./recorder.js";
import { Rows } from "./rows.js";

/** The next piece; `undefined` at the end. */
export type Pieces = () => string | undefined;

export const FIRST_LINE = "meterling-history,2";
/** Characters of a piece, or somewhat more. */
const PIECE = 600;

/** What is asked for: rows from `from` to `to` (seconds) of the channels at `places`. */
export interface Query {
	readonly period: Period;
	readonly from: number;
	readonly to: number;
	readonly places: readonly number[];
}

/** `{"period":…,"timeZone":…,"columns":[…],"rows":[{"from":…,"to":…,"change":[…],"estimated":[0],"block":[0],"open":true}]}`. */
export function jsonRows(history: History, { period, from, to, places }: Query, timeZone: string): Pieces {
	const rows = new Rows(history, period, from, to, places);
	const columns = places.map((place) => columnJson(history.channels[place] as Channel));
	const marks = (name: string, bits: number) => {
		const marked = places.flatMap((place, index) => (bits & (1 << place) ? [index] : []));
		return bits === 0 ? "" : `,"${name}":[${marked.join()}]`;
	};
	let separator = "";
	const head = `{"period":"${period}","timeZone":${JSON.stringify(timeZone)},"columns":[${columns.join()}],"rows":[`;
	return pieces(head, "]}\n", () => {
		if (!rows.next()) return undefined;
		const text = separator.concat(
			`\n{"from":"${isoTime(rows.from, history.zone)}","to":"${isoTime(rows.to, history.zone)}","change":[`,
			places.map((place) => changeText(history, rows, place) || "null").join(),
			"]",
			marks("estimated", rows.estimated),
			marks("block", rows.block),
			rows.open ? ',"open":true}' : "}",
		);
		separator = ",";
		return text;
	});
}

/** A table: `from,to,energy_import (kWh),…,estimated,block,open`. The last three name columns, or say `true`. */
export function csvRows(history: History, { period, from, to, places }: Query): Pieces {
	const rows = new Rows(history, period, from, to, places);
	const nameOf = (place: number) => history.channels[place]?.name ?? "";
	const marks = (bits: number) => places.filter((place) => bits & (1 << place)).map(nameOf);
	const titles = places.map((place) => `${nameOf(place)} (${history.channels[place]?.unit})`);
	const head = ["from,to", ...titles, "estimated,block,open\r\n"].join();
	return pieces(head, "", () => {
		if (!rows.next()) return undefined;
		return [
			isoTime(rows.from, history.zone),
			isoTime(rows.to, history.zone),
			...places.map((place) => changeText(history, rows, place)),
			marks(rows.estimated).join(" "),
			marks(rows.block).join(" "),
			rows.open ? "true\r\n" : "\r\n",
		].join();
	});
}

/** All samples of all logs, oldest first in each. */
export function exportLines(history: History): Pieces {
	const { channels } = history;
	const peakExponent = channels[placeOf(channels, "energy_import")]?.exponent ?? 0;
	const peak = (mantissa: number) => (mantissa === 0 ? "" : toText({ mantissa, exponent: peakExponent }));
	let which = -1;
	let reader: LogReader | undefined;
	return pieces(FIRST_LINE.concat("\n", channelLines(channels)), "", () => {
		while (!reader?.next()) {
			const period = PERIODS[++which];
			if (!period) return undefined;
			reader = new LogReader(history.log(period), 0);
		}
		const { time, quarter, hour, present, broken, counters } = reader.sample;
		const counts = channels.map(({ exponent }, place) => {
			const bit = 1 << place;
			if (!(present & bit)) return "";
			return toText({ mantissa: counters[place] as number, exponent }).concat(broken & bit ? "!" : "");
		});
		const fields = [
			`${PERIODS[which]}`,
			isoTime(time, () => 0)
				.slice(0, 19)
				.concat("Z"),
			peak(quarter),
			peak(hour),
		];
		fields.push(...counts);
		return fields.join().concat("\n");
	});
}

/** `{"name":"gas_volume","unit":"m³","device":{"kind":"gas","channel":1}}`; `device` is null for the meter itself. */
function columnJson({ name, unit, kind, bus }: Channel): string {
	const channel = bus === 0 ? "" : `,"channel":${bus}`;
	return `{"name":"${name}","unit":"${unit}","device":${kind === "meter" ? "null" : `{"kind":"${kind}"${channel}}`}}`;
}

/** Puts lines together to pieces. */
function pieces(head: string, tail: string, line: () => string | undefined): Pieces {
	let next: string | undefined = head;
	return () => {
		if (next === undefined) return undefined;
		let text = next;
		while (text.length < PIECE && next !== undefined) {
			next = line();
			text = text.concat(next ?? tail);
		}
		if (next !== undefined) next = "";
		return text;
	};
}

function changeText({ channels }: History, { change }: Rows, place: number): string {
	const mantissa = change[place] as number;
	return mantissa === mantissa ? toText({ mantissa, exponent: channels[place]?.exponent ?? 0 }) : "";
}

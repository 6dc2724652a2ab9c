// Rows as JSON and as CSV, piece by piece: each piece is some hundred characters, made when there is room to send it.
// Numbers keep every digit.

import { toText } from "../decimal.js";
import { isoTime, type Period } from "./calendar.js";
import type { Channel } from "./channels.js";
import type { History } from "./recorder.js";
import { Rows } from "./rows.js";

/** The next piece; `undefined` at the end. */
export type Pieces = () => string | undefined;

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
export function jsonRows(history: History, query: Query, timeZone: string): Pieces {
	const rows = rowsOf(history, query);
	const channels = channelsOf(history, query);
	let separator = "";
	const head = `{"period":"${query.period}","timeZone":${JSON.stringify(timeZone)},"columns":[${channels
		.map((channel) => columnJson(channel))
		.join()}],"rows":[`;
	// A row mostly begins where the one before ended: that text is made once.
	let end = -1;
	let endText = "";
	return pieces(head, "]}\n", () => {
		if (!rows.next()) return undefined;
		const { from, to, change, estimated, block, open } = rows;
		const fromText = from === end ? endText : isoTime(from, history.zone);
		end = to;
		endText = isoTime(to, history.zone);
		const text = separator.concat(
			`\n{"from":"${fromText}","to":"${endText}","change":[`,
			query.places.map((place, index) => changeText(channels[index], change[place], "null")).join(),
			"]",
			marks("estimated", estimated, query.places),
			marks("block", block, query.places),
			open ? ',"open":true}' : "}",
		);
		separator = ",";
		return text;
	});
}

/** A table: `from,to,energy_import (kWh),…,estimated,block,open`. The last three name columns, or say `true`. */
export function csvRows(history: History, query: Query): Pieces {
	const rows = rowsOf(history, query);
	const channels = channelsOf(history, query);
	const names = (bits: number) =>
		query.places
			.map((place, index) => (bits & (1 << place) ? (channels[index]?.name ?? "") : ""))
			.filter((name) => name !== "")
			.join(" ");
	const head = `from,to,${channels.map((channel) => `${channel.name} (${channel.unit})`).join()},estimated,block,open\r\n`;
	return pieces(head, "", () => {
		if (!rows.next()) return undefined;
		const { from, to, change, estimated, block, open } = rows;
		return [
			isoTime(from, history.zone),
			isoTime(to, history.zone),
			...query.places.map((place, index) => changeText(channels[index], change[place], "")),
			names(estimated),
			names(block),
			open ? "true\r\n" : "\r\n",
		].join();
	});
}

/** `{"name":"gas_volume","unit":"m³","device":{"kind":"gas","channel":1}}`; `device` is null for the meter itself. */
export function columnJson({ name, unit, kind, bus }: Channel): string {
	const channel = bus === 0 ? "" : `,"channel":${bus}`;
	return `{"name":"${name}","unit":"${unit}","device":${kind === "meter" ? "null" : `{"kind":"${kind}"${channel}}`}}`;
}

/** Puts lines together to pieces. */
export function pieces(head: string, tail: string, line: () => string | undefined): Pieces {
	let next: string | undefined = head;
	let over = false;
	return () => {
		if (over) return undefined;
		const some = [next ?? ""];
		let length = next?.length ?? 0;
		next = undefined;
		while (length < PIECE) {
			const text = line();
			if (text === undefined) {
				over = true;
				some.push(tail);
				break;
			}
			some.push(text);
			length += text.length;
		}
		return some.join("");
	};
}

function rowsOf(history: History, { period, from, to, places }: Query): Rows {
	return new Rows(history, period, from, to, places);
}

function channelsOf(history: History, { places }: Query): readonly Channel[] {
	return places.map((place) => history.channels.list[place] as Channel);
}

function changeText(channel: Channel | undefined, change: number | undefined, nothing: string): string {
	if (!channel || change === undefined || Number.isNaN(change)) return nothing;
	return toText({ mantissa: change, exponent: channel.exponent });
}

/** `,"estimated":[0,2]`, or nothing. */
function marks(name: string, bits: number, places: readonly number[]): string {
	if (bits === 0) return "";
	const indexes = places.flatMap((place, index) => (bits & (1 << place) ? [index] : []));
	return `,"${name}":[${indexes.join()}]`;
}

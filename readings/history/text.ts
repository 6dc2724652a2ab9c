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

/** A text in pieces. */
export interface Pieces {
	/** The next piece; `undefined` at the end. */
	next(): string | undefined;
}

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

/** Puts lines together to pieces. */
abstract class Lines implements Pieces {
	/** What the next piece begins with; absent behind the last. */
	#begun: string | undefined;
	readonly #tail: string;

	constructor(head: string, tail: string) {
		this.#begun = head;
		this.#tail = tail;
	}

	/** The next line; `undefined` behind the last. */
	protected abstract line(): string | undefined;

	next(): string | undefined {
		let text = this.#begun;
		if (text === undefined) return undefined;
		this.#begun = "";
		while (text.length < PIECE && this.#begun !== undefined) {
			const line = this.line();
			if (line === undefined) this.#begun = undefined;
			text = text.concat(line ?? this.#tail);
		}
		return text;
	}
}

/** `{"period":…,"timeZone":…,"columns":[…],"rows":[{"from":…,"to":…,"change":[…],"estimated":[0],"block":[0],"open":true}]}`. */
export function jsonRows(history: History, query: Query, timeZone: string): Pieces {
	const columns = query.places.map((place) => columnJson(history.channels[place] as Channel));
	const head = `{"period":"${query.period}","timeZone":${JSON.stringify(timeZone)},"columns":[${columns.join()}],"rows":[`;
	return new RowLines(history, query, true, head, "]}\n");
}

/** A table: `from,to,energy_import (kWh),…,estimated,block,open`. The last three name columns, or say `true`. */
export function csvRows(history: History, query: Query): Pieces {
	const titles = query.places.map((place) => {
		const { name, unit } = history.channels[place] as Channel;
		return `${name} (${unit})`;
	});
	return new RowLines(history, query, false, ["from,to", ...titles, "estimated,block,open\r\n"].join(), "");
}

/** All samples of all logs, oldest first in each. */
export function exportLines(history: History): Pieces {
	return new SampleLines(history);
}

class RowLines extends Lines {
	readonly #history: History;
	readonly #places: readonly number[];
	readonly #rows: Rows;
	readonly #isJson: boolean;
	#separator = "";

	constructor(history: History, query: Query, isJson: boolean, head: string, tail: string) {
		super(head, tail);
		const { period, from, to, places } = query;
		this.#history = history;
		this.#places = places;
		this.#rows = new Rows(history, period, from, to, places);
		this.#isJson = isJson;
	}

	protected line(): string | undefined {
		const rows = this.#rows;
		const { zone, channels } = this.#history;
		if (!rows.next()) return undefined;
		const from = isoTime(rows.from, zone);
		const to = isoTime(rows.to, zone);
		const changes = this.#places.map((place) => {
			const mantissa = rows.change[place] as number;
			return mantissa === mantissa ? toText({ mantissa, exponent: channels[place]?.exponent ?? 0 }) : "";
		});
		if (!this.#isJson)
			return [
				from,
				to,
				...changes,
				this.#named(rows.estimated),
				this.#named(rows.block),
				rows.open ? "true\r\n" : "\r\n",
			].join();
		const text = this.#separator.concat(
			`\n{"from":"${from}","to":"${to}","change":[`,
			changes.map((change) => change || "null").join(),
			"]",
			this.#marked("estimated", rows.estimated),
			this.#marked("block", rows.block),
			rows.open ? ',"open":true}' : "}",
		);
		this.#separator = ",";
		return text;
	}

	/** The columns' numbers. */
	#marked(name: string, bits: number): string {
		if (bits === 0) return "";
		const marked = this.#places.flatMap((place, index) => (bits & (1 << place) ? [index] : []));
		return `,"${name}":[${marked.join()}]`;
	}

	/** The columns' names. */
	#named(bits: number): string {
		const marked = this.#places.filter((place) => bits & (1 << place));
		return marked.map((place) => this.#history.channels[place]?.name).join(" ");
	}
}

class SampleLines extends Lines {
	readonly #history: History;
	readonly #peakExponent: number;
	#which = -1;
	#reader: LogReader | undefined;

	constructor(history: History) {
		const { channels } = history;
		super(FIRST_LINE.concat("\n", channelLines(channels)), "");
		this.#history = history;
		this.#peakExponent = channels[placeOf(channels, "energy_import")]?.exponent ?? 0;
	}

	protected line(): string | undefined {
		while (!this.#reader?.next()) {
			const period = PERIODS[++this.#which];
			if (!period) return undefined;
			this.#reader = new LogReader(this.#history.log(period), 0);
		}
		const { time, quarter, hour, present, broken, counters } = this.#reader.sample;
		const counts = this.#history.channels.map(({ exponent }, place) => {
			const bit = 1 << place;
			if (!(present & bit)) return "";
			return toText({ mantissa: counters[place] as number, exponent }).concat(broken & bit ? "!" : "");
		});
		const fields = [
			`${PERIODS[this.#which]}`,
			isoTime(time, () => 0)
				.slice(0, 19)
				.concat("Z"),
			this.#peak(quarter),
			this.#peak(hour),
		];
		fields.push(...counts);
		return fields.join().concat("\n");
	}

	#peak(mantissa: number): string {
		return mantissa === 0 ? "" : toText({ mantissa, exponent: this.#peakExponent });
	}
}

/** `{"name":"gas_volume","unit":"m³","device":{"kind":"gas","channel":1}}`; `device` is null for the meter itself. */
function columnJson({ name, unit, kind, bus }: Channel): string {
	const channel = bus === 0 ? "" : `,"channel":${bus}`;
	return `{"name":"${name}","unit":"${unit}","device":${kind === "meter" ? "null" : `{"kind":"${kind}"${channel}}`}}`;
}

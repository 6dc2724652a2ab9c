// The whole history as one file of lines, and back: what counters said when, digit for digit. Lines of CSV:
//
//   meterling-history,1                                        the format and its version
//   channel,0,energy_import,kWh,meter,0,-3,1a2b3c4d            place, name, unit, kind, M-Bus channel, exponent, id
//   hour,2025-01-15T09:00:05Z,0.412,,85823.280,,12.5!0.25      log, time, peak quarter, peak hour, a counter a channel
//
// Nothing between two commas: not known. `12.5!0.25`: the counter began anew, and had counted 0.25 since the sample before.

import { parseDecimalText, toText } from "../decimal.js";
import { isoTime, PERIODS, type Period, timeOf } from "./calendar.js";
import { mantissaAt } from "./channels.js";
import { LogReader } from "./log.js";
import { emptySample } from "./record.js";
import type { History } from "./recorder.js";
import { type Pieces, pieces } from "./rows-text.js";

const FIRST_LINE = "meterling-history,1";
/** Longest line, in bytes. */
const LONGEST_LINE = 512;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Fields of a sample before its counters. */
const FIXED_FIELDS = 4;

const UTC = () => 0;

/** All samples of all logs, oldest first in each. */
export function exportLines(history: History): Pieces {
	const { list } = history.channels;
	const head = [
		FIRST_LINE,
		...list.map(({ name, unit, kind, bus, exponent, id }, place) =>
			["channel", place, name, unit, kind, bus, exponent, id.toString(16)].join(),
		),
		"",
	].join("\n");
	const peakExponent = list[history.channels.find("energy_import")]?.exponent ?? 0;
	const peak = (mantissa: number) => (mantissa === 0 ? "" : toText({ mantissa, exponent: peakExponent }));
	let which = -1;
	let reader: LogReader | undefined;
	const before = new Float64Array(list.length);
	return pieces(head, "", () => {
		while (!reader?.next()) {
			const period = PERIODS[++which];
			if (!period) return undefined;
			const log = history.log(period);
			before.fill(0);
			reader = new LogReader(log, log.slotAt(0));
		}
		const { sample } = reader;
		const fields = [
			PERIODS[which] as string,
			`${isoTime(sample.time, UTC).slice(0, -6)}Z`,
			peak(sample.quarter),
			peak(sample.hour),
		];
		list.forEach(({ exponent }, place) => {
			const bit = 1 << place;
			const sum = sample.sums[place] as number;
			const counted = toText({ mantissa: sum - (before[place] as number), exponent });
			const counter = toText({ mantissa: sample.counters[place] as number, exponent });
			fields.push(!(sample.present & bit) ? "" : sample.broken & bit ? `${counter}!${counted}` : counter);
			if (sample.present & bit) before[place] = sum;
		});
		return `${fields.join()}\n`;
	});
}

/** Takes such a file, in whatever pieces, in the place of all that was kept. */
export class Import {
	readonly #history: History;
	readonly #line = new Uint8Array(LONGEST_LINE);
	readonly #sample = emptySample();
	#length = 0;
	#lines = 0;
	#samples = 0;
	#problem: string | undefined;
	#over = false;

	constructor(history: History) {
		this.#history = history;
	}

	take(bytes: Uint8Array): void {
		for (const byte of bytes) {
			if (this.#problem !== undefined || this.#over) return;
			if (byte === LINE_FEED) this.#endLine();
			else if (byte !== CARRIAGE_RETURN) {
				if (this.#length === LONGEST_LINE) this.#fail("is too long");
				else this.#line[this.#length++] = byte;
			}
		}
	}

	/** No more follows: how many samples were taken, or what was wrong. What came before the fault is kept. */
	end(): { readonly samples: number; readonly problem?: string } {
		if (this.#problem === undefined && !this.#over) {
			if (this.#length > 0) this.#endLine();
			if (this.#lines === 0) this.#fail("is missing");
		}
		this.#finish();
		return { samples: this.#samples, ...(this.#problem === undefined ? {} : { problem: this.#problem }) };
	}

	#endLine(): void {
		const text = String.fromArrayBuffer(this.#line.buffer.slice(0, this.#length));
		this.#length = 0;
		if (this.#lines === 0) {
			if (text !== FIRST_LINE) return this.#fail(`is not "${FIRST_LINE}"`);
			this.#history.begin();
		} else if (text !== "") {
			const fields = text.split(",");
			try {
				if (fields[0] === "channel" ? !this.#channel(fields) : !this.#add(fields))
					return this.#fail("is not understood");
			} catch (error) {
				return this.#fail(`could not be kept: ${error}`);
			}
		}
		this.#lines++;
	}

	#channel([, place, name = "", unit = "", kind = "", bus, exponent, id = ""]: readonly string[]): boolean {
		const { channels } = this.#history;
		if (this.#samples > 0 || channels.place(name, unit, kind, Number(bus)) !== Number(place)) return false;
		const channel = channels.list[Number(place)];
		const power = Number(exponent);
		const number = Number.parseInt(id, 16);
		if (
			!channel ||
			!Number.isInteger(power) ||
			power < -9 ||
			power > 3 ||
			!(number >= 0 && number <= 0xffffffff)
		)
			return false;
		channel.exponent = power;
		channel.id = number;
		return true;
	}

	#add(fields: readonly string[]): boolean {
		const history = this.#history;
		const sample = this.#sample;
		const { list } = history.channels;
		const [period = "", time = "", quarter = "", hour = ""] = fields;
		const at = timeOf(time, UTC);
		if (
			!PERIODS.includes(period as Period) ||
			at === undefined ||
			fields.length !== FIXED_FIELDS + list.length
		)
			return false;
		const { last } = history.log(period as Period);
		if (at < last.time || at > 0xffffffff) return false;
		const peakExponent = list[history.channels.find("energy_import")]?.exponent ?? 0;
		sample.time = at;
		sample.present = 0;
		sample.quarter = quarter === "" ? 0 : mantissaOf(quarter, peakExponent);
		sample.hour = hour === "" ? 0 : mantissaOf(hour, peakExponent);
		for (let place = 0; place < list.length; place++) {
			const exponent = list[place]?.exponent ?? 0;
			const [counterText = "", countedText] = (fields[FIXED_FIELDS + place] as string).split("!");
			if (counterText === "") continue;
			const was = last.counters[place] as number;
			const counter = mantissaOf(counterText, exponent);
			const counted =
				countedText === undefined ? (was === was ? counter - was : 0) : mantissaOf(countedText, exponent);
			sample.present |= 1 << place;
			sample.counters[place] = counter;
			sample.sums[place] = (last.sums[place] as number) + counted;
			if (!(counted >= 0 && counter >= 0)) return false;
		}
		if (Number.isNaN(sample.quarter + sample.hour)) return false;
		history.log(period as Period).add(sample);
		this.#samples++;
		return true;
	}

	#fail(what: string): void {
		this.#problem = `line ${this.#lines + 1} ${what}`;
	}

	#finish(): void {
		if (!this.#over && this.#lines > 0) this.#history.finish();
		this.#over = true;
	}
}

/** The number in units of `10^exponent`; NaN where the text is none, or has more digits. */
function mantissaOf(text: string, exponent: number): number {
	const value = parseDecimalText(text);
	return (value && mantissaAt(value, exponent)) ?? Number.NaN;
}

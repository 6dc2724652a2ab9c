// Takes an export (text.ts) in, in whatever pieces it comes, in the place of all that was kept.

import { parseDecimalText } from "../decimal.js";
import { PERIODS, type Period, timeOf } from "./calendar.js";
import { countOf, placeOf, takeChannel } from "./channel.js";
import type { History } from "./recorder.js";
import { emptySample } from "./sample.js";
import { FIRST_LINE } from "./text.js";

/** Longest line, in bytes. */
const LONGEST_LINE = 512;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Fields of a sample before its counters. */
const FIXED_FIELDS = 4;
const LATEST_TIME = 0xffffffff;

export class Import {
	readonly #history: History;
	readonly #line = new Uint8Array(LONGEST_LINE);
	readonly #sample = emptySample();
	#length = 0;
	#lines = 0;
	#samples = 0;
	#problem: string | undefined;
	#isOver = false;

	constructor(history: History) {
		this.#history = history;
	}

	take(bytes: Uint8Array): void {
		for (const byte of bytes) {
			if (this.#problem !== undefined || this.#isOver) return;
			if (byte === LINE_FEED) this.#endLine();
			else if (this.#length === LONGEST_LINE) this.#fail("is too long");
			else if (byte !== CARRIAGE_RETURN) this.#line[this.#length++] = byte;
		}
	}

	/** No more follows: how many samples were taken, or what was wrong. What came before the fault is kept. */
	end(): { readonly samples: number; readonly problem?: string } {
		if (!this.#isOver) {
			if (this.#problem === undefined && this.#length > 0) this.#endLine();
			if (this.#lines === 0) this.#problem ??= "line 1 is missing";
			try {
				this.#history.finish();
			} catch (error) {
				this.#problem ??= `the end could not be kept: ${error}`;
			}
			this.#isOver = true;
		}
		return { samples: this.#samples, ...(this.#problem === undefined ? {} : { problem: this.#problem }) };
	}

	#endLine(): void {
		const bytes = this.#line.slice(0, this.#length);
		this.#length = 0;
		try {
			const text = String.fromArrayBuffer(bytes.buffer as ArrayBuffer);
			if (this.#lines === 0) {
				if (text !== FIRST_LINE) return this.#fail(`is not "${FIRST_LINE}"`);
				this.#history.begin();
			} else if (text !== "" && !this.#takeLine(text.split(","))) return this.#fail("is not understood");
			this.#lines++;
		} catch (error) {
			this.#fail(`could not be kept: ${error}`);
		}
	}

	#takeLine(fields: readonly string[]): boolean {
		if (fields[0] === "channel") return this.#samples === 0 && takeChannel(this.#history.channels, fields);
		const history = this.#history;
		const sample = this.#sample;
		const { channels } = history;
		const [period, text = "", quarter = "", hour = ""] = fields;
		const time = timeOf(text, () => 0);
		if (!PERIODS.includes(period as Period) || time === undefined || time > LATEST_TIME) return false;
		const log = history.log(period as Period);
		if (fields.length !== FIXED_FIELDS + channels.length || time < log.last.time) return false;
		const peakExponent = channels[placeOf(channels, "energy_import")]?.exponent ?? 0;
		sample.time = time;
		sample.present = 0;
		sample.quarter = countIn(quarter, peakExponent);
		sample.hour = countIn(hour, peakExponent);
		let isRight = sample.quarter + sample.hour >= 0;
		channels.forEach(({ exponent }, place) => {
			const [count = "", anew] = `${fields[FIXED_FIELDS + place]}`.split("!");
			if (count === "") return;
			sample.present |= 1 << place;
			if (anew !== undefined) log.broken |= 1 << place;
			sample.counters[place] = countIn(count, exponent);
			// A counter never falls.
			isRight &&= (sample.counters[place] as number) >= (log.last.counters[place] || 0);
		});
		if (!isRight) return false;
		history.keep(log, sample);
		this.#samples++;
		return true;
	}

	#fail(what: string): void {
		this.#problem = `line ${this.#lines + 1} ${what}`;
	}
}

/** The number in units of `10^exponent`; 0 of an empty text, NaN where the text is no number. */
function countIn(text: string, exponent: number): number {
	const value = parseDecimalText(text || "0");
	return value ? countOf(value, exponent) : Number.NaN;
}

// Reads a list of prices in the forms that are in use, whatever pieces it comes in:
//
//   [{"NOK_per_kWh":1.35,"time_start":"2025-10-02T00:00:00+02:00","time_end":"…"},…]   hvakosterstrommen.no and its sisters
//   {"currency":"SEK","unit":"SEK/MWh","prices":[{"start":"…","end":"…","price":412.5},…]}   Home Assistant's Nord Pool
//   {"start":"2025-10-02T00:00:00+02:00","step":15,"prices":[1.35,1.3,…]}                 the shortest; step in minutes
//   <Publication_MarketDocument>… the A44 of ENTSO-E (IEC 62325-451-3): Period, resolution, Point, price.amount; curve
//   type A03, where a point that is missing has the price of the one before

import { consistsOf } from "../characters.js";
import { periodStart, timeOf, type ZoneOffset } from "../history/calendar.js";
import { MOST_PRICE, MOST_QUARTERS, PriceTable, QUARTER } from "./price-table.js";
import { PriceWords } from "./price-words.js";

const STARTS = " start time_start date startsAt start_timestamp ";
const ENDS = " end time_end end_timestamp ";
const PRICES = " price value marketprice price.amount ";
const CURRENCIES = " currency currency_Unit.name ";
const UNITS = " unit price_Measure_Unit.name ";
const SEQUENCE = "classificationSequence_AttributeInstanceComponent.position";
const RESOLUTIONS = "PT15M PT30M PT45M PT60M";
const HOUR = 4;
/** Of yesterday, in quarters. */
const BEFORE = 8;
/** Bytes of a list at most: two days of ENTSO-E's quarters have 50,000. */
const LONGEST_LIST = 131_072;

export class PriceList {
	/** What it says. */
	readonly table = new PriceTable();
	/** Prices that were read. */
	count = 0;
	readonly #currency: string;
	readonly #zone: ZoneOffset;
	readonly #words: PriceWords;
	#bytes = 0;
	#problem: string | undefined;
	/** Quarters since 1970; NaN where nothing is said. */
	#start = Number.NaN;
	#end = Number.NaN;
	/** Quarters of one price; 0 where nothing is said. */
	#step = 0;
	#price = Number.NaN;
	/** A kWh is so much less than the unit. */
	#divisor = 1;
	/** XML: place of the price within its period, and of the last that was noted. */
	#position = 0;
	#noted = 0;
	#before = Number.NaN;
	/** Of several auctions, the first counts: it is the market's. */
	#sequence = 1;

	/** `now`: seconds since 1970; where that is not known the list's first day counts as today. */
	constructor(currency: string, zone: ZoneOffset, now: number | undefined) {
		this.#currency = currency;
		this.#zone = zone;
		this.#words = new PriceWords({
			value: (name, text) => this.#value(name, text),
			end: (name) => this.#over(name),
		});
		if (now !== undefined) this.#open(now);
	}

	take(bytes: Uint8Array): void {
		this.#bytes += bytes.length;
		if (this.#bytes > LONGEST_LIST) this.#problem ??= "are too many";
		if (this.#problem === undefined) this.#words.take(bytes);
	}

	/** What is wrong so far. */
	get problem(): string | undefined {
		return this.#problem ?? this.#words.problem;
	}

	abandon(): void {
		this.#problem ??= "are cut off";
	}

	/** No more follows: what is wrong, in words that follow "the prices". */
	finish(): string | undefined {
		this.#words.finish();
		return this.problem ?? (this.count === 0 ? "are none of today or tomorrow" : undefined);
	}

	#open(now: number): void {
		this.table.begin(periodStart("day", now, this.#zone) / QUARTER - BEFORE);
	}

	#value(name: string, text: string): void {
		const key = ` ${name} `;
		if (STARTS.includes(key)) this.#start = this.#quarter(text);
		else if (ENDS.includes(key)) this.#end = this.#quarter(text);
		else if (PRICES.includes(key) || name === `${this.#currency}_per_kWh`) this.#price = this.#number(text);
		else if (name === "prices") {
			this.#put(this.#start, this.#start + (this.#step || HOUR), this.#number(text), true);
			this.#start += this.#step || HOUR;
		} else if (name === "step") this.#step = this.#quarters(text, 15);
		else if (name === "resolution") this.#step = this.#resolution(text);
		else if (name === "position") this.#position = Number(text);
		else if (name === SEQUENCE) this.#sequence = Number(text);
		else if (CURRENCIES.includes(key)) this.#isOurs(text);
		else if (UNITS.includes(key)) {
			const slash = text.indexOf("/");
			if (slash >= 0) this.#isOurs(text.slice(0, slash));
			this.#divisor = text.slice(slash + 1).toUpperCase() === "MWH" ? 1000 : 1;
		}
	}

	#over(name: string): void {
		if (name === "") {
			// A start that has no price beside it is that of the whole list.
			if (this.#start === this.#start && this.#price === this.#price) this.#item();
			this.#end = Number.NaN;
			this.#price = Number.NaN;
		} else if (name === "Point") this.#point(this.#position - 1);
		else if (name === "Period") {
			this.#point(Math.round((this.#end - this.#start) / (this.#step || HOUR)), true);
			this.#noted = 0;
		} else if (name === "TimeSeries") this.#sequence = 1;
	}

	#item(): void {
		const price = this.#price;
		const start = this.#start;
		this.#start = Number.NaN;
		if (this.#end === this.#end) return this.#put(start, this.#end, price, true);
		// Without an end: for the rest of its hour, of which the next one may take a part.
		const end = this.#step ? start + this.#step : start - (start % HOUR) + HOUR;
		this.#put(start, end, price, false);
	}

	/** The point at `place`; those that were left out before it have the price of the one before. `isEnd`: there is none. */
	#point(place: number, isEnd = false): void {
		const step = this.#step || HOUR;
		const start = this.#start;
		if (!(place >= this.#noted && place * step <= MOST_QUARTERS))
			this.#problem ??= "have a place that cannot be";
		else if (this.#sequence === 1) {
			if (this.#noted > 0) this.#put(start + this.#noted * step, start + place * step, this.#before, false);
			if (!isEnd) this.#put(start + place * step, start + (place + 1) * step, this.#price, false);
		}
		this.#noted = place + 1;
		this.#before = this.#price;
		this.#price = Number.NaN;
	}

	/** `isFirm`: a quarter that has another price already is a contradiction. */
	#put(start: number, end: number, sent: number, isFirm: boolean): void {
		const { table } = this;
		const price = sent / this.#divisor;
		if (!(end >= start && end - start <= MOST_QUARTERS)) this.#problem ??= "have a time that cannot be";
		if (Math.abs(price) > MOST_PRICE) this.#problem ??= "have a price that cannot be";
		if (this.#problem !== undefined || price !== price) return;
		if (table.first === 0) this.#open(start * QUARTER);
		for (let quarter = start; quarter < end; quarter++) {
			const before = table.at(quarter);
			if (!table.set(quarter, price)) continue;
			this.count++;
			if (isFirm && before === before && before !== table.at(quarter)) this.#problem = "have a time twice";
		}
	}

	/** A time as a number of quarters. Times in milliseconds since 1970 count, too. */
	#quarter(text: string): number {
		const seconds = consistsOf(text, "0-9") ? Number(text) / 1000 : timeOf(text, this.#zone);
		return this.#quarters(`${seconds}`, QUARTER);
	}

	#resolution(text: string): number {
		const index = RESOLUTIONS.indexOf(text);
		if (index < 0 && text.startsWith("P")) this.#problem ??= "are for other times than quarters and hours";
		return Math.floor(index / 6) + 1;
	}

	#quarters(text: string, unit: number): number {
		const count = Number(text) / unit;
		if (!Number.isInteger(count) || count < 1) this.#problem ??= "have a time that is no quarter of an hour";
		return count;
	}

	/** NaN of null. */
	#number(text: string): number {
		if (text === "null") return Number.NaN;
		const price = text !== "" && consistsOf(text, "0-9.eE+-") ? Number(text) : Number.NaN;
		if (price !== price) this.#problem ??= "are not all numbers";
		return price;
	}

	#isOurs(currency: string): void {
		if (currency.toUpperCase() !== this.#currency) this.#problem ??= "are in another currency";
	}
}

// A whole, checked telegram becomes a Reading: which object is the meter's id, time, a quantity, or a sub-meter's.
// No framing and no CRC here. Source: DSMR 5.0.2 P1, table 6-1, and the country documents of docs/protocols/p1.md.

import type { Decimal } from "../../readings/decimal.js";
import {
	type DeviceReading,
	findQuantity,
	type MeterIdentity,
	type Quantity,
	type Reading,
} from "../../readings/reading.js";
import { KnownTexts } from "../shared/known-texts.js";
import { textOf } from "../shared/text.js";
import { CR, isDigit, LF, MeasuredReader, octetText, timeStamp, UnitBook, ZERO } from "./bytes.js";
import { CodeBook, Content, NONE, Role } from "./codes.js";
import { DeviceDraft, isCounter, kindOfType, type NewQuantity } from "./devices.js";
import { dsmrVersion, emucsVersion, type Identification, identification } from "./identity.js";
import { ObjectReader } from "./objects.js";

/** Most quantities of one telegram; the longest known has about 110 (Hungary). */
const MOST_QUANTITIES = 256;
const MOST_DEVICES = 16;

/** What a telegram came to: a reading, and how many lines could not be read. */
export interface ParsedTelegram {
	readonly reading: Reading;
	readonly objects: number;
	readonly malformed: number;
	/** First malformed line, at most 40 characters; empty where there is none. */
	readonly firstMalformed: string;
	/** Quantities beyond the bound. */
	readonly dropped: number;
}

/** One of the numbers that may be the meter's. */
interface MeterId {
	readonly code: number;
	readonly text: string;
}

/** Reads telegrams one after the other, reusing its working memory. */
export class TelegramParser {
	readonly #codes = new CodeBook();
	readonly #units = new UnitBook();
	readonly #objects = new ObjectReader(this.#codes, this.#units);
	readonly #numbers = new MeasuredReader(this.#units);
	readonly #heads = new KnownTexts<Identification>(1);
	/**
	 * Of the telegram in hand, `#count` of them; behind these still those of the one before: a copy has the room at once, where
	 * an array that grows takes twice as much in between.
	 */
	#quantities: Quantity[] = [];
	#count = 0;
	/** Those of the telegram before: what has not changed is the same object, so that two readings take little more than one. */
	#before: readonly Quantity[] = [];
	#devices: DeviceDraft[] = [];
	#ids: MeterId[] = [];
	#time: string | null = null;
	#list: string | undefined;
	/** What stands in the brackets of the object in hand: value, unit, and the time in front (`null`: not a valid one). */
	#value: Decimal | string = "";
	#unit: string | undefined;
	#stamp: string | null | undefined;
	#oldGas = false;
	#dropped = 0;

	/**
	 * `bytes[start, end)`: from `/` to the last character before `!`; values broken over lines are closed up in a
	 * copy. Never throws.
	 */
	parse(bytes: Uint8Array, start: number, end: number): ParsedTelegram {
		this.#reset();
		let headEnd = start + 1;
		while (headEnd < end && bytes[headEnd] !== CR && bytes[headEnd] !== LF) headEnd++;
		const objects = this.#objects;
		objects.open(bytes, headEnd, end);
		let count = 0;
		let malformed = 0;
		let firstMalformed = "";
		for (let found = objects.next(); found !== "end"; found = objects.next()) {
			if (found === "object") {
				count++;
				if (!this.#takeNumber()) this.#take(objects.bytes);
			} else if (malformed++ === 0) firstMalformed = lineText(bytes, objects.start, end);
		}
		const reading = this.#reading(this.#identification(bytes, start + 1, headEnd));
		objects.close();
		return { reading, objects: count, malformed, firstMalformed, dropped: this.#dropped };
	}

	#reset(): void {
		this.#quantities = this.#before.slice();
		this.#count = 0;
		this.#devices = [];
		this.#ids = [];
		this.#codes.begin();
		this.#time = null;
		this.#list = undefined;
		this.#oldGas = false;
		this.#dropped = 0;
	}

	/** Nearly always what the telegram before had. */
	#identification(bytes: Uint8Array, start: number, end: number): Identification {
		const { view } = this.#objects;
		const heads = this.#heads;
		heads.begin();
		let known = heads.find(view, start, end - start);
		if (known === undefined) {
			known = identification(bytes, start, end);
			heads.keep(view, start, end - start, known);
		}
		return known;
	}

	#reading(who: Identification): Reading {
		const codes = this.#codes;
		const { roles } = codes.columns;
		const ids = this.#ids;
		let best = ids[0];
		for (let index = 1; index < ids.length; index++) {
			const known = ids[index];
			if (best && known && (roles[known.code] as number) < (roles[best.code] as number)) best = known;
		}
		const id = best?.text;
		for (let index = 0; index < ids.length; index++) {
			const { code, text } = ids[index] as MeterId;
			const obis = codes.texts[code] as string;
			if (text !== id) this.#quantities[this.#count++] = { name: obis, value: text, obis };
		}
		this.#quantities.length = this.#count;
		// Neither 2.2 nor 3.0 has a version object; the old form of the gas reading gives them away.
		const list = this.#list ?? (this.#oldGas || this.#looksOld() ? "DSMR 2.2" : undefined);
		const drafts = this.#devices;
		const devices: DeviceReading[] = [];
		for (let index = 0; index < drafts.length; index++) devices.push((drafts[index] as DeviceDraft).finish());
		const quantities = this.#quantities;
		this.#before = quantities;
		this.#quantities = [];
		this.#devices = [];
		const meter: { -readonly [Fact in keyof MeterIdentity]: string } = {};
		// One after the other: a spread takes Node a fifth of the telegram's time.
		if (who.manufacturer) meter.manufacturer = who.manufacturer;
		if (who.model) meter.model = who.model;
		if (id) meter.id = id;
		if (list) meter.list = list;
		return { protocol: "p1", meter, time: this.#time, quantities, devices };
	}

	/** Dutch tariff code without version and clock: before DSMR 4. */
	#looksOld(): boolean {
		return this.#time === null && findQuantity({ quantities: this.#quantities }, "tariff") !== undefined;
	}

	#take(bytes: Uint8Array): void {
		const objects = this.#objects;
		const { code } = objects;
		if (code < 0) {
			this.#dropped++;
			return;
		}
		const role = this.#codes.columns.roles[code];
		if (role === Role.quantity) this.#takeQuantity(bytes, code);
		else if (role === Role.device) this.#takeDevice(bytes, code);
		else if (role === Role.version) this.#list = dsmrVersion(this.#first(bytes));
		else if (role === Role.clock) this.#time = this.#firstTime(bytes) ?? null;
		else if (role === Role.eMucs) this.#list = emucsVersion(this.#first(bytes));
		else if (objects.count === 1) this.#takeId(bytes, code);
		else this.#takeQuantity(bytes, code);
	}

	/**
	 * The usual quantity, one number that the telegram has once, in one go; false, and nothing done, for any other object. Calls
	 * are left out where they would be made for each object: on a chip they take longer than what is done in them.
	 */
	#takeNumber(): boolean {
		const objects = this.#objects;
		const codes = this.#codes;
		const { code, number } = objects;
		const { roles, contents, places, namesakes, takers } = codes.columns;
		const quantities = this.#quantities;
		const place = this.#count;
		if (!objects.isNumber || objects.count !== 1 || roles[code] !== Role.quantity) return false;
		if (contents[code] === Content.text || places[code] !== NONE || place >= MOST_QUANTITIES) return false;
		places[code] = place;
		this.#count++;
		const { mantissa } = number;
		let { exponent } = number;
		let unit: string | undefined;
		const scale = this.#units.scales[number.unit];
		if (scale) {
			unit = scale.unit;
			exponent += scale.power;
		}
		const obis = codes.texts[code] as string;
		let name = obis;
		const namesake = namesakes[code] as number;
		if (takers[namesake] === NONE) {
			takers[namesake] = code;
			const known = codes.names[code];
			const isEarned = unit !== undefined || mantissa === 0 || contents[code] === Content.count;
			if (known !== undefined && isEarned) name = known;
		}
		const before = this.#before[place];
		if (
			before &&
			before.obis === obis &&
			before.name === name &&
			before.unit === unit &&
			before.time === undefined
		) {
			const { value } = before;
			if (typeof value !== "string" && value.mantissa === mantissa && value.exponent === exponent) {
				quantities[place] = before;
				return true;
			}
		}
		const value = { mantissa, exponent };
		quantities[place] = unit === undefined ? { name, value, obis } : { name, value, unit, obis };
		return true;
	}

	#takeId(bytes: Uint8Array, code: number): void {
		const text = this.#octets(bytes);
		if (text !== "" && !this.#ids.some((known) => known.code === code)) this.#ids.push({ code, text });
	}

	#takeQuantity(bytes: Uint8Array, code: number): void {
		this.#content(bytes, code);
		const quantities = this.#quantities;
		const codes = this.#codes;
		const text = codes.texts[code] as string;
		const place = codes.columns.places[code] as number;
		if (place >= 0) {
			// The same object twice: the last one counts, under the name that the first has.
			quantities[place] = this.#quantity(quantities[place]?.name ?? text, text);
			return;
		}
		const next = this.#count;
		if (next >= MOST_QUANTITIES) {
			this.#dropped++;
			return;
		}
		this.#count++;
		codes.columns.places[code] = next;
		const name = (codes.isFirst(code) ? this.#earned(code) : undefined) ?? text;
		const before = this.#before[next];
		const isText = before?.value === this.#value && isSame(before, name, text, this.#unit);
		quantities[next] = isText && before.time === this.#stamp ? before : this.#quantity(name, text);
	}

	#takeDevice(bytes: Uint8Array, code: number): void {
		const obis = this.#codes.obis(code);
		const draft = this.#device(obis.a, obis.b);
		if (draft === undefined) {
			this.#dropped++;
			return;
		}
		const { a, c, d, e } = obis;
		const isId = a === 0 ? c === 96 && d === 1 && (e === 0 || e === 1) : c === 0 && d === 0 && e === 0;
		if (a === 0 && c === 24 && d === 1 && e === 0) draft.kind = kindOfType(this.#firstNumber(bytes));
		else if (isId && draft.id === undefined) draft.id = this.#octets(bytes);
		else {
			if (c === 24 && d === 3 && this.#oldCounter(bytes)) this.#oldGas = true;
			else this.#content(bytes, code);
			const time = this.#stamp;
			if (isCounter(obis) && time !== undefined)
				draft.time = draft.time && time && time < draft.time ? draft.time : time;
			const text = this.#codes.texts[code] as string;
			draft.add(this.#quantity(text, text), obis);
		}
	}

	#device(a: number, b: number): DeviceDraft | undefined {
		const drafts = this.#devices;
		let index = 0;
		let draft = drafts[0];
		while (draft && (draft.a !== a || draft.b !== b)) draft = drafts[++index];
		if (draft || index >= MOST_DEVICES) return draft;
		drafts[index] = new DeviceDraft(a, b);
		return drafts[index];
	}

	/** The first value as `octetText` has it. */
	#octets(bytes: Uint8Array): string {
		const objects = this.#objects;
		if (objects.text !== undefined) return objects.text;
		const text = octetText(bytes, objects.starts[0] as number, objects.ends[0] as number);
		objects.keepText(text);
		return text;
	}

	#first(bytes: Uint8Array): string {
		return textOf(bytes, this.#objects.starts[0] as number, this.#objects.ends[0] as number).trim();
	}

	/** `NaN` where it is none. */
	#firstNumber(bytes: Uint8Array): number {
		const end = this.#objects.ends[0] as number;
		let value = 0;
		for (let at = this.#objects.starts[0] as number; at < end; at++) {
			if (!isDigit(bytes[at])) return Number(this.#first(bytes));
			value = value * 10 + (bytes[at] as number) - ZERO;
		}
		return value;
	}

	#firstTime(bytes: Uint8Array): string | null | undefined {
		return timeStamp(bytes, this.#objects.starts[0] as number, this.#objects.ends[0] as number);
	}

	/** `(time)(status)(60)(1)(0-1:24.2.1)(m3)` and on the next line `(00752.852)`: DSMR 2.2 and 3.0. False: not so. */
	#oldCounter(bytes: Uint8Array): boolean {
		const { count, starts, ends } = this.#objects;
		if (count !== 7) return false;
		const time = this.#firstTime(bytes);
		if (time === undefined || !this.#number(bytes, starts[6] as number, ends[6] as number, time))
			return false;
		if (this.#unit !== undefined) return false;
		const number = this.#value as Decimal;
		const { value, unit } = this.#numbers.inUnit(number, bytes, starts[5] as number, ends[5] as number);
		this.#contains(value, unit, time);
		return true;
	}

	/** Takes what stands in the brackets: a number, a time and a number, or text. */
	#content(bytes: Uint8Array, code: number): void {
		const { count, starts, ends } = this.#objects;
		const textual = this.#codes.columns.contents[code] === Content.text;
		if (count === 1) {
			const start = starts[0] as number;
			const end = ends[0] as number;
			if (textual) this.#contains(this.#octets(bytes));
			else if (!this.#number(bytes, start, end, undefined)) this.#contains(textOf(bytes, start, end));
			return;
		}
		if (count === 2 && !textual) {
			const time = this.#firstTime(bytes);
			if (time !== undefined && this.#number(bytes, starts[1] as number, ends[1] as number, time)) return;
		}
		const { start, end, isBroken } = this.#objects;
		this.#contains(isBroken ? withoutBreaks(bytes, start, end) : textOf(bytes, start, end));
	}

	/** Takes the last value in the brackets as a number with its unit; false where it is none. */
	#number(bytes: Uint8Array, start: number, end: number, time: string | null | undefined): boolean {
		const objects = this.#objects;
		if (!objects.isNumber) {
			const number = this.#numbers.read(bytes, start, end);
			if (number) this.#contains(number.value, number.unit, time);
			return number !== undefined;
		}
		const { mantissa, exponent, unit } = objects.number;
		const scale = this.#units.scales[unit];
		if (scale) this.#contains({ mantissa, exponent: exponent + scale.power }, scale.unit, time);
		else this.#contains({ mantissa, exponent }, undefined, time);
		return true;
	}

	#contains(value: Decimal | string, unit?: string, time?: string | null): void {
		this.#value = value;
		this.#unit = unit;
		this.#stamp = time;
	}

	/** Written out for the usual cases: spreading objects costs the device more than reading the number. */
	#quantity(name: string, obis: string): NewQuantity {
		const value = this.#value;
		const unit = this.#unit;
		const time = this.#stamp;
		if (time) return unit === undefined ? { name, value, obis, time } : { name, value, unit, obis, time };
		return unit === undefined ? { name, value, obis } : { name, value, unit, obis };
	}

	/**
	 * The name where the content earns it: a number, and with a unit where the quantity has one. A bare 0 is 0 in any
	 * unit; another bare number may be kW or W, so it keeps its code (Luxembourg's 3.7.0, rubbish without CRC).
	 */
	#earned(code: number): string | undefined {
		const value = this.#value;
		if (typeof value === "string") return undefined;
		const { names, columns } = this.#codes;
		const isEarned =
			this.#unit !== undefined || value.mantissa === 0 || columns.contents[code] === Content.count;
		return isEarned ? names[code] : undefined;
	}
}

function isSame(quantity: Quantity, name: string, obis: string, unit: string | undefined): boolean {
	return quantity.name === name && quantity.obis === obis && quantity.unit === unit;
}

function withoutBreaks(bytes: Uint8Array, start: number, end: number): string {
	const pieces: string[] = [];
	let from = start;
	for (let at = start; at <= end; at++) {
		if (at < end && bytes[at] !== CR && bytes[at] !== LF) continue;
		if (at > from) pieces.push(textOf(bytes, from, at));
		from = at + 1;
	}
	return pieces.join("");
}

const LONGEST_QUOTE = 40;

function lineText(bytes: Uint8Array, start: number, end: number): string {
	let at = start;
	while (at < end && at - start < LONGEST_QUOTE && bytes[at] !== CR && bytes[at] !== LF) at++;
	return textOf(bytes, start, at);
}

// A whole, checked telegram becomes a Reading: which object is the meter's id, time, a quantity, or a sub-meter's.
// No framing and no CRC here. Source: DSMR 5.0.2 P1, table 6-1, and the country documents of docs/protocols/p1.md.

import { CURRENT_VALUE, obisText, quantityName } from "../../readings/obis.js";
import type { Quantity, Reading } from "../../readings/reading.js";
import { canonical } from "../../readings/units.js";
import { CR, LF, type Measured, measured, octetText, textOf, timeStamp } from "./bytes.js";
import { DeviceDraft, isCounter, kindOfType } from "./devices.js";
import { dsmrVersion, emucsVersion, identification } from "./identity.js";
import { joinBrokenValues, ObjectReader } from "./objects.js";

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

// Ids of the main meter, best first: the id object, Luxembourg's and Hungary's, and what older meters have.
const ID_RANKS = 4;

/** Reads telegrams one after the other, reusing its working memory. */
export class TelegramParser {
	readonly #objects = new ObjectReader();
	#quantities: Quantity[] = [];
	/** Per quantity its code as one number, groups A and B left out or in: comparing strings would be slow on XS. */
	readonly #codes = new Float64Array(MOST_QUANTITIES);
	#devices: DeviceDraft[] = [];
	readonly #ids: { text: string; quantity: Quantity }[] = [];
	readonly #ranks: number[] = [];
	#time: string | null = null;
	#list: string | undefined;
	#oldGas = false;
	#dropped = 0;

	/**
	 * `bytes[start, end)`: from `/` to the last character before `!`, of which the line breaks inside values are
	 * removed in place. Never throws.
	 */
	parse(bytes: Uint8Array, start: number, end: number): ParsedTelegram {
		this.#reset();
		let headEnd = start + 1;
		while (headEnd < end && bytes[headEnd] !== CR && bytes[headEnd] !== LF) headEnd++;
		const objects = this.#objects;
		objects.open(bytes, headEnd, joinBrokenValues(bytes, headEnd, end));
		let count = 0;
		let malformed = 0;
		let firstMalformed = "";
		for (let found = objects.next(); found !== "end"; found = objects.next()) {
			if (found === "object") {
				count++;
				this.#take(bytes);
			} else if (malformed++ === 0) firstMalformed = lineText(bytes, objects.start, end);
		}
		objects.close();
		const reading = this.#reading(identification(bytes, start + 1, headEnd));
		return { reading, objects: count, malformed, firstMalformed, dropped: this.#dropped };
	}

	#reset(): void {
		this.#quantities = [];
		this.#devices = [];
		this.#ids.length = 0;
		this.#ranks.length = 0;
		this.#time = null;
		this.#list = undefined;
		this.#oldGas = false;
		this.#dropped = 0;
	}

	#reading(who: { manufacturer?: string; model?: string }): Reading {
		let best = -1;
		for (let index = 0; index < this.#ids.length; index++)
			if (best < 0 || (this.#ranks[index] as number) < (this.#ranks[best] as number)) best = index;
		const id = this.#ids[best]?.text;
		for (const known of this.#ids) if (known.text !== id) this.#quantities.push(known.quantity);
		// Neither 2.2 nor 3.0 has a version object; the old form of the gas reading gives them away.
		const list = this.#list ?? (this.#oldGas || this.#looksOld() ? "DSMR 2.2" : undefined);
		const devices = this.#devices.map((draft) => draft.finish());
		const quantities = this.#quantities;
		this.#quantities = [];
		this.#devices = [];
		return {
			protocol: "p1",
			meter: { ...who, ...(id && { id }), ...(list && { list }) },
			time: this.#time,
			quantities,
			devices,
		};
	}

	/** Dutch tariff code without version and clock: before DSMR 4. */
	#looksOld(): boolean {
		return this.#time === null && this.#quantities.some((quantity) => quantity.name === "tariff");
	}

	#take(bytes: Uint8Array): void {
		const { a, b, c, d, e } = this.#objects.obis;
		const medium = a >= 5 && a <= 9;
		if ((a === 0 && b > 0) || medium) this.#takeDevice(bytes);
		else if (c === 0 && d === 2 && e === 8 && (a === 1 || a === 0))
			this.#list = dsmrVersion(this.#first(bytes));
		else if (a === 0 && c === 1 && d === 0 && e === 0) this.#time = this.#firstTime(bytes) ?? null;
		else if (a === 0 && c === 96 && d === 1 && e === 4) this.#list = emucsVersion(this.#first(bytes));
		else {
			const rank = idRank(a, c, d, e);
			if (rank < ID_RANKS && this.#objects.count === 1) this.#takeId(bytes, rank);
			else this.#takeQuantity(bytes);
		}
	}

	#takeId(bytes: Uint8Array, rank: number): void {
		const { starts, ends } = this.#objects;
		const text = octetText(bytes, starts[0] as number, ends[0] as number);
		const obis = obisText(this.#objects.obis);
		if (text === "" || this.#ids.some((known) => known.quantity.obis === obis)) return;
		this.#ids.push({ text, quantity: { name: obis, value: text, obis } });
		this.#ranks.push(rank);
	}

	#takeQuantity(bytes: Uint8Array): void {
		const { obis } = this.#objects;
		const code = obisText(obis);
		const content = this.#content(bytes);
		const name = canonicalName(quantityName(obis), content);
		// Groups A and B stand in front: what differs in them only would get the same canonical name.
		const tail = ((obis.c * 256 + obis.d) * 256 + obis.e) * 256 + obis.f;
		const whole = (obis.a * 256 + obis.b) * 2 ** 32 + tail;
		let taken = false;
		for (let index = 0; index < this.#quantities.length; index++) {
			const other = this.#codes[index] as number;
			if (other === whole) {
				// The same object twice: the last one counts, under the name that the first has.
				this.#quantities[index] = quantityOf(this.#quantities[index]?.name ?? code, code, content);
				return;
			}
			if (other % 2 ** 32 === tail) taken = true;
		}
		if (this.#quantities.length >= MOST_QUANTITIES) {
			this.#dropped++;
			return;
		}
		this.#codes[this.#quantities.length] = whole;
		this.#quantities.push(quantityOf(taken ? code : (name ?? code), code, content));
	}

	#takeDevice(bytes: Uint8Array): void {
		const { obis } = this.#objects;
		const draft = this.#device(obis.a, obis.b);
		if (draft === undefined) {
			this.#dropped++;
			return;
		}
		const { a, c, d, e } = obis;
		const isId = a === 0 ? c === 96 && d === 1 && (e === 0 || e === 1) : c === 0 && d === 0 && e === 0;
		if (a === 0 && c === 24 && d === 1 && e === 0) draft.kind = kindOfType(Number(this.#first(bytes)));
		else if (isId && draft.id === undefined) {
			const { starts, ends } = this.#objects;
			draft.id = octetText(bytes, starts[0] as number, ends[0] as number);
		} else {
			const code = obisText(obis);
			const old = c === 24 && d === 3 ? this.#oldCounter(bytes) : undefined;
			if (old) this.#oldGas = true;
			const content = old ?? this.#content(bytes);
			if (isCounter(obis) && content.time !== undefined)
				draft.time = draft.time && content.time && content.time < draft.time ? draft.time : content.time;
			draft.add(quantityOf(code, code, content), obis);
		}
	}

	#device(a: number, b: number): DeviceDraft | undefined {
		for (const draft of this.#devices) if (draft.a === a && draft.b === b) return draft;
		if (this.#devices.length >= MOST_DEVICES) return undefined;
		const draft = new DeviceDraft(a, b);
		this.#devices.push(draft);
		return draft;
	}

	#first(bytes: Uint8Array): string {
		return textOf(bytes, this.#objects.starts[0] as number, this.#objects.ends[0] as number).trim();
	}

	#firstTime(bytes: Uint8Array): string | null | undefined {
		return timeStamp(bytes, this.#objects.starts[0] as number, this.#objects.ends[0] as number);
	}

	/** `(time)(status)(60)(1)(0-1:24.2.1)(m3)` and on the next line `(00752.852)`: DSMR 2.2 and 3.0. */
	#oldCounter(bytes: Uint8Array): Content | undefined {
		const { count, starts, ends } = this.#objects;
		if (count !== 7) return undefined;
		const time = this.#firstTime(bytes);
		if (time === undefined) return undefined;
		const number = measured(bytes, starts[6] as number, ends[6] as number);
		if (number === undefined || number.unit !== undefined) return undefined;
		const spelling = textOf(bytes, starts[5] as number, ends[5] as number).trim();
		return { value: spelling === "" ? number : canonical(number.value, spelling), time };
	}

	/** What stands in the brackets: a number, a time and a number, or text. */
	#content(bytes: Uint8Array): Content {
		const { obis, count, starts, ends } = this.#objects;
		const textual = isText(obis.a, obis.c, obis.d);
		if (count === 1) {
			const start = starts[0] as number;
			const end = ends[0] as number;
			const value = textual ? undefined : measured(bytes, start, end);
			if (value) return { value };
			return { text: textual ? octetText(bytes, start, end) : textOf(bytes, start, end) };
		}
		if (count === 2 && !textual) {
			const time = this.#firstTime(bytes);
			if (time !== undefined) {
				const value = measured(bytes, starts[1] as number, ends[1] as number);
				if (value) return { value, time };
			}
		}
		return { text: withoutBreaks(bytes, this.#objects.start, this.#objects.end) };
	}
}

interface Content {
	readonly value?: Measured;
	readonly text?: string;
	readonly time?: string | null;
}

function quantityOf(name: string, obis: string, { value, text, time }: Content): Quantity {
	return {
		name,
		value: value ? value.value : (text ?? ""),
		...(value?.unit !== undefined && { unit: value.unit }),
		obis,
		...(time && { time }),
	};
}

/** 0 is the best id, `ID_RANKS` is none. 96.1.0 is the meter's id in Hungary, 96.1.255 and 0.0.0 EasyMeter's. */
function idRank(a: number, c: number, d: number, e: number): number {
	if (a === 0 && c === 96 && d === 1 && (e === 1 || e === CURRENT_VALUE)) return 0;
	if (a === 0 && c === 42 && d === 0 && e === 0) return 1;
	if (a === 0 && c === 96 && d === 1 && e === 0) return 2;
	if (c === 0 && d === 0 && e === 0) return 3;
	return ID_RANKS;
}

/** Objects that hold text or hexadecimal even where it looks like a number: ids, messages, status words, clocks. */
function isText(a: number, c: number, d: number): boolean {
	if (c === 96) return d === 1 || d === 13 || d === 5 || d === 2;
	if (c === 0) return d <= 2 || d === 9;
	return a === 0 && c === 42;
}

/**
 * The name where the content earns it: a number, and with a unit where the quantity has one. A bare 0 is 0 in any
 * unit; another bare number may be kW or W, so it keeps its code (Luxembourg's 3.7.0, rubbish without CRC).
 */
function canonicalName(name: string | undefined, { value }: Content): string | undefined {
	if (name === undefined || value === undefined) return undefined;
	return value.unit !== undefined || value.value.mantissa === 0 || isCount(name) ? name : undefined;
}

/** Names of numbers without a unit. */
function isCount(name: string): boolean {
	return (
		name === "tariff" ||
		name.startsWith("power_factor") ||
		name.endsWith("power_failures") ||
		name.startsWith("voltage_s")
	);
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

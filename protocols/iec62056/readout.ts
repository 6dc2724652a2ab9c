// Data sets to a Reading: names, exact values, canonical units, the meter's id and clock. Knows no bytes.

import { type Decimal, parseDecimalText, scaled, toText } from "../../readings/decimal.js";
import type { MeterIdentity, Quantity, Reading } from "../../readings/reading.js";
import { canonical } from "../../readings/units.js";
import { readDate, readDateTime, readTime } from "./clock.js";
import type { DataSet } from "./data-set.js";
import { type Identification, makerText, modeOf } from "./identification.js";
import type { Protection } from "./message.js";
import { KnownIds, type ObjectId, objectName } from "./object-id.js";

/** Collects the quantities of one reading. Names are unique: who comes second is called by its id. */
export class Readout {
	readonly quantities: Quantity[] = [];
	readonly #names = new Set<string>();
	readonly #kamstrup: boolean;
	readonly #ids: KnownIds;
	#sets = 0;
	#id: string | undefined;
	#idRank = 0;
	#date: string | undefined;
	#time: string | undefined;
	#stamp: string | undefined;
	#peakUnit: string | undefined;

	/** `ids`: what is known of readouts before. */
	constructor(
		readonly identification: Identification | undefined,
		ids = new KnownIds(),
	) {
		this.#ids = ids;
		this.#kamstrup = identification?.maker.toUpperCase() === "KAM";
	}

	/** Takes one data set. `asked`: the address that a reply without id answers. */
	add({ id, values }: DataSet, asked = "value"): void {
		const object = this.#ids.read(this.#sets++, id);
		this.#learn(object, values[0]?.trim() ?? "");
		if (object === undefined) {
			values.forEach((value, index) => {
				const name = id !== "" ? id : values.length > 1 ? `${asked}_${index + 1}` : asked;
				this.#push({ name, ...plainValue(value.trim()) });
			});
			return;
		}
		const [first = "", second] = values;
		if (values.length === 2 && second !== undefined) {
			// A peak and when it was, in either order.
			const behind = readDateTime(second.trim());
			if (behind) return this.#value(object, first, behind);
			const before = readDateTime(first.trim());
			if (before) return this.#value(object, second, before);
		}
		if (values.length > 1) this.#text(object, values.map((value) => `(${value})`).join(""));
		else this.#value(object, first);
	}

	/** The reading; `mode` is told with what protected it: `mode C, BCC XOR`. */
	reading(list: string | undefined): Reading {
		const { identification } = this;
		const meter: MeterIdentity = {
			...(identification === undefined ? {} : { manufacturer: makerText(identification) }),
			...(identification?.model ? { model: identification.model } : {}),
			...(this.#id === undefined ? {} : { id: this.#id }),
			...(list === undefined ? {} : { list }),
		};
		const clock = this.#date && this.#time ? `${this.#date}T${this.#time}` : null;
		const time = this.#stamp ?? clock;
		return { protocol: "iec62056", meter, time, quantities: this.quantities, devices: [] };
	}

	#value(object: ObjectId, printed: string, time?: string): void {
		const star = printed.indexOf("*");
		const single = star >= 0 && star === printed.lastIndexOf("*");
		const unit = single ? printed.slice(star + 1).trim() : undefined;
		const number =
			star >= 0 && !single ? undefined : parseDecimalText((single ? printed.slice(0, star) : printed).trim());
		if (number === undefined || (unit === undefined && isTextObject(object)))
			return this.#text(object, printed.trim(), time);
		const name = objectName(object, unit, this.#kamstrup);
		this.#put(object, name ?? object.text, this.#inUnit(name, number, unit), time);
	}

	#text(object: ObjectId, value: string, time?: string): void {
		this.#put(object, object.text, { value }, time);
	}

	#put({ text }: ObjectId, name: string, content: Pick<Quantity, "value" | "unit">, time?: string): void {
		this.#push({ name, ...content, obis: text, ...(time === undefined ? {} : { time }) });
	}

	#inUnit(
		name: string | undefined,
		value: Decimal,
		unit: string | undefined,
	): { value: Decimal; unit?: string } {
		if (unit === undefined || unit === "") {
			// The 382 prints last month's peak in this month's unit.
			if (name === "power_peak_last_month" && this.#peakUnit) return canonical(value, this.#peakUnit);
			// An energy with decimals is in kWh: no meter prints parts of a watt-hour.
			if (name?.startsWith("energy_") && value.exponent < 0) return { value, unit: "kWh" };
			return { value };
		}
		if (name === "power_peak_month") this.#peakUnit = unit;
		if (name === "heat_energy" || name === "cooling_energy" || name === "heat_power") return { value, unit };
		if (unit === "MWh")
			return name?.startsWith("energy_") ? { value: scaled(value, 3), unit: "kWh" } : { value, unit };
		if (unit === "m3ph") return canonical(value, "m3/h");
		if (name === "temperature_difference") return { value, unit: "K" };
		return canonical(value, unit);
	}

	#push(quantity: Quantity): void {
		let { name } = quantity;
		if (this.#names.has(name) && quantity.obis) name = quantity.obis;
		for (let count = 2; this.#names.has(name); count++) name = `${quantity.obis ?? quantity.name}_${count}`;
		this.#names.add(name);
		this.quantities.push(name === quantity.name ? quantity : { ...quantity, name });
	}

	/** Id and clock, which are part of the reading besides being quantities. */
	#learn(object: ObjectId | undefined, text: string): void {
		if (object === undefined || object.past !== undefined || text === "") return;
		const rank = idRank(object);
		if (rank > this.#idRank) {
			this.#id = text;
			this.#idRank = rank;
		}
		const { a, c, d, e } = object.obis;
		if (object.short && c === 9 && d === 36) this.#stamp = readDateTime(text) ?? this.#stamp;
		if (a !== 0) return;
		if (c === 0 && d === 9) {
			if (e === 1) this.#time = readTime(text);
			else if (e === 2) this.#date = readDate(text);
			else if (e === 4) this.#stamp = readDateTime(text) ?? this.#stamp;
		} else if (c === 1 && d === 0 && e === 0) this.#stamp = readDateTime(text) ?? this.#stamp;
	}
}

/** A value under an id that is no OBIS code: a number with a unit or written as numbers are, text otherwise. */
function plainValue(text: string): Pick<Quantity, "value" | "unit"> {
	const star = text.indexOf("*");
	const number = parseDecimalText(star < 0 ? text : text.slice(0, star));
	if (number === undefined) return { value: text };
	if (star >= 0) return canonical(number, text.slice(star + 1));
	return { value: toText(number) === text ? number : text };
}

/** Whether an object tells its value and nothing else of the meter: it is neither id nor clock. */
export function isOnlyValue(object: ObjectId): boolean {
	const { c, d } = object.obis;
	return idRank(object) === 0 && !(object.short && c === 9) && !(c === 0 && d === 9) && !(c === 1 && d === 0);
}

/** How good an id an object is: 0.0 and 0.0.0 before C.1 and 96.1, before the device number of heat meters. */
function idRank({ obis: { a, c, d, e }, short }: ObjectId): number {
	if (c === 0 && d === 0 && e === 0) return 4;
	if (a <= 1 && c === 96 && d === 1 && (e === 0 || e === 255)) return 3;
	if (a <= 1 && c === 96 && d === 1 && e === 1) return 2;
	return short && c === 9 && d === 20 ? 1 : 0;
}

/** Ids, errors, programs, clocks: digits that are no quantity and keep their zeros. */
function isTextObject({ obis: { a, c, d }, short, past }: ObjectId): boolean {
	if (short && (c === 9 || (c === 6 && d === HEAT_TARGET_DATE))) return true;
	if (a > 1) return false;
	if (past !== undefined) return c === 97;
	if (c === 0) return d === 0 || d === 2 || d === 9;
	if (c === 96) return d === 1 || d === 5 || d === 13 || d === 90 || d === 97;
	return c === 97 || c === 98 || c === 99 || (c === 1 && d === 0);
}

/** 6.36: day and month of the yearly reading. */
const HEAT_TARGET_DATE = 36;

/** `mode C, BCC XOR`, `mode A, BCC sum`, `mode D`, `mode D, CRC`: how a readout came and what protected it. */
export function listText(identification: Identification | undefined, protection: Protection): string {
	if (protection === "none") return "mode D";
	if (protection === "crc") return "mode D, CRC";
	const check = protection === "xor" ? "BCC XOR" : "BCC sum";
	return identification === undefined ? check : `mode ${modeOf(identification)}, ${check}`;
}

// Collects what a push list says into a Reading: canonical names and units, one name once, identity, time.
// Knows COSEM objects, no maker and no list; list decoders call it.

import { multiplied } from "../../../readings/decimal.js";
import { type Obis, obisText, quantityName } from "../../../readings/obis.js";
import type { DeviceReading, MeterIdentity, Quantity, Reading } from "../../../readings/reading.js";
import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { cosemTime, DATE_TIME_BYTES } from "../cosem-time.js";
import { baseUnit, cosemUnit, measureOf } from "../cosem-units.js";
import {
	isTime,
	isTransformed,
	itemText,
	makerNamed,
	PLAIN_SCALING,
	plainText,
	type Scaling,
	scaleOf,
	smallNumber,
	withUnit,
} from "./item-values.js";
import type { KnownObjects } from "./known-objects.js";

/** Which text is the meter's number if a list holds several: the highest rank wins, others become texts. */
enum IdRank {
	none = 0,
	logicalName = 1,
	number = 2,
	second = 3,
	giai = 4,
	deviceId = 5,
}

export class ReadingBuilder {
	/** How this list's values without scaler are scaled. */
	scaling: Scaling = PLAIN_SCALING;
	/** Transformer ratio that currents, powers and energies are multiplied by. */
	ratio = 1;
	manufacturer: string | undefined;
	list = "unknown";
	model: string | undefined;
	/** Group of the type object (Kamstrup sends its type string as 1-1:96.1.1, which is a device id elsewhere). */
	typeInDeviceId2 = false;
	/** Energies are sent with A = 0 (Landis+Gyr ZMF100). */
	abstractIsElectricity = false;
	readonly #quantities: Quantity[] = [];
	readonly #channels: Channel[] = [];
	#id: string | undefined;
	#idRank: number = IdRank.none;
	#idObis: Obis | undefined;
	#clock: string | undefined;

	/** `known`: the objects of the list before, for lists that follow them. */
	constructor(readonly known: KnownObjects) {
		known.begin();
	}

	/**
	 * Takes one COSEM object: `value` is its item, `scaler` the item of its {scaler, unit}, or -1. Returns the quantity
	 * that it became, if it became one and nothing else. Null-data is left out: the meter does not measure it.
	 */
	object(items: AxdrItems, obis: Obis, value: number, scaler = -1): Quantity | undefined {
		const tag = items.tag(value);
		if (tag === Tag.null || tag === Tag.dontCare || items.isContainer(value)) return undefined;
		if (obis.a === 0 && obis.c === 1 && obis.d === 0 && this.clock(items, value)) return undefined;
		if (this.#identity(items, obis, value)) return undefined;
		if (obis.a === 0 && obis.b >= 1 && obis.b <= 4 && this.#channel(items, obis, value, scaler))
			return undefined;
		const quantity = this.#quantity(items, obis, value, scaler);
		return quantity && this.add(quantity);
	}

	/** Adds what the list before had, too, so that its name is free. */
	addKnown(quantity: Quantity): void {
		this.#quantities.push(quantity);
	}

	/** Takes a value of which nothing is known but its place (1 is the list's first). */
	item(items: AxdrItems, place: number | string, value: number): void {
		const tag = items.tag(value);
		if (tag === Tag.null || tag === Tag.dontCare) return;
		const number = items.number(value);
		const text = number ? undefined : plainText(items, value);
		if (text !== "") this.add({ name: `item_${place}`, value: number ?? (text as string) });
	}

	/** An unknown value, or the values in an unknown container: `item_3`, or `item_3_1`, `item_3_2`, … */
	leaves(items: AxdrItems, place: number, value: number): void {
		if (!items.isContainer(value)) {
			this.item(items, place, value);
			return;
		}
		let number = 1;
		for (let item = value + 1; item < items.next(value); item++) {
			if (!items.isContainer(item)) this.item(items, `${place}_${number++}`, item);
		}
	}

	/** The meter's clock, if the item is a date-time that says one. */
	clock(items: AxdrItems, value: number): boolean {
		const tag = items.tag(value);
		if (tag !== Tag.dateTime && !(tag === Tag.octetString && items.length(value) === DATE_TIME_BYTES))
			return false;
		const time = cosemTime(items.bytes, items.offset(value));
		this.#clock ??= time;
		return time !== undefined;
	}

	/** The meter's number from a place that the list gives it. */
	identify(text: string): void {
		this.#identify(text, IdRank.deviceId, undefined);
	}

	/** The logical device name, which is the meter's number only where there is no other. */
	logicalName(text: string): void {
		this.#identify(text, IdRank.logicalName, LOGICAL_NAME);
	}

	/** Takes a text that begins with a known maker's letters as the logical device name; false for any other item. */
	selfNamed(items: AxdrItems, item: number): boolean {
		if (!items.isText(item)) return false;
		const maker = makerNamed(items, item);
		if (maker === undefined) return false;
		this.manufacturer ??= maker;
		this.logicalName(itemText(items, item));
		return true;
	}

	/**
	 * Adds under a name that no quantity has yet: a second of the same name keeps its code, or is left out. Returns what
	 * was added.
	 */
	add(quantity: Quantity): Quantity | undefined {
		const { obis } = quantity;
		let added = quantity;
		if (this.has(quantity.name)) {
			if (obis === undefined || this.has(obis)) return undefined;
			added = { ...quantity, name: obis };
		}
		this.#quantities.push(added);
		return added;
	}

	has(name: string): boolean {
		for (const quantity of this.#quantities) if (quantity.name === name) return true;
		return false;
	}

	get size(): number {
		return this.#quantities.length + this.#channels.length;
	}

	/** The reading; `headerTime` (of the notification) stands before the clock object. */
	finish(headerTime: string | undefined): Reading {
		const meter: Mutable<MeterIdentity> = {};
		if (this.manufacturer !== undefined) meter.manufacturer = this.manufacturer;
		if (this.model) meter.model = this.model;
		if (this.#id) meter.id = this.#id;
		meter.list = this.list;
		return {
			protocol: "dlms",
			meter,
			time: headerTime ?? this.#clock ?? null,
			quantities: this.#quantities,
			devices: this.#devices(),
		};
	}

	#quantity(items: AxdrItems, obis: Obis, value: number, scaler: number): Quantity | undefined {
		const code = obisText(obis);
		const named = this.abstractIsElectricity && obis.a === 0 && obis.d === 8 ? { ...obis, a: 1 } : obis;
		const name = quantityName(named) ?? code;
		if (items.isText(value) || items.tag(value) === Tag.bitString || isTime(items.tag(value))) {
			const number = name === "tariff" ? smallNumber(items, value) : undefined;
			const text = number ?? plainText(items, value);
			return text === "" ? undefined : { name, value: text, obis: code };
		}
		const measure = measureOf(obis);
		const fromFrame = scaler >= 0;
		const power = fromFrame ? Number(items.integer(scaler + 1) ?? 0) : scaleOf(this.scaling, measure);
		const raw = items.number(value, power ?? 0);
		if (!raw) return undefined;
		if (power === undefined) return { name: code, value: raw, obis: code };
		const number = this.ratio === 1 || !isTransformed(measure) ? raw : multiplied(raw, this.ratio);
		const unit = fromFrame ? cosemUnit(Number(items.integer(scaler + 2) ?? 255)) : baseUnit(obis, measure);
		return withUnit(name, number, unit, code);
	}

	/** Objects that say who the meter is; true where this was one. */
	#identity(items: AxdrItems, obis: Obis, value: number): boolean {
		const { a, b, c, d, e } = obis;
		if (a > 1) return false;
		if (c === 0 && d === 2 && e === 129) {
			const text = itemText(items, value);
			if (text) this.list = text;
			return true;
		}
		if (c === 96 && d === 1) {
			if (a === 0 && b !== 0) return false;
			if (e === 7 || (e === 1 && this.typeInDeviceId2)) this.model = itemText(items, value);
			else if (e === 0) this.#identify(itemText(items, value), IdRank.deviceId, obis);
			else if (e === 1) this.#identify(itemText(items, value), IdRank.second, obis);
			else return false;
			return true;
		}
		if (a === 0 && c === 42 && d === 0) {
			this.#identify(itemText(items, value), IdRank.logicalName, obis);
			if (items.isText(value)) this.manufacturer ??= makerNamed(items, value);
			return true;
		}
		if (a === 1 && c === 0 && d === 0) {
			this.#identify(itemText(items, value), e === 5 ? IdRank.giai : IdRank.number, obis);
			return true;
		}
		return false;
	}

	#identify(text: string, rank: number, obis: Obis | undefined): void {
		if (text === "" || text === this.#id) return;
		if (rank > this.#idRank) {
			if (this.#id !== undefined) this.#identityText(this.#id, this.#idObis);
			this.#id = text;
			this.#idRank = rank;
			this.#idObis = obis;
		} else this.#identityText(text, obis);
	}

	#identityText(text: string, obis: Obis | undefined): void {
		if (!obis) return;
		const code = obisText(obis);
		this.add({ name: code, value: text, obis: code });
	}

	/** Objects of M-Bus channels 1–4: the device's number (96.1.0) and its reading (24.2.x). */
	#channel(items: AxdrItems, obis: Obis, value: number, scaler: number): boolean {
		const isId = obis.c === 96 && obis.d === 1 && obis.e === 0;
		if (!isId && !(obis.c === 24 && obis.d === 2)) return false;
		let channel = this.#channels.find((one) => one.channel === obis.b);
		if (!channel) {
			channel = { channel: obis.b, id: "", quantities: [] };
			this.#channels.push(channel);
		}
		if (isId) channel.id = itemText(items, value);
		else {
			const quantity = this.#quantity(items, obis, value, scaler);
			if (quantity) channel.quantities.push(quantity);
		}
		return true;
	}

	/** Channels that hold a device: an id that is not all zeros, or a value that is not zero. */
	#devices(): DeviceReading[] {
		const devices: DeviceReading[] = [];
		for (const { channel, id, quantities } of this.#channels) {
			const present = id !== "" && Number(id) !== 0;
			if (!present && !quantities.some(({ value }) => typeof value === "string" || value.mantissa !== 0))
				continue;
			devices.push({
				kind: "device",
				...(present ? { id } : {}),
				channel,
				time: null,
				quantities,
			});
		}
		return devices;
	}
}

interface Channel {
	readonly channel: number;
	id: string;
	readonly quantities: Quantity[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const LOGICAL_NAME: Obis = Object.freeze({ a: 0, b: 0, c: 42, d: 0, e: 0, f: 255 });

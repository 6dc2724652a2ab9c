// Items of a list as texts, numbers and quantities: what a reading holds of one A-XDR item. No state, no list.

import type { Decimal } from "../../../readings/decimal.js";
import { type Obis, obisAt } from "../../../readings/obis.js";
import type { Quantity } from "../../../readings/reading.js";
import { canonical } from "../../../readings/units.js";
import { makerName } from "../../shared/makers.js";
import { hexText, textOf } from "../../shared/text.js";
import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { cosemTime, DATE_TIME_BYTES } from "../cosem-time.js";
import type { Measure } from "../cosem-units.js";
import { startsWith } from "../text.js";

const LONGEST_NUMBER = 4;

/** Powers of ten from raw values to base units where the frame carries no scaler (Kamstrup current: -2). `undefined`: nobody knows. */
export interface Scaling {
	readonly voltage: number | undefined;
	readonly current: number | undefined;
	readonly energy: number | undefined;
	readonly factor: number | undefined;
}

/** Base units as they stand. */
export const PLAIN_SCALING: Scaling = Object.freeze({ voltage: 0, current: 0, energy: 0, factor: 0 });

/** The object at the six bytes of an OBIS item. */
export function obisOf(items: AxdrItems, item: number): Obis {
	return obisAt(items.bytes, items.offset(item));
}

/** A text or number item as text: ids come as either. */
export function itemText(items: AxdrItems, item: number): string {
	if (items.isText(item)) return items.text(item);
	const number = items.integer(item);
	return number === undefined ? "" : `${number}`;
}

/** Whether a text item begins with these letters. */
export function beginsWith(items: AxdrItems, item: number, letters: string): boolean {
	return items.isText(item) && startsWith(items.bytes, items.offset(item), items.length(item), letters);
}

/** The maker that a logical device name begins with. */
export function makerNamed(items: AxdrItems, item: number): string | undefined {
	const at = items.offset(item);
	return items.length(item) < 3 ? undefined : makerName(textOf(items.bytes, at, at + 3));
}

/** A text, time or bit string as text. */
export function plainText(items: AxdrItems, item: number): string {
	const tag = items.tag(item);
	const offset = items.offset(item);
	if (tag === Tag.dateTime || (tag === Tag.octetString && items.length(item) === DATE_TIME_BYTES)) {
		const time = cosemTime(items.bytes, offset);
		if (time !== undefined) return time;
	}
	if (items.isText(item)) return items.text(item);
	const length = tag === Tag.bitString ? (items.length(item) + 7) >> 3 : items.length(item);
	return hexText(items.bytes, offset, offset + length);
}

/** A tariff in one to four binary bytes. */
export function smallNumber(items: AxdrItems, item: number): Decimal | undefined {
	const length = items.length(item);
	const offset = items.offset(item);
	if (length === 0 || length > LONGEST_NUMBER || (items.bytes[offset] as number) >= 0x20) return undefined;
	let mantissa = 0;
	for (let at = offset; at < offset + length; at++) mantissa = mantissa * 0x100 + (items.bytes[at] as number);
	return { mantissa, exponent: 0 };
}

/** One of the time types. */
export function isTime(tag: number): boolean {
	return tag === Tag.dateTime || tag === Tag.date || tag === Tag.time;
}

/** Power of ten of a measure, or `undefined` where nobody knows it. */
export function scaleOf(scaling: Scaling, measure: Measure): number | undefined {
	switch (measure) {
		case "voltage":
			return scaling.voltage;
		case "current":
			return scaling.current;
		case "energy":
			return scaling.energy;
		case "factor":
			return scaling.factor;
		default:
			return 0;
	}
}

/** Whether current transformers act on it. */
export function isTransformed(measure: Measure): boolean {
	return measure === "power" || measure === "energy" || measure === "current";
}

/** The quantity in its canonical unit. */
export function withUnit(name: string, value: Decimal, unit: string | undefined, obis: string): Quantity {
	if (unit === "min") return { name, value, unit, obis };
	if (!unit) return { name, value, obis };
	const converted = canonical(value, unit);
	return { name, value: converted.value, unit: converted.unit, obis };
}

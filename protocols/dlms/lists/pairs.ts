// OBIS-tagged lists of every maker: `OBIS value [{scaler, unit}]`, in structures of their own (Aidon, Salzburg),
// flat in one structure (Kamstrup, Kaifa SE, Austria, Landis+Gyr), or mixed. Scaling comes from the frame if it has
// one, else from the builder.

import { toNumber } from "../../../readings/decimal.js";
import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { itemText, obisOf } from "./item-values.js";
import { isFlat } from "./known-objects.js";
import type { ReadingBuilder } from "./reading-builder.js";

/** Items before the first pair and after the last that have no OBIS code. */
export type LooseItem = (items: AxdrItems, item: number, place: number) => void;

/** Whether any item below `container` is an OBIS code with a value behind it. */
export function hasPairs(items: AxdrItems, container: number): boolean {
	const end = items.next(container);
	for (let item = container + 1; item < end - 1; item++) if (items.isObis(item)) return true;
	return false;
}

/** The item after the value of the first `C.D.E` object below the root, i.e. its value; -1 where there is none. */
export function findObject(items: AxdrItems, c: number, d: number, e: number): number {
	for (let item = 1; item < items.count - 1; item++) {
		if (!items.isObis(item)) continue;
		const at = items.offset(item);
		if (items.bytes[at + 2] === c && items.bytes[at + 3] === d && items.bytes[at + 4] === e) return item + 1;
	}
	return -1;
}

/** Raw value of the instantaneous object `c`.7.0, 0 where it is absent. */
export function rawObject(items: AxdrItems, c: number): number {
	const item = findObject(items, c, 7, 0);
	const number = item < 0 ? undefined : items.number(item);
	return number ? toNumber(number) : 0;
}

/** Reads all pairs below `container`; other items go to `loose`, or become clock, number or `item_N`. */
export function readPairs(
	items: AxdrItems,
	out: ReadingBuilder,
	container: number,
	loose: LooseItem = (_, item, place) => looseItem(items, out, item, place),
): void {
	const end = items.next(container);
	const { known } = out;
	let item = container + 1;
	for (let place = 1; item < end; place++) {
		if (item + 1 < end && isFlat(items, item, end)) {
			const quantity = known.next(items, item);
			if (quantity) {
				out.addKnown(quantity);
				place++;
				item += 2;
				continue;
			}
		}
		const value = items.next(item);
		if (items.isObis(item) && value < end && !(items.isContainer(value) && !isScalerUnit(items, value))) {
			let after = items.next(value);
			const scaler = after < end && isScalerUnit(items, after) ? after : -1;
			if (scaler >= 0) after = items.next(scaler);
			const quantity = out.object(items, obisOf(items, item), value, scaler);
			// What a scaler made of it says nothing of the next one without.
			known.learn(items, item, scaler < 0 ? quantity : undefined);
			place += scaler >= 0 ? 2 : 1;
			item = after;
		} else {
			if (items.isContainer(item)) readPairs(items, out, item, loose);
			else if (items.tag(item) !== Tag.null) loose(items, item, place);
			item = value;
		}
	}
}

/** Whether any item is a {scaler, unit}. */
export function findScaler(items: AxdrItems): boolean {
	for (let item = 1; item < items.count; item++) if (isScalerUnit(items, item)) return true;
	return false;
}

/** A structure of a one-byte scaler and a unit. */
export function isScalerUnit(items: AxdrItems, item: number): boolean {
	return items.isStructure(item, 2) && items.tag(item + 1) === Tag.int8 && items.tag(item + 2) === Tag.enum;
}

/** A clock; a logical device name in front; or a text, which at the end of Austrian lists is the meter's number; or an unnamed value. */
function looseItem(items: AxdrItems, out: ReadingBuilder, item: number, place: number): void {
	if (out.clock(items, item)) return;
	if (place === 1 && out.selfNamed(items, item)) return;
	if (items.isText(item) && item === items.count - 1) out.identify(itemText(items, item));
	else out.item(items, place, item);
}

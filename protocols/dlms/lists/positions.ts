// Lists without OBIS codes: the place in the structure says what a value is. A list is known by its signature, the
// types of its items one after another, so that a list of another maker with as many items is not mistaken for it.

import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { itemText } from "./item-values.js";
import type { ReadingBuilder } from "./reading-builder.js";

/**
 * What stands in a place: an object packed by `place()`, or one of `Place`.
 */
export type PlaceCode = number;

export const Place = Object.freeze({
	/** Logical device name: the meter's number if there is no other. */
	logicalName: -1,
	/** The meter's number. */
	id: -2,
	/** The type string. */
	model: -3,
	/** List id. */
	list: -4,
	clock: -5,
	/** Known to be there, not what it means: `item_N`. */
	unknown: -6,
});

/** An electricity object C.D.E, or an abstract one where `a` is 0. */
export function place(c: number, d: number, e = 0, a = 1): PlaceCode {
	return (a << 24) | (c << 16) | (d << 8) | e;
}

/**
 * One list. `signature`: a letter an item: `t` text or octet string, `4` 32 or 64 bits, `2` 16 bits,
 * `1` boolean, enum or 8 bits, `x` anything.
 */
export interface PositionalList {
	readonly signature: string;
	readonly places: readonly PlaceCode[];
}

/** Whether the structure's items have these types. */
export function fits(items: AxdrItems, { signature }: PositionalList): boolean {
	if (!items.isStructure(0, signature.length)) return false;
	let item = 1;
	for (let index = 0; index < signature.length; index++) {
		if (!isOfKind(items, item, signature.charAt(index))) return false;
		item = items.next(item);
	}
	return true;
}

/** Takes each item by its place. */
export function readPlaces(items: AxdrItems, out: ReadingBuilder, places: readonly PlaceCode[]): void {
	let item = 1;
	for (let index = 0; item < items.count; index++) {
		takePlace(items, out, item, places[index] ?? Place.unknown, index + 1);
		item = items.next(item);
	}
}

function takePlace(
	items: AxdrItems,
	out: ReadingBuilder,
	item: number,
	code: PlaceCode,
	number: number,
): void {
	switch (code) {
		case Place.logicalName:
			out.logicalName(itemText(items, item));
			break;
		case Place.id:
			out.identify(itemText(items, item));
			break;
		case Place.model:
			out.model = itemText(items, item);
			break;
		case Place.list:
			out.list = itemText(items, item);
			break;
		case Place.clock:
			out.clock(items, item);
			break;
		case Place.unknown:
			out.leaves(items, number, item);
			break;
		default:
			out.object(
				items,
				{ a: code >> 24, b: 0, c: (code >> 16) & 0xff, d: (code >> 8) & 0xff, e: code & 0xff, f: 255 },
				item,
			);
	}
}

function isOfKind(items: AxdrItems, item: number, kind: string): boolean {
	const tag = items.tag(item);
	switch (kind) {
		case "t":
			return items.isText(item);
		case "4":
			return (
				tag === Tag.uint32 || tag === Tag.int32 || tag === Tag.uint64 || tag === Tag.int64 || tag === Tag.null
			);
		case "2":
			return tag === Tag.uint16 || tag === Tag.int16 || tag === Tag.null;
		case "1":
			return tag === Tag.boolean || tag === Tag.enum || tag === Tag.uint8 || tag === Tag.int8;
		default:
			return true;
	}
}

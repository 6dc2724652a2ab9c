// Lists without OBIS codes: the place in the structure says what a value is. A list is known by its signature, the
// types of its items one after another, so that a list of another maker with as many items is not mistaken for it.

import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { itemText } from "./item-values.js";
import type { ReadingBuilder } from "./reading-builder.js";

/**
 * One list as a text: its signature, then what stands in its places, with blanks between.
 * Signature, a letter an item: `t` text or octet string, `4` 32 or 64 bits, `2` 16 bits, `1` boolean, enum or 8 bits,
 * `x` anything.
 * Places: `C.D` or `C.D.E` of an object; `name` the logical device name, the meter's number if there is no other;
 * `id` its number; `model` its type; `list` the list's id; `clock`; `?` is known to be there, not what it means.
 */
export type PositionalList = string;

const UNKNOWN = "?";
/** From that group C on objects are abstract (A = 0). */
const FIRST_ABSTRACT = 96;

/** The list whose signature the structure's items have; `undefined` where none fits. */
export function fittingList(items: AxdrItems, lists: readonly PositionalList[]): PositionalList | undefined {
	return lists.find((list) => fits(items, list));
}

function fits(items: AxdrItems, list: PositionalList): boolean {
	const members = list.indexOf(" ");
	if (!items.isStructure(0, members)) return false;
	let item = 1;
	for (let index = 0; index < members; index++) {
		if (!isOfKind(items, item, list.charAt(index))) return false;
		item = items.next(item);
	}
	return true;
}

/** Takes each item by its place. */
export function readPlaces(items: AxdrItems, out: ReadingBuilder, list: PositionalList): void {
	const places = list.split(" ");
	let item = 1;
	for (let index = 1; item < items.count; index++) {
		takePlace(items, out, item, places[index] ?? UNKNOWN, index);
		item = items.next(item);
	}
}

function takePlace(items: AxdrItems, out: ReadingBuilder, item: number, place: string, number: number): void {
	switch (place) {
		case "name":
			out.logicalName(itemText(items, item));
			break;
		case "id":
			out.identify(itemText(items, item));
			break;
		case "model":
			out.model = itemText(items, item);
			break;
		case "list":
			out.list = itemText(items, item);
			break;
		case "clock":
			out.clock(items, item);
			break;
		case UNKNOWN:
			out.leaves(items, number, item);
			break;
		default: {
			const [c = 0, d = 0, e = 0] = place.split(".").map(Number);
			out.object(items, { a: c < FIRST_ABSTRACT ? 1 : 0, b: 0, c, d, e, f: 255 }, item);
		}
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

// Landis+Gyr E450 lists without descriptors: the positional ones of Burgenland ("LNG2"), and a clock followed by
// pairs without scalers (Austria, Switzerland). Described lists: described.ts; EMBRIQ_V1_1: aidon.ts.

import { Tag } from "../axdr-tags.js";
import { DATE_TIME_BYTES } from "../cosem-time.js";
import type { PushList } from "./list.js";
import { readPairs } from "./pairs.js";
import { fits, Place, type PositionalList, place, readPlaces } from "./positions.js";

const SCALING = Object.freeze({ voltage: 0, current: -2, energy: 0, factor: -2 });

const VALUES = [
	place(32, 7),
	place(52, 7),
	place(72, 7),
	place(31, 7),
	place(51, 7),
	place(71, 7),
	place(1, 7),
	place(2, 7),
	place(1, 8),
	place(2, 8),
];
const UNKNOWN = Place.unknown;

const POSITIONAL: readonly PositionalList[] = Object.freeze([
	{ signature: "2222224444222t", places: [...VALUES, UNKNOWN, UNKNOWN, UNKNOWN, Place.id] },
	{ signature: "2222224444t", places: [...VALUES, Place.id] },
]);

export const landisGyr: PushList = (items, out) => {
	for (const list of POSITIONAL) {
		if (!fits(items, list)) continue;
		out.manufacturer = "Landis+Gyr";
		out.list = `LNG2-${list.signature.length}`;
		out.scaling = SCALING;
		readPlaces(items, out, list.places);
		return true;
	}
	if (items.tag(0) !== Tag.structure || items.tag(1) !== Tag.octetString) return false;
	if (items.length(1) !== DATE_TIME_BYTES) return false;
	for (let item = 2; item < items.count; item += 2) {
		if (!items.isObis(item) || items.isContainer(item + 1) || item + 1 >= items.count) return false;
	}
	out.manufacturer = "Landis+Gyr";
	out.list = `E450-${items.length(0)}`;
	out.scaling = SCALING;
	readPairs(items, out, 0);
	return true;
};

// Kaifa KFM_001: positional lists of Norwegian meters (1, 9, 13, 14, 18 items) and the pairs of Swedish ones (36).
// Currents in 0.001 A, voltages in 0.1 V, energies in 1 Wh, 32 or 64 bits wide. Kaifa Austria: austria.ts.

import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { startsWith } from "../text.js";
import type { PushList } from "./list.js";
import { readPairs } from "./pairs.js";
import { fits, Place, type PositionalList, place, readPlaces } from "./positions.js";
import type { ReadingBuilder } from "./reading-builder.js";

const LIST_ID = "KFM_";
const SCALING = Object.freeze({ voltage: -1, current: -3, energy: 0, factor: -3 });

const HEAD = [Place.list, Place.id, Place.model, place(1, 7), place(2, 7), place(3, 7), place(4, 7)];
const THREE_PHASES = [place(31, 7), place(51, 7), place(71, 7), place(32, 7), place(52, 7), place(72, 7)];
const ONE_PHASE = [place(31, 7), place(32, 7)];
const HOURLY = [Place.clock, place(1, 8), place(2, 8), place(3, 8), place(4, 8)];

const POSITIONAL: readonly PositionalList[] = Object.freeze([
	{ signature: "ttt4444444444", places: [...HEAD, ...THREE_PHASES] },
	{ signature: "ttt4444444444t4444", places: [...HEAD, ...THREE_PHASES, ...HOURLY] },
	{ signature: "ttt444444", places: [...HEAD, ...ONE_PHASE] },
	{ signature: "ttt444444t4444", places: [...HEAD, ...ONE_PHASE, ...HOURLY] },
]);
/** Every 2 s: active power alone, without a list id. */
const POWER: PositionalList = Object.freeze({ signature: "4", places: [place(1, 7)] });

export const kaifa: PushList = (items, out) => {
	if (fits(items, POWER) && items.tag(1) !== Tag.null) {
		start(out);
		out.list = "KFM_001";
		readPlaces(items, out, POWER.places);
		return true;
	}
	if (items.tag(0) !== Tag.structure) return false;
	if (isListId(items, 1)) {
		for (const list of POSITIONAL) {
			if (!fits(items, list)) continue;
			start(out);
			readPlaces(items, out, list.places);
			return true;
		}
		return false;
	}
	if (!items.isObis(1) || !isListId(items, 2)) return false;
	start(out);
	readPairs(items, out, 0);
	return true;
};

function start(out: ReadingBuilder): void {
	out.manufacturer = "Kaifa";
	out.scaling = SCALING;
}

function isListId(items: AxdrItems, item: number): boolean {
	return items.isText(item) && startsWith(items.bytes, items.offset(item), items.length(item), LIST_ID);
}

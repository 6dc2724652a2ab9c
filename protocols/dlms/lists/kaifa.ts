// Kaifa KFM_001: positional lists of Norwegian meters (1, 9, 13, 14, 18 items) and the pairs of Swedish ones (36).
// Currents in 0.001 A, voltages in 0.1 V, energies in 1 Wh, 32 or 64 bits wide. Kaifa Austria: austria.ts.

import { Tag } from "../axdr-tags.js";
import { beginsWith } from "./item-values.js";
import type { PushList } from "./list.js";
import { readPairs } from "./pairs.js";
import { fittingList, type PositionalList, readPlaces } from "./positions.js";

const LIST_ID = "KFM_";
const SCALING = Object.freeze({ voltage: -1, current: -3, energy: 0, factor: -3 });

const HEAD = "list id model 1.7 2.7 3.7 4.7";
const THREE_PHASES = "31.7 51.7 71.7 32.7 52.7 72.7";
const HOURLY = "clock 1.8 2.8 3.8 4.8";

const POSITIONAL: readonly PositionalList[] = Object.freeze([
	`ttt4444444444 ${HEAD} ${THREE_PHASES}`,
	`ttt4444444444t4444 ${HEAD} ${THREE_PHASES} ${HOURLY}`,
	`ttt444444 ${HEAD} 31.7 32.7`,
	`ttt444444t4444 ${HEAD} 31.7 32.7 ${HOURLY}`,
]);
/** Every 2 s: active power alone, without a list id. */
const POWER: readonly PositionalList[] = Object.freeze(["4 1.7"]);

export const kaifa: PushList = (items, out) => {
	if (items.tag(0) !== Tag.structure) return false;
	const power = items.tag(1) === Tag.null ? undefined : fittingList(items, POWER);
	const list = power ?? (beginsWith(items, 1, LIST_ID) ? fittingList(items, POSITIONAL) : undefined);
	const hasPairs = items.isObis(1) && beginsWith(items, 2, LIST_ID);
	if (!list && !hasPairs) return false;
	out.manufacturer = "Kaifa";
	out.scaling = SCALING;
	if (power) out.list = "KFM_001";
	if (list) readPlaces(items, out, list);
	else readPairs(items, out, 0);
	return true;
};

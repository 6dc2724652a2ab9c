// Landis+Gyr E450 lists without descriptors: the positional ones of Burgenland ("LNG2"), and a clock followed by
// pairs without scalers (Austria, Switzerland). Described lists: described.ts; EMBRIQ_V1_1: aidon.ts.

import { Tag } from "../axdr-tags.js";
import { DATE_TIME_BYTES } from "../cosem-time.js";
import type { PushList } from "./list.js";
import { readPairs } from "./pairs.js";
import { fittingList, type PositionalList, readPlaces } from "./positions.js";
import type { ReadingBuilder } from "./reading-builder.js";

const SCALING = Object.freeze({ voltage: 0, current: -2, energy: 0, factor: -2 });

const VALUES = "32.7 52.7 72.7 31.7 51.7 71.7 1.7 2.7 1.8 2.8";

const POSITIONAL: readonly PositionalList[] = Object.freeze([
	`2222224444222t ${VALUES} ? ? ? id`,
	`2222224444t ${VALUES} id`,
]);

export const landisGyr: PushList = (items, out) => {
	const list = fittingList(items, POSITIONAL);
	if (list) {
		start(out, `LNG2-${items.length(0)}`);
		readPlaces(items, out, list);
		return true;
	}
	if (items.tag(0) !== Tag.structure || items.tag(1) !== Tag.octetString) return false;
	if (items.length(1) !== DATE_TIME_BYTES) return false;
	for (let item = 2; item < items.count; item += 2) {
		if (!items.isObis(item) || items.isContainer(item + 1) || item + 1 >= items.count) return false;
	}
	start(out, `E450-${items.length(0)}`);
	readPairs(items, out, 0);
	return true;
};

function start(out: ReadingBuilder, list: string): void {
	out.manufacturer = "Landis+Gyr";
	out.list = list;
	out.scaling = SCALING;
}

// Aidon (Norway AIDON_V0001 lists 1–3, Sweden AIDON_H0001) and Landis+Gyr's EMBRIQ_V1_1 of the same shape: an array of
// structures {OBIS, value[, {scaler, unit}]}. All scaling is in the frame.

import { Tag } from "../axdr-tags.js";
import { beginsWith } from "./item-values.js";
import type { PushList } from "./list.js";
import { readPairs } from "./pairs.js";

const AIDON = "AIDON";
const EMBRIQ = "EMBRIQ";

export const aidon: PushList = (items, out) => {
	if (items.tag(0) !== Tag.array || items.tag(1) !== Tag.structure || !items.isObis(2)) return false;
	for (let item = 1; item < items.count; item = items.next(item)) {
		if (items.tag(item) !== Tag.structure || !items.isObis(item + 1)) return false;
	}
	if (beginsWith(items, 3, EMBRIQ)) {
		out.manufacturer = "Landis+Gyr";
		// The ZMF100 gives its energies the codes 0-0:1.8.0 …
		out.abstractIsElectricity = true;
	} else {
		// The power list and the Swedish list carry no id; no other maker sends an array of such structures.
		out.manufacturer = "Aidon";
		out.list = AIDON;
	}
	readPairs(items, out, 0);
	return true;
};

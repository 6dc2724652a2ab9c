// A list that nobody knows: objects with OBIS codes by what scaling the frame carries, other values as `item_N`.

import type { PushList } from "./list.js";
import { hasPairs, rawObject, readPairs } from "./pairs.js";
import { voltagePower } from "./raw-scale.js";

export const unknown: PushList = (items, out) => {
	if (!items.isContainer(0)) out.leaves(items, 1, 0);
	else if (hasPairs(items, 0)) {
		// Powers and energies without scaler come in W and Wh from every known maker; currents do not agree.
		out.scaling = {
			voltage: voltagePower((c) => rawObject(items, c)),
			current: undefined,
			energy: 0,
			factor: undefined,
		};
		readPairs(items, out, 0);
	} else {
		let place = 1;
		for (let item = 1; item < items.count; item = items.next(item)) {
			const isKnown = out.clock(items, item) || (place === 1 && out.selfNamed(items, item));
			if (!isKnown) out.leaves(items, place, item);
			place++;
		}
	}
	return true;
};

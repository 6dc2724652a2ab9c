// A list that nobody knows: objects with OBIS codes by what scaling the frame carries, other values as `item_N`.

import { toNumber } from "../../../readings/decimal.js";
import type { AxdrItems } from "../axdr.js";
import type { PushList } from "./list.js";
import { findObject, hasPairs, readPairs } from "./pairs.js";

/** Raw voltages from here on are tenths of a volt. */
const LEAST_DECIVOLTS = 700;

export const unknown: PushList = (items, out) => {
	if (!items.isContainer(0)) out.leaves(items, 1, 0);
	else if (hasPairs(items, 0)) {
		// Powers and energies without scaler come in W and Wh from every known maker; currents do not agree.
		out.scaling = { voltage: isDecivolts(items) ? -1 : 0, current: undefined, energy: 0, factor: undefined };
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

function isDecivolts(items: AxdrItems): boolean {
	for (let c = 32; c <= 72; c += 20) {
		const item = findObject(items, c, 7, 0);
		const number = item < 0 ? undefined : items.number(item);
		if (number && toNumber(number) >= LEAST_DECIVOLTS) return true;
	}
	return false;
}

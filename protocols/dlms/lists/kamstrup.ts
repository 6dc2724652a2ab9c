// Kamstrup_V0001 (Norway, Sweden, Denmark, Switzerland): the list id, then flat OBIS/value pairs without scalers.
// 25 items every 10 s, 35 hourly, 15 for one phase and quadrant; "DLMS push 1" has 65, or 37 for one phase.

import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { beginsWith, itemText } from "./item-values.js";
import type { PushList } from "./list.js";
import { findObject, rawObject, readPairs } from "./pairs.js";
import { currentPower } from "./raw-scale.js";

const LIST_ID = "Kamstrup_V";
/** Type numbers 685… are meters on current transformers. */
const TRANSFORMER_TYPE = "685";
const CENTIAMPERE = -2;
const MILLIAMPERE = -3;
const FACTOR_HUNDREDTHS = -2;

export const kamstrup: PushList = (items, out, settings) => {
	if (items.tag(0) !== Tag.structure || !beginsWith(items, 1, LIST_ID)) return false;
	out.manufacturer = "Kamstrup";
	out.list = itemText(items, 1);
	out.typeInDeviceId2 = true;
	out.scaling = {
		voltage: 0,
		current: powerOfCurrent(items),
		energy: settings.kamstrupEnergyScale === "1" ? 0 : 1,
		factor: FACTOR_HUNDREDTHS,
	};
	if (out.ratio === 1) out.known.follow(out.scaling);
	readPairs(items, out, 0, (_, item, place) => {
		if (item !== 1) out.item(items, place, item);
	});
	return true;
};

/**
 * By the type string; "DLMS push 1" has none, so there the frame's own powers decide.
 */
function powerOfCurrent(items: AxdrItems): number {
	const type = findObject(items, 96, 1, 1);
	if (type >= 0) return beginsWith(items, type, TRANSFORMER_TYPE) ? MILLIAMPERE : CENTIAMPERE;
	return currentPower((c) => rawObject(items, c), 0, [CENTIAMPERE, MILLIAMPERE], CENTIAMPERE);
}

// Kamstrup_V0001 (Norway, Sweden, Denmark, Switzerland): the list id, then flat OBIS/value pairs without scalers.
// 25 items every 10 s, 35 hourly, 15 for one phase and quadrant; "DLMS push 1" has 65, or 37 for one phase.

import { toNumber } from "../../../readings/decimal.js";
import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { startsWith } from "../text.js";
import { currentScale } from "./current-scale.js";
import { itemText } from "./item-values.js";
import type { PushList } from "./list.js";
import { findObject, readPairs } from "./pairs.js";

const LIST_ID = "Kamstrup_V";
/** Type numbers 685… are meters on current transformers. */
const TRANSFORMER_TYPE = "685";
const CENTIAMPERE = -2;
const MILLIAMPERE = -3;
const FACTOR_HUNDREDTHS = -2;

export const kamstrup: PushList = (items, out, settings) => {
	if (items.tag(0) !== Tag.structure || !items.isText(1)) return false;
	if (!startsWith(items.bytes, items.offset(1), items.length(1), LIST_ID)) return false;
	out.manufacturer = "Kamstrup";
	out.list = itemText(items, 1);
	out.typeInDeviceId2 = true;
	out.scaling = {
		voltage: 0,
		current: currentPower(items),
		energy: settings.kamstrupEnergyScale === "1" ? 0 : 1,
		factor: FACTOR_HUNDREDTHS,
	};
	readPairs(items, out, 0, (_, item, place) => {
		if (item !== 1) out.item(items, place, item);
	});
	return true;
};

/**
 * By the type string; "DLMS push 1" has none, so there the frame's own powers decide.
 */
function currentPower(items: AxdrItems): number {
	const type = findObject(items, 96, 1, 1);
	if (type >= 0) {
		const onTransformers = startsWith(items.bytes, items.offset(type), items.length(type), TRANSFORMER_TYPE);
		return onTransformers ? MILLIAMPERE : CENTIAMPERE;
	}
	const apparent = Math.hypot(
		rawValue(items, 1) + rawValue(items, 2),
		rawValue(items, 3) + rawValue(items, 4),
	);
	let voltAmperes = 0;
	for (let phase = 0; phase < 60; phase += 20)
		voltAmperes += rawValue(items, 31 + phase) * rawValue(items, 32 + phase);
	return currentScale(voltAmperes, apparent, [CENTIAMPERE, MILLIAMPERE], CENTIAMPERE);
}

/** Raw value of the instantaneous object `c`.7.0, 0 where it is absent. */
function rawValue(items: AxdrItems, c: number): number {
	const item = findObject(items, c, 7, 0);
	const number = item < 0 ? undefined : items.number(item);
	return number ? toNumber(number) : 0;
}

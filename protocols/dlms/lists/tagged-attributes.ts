// The Czech form (EGD, Sagemcom XT211): {enum, array of {descriptor, value}}, where a descriptor is nine bytes without
// tags: class, OBIS, attribute. No scalers: powers are W, energies Wh.

import { obisAt } from "../../../readings/obis.js";
import { Tag } from "../axdr-tags.js";
import type { PushList } from "./list.js";

const OBIS_AT = 2;
const ATTRIBUTE_AT = 8;
const CLASS_PUSH_SETUP = 40;
const LOGICAL_NAME = 1;

export const taggedAttributes: PushList = (items, out) => {
	if (!items.isStructure(0, 2) || items.tag(2) !== Tag.array || items.tag(4) !== Tag.descriptor) return false;
	out.list = "EGD";
	const end = items.next(2);
	for (let item = 3, place = 1; item < end; item = items.next(item), place++) {
		if (items.tag(item + 1) !== Tag.descriptor) {
			out.leaves(items, place, item);
			continue;
		}
		const at = items.offset(item + 1);
		const isPushObject = items.bytes[at + 1] === CLASS_PUSH_SETUP && items.bytes[at] === 0;
		if (isPushObject || items.bytes[at + ATTRIBUTE_AT] === LOGICAL_NAME) continue;
		if (items.isContainer(item + 2)) out.leaves(items, place, item + 2);
		else out.object(items, obisAt(items.bytes, at + OBIS_AT), item + 2);
	}
	return true;
};

// Austrian lists whose frames carry all scaling: a clock, then OBIS, value, {scaler, unit}, the meter's number last
// (Kaifa MA309 and MA110, Sagemcom T210-D, Elster); and Salzburg's, with a structure for each object.

import { Tag } from "../axdr-tags.js";
import { DATE_TIME_BYTES } from "../cosem-time.js";
import type { PushList } from "./list.js";
import { findScaler, readPairs } from "./pairs.js";

export const austria: PushList = (items, out) => {
	if (items.tag(0) !== Tag.structure || !findScaler(items)) return false;
	const startsWithClock = items.tag(1) === Tag.octetString && items.length(1) === DATE_TIME_BYTES;
	const startsWithClockObject = items.isObis(1) && items.length(2) === DATE_TIME_BYTES;
	if (startsWithClock) out.list = "AT";
	else if (startsWithClockObject && items.tag(3) === Tag.structure) out.list = "AT-Salzburg";
	else return false;
	readPairs(items, out, 0);
	return true;
};

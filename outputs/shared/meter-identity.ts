// Who the meter is, put together from all that it sends: short lists say less than long ones, and what is told of a meter
// must not come and go with them.

import type { MeterIdentity } from "../../readings/reading.js";

const MEMBERS = ["manufacturer", "model", "id", "list"] as const;

/** `known` itself where `heard` says nothing else. */
export function mergedIdentity(known: MeterIdentity, heard: MeterIdentity): MeterIdentity {
	for (const member of MEMBERS)
		if (heard[member] !== undefined && heard[member] !== known[member]) return { ...known, ...heard };
	return known;
}

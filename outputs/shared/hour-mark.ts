// Which readings carry the first counters of an hour: those are worth most when not all can be kept (Backlog). Counters
// are told by their names (readings/obis.ts, protocols/kmp/registers.ts).

import type { Reading } from "../../readings/reading.js";

/** Characters of `2026-01-31T13`. */
const HOUR_LENGTH = 13;
const HOUR_MS = 3_600_000;

export class HourMark {
	#hour = "";

	/** True once for each hour with counters, by the meter's time or else the gateway's own. `now`: monotonic milliseconds. */
	isFirst(reading: Reading, wallTime: number | undefined, now: number): boolean {
		if (!hasCounter(reading)) return false;
		const hour = reading.time?.slice(0, HOUR_LENGTH) ?? `${Math.floor((wallTime ?? now) / HOUR_MS)}`;
		if (hour === this.#hour) return false;
		this.#hour = hour;
		return true;
	}
}

function hasCounter({ quantities, devices }: Reading): boolean {
	for (const { name } of quantities) if (name.includes("energy") || name.includes("volume")) return true;
	return devices.length > 0;
}

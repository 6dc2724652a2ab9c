// What voltage and current are held against. Pure. EN 50160:2010, 4.2.2: 230 V, ten per cent either way. The fuse: as the
// meter says it (e-MUCS P1, 1-0:31.4.0), or as it was set.

import { toFloat } from "./format.js";
import type { Known } from "./picture.js";

export const LEAST_VOLTS = 207;
export const MOST_VOLTS = 253;
/** A phase that is not there, or a net of another voltage: not judged. */
const LEAST_JUDGED_VOLTS = 100;
/** What a meter says that has no limit: 999 A, 999.9 kW (e-MUCS P1 1.7, 5.2.3). */
const NO_FUSE_AMPERES = 999;
const NO_LIMIT_WATTS = 999_000;

export type Outside = "low" | "high";

/** On which side a voltage is out of its range. */
export function voltageOutside(volts: number | undefined): Outside | undefined {
	if (volts === undefined || volts < LEAST_JUDGED_VOLTS) return undefined;
	return volts < LEAST_VOLTS ? "low" : volts > MOST_VOLTS ? "high" : undefined;
}

/** The main fuse in amperes; the meter's word counts before what was set. */
export function fuseOf(known: ReadonlyMap<string, Known>, set = 0): number | undefined {
	const said = toFloat(known.get("1-0:31.4.0")?.value);
	if (said !== undefined && said > 0 && said < NO_FUSE_AMPERES) return said;
	return set > 0 ? set : undefined;
}

/** The power above which the meter's switch opens, where it has such a limit. */
export function powerLimit(known: ReadonlyMap<string, Known>): Known | undefined {
	const limit = known.get("power_limit");
	const watts = toFloat(limit?.value);
	return watts !== undefined && watts > 0 && watts < NO_LIMIT_WATTS ? limit : undefined;
}

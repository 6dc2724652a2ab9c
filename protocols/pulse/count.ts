// From pulses to kWh and m³, exactly: a counter's value is worked out from the whole count each time, never added up,
// so that nothing drifts. Pure numbers; no time, no session.

import { type Decimal, decimal } from "../../readings/decimal.js";

/** Decimals of a value whose pulse has no finite decimal fraction (1/375 kWh); finite ones are printed whole up to here. */
const MOST_DECIMALS = 6;
/** Milliseconds of an hour, times 1000: kWh for each ms are W, m³ for each ms are L/h. */
const MILLISECONDS_TO_RATE = 3_600_000_000;

/**
 * `start + count / pulses`. It has the decimals that one pulse needs (1/800 is 0.00125: five), or those that tell
 * pulses apart where the fraction does not end; that value is rounded down, as a meter's register is.
 */
export function counterValue(start: Decimal, count: number, pulses: number): Decimal {
	const places = Math.max(decimalsOf(pulses), -start.exponent);
	const scale = 10n ** BigInt(places);
	const counted = (BigInt(count) * scale) / BigInt(pulses);
	const begun = BigInt(start.mantissa) * 10n ** BigInt(places + start.exponent);
	return decimal(begun + counted, places === 0 ? 0 : -places);
}

/** W or L/h of `count` pulses in `milliseconds`, rounded to whole ones. */
export function rateOf(count: number, milliseconds: number, pulses: number): number {
	return Math.round((count * MILLISECONDS_TO_RATE) / (pulses * milliseconds));
}

/** The least number of decimals in which 1/pulses is exact, or those that its size asks for. */
function decimalsOf(pulses: number): number {
	let power = 1;
	for (let places = 0; places <= MOST_DECIMALS; places++) {
		if (power % pulses === 0) return places;
		power *= 10;
	}
	let places = 0;
	for (let unit = 1; unit < pulses; unit *= 10) places++;
	return places;
}

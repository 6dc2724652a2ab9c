// Which power of ten a list's currents have, where the wire does not say it and a maker's meters differ: the one by
// which voltages times currents make about the apparent power that the same frame tells.

/** Apparent power in VA below which the currents are too coarse to say anything. */
const LEAST_APPARENT_POWER = 1000;
/** How far voltage times current may be from the apparent power: between two scales that differ by ten. */
const WIDEST_RATIO = Math.sqrt(10);

/** `voltAmperes`: sum over the phases of volts times raw current. `fallback` where the frame decides nothing. */
export function currentScale(
	voltAmperes: number,
	apparentPower: number,
	candidates: readonly number[],
	fallback: number,
): number {
	if (apparentPower < LEAST_APPARENT_POWER || voltAmperes <= 0) return fallback;
	for (const power of candidates) {
		const ratio = (voltAmperes * 10 ** power) / apparentPower;
		if (ratio > 1 / WIDEST_RATIO && ratio < WIDEST_RATIO) return power;
	}
	return fallback;
}

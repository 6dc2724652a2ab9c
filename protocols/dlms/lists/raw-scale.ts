// Which powers of ten a list's currents and voltages have, where the wire does not say it and a maker's meters differ.

/** Raw value of the instantaneous object `c`.7.0, 0 where the list has none. */
export type RawValue = (c: number) => number;

/** Apparent power in VA below which the currents are too coarse to say anything. */
const LEAST_APPARENT_POWER = 1000;
/** Square of how far voltage times current may be from the apparent power: between two scales that differ by ten. */
const WIDEST_RATIO_SQUARED = 10;
/** Raw voltages from here on are tenths of a volt. */
const LEAST_DECIVOLTS = 700;

/**
 * The power of currents by which voltages times currents make about the apparent power that the same frame tells.
 * `fallback` where the frame decides nothing.
 */
export function currentPower(
	raw: RawValue,
	voltagePower: number,
	candidates: readonly number[],
	fallback: number,
): number {
	const active = raw(1) + raw(2);
	const reactive = raw(3) + raw(4);
	const apparentPowerSquared = active ** 2 + reactive ** 2;
	let voltAmperes = 0;
	for (let phase = 0; phase < 60; phase += 20) voltAmperes += raw(31 + phase) * raw(32 + phase);
	voltAmperes *= 10 ** voltagePower;
	if (apparentPowerSquared < LEAST_APPARENT_POWER ** 2 || voltAmperes <= 0) return fallback;
	for (const power of candidates) {
		const ratioSquared = (voltAmperes * 10 ** power) ** 2 / apparentPowerSquared;
		if (ratioSquared > 1 / WIDEST_RATIO_SQUARED && ratioSquared < WIDEST_RATIO_SQUARED) return power;
	}
	return fallback;
}

/** The power of voltages. */
export function voltagePower(raw: RawValue): number {
	return Math.max(raw(32), raw(52), raw(72)) >= LEAST_DECIVOLTS ? -1 : 0;
}

// OBIS codes (IEC 62056-61): six value groups A-B:C.D.E*F, and the canonical name of those that have one.
// Names are for electricity (A = 1); media of sub-meters are named by medium (`mediumQuantityName`).

/** Group F of a value that is neither historical nor of a billing period. */
export const CURRENT_VALUE = 255;

/** One OBIS code; every group 0–255. Texts print groups C and E of IEC 62056-21 letters (C.1, F.F) as numbers. */
export interface Obis {
	readonly a: number;
	readonly b: number;
	readonly c: number;
	readonly d: number;
	readonly e: number;
	readonly f: number;
}

/** `1-0:1.8.0`, and `1-0:1.8.0*1` where group F is not the current value. */
export function obisText({ a, b, c, d, e, f }: Obis): string {
	// One text, where a template would make one for each part.
	const text = `${a}`.concat("-", `${b}`, ":", `${c}`, ".", `${d}`, ".", `${e}`);
	return f === CURRENT_VALUE ? text : `${text}*${f}`;
}

/** The code in the six bytes at `offset` (A first). */
export function obisAt(bytes: Uint8Array, offset: number): Obis {
	return {
		a: bytes[offset] ?? 0,
		b: bytes[offset + 1] ?? 0,
		c: bytes[offset + 2] ?? 0,
		d: bytes[offset + 3] ?? 0,
		e: bytes[offset + 4] ?? 0,
		f: bytes[offset + 5] ?? 0,
	};
}

/**
 * Canonical quantity name of an electricity object (A = 1, F current or absent), or `undefined`.
 * Whatever has none keeps its code as its name: nothing is dropped in silence.
 */
export function quantityName({ a, c, d, e, f }: Obis): string | undefined {
	if (f !== CURRENT_VALUE) return undefined;
	if (a === 0) return abstractName(c, d, e);
	if (a !== 1) return undefined;
	if (d === INSTANTANEOUS && e === 0) return instantaneousName(c);
	if (d === INTEGRAL) return energyName(c, e);
	if (d === CURRENT_AVERAGE && e === 0 && c === 1) return "power_average";
	if (d === MAXIMUM && e === 0 && c === 1) return "power_peak_month";
	if ((d === UNDER_LIMIT_COUNT || d === OVER_LIMIT_COUNT) && e === 0) {
		const phase = phaseOf(c, 32);
		if (phase > 0) return `${d === UNDER_LIMIT_COUNT ? "voltage_sags" : "voltage_swells"}_l${phase}`;
	}
	return undefined;
}

// Group D, measurement kinds (IEC 62056-61, table 12).
const CURRENT_AVERAGE = 4;
const MAXIMUM = 6;
const INSTANTANEOUS = 7;
const INTEGRAL = 8;
const UNDER_LIMIT_COUNT = 32;
const OVER_LIMIT_COUNT = 36;
/** Group C of L2 and L3 stands 20 and 40 above that of L1. */
const PHASE_STEP = 20;

function abstractName(c: number, d: number, e: number): string | undefined {
	if (c === 96 && d === 7 && e === 21) return "power_failures";
	if (c === 96 && d === 7 && e === 9) return "long_power_failures";
	if (c === 96 && d === 14 && e === 0) return "tariff";
	if (c === 17 && d === 0 && e === 0) return "power_limit";
	if (c === 96 && d === 8 && e === 0) return "operating_time";
	return undefined;
}

/** Phase 1–3 where `c` is `base` or 20, 40 above it; 0 otherwise. */
function phaseOf(c: number, base: number): number {
	const steps = (c - base) / PHASE_STEP;
	return steps === 0 || steps === 1 || steps === 2 ? steps + 1 : 0;
}

/** Sum and per-phase names of the power-like groups C 1–4, 9, 10, 13 and their phase groups. */
function directionName(c: number): string | undefined {
	switch (c) {
		case 1:
			return "import";
		case 2:
			return "export";
		default:
			return undefined;
	}
}

function instantaneousName(c: number): string | undefined {
	switch (c) {
		case 3:
			return "reactive_power_import";
		case 4:
			return "reactive_power_export";
		case 9:
			return "apparent_power_import";
		case 10:
			return "apparent_power_export";
		case 13:
			return "power_factor";
		case 14:
			return "frequency";
		case 91:
			return "current_n";
	}
	const direction = directionName(c);
	if (direction) return `power_${direction}`;
	if (c < 21 || c > 75) return undefined;
	const phase = Math.floor((c - 1) / PHASE_STEP);
	switch (c - phase * PHASE_STEP) {
		case 1:
			return `power_import_l${phase}`;
		case 2:
			return `power_export_l${phase}`;
		case 3:
			return `reactive_power_import_l${phase}`;
		case 4:
			return `reactive_power_export_l${phase}`;
		case 9:
			return `apparent_power_import_l${phase}`;
		case 10:
			return `apparent_power_export_l${phase}`;
		case 11:
			return `current_l${phase}`;
		case 12:
			return `voltage_l${phase}`;
		case 13:
			return `power_factor_l${phase}`;
		default:
			return undefined;
	}
}

function energyName(c: number, e: number): string | undefined {
	if (e > 4) return undefined;
	const tariff = e === 0 ? "" : `_t${e}`;
	const direction = directionName(c);
	if (direction) return `energy_${direction}${tariff}`;
	if (e !== 0) return undefined;
	if (c === 3) return "reactive_energy_import";
	if (c === 4) return "reactive_energy_export";
	for (let phase = 1; phase <= 3; phase++) {
		const group = c - phase * PHASE_STEP;
		const phased = directionName(group);
		if (phased) return `energy_${phased}_l${phase}`;
	}
	return undefined;
}

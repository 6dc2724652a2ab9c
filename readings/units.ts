// Every unit conversion of the project: what a meter prints or codes becomes the canonical unit, by moving
// the decimal point only, so exactly. Units without a canonical form keep the meter's spelling.

import { type Decimal, scaled } from "./decimal.js";

/** A canonical unit and the power of ten that leads to it. */
export interface UnitScale {
	readonly unit: string;
	readonly power: number;
}

// Written as a switch, not a Map: preloaded into flash, it costs the device no RAM.
/** What the spelling means; compared case-blind, `m3` = `m³`. `undefined` for a unit that is kept as it is. */
export function unitScale(spelling: string): UnitScale | undefined {
	switch (spelling.toLowerCase()) {
		case "wh":
			return { unit: "kWh", power: -3 };
		case "kwh":
			return { unit: "kWh", power: 0 };
		case "w":
			return { unit: "W", power: 0 };
		case "kw":
			return { unit: "W", power: 3 };
		case "varh":
			return { unit: "kvarh", power: -3 };
		case "kvarh":
			return { unit: "kvarh", power: 0 };
		case "var":
			return { unit: "var", power: 0 };
		case "kvar":
			return { unit: "var", power: 3 };
		case "vah":
			return { unit: "kVAh", power: -3 };
		case "kvah":
			return { unit: "kVAh", power: 0 };
		case "va":
			return { unit: "VA", power: 0 };
		case "kva":
			return { unit: "VA", power: 3 };
		case "v":
			return { unit: "V", power: 0 };
		case "kv":
			return { unit: "V", power: 3 };
		case "a":
			return { unit: "A", power: 0 };
		case "ka":
			return { unit: "A", power: 3 };
		case "ma":
			return { unit: "A", power: -3 };
		case "hz":
			return { unit: "Hz", power: 0 };
		case "m3":
		case "m³":
			return { unit: "m³", power: 0 };
		case "dm3":
		case "dm³":
		case "l":
			return { unit: "m³", power: -3 };
		case "l/h":
			return { unit: "L/h", power: 0 };
		case "m3/h":
		case "m³/h":
			return { unit: "L/h", power: 3 };
		case "°c":
		case "c":
			return { unit: "°C", power: 0 };
		case "k":
		case "°k":
			return { unit: "K", power: 0 };
		case "h":
			return { unit: "h", power: 0 };
		default:
			return undefined;
	}
}

/** Value and unit in canonical form; an unknown unit passes through. */
export function canonical(
	value: Decimal,
	spelling: string,
): { readonly value: Decimal; readonly unit: string } {
	const scale = unitScale(spelling);
	return scale ? { value: scaled(value, scale.power), unit: scale.unit } : { value, unit: spelling };
}

// Which metric family a quantity belongs to, with which labels and in which unit. Names follow Prometheus' own advice: the
// application first, the unit spelt out, `_total` behind counters. No text format: exposition.ts writes that.
// Sources: prometheus.io "Metric and label naming"; OpenMetrics 1.0.

import { type Decimal, multiplied, scaled } from "../../readings/decimal.js";
import type { Quantity } from "../../readings/reading.js";

/**
 * Kinds: `counter`; `now`, a gauge that says how it is at this moment; `state`, a gauge that lasts until the meter sends
 * another; `info`, text as labels; `unknown`, for which nobody says whether it counts.
 */
export type FamilyKind = "counter" | "now" | "state" | "info" | "unknown";

export interface Family {
	/** Without `meterling_` and `_total`; ends with the unit, where there is one. */
	readonly name: string;
	readonly kind: FamilyKind;
	readonly unit: string;
}

/** A family as the tables write it: `name|kind|unit`, the name without the unit; `|unit` may be absent. */
export function family(row: string): Family {
	const [name = "", kind = "", unit = ""] = row.split("|");
	return { name: unit === "" ? name : name.concat("_", unit), kind: kind as FamilyKind, unit };
}

/** The quantity without phase, tariff and direction; the unit its values have there; kind and unit of the family; its name if another. */
const TABLE: readonly string[] = Object.freeze([
	"energy_import|kWh|counter|kwh",
	"energy_export|kWh|counter|kwh",
	"reactive_energy_import|kvarh|counter|kvarh",
	"reactive_energy_export|kvarh|counter|kvarh",
	"power|W|now|watts",
	"reactive_power|var|now|vars",
	"apparent_power|VA|now|voltamperes",
	"voltage|V|now|volts",
	"current|A|now|amperes",
	"frequency|Hz|now|hertz",
	"power_factor||now|ratio",
	"power_average|W|now|watts",
	"power_peak_month|W|state|watts",
	"power_peak_last_month|W|state|watts",
	"power_limit|W|state|watts",
	"tariff||state",
	"power_failures||counter",
	"long_power_failures||counter",
	"voltage_sags||counter",
	"voltage_swells||counter",
	"gas_volume|m³|counter|cubic_meters|gas",
	"water_volume|m³|counter|cubic_meters|water",
	"heat_energy|J|counter|joules",
	"cooling_energy|J|counter|joules",
	"heat_volume|m³|counter|cubic_meters",
	"heat_power|W|now|watts",
	"flow|L/h|now|liters_per_hour",
	"temperature_supply|°C|now|celsius",
	"temperature_return|°C|now|celsius",
	"temperature_difference|K|now|kelvin",
	"operating_time|s|counter|seconds",
	"pulse_count||counter||pulses",
]);

/** Index of the family of all numbers that have no name. */
export const OTHER = TABLE.length;

export function familyAt(index: number): Family {
	const [quantity = "", , kind = "", unit = "", name = quantity] = (TABLE[index] ?? "other||unknown").split(
		"|",
	);
	return family(`${name}|${kind}|${unit}`);
}

/** Index of the quantity's family, `OTHER` included; -1 for texts, which are no metric. */
export function familyOf(quantity: Quantity): number {
	const { name, value } = quantity;
	if (typeof value === "string") return -1;
	const base = withoutDirection(stem(name));
	const length = base.length;
	const index = TABLE.findIndex((row) => row.startsWith(base) && row[length] === "|");
	if (index < 0 || inUnitOf(index, quantity) === undefined) return OTHER;
	// Nothing else may be told from a counter that runs below zero.
	return value.mantissa < 0 && familyAt(index).kind === "counter" ? OTHER : index;
}

/** The value in its family's unit; `undefined` where the meter's unit is another quantity's. */
export function inUnitOf(index: number, { value, unit = "" }: Quantity): Decimal | undefined {
	if (typeof value === "string") return undefined;
	const row = TABLE[index];
	if (row === undefined) return value;
	const wanted = row.split("|")[1] ?? "";
	if (wanted === unit) return value;
	// 1 Wh = 3600 J, 1 h = 3600 s.
	const hours = multiplied(value, 36);
	switch (wanted.concat("<", unit)) {
		case "J<GJ":
			return scaled(value, 9);
		case "J<MJ":
		case "W<MW":
			return scaled(value, 6);
		case "W<kW":
			return scaled(value, 3);
		case "J<Wh":
		case "s<h":
			return scaled(hours, 2);
		case "J<kWh":
			return scaled(hours, 5);
		case "J<MWh":
			return scaled(hours, 8);
		default:
			return undefined;
	}
}

/** Labels of a quantity that has a family: `direction="import",phase="1"`, or empty. */
export function labelsOf(name: string): string {
	const rest = stem(name);
	const suffix = name.slice(rest.length + 1);
	const base = withoutDirection(rest);
	const labels: string[] = [];
	if (base.length < rest.length) labels.push('direction="'.concat(rest.slice(base.length + 1), '"'));
	if (suffix !== "")
		labels.push(
			suffix === "n"
				? 'phase="n"'
				: (suffix[0] === "t" ? 'tariff="' : 'phase="').concat(suffix[1] ?? "", '"'),
		);
	return labels.join(",");
}

/** The name without `_l1` … `_l3`, `_t1` … `_t4`, and `_n` of the neutral conductor. */
function stem(name: string): string {
	if (name === "current_n") return "current";
	const at = name.length - 3;
	const digit = name.charCodeAt(at + 2) - 0x30;
	const isPhase = name[at + 1] === "l" && digit >= 1 && digit <= 3;
	const isTariff = name[at + 1] === "t" && digit >= 1 && digit <= 4;
	return at > 0 && name[at] === "_" && (isPhase || isTariff) ? name.slice(0, at) : name;
}

/** Powers have their direction as a label; counters have it in their name, as nobody should add them up. */
function withoutDirection(name: string): string {
	return name.endsWith("power_import") || name.endsWith("power_export")
		? name.slice(0, -"_import".length)
		: name;
}

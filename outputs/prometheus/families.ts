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
	readonly help: string;
}

/** A family as the tables write it: `name|kind|unit|help`. */
export function family(row: string): Family {
	const [name = "", kind = "", unit = "", help = ""] = row.split("|");
	return { name, kind: kind as FamilyKind, unit, help };
}

/** The quantity without phase, tariff and direction; the unit its values have there; the family behind it. */
const TABLE: readonly string[] = Object.freeze([
	"energy_import|kWh|energy_import_kwh|counter|kwh|Electricity drawn",
	"energy_export|kWh|energy_export_kwh|counter|kwh|Electricity delivered",
	"reactive_energy_import|kvarh|reactive_energy_import_kvarh|counter|kvarh|Reactive energy drawn",
	"reactive_energy_export|kvarh|reactive_energy_export_kvarh|counter|kvarh|Reactive energy delivered",
	"power|W|power_watts|now|watts|Electric power",
	"reactive_power|var|reactive_power_vars|now|vars|Reactive power",
	"apparent_power|VA|apparent_power_voltamperes|now|voltamperes|Apparent power",
	"voltage|V|voltage_volts|now|volts|Voltage",
	"current|A|current_amperes|now|amperes|Current",
	"frequency|Hz|frequency_hertz|now|hertz|Frequency of the grid",
	"power_factor||power_factor_ratio|now|ratio|Power factor",
	"power_average|W|power_average_watts|now|watts|Average power of the demand period under way",
	"power_peak_month|W|power_peak_month_watts|state|watts|Highest average power of this month",
	"power_peak_last_month|W|power_peak_last_month_watts|state|watts|Highest average power of last month",
	"power_limit|W|power_limit_watts|state|watts|Power above which the meter switches off",
	"tariff||tariff|state||Tariff in force",
	"power_failures||power_failures|counter||Power failures",
	"long_power_failures||long_power_failures|counter||Long power failures",
	"voltage_sags||voltage_sags|counter||Voltage sags",
	"voltage_swells||voltage_swells|counter||Voltage swells",
	"gas_volume|m³|gas_cubic_meters|counter|cubic_meters|Gas",
	"water_volume|m³|water_cubic_meters|counter|cubic_meters|Water",
	"heat_energy|J|heat_energy_joules|counter|joules|Heat",
	"cooling_energy|J|cooling_energy_joules|counter|joules|Cooling",
	"heat_volume|m³|heat_volume_cubic_meters|counter|cubic_meters|Volume of the heat medium",
	"heat_power|W|heat_power_watts|now|watts|Thermal power",
	"flow|L/h|flow_liters_per_hour|now|liters_per_hour|Flow of the heat medium",
	"temperature_supply|°C|temperature_supply_celsius|now|celsius|Supply temperature",
	"temperature_return|°C|temperature_return_celsius|now|celsius|Return temperature",
	"temperature_difference|K|temperature_difference_kelvin|now|kelvin|Supply temperature less return temperature",
	"operating_time|s|operating_time_seconds|counter|seconds|Operating time of the meter",
	"pulse_count||pulses|counter||Pulses counted",
]);

/** Index of the family of all numbers that have no name. */
export const OTHER = TABLE.length;
const OTHER_FAMILY = "other|unknown||What has no name of its own, as the meter sends it";

export function familyAt(index: number): Family {
	const row = TABLE[index];
	return row === undefined ? family(OTHER_FAMILY) : family(afterBar(afterBar(row)));
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
	const rest = afterBar(row);
	const wanted = rest.slice(0, rest.indexOf("|"));
	if (wanted === unit) return value;
	switch (wanted.concat("<", unit)) {
		case "J<GJ":
			return scaled(value, 9);
		case "J<MJ":
			return scaled(value, 6);
		case "J<Wh":
			return multiplied(scaled(value, 2), 36);
		case "J<kWh":
			return multiplied(scaled(value, 5), 36);
		case "J<MWh":
			return multiplied(scaled(value, 8), 36);
		case "s<h":
			return multiplied(scaled(value, 2), 36);
		case "W<kW":
			return scaled(value, 3);
		case "W<MW":
			return scaled(value, 6);
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

function afterBar(row: string): string {
	return row.slice(row.indexOf("|") + 1);
}

// The settings of pulse counting, and what they mean in numbers. No validation: the schema does that.

import { type Decimal, parseDecimalText } from "../../readings/decimal.js";
import type { SettingDescriptor, SettingValue, SettingValues } from "../../settings/setting.js";
import { lookUp } from "../shared/table.js";

const DEFAULT_PULSES = 1000;
const DEFAULT_INTERVAL_SECONDS = 10;
const DEFAULT_DEBOUNCE_MS = 15;
const DEFAULT_MOST_RATE = 20;
/** Beyond that a counter's value would not fit a safe integer. */
const MOST_START_DIGITS = 15;

export const PULSE_SETTINGS: readonly SettingDescriptor[] = Object.freeze([
	{
		key: "medium",
		type: "choice",
		default: "electricity",
		choices: [
			{ value: "electricity", label: "Electricity, import" },
			{ value: "electricity_export", label: "Electricity, export or solar" },
			{ value: "gas", label: "Gas" },
			{ value: "water", label: "Water" },
		],
		label: "Medium",
		help: "What the meter counts.",
	},
	{
		key: "pulses",
		type: "number",
		default: DEFAULT_PULSES,
		least: 1,
		most: 1_000_000,
		label: "Pulses",
		help: "Pulses for each kWh, or for each m³ of gas or water. It stands on the meter: 1000 imp/kWh; a pulse for 10 litres is 100 for each m³. Changing it begins a new count at the counter's value below.",
	},
	{
		key: "start",
		type: "text",
		default: "0",
		longest: 16,
		label: "Counter's value",
		help: "What the meter shows now, such as 12345.6 (kWh or m³). Pulses are added to it; a new value begins a new count.",
	},
	{
		key: "debounce",
		type: "number",
		default: DEFAULT_DEBOUNCE_MS,
		least: 0,
		most: 1000,
		unit: "ms",
		label: "Debounce",
		help: "How long the contact must stay closed, and then open, to count. S0 pulses last 30 ms or more; reed contacts bounce for a few.",
	},
	{
		key: "mostRate",
		type: "number",
		default: DEFAULT_MOST_RATE,
		least: 0.01,
		most: 1000,
		fractional: true,
		unit: "1/s",
		label: "Most pulses",
		help: "More pulses a second than this are a disturbance and are not counted. 1000 imp/kWh at 18 kW are 5, and hardly any S0 output does more than 20.",
	},
	{
		key: "interval",
		type: "number",
		default: DEFAULT_INTERVAL_SECONDS,
		least: 1,
		most: 3600,
		unit: "s",
		label: "Interval",
		help: "How often there is a reading.",
	},
	{
		key: "pull",
		type: "choice",
		default: "up",
		choices: [
			{ value: "up", label: "Pull-up" },
			{ value: "down", label: "Pull-down" },
			{ value: "none", label: "None (resistor on the board)" },
		],
		label: "Resistor",
		help: "The chip's own resistor at the board's pulse pin. Some pins have none.",
	},
	{
		key: "activeLow",
		type: "switch",
		default: true,
		label: "Pulse pulls low",
		help: "On where a contact, an S0 output or an optocoupler pulls the pin to ground during a pulse, as most do.",
	},
]);

/** What the count is turned into. */
export interface PulseSettings {
	/** Name and unit of the counter, and of what flows. */
	readonly counter: string;
	readonly counterUnit: string;
	readonly rate: string;
	readonly rateUnit: string;
	/** Pulses for each kWh or m³. */
	readonly pulses: number;
	readonly start: Decimal;
	/** As it was typed: a change means a new count. */
	readonly startText: string;
	readonly mostRate: number;
	readonly intervalMs: number;
}

export function pulseSettings(values: SettingValues): PulseSettings {
	const { pulses, start, mostRate, interval } = values;
	const startText = typeof start === "string" ? start : "0";
	return {
		...quantities(values.medium),
		pulses: typeof pulses === "number" ? pulses : DEFAULT_PULSES,
		start: startValue(startText) ?? { mantissa: 0, exponent: 0 },
		startText,
		mostRate: typeof mostRate === "number" ? mostRate : DEFAULT_MOST_RATE,
		intervalMs: (typeof interval === "number" ? interval : DEFAULT_INTERVAL_SECONDS) * 1000,
	};
}

/** What a person should know of these settings. */
export function pulseWarnings({ start }: SettingValues): readonly string[] {
	if (typeof start !== "string" || startValue(start) !== undefined) return [];
	return ["The counter's value is no number: pulses are counted from 0. Write it as 12345.6."];
}

/** A number of at most 15 digits that is not below 0. */
function startValue(text: string): Decimal | undefined {
	const value = parseDecimalText(text);
	if (!value || typeof value.mantissa === "bigint" || value.mantissa < 0) return undefined;
	return text.length > MOST_START_DIGITS + 1 ? undefined : value;
}

/** Medium; name and unit of the counter, and of what flows. */
const MEDIA = `
electricity energy_import kWh power_import W
electricity_export energy_export kWh power_export W
gas gas_volume m³ flow L/h
water water_volume m³ flow L/h
`;
const USUAL_MEDIUM = "electricity";

function quantities(
	medium: SettingValue | undefined,
): Pick<PulseSettings, "counter" | "counterUnit" | "rate" | "rateUnit"> {
	const line = lookUp(MEDIA, `${medium}`) ?? lookUp(MEDIA, USUAL_MEDIUM) ?? "";
	const [counter = "", counterUnit = "", rate = "", rateUnit = ""] = line.split(" ");
	return { counter, counterUnit, rate, rateUnit };
}

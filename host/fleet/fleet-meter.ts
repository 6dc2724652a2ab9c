// The meter behind a simulated gateway: readings as a Kamstrup Omnipower's HAN port gives them, of a household of its own,
// made directly. No frame is encoded or decoded: with a thousand gateways in one process that would be what is measured.

import { type Decimal, decimal } from "../../readings/decimal.js";
import type { Quantity, Reading } from "../../readings/reading.js";
import { netPowers } from "../meters/han-values.js";
import { Household, type HouseholdState } from "../meters/household.js";

const SECOND_MS = 1000;
const HOUR_S = 3600;
/** Watt-seconds in 10 Wh, which these meters count in. */
const WATT_SECONDS_OF_COUNT = 36_000;
/** Kamstrup's GIAI prefix; the gateway's number stands behind it. */
const ID_PREFIX = "57065670";
const ID_DIGITS = 8;

const POWERS = Object.freeze([
	["power_import", "W", "1-1:1.7.0"],
	["power_export", "W", "1-1:2.7.0"],
	["reactive_power_import", "var", "1-1:3.7.0"],
	["reactive_power_export", "var", "1-1:4.7.0"],
] as const);
const COUNTERS = Object.freeze([
	["energy_import", "kWh", "1-1:1.8.0", "imported"],
	["energy_export", "kWh", "1-1:2.8.0", "exported"],
	["reactive_energy_import", "kvarh", "1-1:3.8.0", "reactiveImported"],
	["reactive_energy_export", "kvarh", "1-1:4.8.0", "reactiveExported"],
] as const);
/** C of the OBIS codes of current and voltage, phase by phase (IEC 62056-61). */
const CURRENT_C = Object.freeze([31, 51, 71]);
const VOLTAGE_C = Object.freeze([32, 52, 72]);

export class FleetMeter {
	readonly #household: Household;
	readonly #id: string;
	/** Of the last reading with counters. */
	#hour = Number.NaN;

	/** `start`: local milliseconds since 1970 in which local time stands for UTC; `number` tells the household and the meter's id. */
	constructor(number: number, start: number) {
		const second = Math.floor(start / SECOND_MS);
		this.#household = new Household({ seed: number, start: second, heatPump: true, solarWatts: 0 });
		this.#id = ID_PREFIX + `${number}`.padStart(ID_DIGITS, "0");
	}

	/** Powers, currents and voltages; the counters too in the first reading and in the first of each hour. */
	reading(time: number): Reading {
		const second = Math.floor(time / SECOND_MS);
		const state = this.#household.stepTo(second);
		const hour = Math.floor(second / HOUR_S);
		const hourly = hour !== this.#hour;
		this.#hour = hour;
		return {
			protocol: "dlms",
			meter: {
				manufacturer: "Kamstrup",
				model: "6841121BN243101040",
				id: this.#id,
				list: "Kamstrup_V0001",
			},
			time: new Date(second * SECOND_MS).toISOString().slice(0, "2026-01-31T10:00:00".length),
			quantities: hourly ? [...shortList(state), ...counters(state)] : shortList(state),
			devices: [],
		};
	}
}

function shortList(state: HouseholdState): Quantity[] {
	const powers = netPowers(state);
	const quantities: Quantity[] = POWERS.map(([name, unit, obis], index) =>
		quantity(name, decimal(powers[index] as number), unit, obis),
	);
	state.amperes.forEach((amperes, phase) => {
		const value = decimal(Math.round(amperes * 100), -2);
		quantities.push(quantity(`current_l${phase + 1}`, value, "A", `1-1:${CURRENT_C[phase]}.7.0`));
	});
	state.volts.forEach((volts, phase) => {
		const value = decimal(Math.round(volts));
		quantities.push(quantity(`voltage_l${phase + 1}`, value, "V", `1-1:${VOLTAGE_C[phase]}.7.0`));
	});
	return quantities;
}

function counters(state: HouseholdState): Quantity[] {
	return COUNTERS.map(([name, unit, obis, key]) =>
		quantity(name, decimal(Math.floor(state.counters[key] / WATT_SECONDS_OF_COUNT), -2), unit, obis),
	);
}

function quantity(name: string, value: Decimal, unit: string, obis: string): Quantity {
	return { name, value, unit, obis };
}

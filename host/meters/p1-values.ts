// What the emulated P1 meters print alike: counters, powers, voltages and currents of a household, and its sub-meters.
// Only formats; which objects a meter sends is the meter's own file.

import { dataLine, numberText } from "../../protocols/p1/p1-encoder.js";
import { decimal } from "../../readings/decimal.js";
import { SECONDS_OF_HOUR } from "./appliances.js";
import type { Counters, HouseholdState } from "./household.js";

const WATT_SECONDS_OF_WH = 3600;
const MILLILITRES_OF_LITRE = 1000;
const ENERGY = Object.freeze({ digits: 9, decimals: 3 });
const POWER = Object.freeze({ digits: 5, decimals: 3 });
const VOLTAGE = Object.freeze({ digits: 4, decimals: 1, unit: "V" });
const VOLUME = Object.freeze({ digits: 8, decimals: 3, unit: "m3" });

/** The line of P1 ports from DSMR 4 on; the open collector's inversion is none on a pty or in TCP. */
export const FAST_LINE = Object.freeze({
	baud: 115200,
	dataBits: 8,
	parity: "none",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
} as const);

/** `012345.678*kWh` of watt-seconds (or `kvarh` of var-seconds), cut off. */
export function energyText(wattSeconds: number, unit = "kWh"): string {
	return numberText(decimal(Math.floor(wattSeconds / WATT_SECONDS_OF_WH), -3), { ...ENERGY, unit });
}

/** `01.193*kW` of whole watts. */
export function powerText(watts: number, unit = "kW"): string {
	return numberText(decimal(watts, -3), { ...POWER, unit });
}

/** `00476.123*m3` of millilitres, cut off. */
export function volumeText(millilitres: number): string {
	return numberText(decimal(Math.floor(millilitres / MILLILITRES_OF_LITRE), -3), VOLUME);
}

/** `decimals` 0: `005*A`; 2: `001.23*A`. */
export function currentText(amperes: number, decimals: number): string {
	const value = decimal(Math.round(amperes * 10 ** decimals), -decimals);
	return numberText(value, { digits: 3 + decimals, decimals, unit: "A" });
}

/** The four counters of two tariffs; `firstIsLow`: 1.8.1 is the low tariff (Netherlands), or the day (Belgium). */
export function tariffLines(counters: Counters, firstIsLow: boolean): readonly string[] {
	const { imported, importedT1, exported, exportedT1 } = counters;
	const lines = (group: number, low: number, normal: number) => [
		dataLine(`1-0:${group}.8.1`, energyText(firstIsLow ? low : normal)),
		dataLine(`1-0:${group}.8.2`, energyText(firstIsLow ? normal : low)),
	];
	return [...lines(1, importedT1, imported - importedT1), ...lines(2, exportedT1, exported - exportedT1)];
}

/** Net power in and out. */
export function powerLines(power: number): readonly string[] {
	return [
		dataLine("1-0:1.7.0", powerText(Math.max(power, 0))),
		dataLine("1-0:2.7.0", powerText(Math.max(-power, 0))),
	];
}

const PHASES = [0, 1, 2] as const;
const PHASE_STEP = 20;

export function voltageLines({ volts }: HouseholdState): readonly string[] {
	return PHASES.map((phase) =>
		dataLine(
			`1-0:${32 + phase * PHASE_STEP}.7.0`,
			numberText(decimal(Math.round(volts[phase] * 10), -1), VOLTAGE),
		),
	);
}

export function currentLines({ amperes }: HouseholdState, decimals: number): readonly string[] {
	return PHASES.map((phase) =>
		dataLine(`1-0:${31 + phase * PHASE_STEP}.7.0`, currentText(amperes[phase], decimals)),
	);
}

export function phasePowerLines({ watts }: HouseholdState): readonly string[] {
	const line = (group: number, phase: 0 | 1 | 2, sign: 1 | -1) =>
		dataLine(`1-0:${group + phase * PHASE_STEP}.7.0`, powerText(Math.max(sign * watts[phase], 0)));
	return [...PHASES.map((phase) => line(21, phase, 1)), ...PHASES.map((phase) => line(22, phase, -1))];
}

/** A sub-meter's counter as it was read last, each `intervalSeconds` of the clock. */
export class SubMeter {
	readonly #interval: number;
	readonly #counter: (second: number) => number;
	#second: number;
	#millilitres: number;

	/** `counter` gives millilitres at a second; it is asked for seconds that only grow. */
	constructor(start: number, counter: (second: number) => number, intervalSeconds = SECONDS_OF_HOUR) {
		this.#interval = intervalSeconds;
		this.#counter = counter;
		this.#second = start;
		this.#millilitres = counter(start);
	}

	/** What the main meter shows at `second`: value and time of the last reading. */
	at(second: number): { readonly second: number; readonly millilitres: number } {
		const last = Math.floor(second / this.#interval) * this.#interval;
		if (last > this.#second) {
			this.#second = last;
			this.#millilitres = this.#counter(last);
		}
		return { second: this.#second, millilitres: this.#millilitres };
	}
}

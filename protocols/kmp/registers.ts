// Which KMP registers have a canonical name, and the lists a poll asks for. All others are `register_N`:
// docs/protocols/kmp.md says what they hold. Source: Kamstrup 5512-447 chapter 5.2 and meters' data sheets.

import { isDigits, words } from "../../readings/characters.js";

import { lookUp } from "../shared/table.js";

/** Asked of heat, cooling and water meters: one request of eight. */
export const HEAT_REGISTERS: readonly number[] = Object.freeze([60, 68, 74, 80, 86, 87, 89, 1004]);
/** Asked of electricity meters (382 L and J, OMNIPOWER): two requests. */
export const ELECTRICITY_REGISTERS: readonly number[] = Object.freeze([
	1, 2, 1023, 1024, 39, 1004, 1054, 1055, 1056, 1076, 1077, 1078, 1080, 1081, 1082,
]);

export const SERIAL_NUMBER = 1001;
export const TIME = 1002;
export const DATE = 1003;
export const DATE_AND_TIME = 348;

const NAMES = `
1 energy_import
2 energy_export
13 energy_import
14 energy_export
39 power_peak_month
60 heat_energy
63 cooling_energy
68 heat_volume
74 flow
80 heat_power
86 temperature_supply
87 temperature_return
89 temperature_difference
239 heat_volume
266 heat_energy
267 cooling_energy
398 temperature_supply
399 temperature_return
400 temperature_difference
1004 operating_time
1023 power_import
1024 power_export
1054 voltage_l1
1055 voltage_l2
1056 voltage_l3
1076 current_l1
1077 current_l2
1078 current_l3
1080 power_import_l1
1081 power_import_l2
1082 power_import_l3
1344 power_export_l1
1345 power_export_l2
1346 power_export_l3
`;

/** Canonical name, or `undefined`. A high-resolution counter shares the name of its plain one. */
export function registerName(register: number): string | undefined {
	return lookUp(NAMES, register);
}

/** Most registers one poll asks for: six requests. */
export const MOST_REGISTERS = 48;
const HIGHEST_REGISTER = 0xffff;

/**
 * The setting's text as register numbers: `heat`, `electricity`, or numbers parted by blanks or commas.
 * What is no register number is passed over; nothing usable means `heat`.
 */
export function registersOf(text: string): readonly number[] {
	const registers: number[] = [];
	const add = (register: number) => {
		if (registers.length < MOST_REGISTERS && !registers.includes(register)) registers.push(register);
	};
	for (const word of words(text.toLowerCase())) {
		if (word === "heat") HEAT_REGISTERS.forEach(add);
		else if (word === "electricity") ELECTRICITY_REGISTERS.forEach(add);
		else {
			const register = registerNumber(word);
			if (register !== undefined) add(register);
		}
	}
	return registers.length > 0 ? registers : HEAT_REGISTERS;
}

/** The number that the decimal digits say; `undefined` where it is no register's. */
export function registerNumber(text: string): number | undefined {
	return isDigits(text, 5) && Number(text) <= HIGHEST_REGISTER ? Number(text) : undefined;
}

// Which KMP registers have a canonical name, and the lists a poll asks for. All others are `register_N`:
// docs/protocols/kmp.md says what they hold. Source: Kamstrup 5512-447 chapter 5.2 and meters' data sheets.

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

/** Canonical name, or `undefined`. A high-resolution counter shares the name of its plain one. */
export function registerName(register: number): string | undefined {
	switch (register) {
		case 1:
		case 13:
			return "energy_import";
		case 2:
		case 14:
			return "energy_export";
		case 39:
			return "power_peak_month";
		case 60:
		case 266:
			return "heat_energy";
		case 63:
		case 267:
			return "cooling_energy";
		case 68:
		case 239:
			return "heat_volume";
		case 74:
			return "flow";
		case 80:
			return "heat_power";
		case 86:
		case 398:
			return "temperature_supply";
		case 87:
		case 399:
			return "temperature_return";
		case 89:
		case 400:
			return "temperature_difference";
		case 1004:
			return "operating_time";
		case 1023:
			return "power_import";
		case 1024:
			return "power_export";
		case 1054:
		case 1055:
		case 1056:
			return `voltage_l${register - 1053}`;
		case 1076:
		case 1077:
		case 1078:
			return `current_l${register - 1075}`;
		case 1080:
		case 1081:
		case 1082:
			return `power_import_l${register - 1079}`;
		case 1344:
		case 1345:
		case 1346:
			return `power_export_l${register - 1343}`;
		default:
			return undefined;
	}
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
	for (const word of text.toLowerCase().split(/[\s,;]+/)) {
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
	return /^\d{1,5}$/.test(text) && Number(text) <= HIGHEST_REGISTER ? Number(text) : undefined;
}

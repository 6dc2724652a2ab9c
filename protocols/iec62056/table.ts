// The `/#1` … tables of MULTICAL III and 66: fields of 7 characters without names, units or points. Which table a
// line is, only its request tells. Source: Kamstrup "MULTICAL 66-CDE" technical description, data communication.

import { type Decimal, decimal, parseDecimalText } from "../../readings/decimal.js";
import type { Quantity, Reading } from "../../readings/reading.js";
import { lookUp } from "../shared/table.js";

/** What the line cannot say: energy's unit and decimals, volume's decimals; by the meter's CCC code. */
export interface TableScaling {
	/** `kWh`, `MWh`, `GJ`, or empty: energy stays a number as printed. */
	readonly energyUnit: string;
	readonly energyDecimals: number;
	readonly volumeDecimals: number;
}

const TEMPERATURE_DECIMALS = 2;

/** Names of the fields of each table, in order. */
const FIELDS = `
1 heat_energy heat_volume operating_time temperature_supply temperature_return temperature_difference power flow_1 peak info
2 customer_no TA2 TL2 TA3 TL3 InA InB ABCCC DDEFFGG date
C temperature_supply T3 temperature_return P1 P2 flow_1 flow_2 power
D customer_no ABCCCCCC DDEFFGGMN calendar clock operating_time target_date error_hours
`;
/** Numbers of customers, configurations and dates keep their zeros. */
const CODES = " customer_no ABCCC DDEFFGG ABCCCCCC DDEFFGGMN date calendar clock target_date info ";

/** One line of a table as a reading; fields without a name are `table_5_1`, `table_5_2`, … */
export function tableReading(line: string, table: string, scaling: TableScaling): Reading {
	const names = lookUp(FIELDS, table)?.split(" ") ?? [];
	const quantities: Quantity[] = line
		.split(" ")
		.map((field, index) => quantityOf(names[index] ?? `table_${table}_${index + 1}`, field, scaling));
	const customer = quantities.find(({ name }) => name === "customer_no")?.value;
	return {
		protocol: "iec62056",
		meter: {
			manufacturer: "Kamstrup",
			...(typeof customer === "string" ? { id: customer } : {}),
			list: `/#${table}`,
		},
		time: null,
		quantities,
		devices: [],
	};
}

function quantityOf(name: string, field: string, scaling: TableScaling): Quantity {
	const number = CODES.includes(` ${name} `) ? undefined : parseDecimalText(field);
	if (number === undefined) return { name, value: field };
	const shifted = (decimals: number): Decimal => decimal(number.mantissa, -decimals);
	if (name.startsWith("temperature_") || name === "T3") {
		const unit = name === "temperature_difference" ? "K" : "°C";
		return { name, value: shifted(TEMPERATURE_DECIMALS), unit };
	}
	if (name === "operating_time" || name === "error_hours") return { name, value: number, unit: "h" };
	if (name === "heat_energy") {
		// Without a unit it must not look like a counter that is known.
		if (scaling.energyUnit === "") return { name: "energy_digits", value: number };
		return { name, value: shifted(scaling.energyDecimals), unit: scaling.energyUnit };
	}
	if (name === "heat_volume") {
		if (scaling.energyUnit === "") return { name: "volume_digits", value: number };
		return { name, value: shifted(scaling.volumeDecimals), unit: "m³" };
	}
	return { name, value: number };
}

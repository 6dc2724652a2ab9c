// Which device class, unit and state class a quantity has in Home Assistant. Its entity tables are the source
// (developers.home-assistant.io, "Sensor entity"): a unit that a class does not allow makes the entity fail.

import type { Decimal } from "../../../readings/decimal.js";

/** Empty texts where there is none. */
export interface EntityClass {
	readonly deviceClass: string;
	readonly stateClass: string;
	/** Tells of the meter, not of what it measures. */
	readonly diagnostic: boolean;
}

/**
 * Device classes, each with its units. With `+` the state never decreases (`total_increasing`), with `-` there is no state
 * class, otherwise it is a measurement. Written as a text: in flash it costs the device no RAM.
 */
const CLASSES =
	"|energy+ Wh kWh MWh GWh J kJ MJ GJ cal kcal Mcal Gcal |reactive_energy+ varh kvarh |power W kW MW GW |reactive_power var kvar |apparent_power VA kVA |voltage V kV |current A |frequency Hz |temperature °C K |volume_flow_rate L/h m³/h |volume+ m³ L |duration+ h |duration- s min d |pressure bar |+ kVAh m³·°C t ";

/** `kind`: that of a sub-meter, empty for the meter itself. `unit` empty: a pure number, or text where `isText`. */
export function entityClass(name: string, kind: string, unit: string, isText: boolean): EntityClass {
	if (isText) return { deviceClass: "", stateClass: "", diagnostic: true };
	if (unit === "") return numberClass(name);
	const at = CLASSES.indexOf(" ".concat(unit, " "));
	if (at < 0) {
		// A price, or what has been paid: ISO 4217.
		const isMoney = /^[A-Z]{3}$/.test(unit);
		return {
			deviceClass: isMoney ? "monetary" : "",
			stateClass: isMoney ? "total" : "measurement",
			diagnostic: false,
		};
	}
	const start = CLASSES.lastIndexOf("|", at) + 1;
	const word = CLASSES.slice(start, CLASSES.indexOf(" ", start));
	const counts = word.endsWith("+");
	const deviceClass = counts || word.endsWith("-") ? word.slice(0, -1) : word;
	return {
		deviceClass: special(deviceClass, name, kind, unit),
		stateClass: counts ? counterClass(name) : word === deviceClass ? "measurement" : "",
		diagnostic: deviceClass === "duration",
	};
}

/** What it counts or measures, where its unit alone does not tell. */
function special(deviceClass: string, name: string, kind: string, unit: string): string {
	if (deviceClass === "temperature" && name.includes("difference")) return "temperature_delta";
	if (deviceClass !== "volume") return deviceClass;
	if (unit === "m³" && (kind === "gas" || name.startsWith("gas"))) return "gas";
	return kind.endsWith("water") || name.startsWith("water") ? "water" : deviceClass;
}

/** Past values (`*1`) have none; the sum of import less export (group C 16) goes both ways. */
function counterClass(name: string): string {
	if (name.includes("*")) return "";
	return name.includes(":16.") ? "total" : "total_increasing";
}

function numberClass(name: string): EntityClass {
	if (name.startsWith("power_factor"))
		return { deviceClass: "power_factor", stateClass: "measurement", diagnostic: false };
	const counts = name.endsWith("failures") || name.startsWith("voltage_s") || name.endsWith("count");
	return { deviceClass: "", stateClass: counts ? "total_increasing" : "", diagnostic: true };
}

/** `energy_import_t1` → `Energy import tariff 1`, `power_import_l2` → `Power import L2`; codes stay as they are. */
export function entityName(name: string): string {
	if (isCode(name)) return name;
	const text = name
		.split("_")
		.map((word) =>
			/^t\d$/.test(word)
				? "tariff ".concat(word.slice(1))
				: /^(l\d|n)$/.test(word)
					? word.toUpperCase()
					: word,
		)
		.join(" ");
	return text.slice(0, 1).toUpperCase().concat(text.slice(1));
}

/** A quantity that has only its code: an entity that a person must switch on. */
export function isCode(name: string): boolean {
	return name.startsWith("register_") || name.startsWith("item_") || name.includes(".");
}

/** Digits behind the point, as they were sent: 0 to 9. */
export function decimalsOf({ exponent }: Decimal): number {
	return Math.min(Math.max(-exponent, 0), 9);
}

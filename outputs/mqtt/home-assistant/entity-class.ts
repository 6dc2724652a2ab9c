// Which device class, unit and state class a quantity has in Home Assistant. Its entity tables are the source
// (developers.home-assistant.io, "Sensor entity"): a unit that a class does not allow makes the entity fail.

import { consistsOf, isDigits } from "../../../readings/characters.js";

/**
 * Device classes, each with its units. With `+` the state never decreases (`total_increasing`), with `-` there is no state
 * class, otherwise it is a measurement. Written as a text: in flash it costs the device no RAM.
 */
const CLASSES =
	"|energy+ Wh kWh MWh GWh J kJ MJ GJ cal kcal Mcal Gcal |reactive_energy+ varh kvarh |power W kW MW GW |reactive_power var kvar |apparent_power VA kVA |voltage V kV |current A |frequency Hz |temperature °C K |volume_flow_rate L/h m³/h |volume+ m³ L |duration+ h |duration- s min d |pressure bar |+ kVAh m³·°C t ";
const CURRENCY_LENGTH = 3;

/**
 * Device class, state class (both empty where there is none), and whether it tells of the meter and not of what it measures.
 * `kind`: that of a sub-meter, empty for the meter itself. `unit` empty: a pure number, or text where `isText`.
 */
export function entityClass(
	name: string,
	kind: string,
	unit: string,
	isText: boolean,
): readonly [deviceClass: string, stateClass: string, diagnostic: boolean] {
	if (isText) return ["", "", true];
	if (unit === "") {
		if (name.startsWith("power_factor")) return ["power_factor", "measurement", false];
		const counts = name.endsWith("failures") || name.startsWith("voltage_s") || name.endsWith("count");
		return ["", counts ? "total_increasing" : "", true];
	}
	const at = CLASSES.indexOf(" ".concat(unit, " "));
	// A price, or what has been paid: ISO 4217.
	if (at < 0 && unit.length === CURRENCY_LENGTH && consistsOf(unit, "A-Z"))
		return ["monetary", "total", false];
	if (at < 0) return ["", "measurement", false];
	const start = CLASSES.lastIndexOf("|", at) + 1;
	const word = CLASSES.slice(start, CLASSES.indexOf(" ", start));
	const counts = word.endsWith("+");
	const found = counts || word.endsWith("-") ? word.slice(0, -1) : word;
	let stateClass = counts ? "total_increasing" : word === found ? "measurement" : "";
	// Past values (`*1`) have none; the sum of import less export (group C 16) goes both ways.
	if (counts && name.includes("*")) stateClass = "";
	else if (counts && name.includes(":16.")) stateClass = "total";
	let deviceClass = found;
	if (found === "temperature" && name.includes("difference")) deviceClass = "temperature_delta";
	if (found === "volume") {
		if (unit === "m³" && (kind === "gas" || name.startsWith("gas"))) deviceClass = "gas";
		else if (kind.endsWith("water") || name.startsWith("water")) deviceClass = "water";
	}
	return [deviceClass, stateClass, found === "duration"];
}

/** `energy_import_t1` → `Energy import tariff 1`, `power_import_l2` → `Power import L2`; codes stay as they are. */
export function entityName(name: string): string {
	if (isCode(name)) return name;
	const words = name.split("_").map((word) => {
		const isNumbered = isDigits(word.slice(1), 1);
		if (isNumbered && word.startsWith("t")) return "tariff ".concat(word.slice(1));
		return word === "n" || (isNumbered && word.startsWith("l")) ? word.toUpperCase() : word;
	});
	const text = words.join(" ");
	return text.slice(0, 1).toUpperCase().concat(text.slice(1));
}

/** A quantity that has only its code: an entity that a person must switch on. */
export function isCode(name: string): boolean {
	return name.startsWith("register_") || name.startsWith("item_") || name.includes(".");
}

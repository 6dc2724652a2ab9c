// A DSMR 5 telegram from readings of any protocol, so that every P1 program can read those meters too. Only what the
// meter said: a value that is not known is left out. Pure; the encoder is p1-encoder.ts.
// Source: DSMR 5.0.2 P1 companion standard, 6.2 and table 6-1; e-MUCS P1 1.7 for currents with decimals.

import { type Decimal, multiplied, scaled } from "../../readings/decimal.js";
import type { DeviceReading, MeterIdentity, Quantity } from "../../readings/reading.js";
import type { Checksums } from "../shared/checksums.js";
import { lookUp } from "../shared/table.js";
import { CR, LF } from "./bytes.js";
import { EXCLAMATION, hex4 } from "./checks.js";
import { numberText, octetString, timeStampText } from "./p1-encoder.js";

/** What a telegram is made of; time stamps are `YYMMDDhhmmssX`. */
export interface TelegramSource {
	readonly meter: MeterIdentity;
	readonly known: readonly Quantity[];
	readonly devices: readonly DeviceReading[];
	/** The telegram's own time stamp, where anybody knows the time. */
	readonly time: string | undefined;
	/** When the quantity at that place of `known` was read. */
	readAt(index: number): string | undefined;
}

/**
 * Name, OBIS code, digits and decimals, canonical unit. A total of a meter that sends no tariffs stands where DSMR 5
 * programs look for energy: in tariff 1, the only one. DSMR prints whole amperes; Belgium's two decimals are kept.
 */
const OBJECTS = `
energy_import 1-0:1.8.1 9 3 kWh
energy_import_t1 1-0:1.8.1 9 3 kWh
energy_import_t2 1-0:1.8.2 9 3 kWh
energy_import_t3 1-0:1.8.3 9 3 kWh
energy_import_t4 1-0:1.8.4 9 3 kWh
energy_export 1-0:2.8.1 9 3 kWh
energy_export_t1 1-0:2.8.1 9 3 kWh
energy_export_t2 1-0:2.8.2 9 3 kWh
energy_export_t3 1-0:2.8.3 9 3 kWh
energy_export_t4 1-0:2.8.4 9 3 kWh
reactive_energy_import 1-0:3.8.0 9 3 kvarh
reactive_energy_export 1-0:4.8.0 9 3 kvarh
tariff 0-0:96.14.0 4 0
power_import 1-0:1.7.0 5 3 W
power_export 1-0:2.7.0 5 3 W
reactive_power_import 1-0:3.7.0 5 3 var
reactive_power_export 1-0:4.7.0 5 3 var
power_import_l1 1-0:21.7.0 5 3 W
power_import_l2 1-0:41.7.0 5 3 W
power_import_l3 1-0:61.7.0 5 3 W
power_export_l1 1-0:22.7.0 5 3 W
power_export_l2 1-0:42.7.0 5 3 W
power_export_l3 1-0:62.7.0 5 3 W
voltage_l1 1-0:32.7.0 4 1 V
voltage_l2 1-0:52.7.0 4 1 V
voltage_l3 1-0:72.7.0 4 1 V
current_l1 1-0:31.7.0 5 2 A
current_l2 1-0:51.7.0 5 2 A
current_l3 1-0:71.7.0 5 2 A
power_failures 0-0:96.7.21 5 0
long_power_failures 0-0:96.7.9 5 0
`;

/** Longest telegram; a whole one of this table with four sub-meters has some 1,700 bytes. */
const LONGEST = 2048;
/** Room for `!`, CRC and line end. */
const TAIL = 7;
/** DSMR 5 numbers M-Bus channels from 1 to 4. */
const MOST_CHANNELS = 4;
const LONGEST_NAME = 16;
const LONGEST_ID = 48;
const LONGEST_NUMBER = 24;

/** Whole telegram with its CRC and line end. */
export function synthesise(source: TelegramSource, checksums: Checksums): Uint8Array {
	const { meter, known, devices, time } = source;
	const telegram = new Lines();
	telegram.add("/MLG5\\2", nameOf(meter));
	telegram.add("");
	telegram.add("1-3:0.2.8(50)");
	if (time) telegram.add("0-0:1.0.0(", time, ")");
	if (meter.id) telegram.add("0-0:96.1.1(", idText(meter.id), ")");
	known.forEach((quantity) => {
		addObject(telegram, quantity, known);
	});
	let channel = 0;
	for (const device of devices) {
		const counter = device.quantities.find(({ name }) => typeOf(name) !== "");
		if (counter === undefined || device.time === null) continue;
		if (channel < MOST_CHANNELS)
			channel += addChannel(
				telegram,
				channel + 1,
				counter,
				device.id,
				timeStampText(device.time),
				device.kind,
			);
	}
	known.forEach((quantity, index) => {
		// Its electricity is the main meter's.
		if (channel < MOST_CHANNELS && quantity.name !== "energy_import")
			channel += addChannel(telegram, channel + 1, quantity, meter.id, source.readAt(index), undefined);
	});
	return telegram.finish(checksums);
}

function addObject(telegram: Lines, { name, value, unit }: Quantity, known: readonly Quantity[]): void {
	const at = OBJECTS.indexOf(`\n${name} `);
	if (at < 0 || typeof value === "string" || value.mantissa < 0) return;
	if (name === "energy_import" || name === "energy_export") {
		const first = `${name}_t1`;
		if (known.some((other) => other.name === first)) return;
	}
	const [, obis = "", digits, decimals, expected] = OBJECTS.slice(
		at + 1,
		OBJECTS.indexOf("\n", at + 1),
	).split(" ");
	if (unit !== expected) return;
	const isPower = unit === "W" || unit === "var";
	const printed = isPower ? `k${unit}` : unit;
	const format = { digits: Number(digits), decimals: Number(decimals), ...(printed && { unit: printed }) };
	const number = numberText(isPower ? scaled(value, -3) : value, format);
	if (number.length <= LONGEST_NUMBER) telegram.add(obis, "(", number, ")");
}

/** A sub-meter's three lines; returns how many channels that took. */
function addChannel(
	telegram: Lines,
	channel: number,
	{ name, value, unit }: Quantity,
	id: string | undefined,
	time: string | undefined,
	kind: string | undefined,
): 0 | 1 {
	const type = kind === "warm_water" ? "006" : typeOf(name);
	if (type === "" || time === undefined || typeof value === "string" || value.mantissa < 0) return 0;
	const counted = type === "002" && unit === "kWh" ? { value, unit } : inCountedUnit(value, unit);
	if (counted === undefined) return 0;
	const number = numberText(counted.value, { digits: 8, decimals: 3, unit: counted.unit });
	if (number.length > LONGEST_NUMBER) return 0;
	telegram.add(`0-${channel}:24.1.0(`, type, ")");
	if (id) telegram.add(`0-${channel}:96.1.0(`, idText(id), ")");
	telegram.add(`0-${channel}:24.2.1(`, time, ")(", number, ")");
	return 1;
}

/** M-Bus device types (EN 13757-3, table 8) of what counters count. */
const TYPES = `
energy_import 002
gas_volume 003
heat_energy 004
water_volume 007
cooling_energy 010
`;

/** Empty where the name is no sub-meter's counter. */
function typeOf(name: string): string {
	return lookUp(TYPES, name) ?? "";
}

/** Units of heat in GJ: factor, and power of ten behind it. 1 kWh is 3.6 MJ exactly. */
const GIGAJOULES = `
GJ 1 0
MJ 1 -3
kWh 36 -4
MWh 36 -1
GWh 36 2
`;

/** DSMR 5 counts volumes in m³, heat in GJ and electricity in kWh. */
function inCountedUnit(
	value: Decimal,
	unit = "",
): { readonly value: Decimal; readonly unit: string } | undefined {
	if (unit === "m³") return { value, unit: "m3" };
	const [factor, power] = (lookUp(GIGAJOULES, unit) ?? "").split(" ");
	return power === undefined
		? undefined
		: { value: scaled(multiplied(value, Number(factor)), Number(power)), unit: "GJ" };
}

function idText(id: string): string {
	return octetString(id.slice(0, LONGEST_ID));
}

/** Model or maker as an identification line takes it: printable, without the characters that begin and end a telegram. */
function nameOf({ model, manufacturer }: MeterIdentity): string {
	let name = "";
	for (const character of (model ?? manufacturer ?? "").slice(0, LONGEST_NAME))
		if (character >= " " && character <= "~" && !"/!\\".includes(character)) name += character;
	return name === "" ? "Meterling" : name;
}

/** Lines of a telegram as bytes; one that does not fit is left out whole. */
class Lines {
	readonly #bytes = new Uint8Array(LONGEST);
	#length = 0;

	add(...pieces: readonly string[]): void {
		const text = pieces.join("");
		if (this.#length + text.length + 2 + TAIL > LONGEST) return;
		this.#put(text);
		this.#put("\r\n");
	}

	finish(checksums: Checksums): Uint8Array {
		this.#bytes[this.#length++] = EXCLAMATION;
		this.#put(hex4(checksums.arc(this.#bytes, 0, this.#length)));
		this.#bytes[this.#length++] = CR;
		this.#bytes[this.#length++] = LF;
		return this.#bytes.slice(0, this.#length);
	}

	#put(text: string): void {
		for (let index = 0; index < text.length; index++) this.#bytes[this.#length++] = text.charCodeAt(index);
	}
}

// What a meter's KMP replies mean: identity, registers, event status, log records. Contents of frames whose CRC
// was right; a content that does not add up is a fault all the same. Source: Kamstrup 5512-447 chapter 6.

import { decimal } from "../../readings/decimal.js";
import { findQuantity, type Quantity } from "../../readings/reading.js";
import { canonical } from "../../readings/units.js";
import { isoDateTime } from "../shared/iso-time.js";
import { lookUp } from "../shared/table.js";
import { decodeValue, type RegisterFormat, type RegisterValue } from "./register-value.js";
import { DATE, DATE_AND_TIME, registerName, SERIAL_NUMBER, TIME } from "./registers.js";

/** Destination and CID stand in front of a reply's data. */
export const DATA = 2;
export const FORMAT_BYTES = 3;
export const ID_BYTES = 2;

/** One register of a reply. */
export interface Register extends RegisterValue {
	readonly register: number;
}

/** One record of a log. */
export interface LogRecord {
	readonly record: number;
	readonly registers: readonly Register[];
}

/** A log reply: records in the order sent, the newest record there is, and the info byte. */
export interface LogReply {
	readonly log: number;
	readonly records: readonly LogRecord[];
	readonly newest: number;
	readonly info: number;
}

/** `MULTICAL 601 Pt100 F1`, or `type 1234 F1` for a type that the document does not list; `undefined` for other lengths. */
export function readType(bytes: Uint8Array, length: number): string | undefined {
	if (length !== DATA + 4) return undefined;
	const type = word(bytes, DATA).toString(16).toUpperCase().padStart(4, "0");
	const letter = bytes[DATA + 2] as number;
	const name = lookUp(TYPES, type) ?? `type ${type}`;
	const revision = letter >= 1 && letter <= 26 ? String.fromCharCode(0x40 + letter) : `${letter}.`;
	return `${name} ${revision}${bytes[DATA + 3]}`;
}

/** By the type in hexadecimal digits. */
const TYPES = `
0001 MULTICAL 601 Pt500
0004 MULTICAL 601 Pt100
0005 MULTICAL 601 Pt500 4-wire
1501 MULTICAL 601 Pt500, top module 67-05
1504 MULTICAL 601 Pt100, top module 67-05
1505 MULTICAL 601 Pt500 4-wire, top module 67-05
`;

/** The serial number in decimal digits. */
export function readSerialNo(bytes: Uint8Array, length: number): string | undefined {
	if (length !== DATA + 4) return undefined;
	return `${word(bytes, DATA) * 0x10000 + word(bytes, DATA + 2)}`;
}

/** Last read-out record, newest record, info. */
const LOG_TAIL = 5;

/**
 * A log reply (chapter 6.3.1): the first record carries the formats, the others only values. With an error in the
 * info byte the rest may be missing; info is always the last byte. `undefined` where the lengths do not add up.
 */
export function readLog(bytes: Uint8Array, length: number): LogReply | undefined {
	if (length <= DATA) return undefined;
	const info = bytes[length - 1] as number;
	const empty = { log: bytes[DATA] as number, records: [], newest: 0, info };
	if (length < DATA + 2 + LOG_TAIL) return info === 0 ? undefined : empty;
	const count = bytes[DATA + 1] as number;
	const end = length - LOG_TAIL;
	const newest = word(bytes, length - 3);
	const ids: number[] = [];
	const formats: RegisterFormat[] = [];
	const records: LogRecord[] = [];
	for (let at = DATA + 2; at < end; ) {
		if (at + ID_BYTES > end) return undefined;
		const record = word(bytes, at);
		at += ID_BYTES;
		const registers: Register[] = [];
		for (let index = 0; index < count; index++) {
			if (records.length === 0) {
				if (at + ID_BYTES + FORMAT_BYTES > end) return undefined;
				ids.push(word(bytes, at));
				formats.push(formatAt(bytes, at + ID_BYTES));
				at += ID_BYTES + FORMAT_BYTES;
			}
			const format = formats[index] as RegisterFormat;
			if (format.length === 0 || at + format.length > end) return undefined;
			registers.push({ register: ids[index] as number, ...decodeValue(bytes, at, format) });
			at += format.length;
		}
		records.push({ record, registers });
	}
	return { ...empty, records, newest };
}

/** The four event status bytes as one hexadecimal text (ES0 first). */
export function readEventStatus(bytes: Uint8Array, length: number): Quantity | undefined {
	if (length !== DATA + 4) return undefined;
	let value = "";
	for (let at = DATA; at < length; at++) value += (bytes[at] as number).toString(16).padStart(2, "0");
	return { name: "event_status", value };
}

/** Adds registers to a list whose names are unique: who comes second keeps its register number as its name. */
export function addRegisters(list: Quantity[], registers: readonly Register[]): Quantity[] {
	for (const register of registers) addRegister(list, register);
	return list;
}

/** The same with one; a register that the list has already is left out. */
export function addRegister(list: Quantity[], register: Register): void {
	const { register: number } = register;
	if (ofRegister(list, number)) return;
	const name = registerName(number);
	const free = name !== undefined && !findQuantity({ quantities: list }, name);
	list.push(quantityOf(free ? name : `register_${number}`, register));
}

/** The meter's own time, if these registers hold it: date and time in one register, or in two. */
export function readingTime(quantities: readonly Quantity[]): string | null {
	const text = (register: number) => {
		const value = ofRegister(quantities, register)?.value;
		return typeof value === "string" ? value : undefined;
	};
	return text(DATE_AND_TIME) ?? isoDateTime(text(DATE), text(TIME)) ?? null;
}

/** The serial number among registers (1001), in decimal digits. */
export function serialAmong(quantities: readonly Quantity[]): string | undefined {
	const value = ofRegister(quantities, SERIAL_NUMBER)?.value;
	if (value === undefined || typeof value === "string") return value;
	return value.exponent === 0 ? `${value.mantissa}` : undefined;
}

function ofRegister(quantities: readonly Quantity[], register: number): Quantity | undefined {
	// By index: an iterator and a call for each would cost the device more than the search.
	for (let index = 0; index < quantities.length; index++)
		if (quantities[index]?.register === register) return quantities[index];
	return undefined;
}

function quantityOf(name: string, { register, value, unit }: Register): Quantity {
	if (unit === undefined || typeof value === "string") return { name, value, register };
	// Heat keeps the meter's unit, and so does what has no name of its own.
	if (keepsUnit(name)) return { name, value, unit, register };
	if (name === "temperature_difference") return { name, value, unit: "K", register };
	if (unit === "MWh" || unit === "GWh") {
		const power = unit === "MWh" ? 3 : 6;
		return { name, value: decimal(value.mantissa, value.exponent + power), unit: "kWh", register };
	}
	if (unit === "MW") return { name, value: decimal(value.mantissa, value.exponent + 6), unit: "W", register };
	return { name, ...canonical(value, unit), register };
}

function keepsUnit(name: string): boolean {
	return (
		name === "heat_energy" ||
		name === "cooling_energy" ||
		name === "heat_power" ||
		name.startsWith("register_")
	);
}

export function formatAt(bytes: Uint8Array, at: number): RegisterFormat {
	return {
		unit: bytes[at] as number,
		length: bytes[at + 1] as number,
		signExponent: bytes[at + 2] as number,
	};
}

export function word(bytes: Uint8Array, at: number): number {
	return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

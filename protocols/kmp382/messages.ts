// KMP-382's requests and what the replies mean. Known from one public driver and its captures: names that only
// the driver gives (reset_counter, production_no, …) are kept, for nobody documents these words.

import { decimal } from "../../readings/decimal.js";
import type { Quantity } from "../../readings/reading.js";

/** The only address seen. */
export const ADDRESS = 0xfe;
export const HELLO = 0x00;
export const READ_MEMORY = 0x01;
export const ACTUAL_VALUES = 0x90;
export const ENERGY_REGISTERS = 0x95;

/** Address and command stand in front of a reply's data. */
export const DATA = 2;
const WORD = 4;
/** Memory 0001–002C: type, id and customer number. */
const IDENTITY_START = 0x0001;
const IDENTITY_END = 0x002c;
const IDENTITY_BYTES = IDENTITY_END - IDENTITY_START + 1;
const TYPE_CHARACTERS = 10;
/** Places in the identity area, counted from its first byte; little-endian, unlike all else. */
const METER_ID = 29;
const CUSTOMER_NUMBER = 33;
const ACTUAL_WORDS = 9;
const REGISTER_WORDS = 3;

export function helloRequest(): Uint8Array {
	return Uint8Array.of(ADDRESS, HELLO);
}

/** Reads memory from `first` to `last`, both included. */
export function memoryRequest(first: number, last: number): Uint8Array {
	return Uint8Array.of(ADDRESS, READ_MEMORY, first >> 8, first & 0xff, last >> 8, last & 0xff);
}

export function identityRequest(): Uint8Array {
	return memoryRequest(IDENTITY_START, IDENTITY_END);
}

export function actualRequest(): Uint8Array {
	return Uint8Array.of(ADDRESS, ACTUAL_VALUES);
}

export function registersRequest(): Uint8Array {
	return Uint8Array.of(ADDRESS, ENERGY_REGISTERS, 0);
}

/** What the identity area says. */
export interface Identity {
	readonly type: string;
	readonly id: string;
	readonly customer: string;
}

/** The identity area, or `undefined`: memory replies do not say where they were read, so the type text tells. */
export function readIdentity(bytes: Uint8Array, length: number): Identity | undefined {
	if (length !== DATA + IDENTITY_BYTES) return undefined;
	let type = "";
	for (let at = DATA; at < DATA + TYPE_CHARACTERS; at++) {
		const character = bytes[at] as number;
		const letter = character >= 0x41 && character <= 0x5a;
		if (!letter && !(character >= 0x30 && character <= 0x39) && character !== 0x20) return undefined;
		type += String.fromCharCode(character);
	}
	const id = `${littleEndian(bytes, DATA + METER_ID)}`;
	return { type: type.trim(), id, customer: `${littleEndian(bytes, DATA + CUSTOMER_NUMBER)}` };
}

export function identityQuantities({ type, id, customer }: Identity): readonly Quantity[] {
	return [
		{ name: "meter_type", value: type },
		{ name: "meter_id", value: id },
		{ name: "customer_no", value: customer },
	];
}

/** Reply to 90: nine words. The fourth counts 10 Wh (903233 beside 9032 kWh), whatever the driver calls it. */
export function readActual(bytes: Uint8Array, length: number): readonly Quantity[] | undefined {
	if (length !== DATA + ACTUAL_WORDS * WORD) return undefined;
	const word = (index: number) => bigEndian(bytes, DATA + index * WORD);
	return [
		{ name: "energy_import", value: decimal(word(0)), unit: "kWh" },
		{ name: "power_import", value: decimal(word(1)), unit: "W" },
		{ name: "operating_time", value: decimal(word(2)), unit: "h" },
		{ name: "reset_counter", value: decimal(word(3)) },
		{ name: "energy_import_high_resolution", value: decimal(word(3), -2), unit: "kWh" },
		{ name: "power_peak_month", value: decimal(word(4)), unit: "W" },
		{ name: "customer_no_2", value: `${word(5)}` },
		{ name: "item_7", value: decimal(word(6)) },
		{ name: "item_8", value: decimal(word(7)) },
		{ name: "production_no", value: `${word(8)}` },
	];
}

/** Reply to 95: total and two tariffs behind a 01. */
export function readEnergyRegisters(bytes: Uint8Array, length: number): readonly Quantity[] | undefined {
	if (length !== DATA + 1 + REGISTER_WORDS * WORD) return undefined;
	const word = (index: number) => decimal(bigEndian(bytes, DATA + 1 + index * WORD));
	return [
		{ name: "energy_import", value: word(0), unit: "kWh" },
		{ name: "energy_import_t1", value: word(1), unit: "kWh" },
		{ name: "energy_import_t2", value: word(2), unit: "kWh" },
	];
}

/** Values of an emulated meter; whole numbers. */
export interface EmulatedValues {
	readonly energyKwh: number;
	readonly powerW: number;
	readonly hours: number;
	readonly energy10Wh: number;
	readonly peakW: number;
	readonly customer: number;
	readonly production: number;
	readonly tariffKwh: readonly [number, number];
}

export function actualReply(values: EmulatedValues): Uint8Array {
	const { energyKwh, powerW, hours, energy10Wh, peakW, customer, production } = values;
	return reply(
		ACTUAL_VALUES,
		[energyKwh, powerW, hours, energy10Wh, peakW, customer, 0, 0, production].flatMap(bigEndianBytes),
	);
}

export function registersReply({ energyKwh, tariffKwh }: EmulatedValues): Uint8Array {
	return reply(ENERGY_REGISTERS, [1, ...[energyKwh, ...tariffKwh].flatMap(bigEndianBytes)]);
}

/** The identity area of a meter of that type (10 characters), id and customer number. */
export function identityReply(type: string, id: number, customer: number): Uint8Array {
	const area = new Uint8Array(IDENTITY_BYTES);
	for (let at = 0; at < TYPE_CHARACTERS; at++) area[at] = type.charCodeAt(at) || 0x20;
	bigEndianBytes(id).forEach((byte, index) => {
		area[METER_ID + WORD - 1 - index] = byte;
	});
	bigEndianBytes(customer).forEach((byte, index) => {
		area[CUSTOMER_NUMBER + WORD - 1 - index] = byte;
	});
	return reply(READ_MEMORY, area);
}

function reply(command: number, data: Iterable<number>): Uint8Array {
	return Uint8Array.of(ADDRESS, command, ...data);
}

function bigEndianBytes(value: number): number[] {
	return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function bigEndian(bytes: Uint8Array, at: number): number {
	let value = 0;
	for (let index = 0; index < WORD; index++) value = value * 0x100 + (bytes[at + index] as number);
	return value;
}

function littleEndian(bytes: Uint8Array, at: number): number {
	let value = 0;
	for (let index = WORD - 1; index >= 0; index--) value = value * 0x100 + (bytes[at + index] as number);
	return value;
}

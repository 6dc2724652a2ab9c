// A register's format and value: unit, number of bytes, sign and exponent, integer. Exact whatever the length.
// Source: Kamstrup 5512-447 chapters 4.2 to 4.4.

import { type Decimal, decimal } from "../../readings/decimal.js";
import { isoDate, isoDateTime, isoMonthDay, isoTime } from "../shared/iso-time.js";
import {
	ASCII,
	CLOCK,
	DATE,
	DATE_TIME,
	DATE_TIME_79,
	kmpUnit,
	LONG_DATE,
	MONTH_DAY,
	REAL_TIME_CLOCK,
	REAL_TIME_CLOCK_Q,
} from "./units.js";

/** Bit 7 of "sign and exponent": the value is negative. */
export const NEGATIVE = 0b1000_0000;
/** Bit 6: the exponent is negative. */
const NEGATIVE_EXPONENT = 0b0100_0000;
const EXPONENT_MASK = 0b0011_1111;
/** Longest integer that a double holds exactly. */
export const SAFE_BYTES = 6;
/** YY MM DD hh mm ss; weekday and info may follow. */
const DATE_TIME_BYTES = 6;

/** Unit code, number of value bytes, sign and exponent: the three bytes in front of a value. */
export interface RegisterFormat {
	readonly unit: number;
	readonly length: number;
	readonly signExponent: number;
}

/** A register as sent. `value` is a number, or text: a date, a time of day, characters. */
export interface RegisterValue {
	readonly value: Decimal | string;
	readonly unit: string | undefined;
}

/** `(-1)^SI · integer · 10^(±exponent)` of the value bytes at `offset`. */
export function decodeNumber(bytes: Uint8Array, offset: number, format: RegisterFormat): Decimal {
	const exponent = format.signExponent & EXPONENT_MASK;
	const power = format.signExponent & NEGATIVE_EXPONENT ? -exponent : exponent;
	const integer = unsigned(bytes, offset, format.length);
	if (!(format.signExponent & NEGATIVE) || Number(integer) === 0) return decimal(integer, power);
	return decimal(-integer, power);
}

/** The value bytes at `offset` in the meaning of their unit. Dates that are none stay numbers. */
export function decodeValue(bytes: Uint8Array, offset: number, format: RegisterFormat): RegisterValue {
	const text = decodeText(bytes, offset, format);
	if (text !== undefined) return { value: text, unit: undefined };
	const number = decodeNumber(bytes, offset, format);
	const { unit, power } = kmpUnit(format.unit);
	return {
		value: power === 0 ? number : { mantissa: number.mantissa, exponent: number.exponent + power },
		unit,
	};
}

function decodeText(bytes: Uint8Array, offset: number, format: RegisterFormat): string | undefined {
	const { unit, length } = format;
	if (unit < CLOCK) return undefined;
	if (unit === ASCII) return characters(bytes, offset, length);
	if (unit === REAL_TIME_CLOCK || unit === REAL_TIME_CLOCK_Q || unit === DATE_TIME || unit === DATE_TIME_79)
		return length >= DATE_TIME_BYTES ? binaryDateTime(bytes, offset) : undefined;
	if (unit > MONTH_DAY || format.signExponent !== 0 || length > SAFE_BYTES) return undefined;
	const digits = Number(unsigned(bytes, offset, length));
	const low = digits % 100;
	const middle = Math.floor(digits / 100) % 100;
	const high = Math.floor(digits / 10000);
	if (unit === CLOCK) return isoTime(high, middle, low);
	if (unit === DATE) return high < 100 ? isoDate(2000 + high, middle, low) : undefined;
	if (unit === LONG_DATE) return isoDate(high, middle, low);
	return high === 0 ? isoMonthDay(middle, low) : undefined;
}

/** YY MM DD hh mm ss as binary bytes (chapter 4.3), ISO 8601; `undefined` where they are no date. */
export function binaryDateTime(bytes: Uint8Array, offset: number): string | undefined {
	const at = (index: number) => bytes[offset + index] ?? 0xff;
	if (at(0) > 99) return undefined;
	return isoDateTime(isoDate(2000 + at(0), at(1), at(2)), isoTime(at(3), at(4), at(5)));
}

const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

/** Printable characters; others become `.`, filling blanks and zeros at the end go. */
function characters(bytes: Uint8Array, offset: number, length: number): string {
	let end = offset + length;
	while (end > offset && (bytes[end - 1] === 0 || bytes[end - 1] === FIRST_PRINTABLE)) end--;
	let text = "";
	for (let at = offset; at < end; at++) {
		const byte = bytes[at] as number;
		text += byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE ? String.fromCharCode(byte) : ".";
	}
	return text;
}

function unsigned(bytes: Uint8Array, offset: number, length: number): number | bigint {
	if (length <= SAFE_BYTES) {
		let value = 0;
		for (let at = offset; at < offset + length; at++) value = value * 0x100 + (bytes[at] as number);
		return value;
	}
	let value = 0n;
	for (let at = offset; at < offset + length; at++) value = (value << 8n) | BigInt(bytes[at] as number);
	return value;
}

/**
 * Format and value bytes of a number, for emulated meters: unit, length, sign and exponent, integer.
 * Throws where the number does not fit `length` bytes or the exponent 6 bits: the caller's mistake.
 */
export function encodeValue(unit: number, length: number, value: Decimal): Uint8Array {
	const negative = value.mantissa < 0;
	let rest = BigInt(value.mantissa);
	if (negative) rest = -rest;
	const power = Math.abs(value.exponent);
	if (power > EXPONENT_MASK) throw new RangeError("the exponent must be within ±63");
	const bytes = new Uint8Array(3 + length);
	bytes[0] = unit;
	bytes[1] = length;
	bytes[2] = (negative ? NEGATIVE : 0) | (value.exponent < 0 ? NEGATIVE_EXPONENT : 0) | power;
	for (let at = bytes.length - 1; at >= 3; at--) {
		bytes[at] = Number(rest & 0xffn);
		rest >>= 8n;
	}
	if (rest !== 0n) throw new RangeError(`the value must fit ${length} bytes`);
	return bytes;
}

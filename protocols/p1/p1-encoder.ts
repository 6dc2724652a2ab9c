// Makes telegrams: what an emulated meter sends, and what the TCP bridge serves for meters that speak other protocols.
// Pure: checksum and cipher are arguments. Source: DSMR 2.2, 4.2 and 5.0.2 P1; Creos P1 1.8 for the envelope.

import { compare, type Decimal, decimal, scaled, toText } from "../../readings/decimal.js";
import type { Checksums } from "../shared/checksums.js";
import type { Cipher } from "../shared/cipher.js";
import { COUNTER_LENGTH, ENVELOPE_TAG, TITLE_LENGTH } from "./envelope.js";

const SECURITY_AUTHENTICATED_ENCRYPTED = 0x30;

/** A telegram as its lines. `identification` without `/`; `lines` without line ends; `crc` from DSMR 4 on. */
export interface TelegramText {
	readonly identification: string;
	readonly lines: readonly string[];
	readonly crc: boolean;
}

/** The telegram's bytes, CR LF after every line, the CRC over exactly what is sent. ASCII only. */
export function encodeTelegram(
	{ identification, lines, crc }: TelegramText,
	checksums: Checksums,
): Uint8Array {
	const body = ascii(`/${identification}\r\n\r\n${lines.map((line) => `${line}\r\n`).join("")}!`);
	const sum = crc ? checksums.arc(body, 0, body.length).toString(16).toUpperCase().padStart(4, "0") : "";
	const tail = ascii(`${sum}\r\n`);
	const telegram = new Uint8Array(body.length + tail.length);
	telegram.set(body);
	telegram.set(tail, body.length);
	return telegram;
}

/**
 * How a number is printed: `Fn(x,x)` of the standard is `digits` in all, of them `decimals` behind the point;
 * `unit` is the meter's spelling. Values are in that unit.
 */
export interface NumberFormat {
	readonly digits: number;
	readonly decimals: number;
	readonly unit?: string;
}

/** One data line: code and contents of its brackets. */
export interface TelegramObject {
	readonly obis: string;
	readonly values: readonly string[];
}

/** What a telegram of a DSMR version holds besides its objects. */
export interface TelegramDescription {
	readonly identification: string;
	/** `2.2` has no version line, no clock and no CRC. */
	readonly version: "2.2" | "4.2" | "5.0";
	/** Time stamp (`timeStampText`); not sent in 2.2. */
	readonly time?: string;
	/** Equipment id as text; printed as two hexadecimal digits a character. */
	readonly meterId?: string;
	readonly objects: readonly TelegramObject[];
}

/** The lines of a description, in the standard's order: version, time, id, objects. */
export function describedTelegram(description: TelegramDescription): TelegramText {
	const { identification, version, time, meterId, objects } = description;
	const modern = version !== "2.2";
	const lines: string[] = [];
	if (modern) lines.push(`1-3:0.2.8(${version.split(".").join("")})`);
	if (modern && time !== undefined) lines.push(`0-0:1.0.0(${time})`);
	if (meterId !== undefined) lines.push(`0-0:96.1.1(${octetString(meterId)})`);
	for (const { obis, values } of objects) lines.push(dataLine(obis, ...values));
	return { identification, lines, crc: modern };
}

/** `1-0:1.7.0(00.318*kW)`. */
export function dataLine(obis: string, ...values: string[]): string {
	return `${obis}${values.map((value) => `(${value})`).join("")}`;
}

const TEN = 10n;

/**
 * `00318.250*kWh`: zero-padded, digits beyond `decimals` cut off (a counter never shows more than it has counted).
 * A value too long for the format keeps all its digits before the point.
 */
export function numberText(value: Decimal, { digits, decimals, unit }: NumberFormat): string {
	const moved = scaled(value, decimals);
	let whole = BigInt(moved.mantissa);
	if (moved.exponent > 0) whole *= TEN ** BigInt(moved.exponent);
	else if (moved.exponent < 0) whole /= TEN ** BigInt(-moved.exponent);
	const negative = compare(decimal(whole), decimal(0)) < 0;
	const text = toText(decimal(negative ? -whole : whole)).padStart(digits, "0");
	const point = text.length - decimals;
	const number = decimals > 0 ? `${text.slice(0, point)}.${text.slice(point)}` : text;
	return `${negative ? "-" : ""}${number}${unit ? `*${unit}` : ""}`;
}

/**
 * `YYMMDDhhmmssX` of an ISO 8601 time: X is `S` at +02:00, `W` otherwise. The clock's digits are taken as they are.
 */
export function timeStampText(iso: string): string {
	const digits = `${iso.slice(2, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}${iso.slice(11, 13)}${iso.slice(14, 16)}`;
	return `${digits}${iso.slice(17, 19)}${iso.endsWith("+02:00") ? "S" : "W"}`;
}

/** Text as two hexadecimal digits a character. */
export function octetString(text: string): string {
	let digits = "";
	for (let index = 0; index < text.length; index++)
		digits += (text.charCodeAt(index) & 0xff).toString(16).toUpperCase().padStart(2, "0");
	return digits;
}

/** What an envelope is sealed with: title 8 bytes, keys 16 bytes, a counter that never repeats under one key. */
export interface EnvelopeSeal {
	readonly systemTitle: Uint8Array;
	readonly invocationCounter: number;
	readonly encryptionKey: Uint8Array;
	readonly authenticationKey: Uint8Array;
}

/** The telegram in Luxembourg's envelope: DB 08 <title> 82 <length> 30 <counter> <ciphertext> <tag>. */
export function sealTelegram(telegram: Uint8Array, seal: EnvelopeSeal, cipher: Cipher): Uint8Array {
	const iv = new Uint8Array(TITLE_LENGTH + COUNTER_LENGTH);
	iv.set(seal.systemTitle);
	new DataView(iv.buffer).setUint32(TITLE_LENGTH, seal.invocationCounter);
	const aad = new Uint8Array(1 + seal.authenticationKey.length);
	aad[0] = SECURITY_AUTHENTICATED_ENCRYPTED;
	aad.set(seal.authenticationKey, 1);
	const sealed = cipher.sealGcm(seal.encryptionKey, iv, aad, telegram);
	const head = [ENVELOPE_TAG, TITLE_LENGTH, ...seal.systemTitle];
	const length = 1 + COUNTER_LENGTH + sealed.length;
	head.push(0x82, length >> 8, length & 0xff, SECURITY_AUTHENTICATED_ENCRYPTED);
	head.push(...iv.subarray(TITLE_LENGTH));
	const envelope = new Uint8Array(head.length + sealed.length);
	envelope.set(head);
	envelope.set(sealed, head.length);
	return envelope;
}

function ascii(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index) & 0x7f;
	return bytes;
}

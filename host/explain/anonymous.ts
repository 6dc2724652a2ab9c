// Hides what must not be published wherever it stands, also where no field was recognised: meter numbers that were met
// in one place are looked for in all others; keys and passwords are hidden whether or not that was asked for.

import { readObjectId } from "../../protocols/iec62056/object-id.js";
import { keyBytes } from "../../protocols/shared/text.js";
import { toText } from "../../readings/decimal.js";
import type { Quantity, Reading } from "../../readings/reading.js";
import type { Explanation } from "./explanation.js";
import { isIdentityRegister } from "./kmp-words.js";
import { isIdentity } from "./obis-words.js";

const SHORTEST = 5;
const WORD_BYTES = 4;
const LARGEST_WORD = 0xffff_ffff;

export interface Keys {
	readonly encryptionKey: string;
	readonly authenticationKey: string;
}

/** Hides keys in the bytes of all sections, and meter numbers where that is asked for. */
export function hideEverywhere(explanation: Explanation, readings: readonly Reading[], keys: Keys): void {
	const patterns = [keys.encryptionKey, keys.authenticationKey].flatMap(keyPatterns);
	if (explanation.anonymous) {
		for (const reading of readings) for (const text of identitiesOf(reading)) explanation.identity(text);
		for (const text of explanation.identities) patterns.push(...identityPatterns(text));
	}
	for (const part of sectionsOf(explanation)) for (const pattern of patterns) hide(part, pattern);
}

/** Meter numbers of a reading: its own, its sub-meters', and values of objects that hold such. */
export function identitiesOf({ meter, quantities, devices }: Reading): readonly string[] {
	const texts = [meter.id, ...devices.map(({ id }) => id)];
	for (const quantity of quantities) if (isIdentityQuantity(quantity)) texts.push(valueText(quantity));
	return texts.filter((text) => text !== undefined && text.length >= SHORTEST) as string[];
}

/** Names that KMP-382 gives to numbers of a meter or its owner. */
const NUMBER_NAMES: readonly string[] = ["meter_id", "customer_no", "customer_no_2", "production_no"];

/** Whether the quantity is a number by which a meter or its owner can be told. */
export function isIdentityQuantity({ name, obis, register }: Quantity): boolean {
	if (register !== undefined) return isIdentityRegister(register);
	if (obis === undefined) return NUMBER_NAMES.includes(name);
	const id = readObjectId(obis);
	return id !== undefined && isIdentity(id.obis);
}

/** The quantity's value as a text. */
export function valueText({ value }: Quantity): string {
	return typeof value === "string" ? value : toText(value);
}

function sectionsOf(explanation: Explanation): readonly Explanation[] {
	return [explanation, ...explanation.sections.flatMap(({ content }) => sectionsOf(content))];
}

/** The key as bytes and as hexadecimal text of either case. */
function keyPatterns(digits: string): readonly Uint8Array[] {
	const key = keyBytes(digits);
	return key ? [key, ascii(digits.toLowerCase()), ascii(digits.toUpperCase())] : [];
}

/** The number as characters, as printed octets, as hexadecimal bytes, and as a 32-bit number of either order. */
function identityPatterns(text: string): readonly Uint8Array[] {
	if (text.length < SHORTEST) return [];
	const characters = ascii(text);
	const octets = [...characters].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	const patterns = [characters, ascii(octets.toUpperCase()), ascii(octets)];
	if (/^([0-9A-F]{2})+$/i.test(text))
		patterns.push(Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
	const number = Number(text);
	if (/^\d+$/.test(text) && number <= LARGEST_WORD && number >= 0x1_0000) {
		const word = new DataView(new ArrayBuffer(WORD_BYTES));
		word.setUint32(0, number);
		const bytes = new Uint8Array(word.buffer);
		patterns.push(bytes, bytes.slice().reverse());
	}
	return patterns;
}

function hide(explanation: Explanation, pattern: Uint8Array): void {
	const { source, hidden } = explanation;
	const first = pattern[0] as number;
	for (let at = source.indexOf(first); at >= 0; at = source.indexOf(first, at + 1))
		if (pattern.every((byte, index) => source[at + index] === byte)) hidden.fill(1, at, at + pattern.length);
}

function ascii(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

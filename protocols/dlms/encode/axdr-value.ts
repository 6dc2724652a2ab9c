// A-XDR values as a tree, and their one canonical encoding: for emulated meters and round-trip tests.
// The decoder does not use it: it walks AxdrItems.

import type { AxdrItems } from "../axdr.js";
import { DEEPEST, isVariable, Tag } from "../axdr-tags.js";

/** One value: a container's members, or the content bytes of anything else (`bits`: length of a bit string). */
export type AxdrValue =
	| { readonly tag: number; readonly members: readonly AxdrValue[] }
	| { readonly tag: number; readonly content: Uint8Array; readonly bits?: number };

export function structure(...members: AxdrValue[]): AxdrValue {
	return { tag: Tag.structure, members };
}

export function array(...members: AxdrValue[]): AxdrValue {
	return { tag: Tag.array, members };
}

export function octets(...content: number[]): AxdrValue {
	return { tag: Tag.octetString, content: Uint8Array.from(content) };
}

export function octetString(content: Uint8Array): AxdrValue {
	return { tag: Tag.octetString, content };
}

/** ASCII text as an octet string (Kaifa) or, with `Tag.visibleString`, as text (Kamstrup, Aidon). */
export function text(characters: string, tag: number = Tag.octetString): AxdrValue {
	const content = new Uint8Array(characters.length);
	for (let index = 0; index < content.length; index++) content[index] = characters.charCodeAt(index);
	return { tag, content };
}

export function uint32(value: number): AxdrValue {
	return { tag: Tag.uint32, content: bigEndian(value, 4) };
}

export function uint16(value: number): AxdrValue {
	return { tag: Tag.uint16, content: bigEndian(value, 2) };
}

export function int16(value: number): AxdrValue {
	return { tag: Tag.int16, content: bigEndian(value, 2) };
}

/** {scaler, unit}. */
export function scalerUnit(scaler: number, unit: number): AxdrValue {
	return structure(
		{ tag: Tag.int8, content: bigEndian(scaler, 1) },
		{ tag: Tag.enum, content: bigEndian(unit, 1) },
	);
}

export const NULL_DATA: AxdrValue = Object.freeze({ tag: Tag.null, content: new Uint8Array(0) });

/** The value's bytes, lengths in their shortest form. */
export function encodeAxdr(value: AxdrValue): Uint8Array {
	const bytes: number[] = [];
	append(bytes, value, 0);
	return Uint8Array.from(bytes);
}

/** The tree of an item, its contents copied. */
export function axdrValue(items: AxdrItems, item = 0): AxdrValue {
	const tag = items.tag(item);
	if (items.isContainer(item)) {
		const members: AxdrValue[] = [];
		for (let member = item + 1; member < items.next(item); member = items.next(member))
			members.push(axdrValue(items, member));
		return { tag, members };
	}
	const start = items.offset(item);
	const length = items.length(item);
	if (tag !== Tag.bitString) return { tag, content: items.bytes.slice(start, start + length) };
	return { tag, content: items.bytes.slice(start, start + ((length + 7) >> 3)), bits: length };
}

/** A length: one byte below 80, else 81 n or 82 nn nn. */
export function appendLength(bytes: number[], length: number): void {
	if (length < 0x80) bytes.push(length);
	else if (length < 0x100) bytes.push(0x81, length);
	else bytes.push(0x82, length >> 8, length & 0xff);
}

function append(bytes: number[], value: AxdrValue, depth: number): void {
	if (depth > DEEPEST) throw new RangeError("A-XDR value is nested too deeply");
	bytes.push(value.tag);
	if ("members" in value) {
		appendLength(bytes, value.members.length);
		for (const member of value.members) append(bytes, member, depth + 1);
		return;
	}
	if (value.tag === Tag.bitString) appendLength(bytes, value.bits ?? value.content.length * 8);
	else if (isVariable(value.tag)) appendLength(bytes, value.content.length);
	for (const byte of value.content) bytes.push(byte);
}

function bigEndian(value: number, size: number): Uint8Array {
	const content = new Uint8Array(size);
	let rest = value < 0 ? value + 2 ** (8 * size) : value;
	for (let at = size - 1; at >= 0; at--) {
		content[at] = rest % 0x100;
		rest = Math.floor(rest / 0x100);
	}
	return content;
}

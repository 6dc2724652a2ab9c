// Who sent a telegram: the identification line `/XXXZ…` and the version objects.
// Source: IEC 62056-21, 6.3.2 (identification message); FLAG association's list of maker codes.

import { makerName } from "../shared/makers.js";
import { textOf } from "../shared/text.js";

/** Maker of a three-letter FLAG code; codes of grid companies and unknown ones stay letters. */
export function makerOf(code: string): string {
	return makerName(code) ?? code;
}

/** Maker and model of an identification line. */
export interface Identification {
	readonly manufacturer?: string;
	readonly model?: string;
}

const BACKSLASH = 0x5c;

/**
 * Reads the characters between `/` and the line's end. The line is `XXXZ<ident>`: Z is a baud digit, and `\W` in
 * front of the ident is an escape (`\2` = mode E), no part of the name. Other lines are a model alone.
 */
export function identification(bytes: Uint8Array, start: number, end: number): Identification {
	let letters = 0;
	while (letters < 4 && start + letters < end && isLetter(bytes[start + letters] as number)) letters++;
	let at = start;
	let manufacturer: string | undefined;
	if (letters === 3) {
		manufacturer = makerOf(textOf(bytes, start, start + 3).toUpperCase());
		at += 4;
	}
	if (bytes[at] === BACKSLASH && at + 2 <= end) at += 2;
	const model = at < end ? textOf(bytes, at, end).trim() : "";
	return { ...(manufacturer && { manufacturer }), ...(model && { model }) };
}

function isLetter(character: number): boolean {
	const upper = character & ~0x20;
	return upper >= 0x41 && upper <= 0x5a;
}

/** `50` of 1-3:0.2.8 as `DSMR 5.0`. */
export function dsmrVersion(text: string): string {
	return text.length === 2 ? `DSMR ${text[0]}.${text[1]}` : `DSMR ${text}`;
}

/** `50217` of 0-0:96.1.4 (DSMR 5.0.2 and e-MUCS 1.7) as `e-MUCS 1.7`. */
export function emucsVersion(text: string): string {
	return text.length === 5 ? `e-MUCS ${text[3]}.${text[4]}` : `e-MUCS ${text}`;
}

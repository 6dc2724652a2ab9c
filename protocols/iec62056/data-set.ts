// Data sets `id(value*unit)(…)` of a block: found and taken apart, not interpreted.
// Source: IEC 62056-21:2002, clause 6.3.14 items 9) to 14).

import { textOf } from "../shared/text.js";
import { BANG, BLANK, CLOSE, isDigit, isLetter, isLineEnd, OPEN, SLASH } from "./characters.js";

/** One data set: the id as printed (may be empty in replies to R2), and the contents of its parentheses. */
export interface DataSet {
	readonly id: string;
	readonly values: readonly string[];
}

/** Most data sets of one block. */
const MOST_SETS = 400;
const LONGEST_ID = 24;

/**
 * All data sets of `bytes[start, end)`. `undefined` where the text is none: with `strict`, which a telegram without
 * check character needs, every id must look like one and nothing may be broken; otherwise broken lines are joined.
 */
export function readDataSets(
	bytes: Uint8Array,
	start: number,
	end: number,
	strict: boolean,
): readonly DataSet[] | undefined {
	const sets: DataSet[] = [];
	let values: string[] | undefined;
	let at = start;
	while (at < end) {
		const character = bytes[at] as number;
		if (isLineEnd(character) || character === BLANK) {
			at++;
			continue;
		}
		const open = find(bytes, OPEN, at, end);
		if (open < 0) return undefined;
		if (open > at) {
			if (!isId(bytes, at, open, strict) || sets.length >= MOST_SETS) return undefined;
			values = [];
			sets.push({ id: textOf(bytes, at, open).trim(), values });
		} else if (values === undefined) {
			// Replies without an id; in a readout every set has one.
			if (strict) return undefined;
			values = [];
			sets.push({ id: "", values });
		}
		const close = find(bytes, CLOSE, open + 1, end);
		if (close < 0) return undefined;
		const value = readValue(bytes, open + 1, close, strict);
		if (value === undefined) return undefined;
		values.push(value);
		at = close + 1;
	}
	return sets;
}

/** Between parentheses everything printable may stand except parentheses; a broken line is joined unless `strict`. */
function readValue(bytes: Uint8Array, start: number, end: number, strict: boolean): string | undefined {
	let value = "";
	let from = start;
	for (let at = start; at < end; at++) {
		const character = bytes[at] as number;
		if (character >= BLANK && character !== OPEN) continue;
		if (strict || !isLineEnd(character)) return undefined;
		value += textOf(bytes, from, at);
		from = at + 1;
	}
	return value === "" ? textOf(bytes, from, end) : value + textOf(bytes, from, end);
}

function isId(bytes: Uint8Array, start: number, end: number, strict: boolean): boolean {
	if (end - start > LONGEST_ID) return false;
	for (let at = start; at < end; at++) {
		const character = bytes[at] as number;
		if (isDigit(character) || isLetter(character) || ID_MARKS.includes(String.fromCharCode(character)))
			continue;
		if (strict || character < BLANK || character === SLASH || character === BANG) return false;
	}
	return true;
}

/** What stands in ids besides letters and digits; EDIS and OBIS together. */
const ID_MARKS = ".:-*&#";

/** Index of the character before `end`, or -1. */
function find(bytes: Uint8Array, wanted: number, start: number, end: number): number {
	for (let at = start; at < end; at++) if (bytes[at] === wanted) return at;
	return -1;
}

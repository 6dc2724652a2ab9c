// The look of a MULTICAL table line, by which it is known in a stream: fields of 7 characters parted by blanks.
// What the fields mean, table.ts knows.

import { BLANK, isDigit } from "./characters.js";

/** Digits, blanks and signs. */
export function isTableCharacter(character: number): boolean {
	return isDigit(character) || character === BLANK || character === 0x2d || character === 0x2b;
}

const FIELD = 7;
const CUSTOMER_FIELD = 11;
const FEWEST_FIELDS = 4;

/** Fields of 7 characters (a customer number has 11) parted by blanks: MULTICAL III and 66. */
export function isTableLine(line: string): boolean {
	const fields = line.trim().split(" ");
	if (fields.length < FEWEST_FIELDS) return false;
	return fields.every((field) => field.length === FIELD || field.length === CUSTOMER_FIELD);
}

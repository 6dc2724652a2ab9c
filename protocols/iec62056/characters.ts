// Characters of IEC 62056-21, the block check character in its two kinds, and small text helpers on bytes.

import { hexDigit } from "../shared/text.js";

export const SOH = 0x01;
export const STX = 0x02;
export const ETX = 0x03;
export const EOT = 0x04;
export const ACK = 0x06;
export const LF = 0x0a;
export const CR = 0x0d;
export const NAK = 0x15;
export const BLANK = 0x20;
export const BANG = 0x21;
export const HASH = 0x23;
export const OPEN = 0x28;
export const CLOSE = 0x29;
export const STAR = 0x2a;
export const COMMA = 0x2c;
export const POINT = 0x2e;
export const SLASH = 0x2f;
export const ZERO = 0x30;
export const QUESTION = 0x3f;
/** 7E1 on the wire; a line that is read with 8 bits carries the parity in bit 7. */
export const SEVEN_BITS = 0x7f;

const SEVENS = 0x7f7f7f7f;

/** Takes the parity bits away from `[start, end)` and from what shares their words. */
export function clearParity(words: Int32Array, start: number, end: number): void {
	const last = (end + 3) >> 2;
	for (let word = start >> 2; word < last; word++) words[word] = (words[word] as number) & SEVENS;
}

/** How a block is checked: the standard's XOR, or the arithmetic sum of Kamstrup's older meters. */
export type CheckKind = "xor" | "sum";

/** Block check character over `bytes[start, end)`, 7 bits: from behind STX or SOH up to and including ETX or EOT. */
export function blockCheck(kind: CheckKind, bytes: Uint8Array, start: number, end: number): number {
	let check = 0;
	if (kind === "xor") for (let at = start; at < end; at++) check ^= bytes[at] as number;
	else for (let at = start; at < end; at++) check += bytes[at] as number;
	return check & SEVEN_BITS;
}

export function isLineEnd(character: number | undefined): boolean {
	return character === CR || character === LF;
}

export function isDigit(character: number | undefined): boolean {
	return character !== undefined && character >= 0x30 && character <= 0x39;
}

export function isLetter(character: number | undefined): boolean {
	if (character === undefined) return false;
	const upper = character & 0b1101_1111;
	return upper >= 0x41 && upper <= 0x5a;
}

/** ASCII bytes of a text; other characters become `?`. */
export function bytesOf(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		bytes[at] = code > SEVEN_BITS ? QUESTION : code;
	}
	return bytes;
}

const MOST_DIGITS = 4;

/** 1 to 4 hexadecimal digits as a number, -1 for anything else. */
export function hexadecimal(digits: string): number {
	if (digits.length < 1 || digits.length > MOST_DIGITS) return -1;
	let value = 0;
	for (let at = 0; at < digits.length && value >= 0; at++) {
		const digit = hexDigit(digits.charCodeAt(at));
		value = digit < 0 ? -1 : value * 16 + digit;
	}
	return value;
}

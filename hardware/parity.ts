// Seven data bits with parity carried over eight without: the same ten bits on the wire, bit 7 being the parity.
// Pure; for UARTs and ptys that know 8N1 only.

import type { LineSettings } from "../protocols/protocol.js";

const DATA_MASK = 0b0111_1111;
const PARITY_BIT = 0b1000_0000;

/** Whether these settings are carried over 8N1: 7E1 and 7O1. */
export function carriesParity({ dataBits, parity, stopBits }: LineSettings): boolean {
	return dataBits === 7 && parity !== "none" && stopBits === 1;
}

/** Strips the parity bit of every byte in place; returns how many were wrong. */
export function stripParity(bytes: Uint8Array, parity: LineSettings["parity"]): number {
	const expected = parity === "odd" ? 1 : 0;
	let wrong = 0;
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index] as number;
		if (onesAreOdd(byte) !== expected) wrong++;
		bytes[index] = byte & DATA_MASK;
	}
	return wrong;
}

/** A copy with the parity bit added to every byte. */
export function withParity(bytes: Uint8Array, parity: LineSettings["parity"]): Uint8Array {
	const wanted = parity === "odd" ? 1 : 0;
	const coded = new Uint8Array(bytes.length);
	for (let index = 0; index < bytes.length; index++) {
		const data = (bytes[index] as number) & DATA_MASK;
		coded[index] = onesAreOdd(data) === wanted ? data : data | PARITY_BIT;
	}
	return coded;
}

/** 1 where the number of ones is odd. */
function onesAreOdd(byte: number): number {
	let folded = byte ^ (byte >> 4);
	folded ^= folded >> 2;
	return (folded ^ (folded >> 1)) & 1;
}

// General block transfer (IEC 62056-5-3, 9.4.6.13): one block's header. Pushed, so never confirmed or asked again.

import { readLength } from "./length.js";

export const GENERAL_BLOCK_TRANSFER = 0xe0;
const LAST_BLOCK = 0b1000_0000;
const LENGTH_AT = 6;

export interface GbtBlock {
	/** From 1. */
	readonly number: number;
	readonly last: boolean;
	readonly dataStart: number;
	readonly dataEnd: number;
}

/** The block at `start`, or `undefined` where it ends early. */
export function gbtBlock(bytes: Uint8Array, start: number, end: number): GbtBlock | undefined {
	if (start + LENGTH_AT >= end) return undefined;
	const control = bytes[start + 1] as number;
	const number = ((bytes[start + 2] as number) << 8) | (bytes[start + 3] as number);
	const cursor = { at: start + LENGTH_AT };
	const length = readLength(bytes, cursor, end);
	if (length < 0) return undefined;
	const last = (control & LAST_BLOCK) !== 0;
	return { number, last, dataStart: cursor.at, dataEnd: cursor.at + length };
}

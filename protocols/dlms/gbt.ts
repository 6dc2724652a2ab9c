// General block transfer (IEC 62056-5-3, 9.4.6.13): one block's header. Pushed, so never confirmed or asked again.

export const GENERAL_BLOCK_TRANSFER = 0xe0;
const LAST_BLOCK = 0b1000_0000;
const LENGTH_AT = 6;
const LONG_LENGTH = 0x80;

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
	let dataStart = start + LENGTH_AT + 1;
	let length = bytes[start + LENGTH_AT] as number;
	if (length >= LONG_LENGTH) {
		const size = length - LONG_LENGTH;
		if (size < 1 || size > 2 || dataStart + size > end) return undefined;
		length = 0;
		for (let index = 0; index < size; index++) length = (length << 8) | (bytes[dataStart++] as number);
	}
	const dataEnd = dataStart + length;
	return dataEnd > end ? undefined : { number, last: (control & LAST_BLOCK) !== 0, dataStart, dataEnd };
}

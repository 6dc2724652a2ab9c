// Keys of emulated meters that encrypt: published examples, nobody's secret; and the counter that goes with them.

const SECOND_MS = 1000;
/** 2020-01-01. */
const COUNTED_FROM = 1_577_836_800;

/** Bytes of hexadecimal digits. */
export function keyBytes(digits: string): Uint8Array {
	return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Grows with time, so that a counter is never used twice under one key, not even after a restart. */
export function invocationCounter(time: number): number {
	return Math.floor(time / SECOND_MS) - COUNTED_FROM;
}

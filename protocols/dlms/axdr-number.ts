// Wide integers and floats of A-XDR as exact numbers. Not a parser: axdr.ts finds the bytes.

import { type Decimal, parseDecimalText, scaled } from "../../readings/decimal.js";

const TWO_TO_32 = 0x1_0000_0000;

/** A 64-bit integer of two halves: a BigInt only beyond 2^53. */
export function wide(high: number, low: number): number | bigint {
	const value = high * TWO_TO_32 + low;
	return Number.isSafeInteger(value) ? value : BigInt(high) * BigInt(TWO_TO_32) + BigInt(low);
}

/** The shortest text that is this float32 and no other. */
export function shortestFloat32(value: number): string {
	for (let digits = 6; digits < 9; digits++) {
		const text = value.toPrecision(digits);
		if (Math.fround(Number(text)) === value) return String(Number(text));
	}
	return String(value);
}

/** The text of a float as a decimal `× 10^power`; `undefined` for NaN and infinities. */
export function floatDecimal(text: string, power: number): Decimal | undefined {
	const mark = text.indexOf("e");
	const value = parseDecimalText(mark < 0 ? text : text.slice(0, mark));
	return value && scaled(value, power + (mark < 0 ? 0 : Number(text.slice(mark + 1))));
}

// Bytes of a frame as the explainer walks over them, each with its place on the wire: escapes undone, segments joined. And
// the rows that it makes of them. Pure.

/** One byte of content, and the wire bytes it was made of. */
export interface Cell {
	readonly value: number;
	readonly at: number;
	readonly size: number;
}

export type Cells = readonly Cell[];

/** What some bytes are. `layer` and `field` are the standards' words. */
export interface Row {
	/** Place on the wire. */
	readonly at: number;
	readonly hex: string;
	readonly layer: string;
	readonly field: string;
	/** What the bytes say, where that is not plain from themselves. */
	readonly text: string;
	/** A quantity's canonical name. */
	readonly name?: string | undefined;
	/** A check's outcome. */
	readonly good?: boolean;
}

/** Takes bytes one field after the other, and makes the rows of them. */
export class Reader {
	at = 0;

	constructor(
		readonly rows: Row[],
		readonly source: Uint8Array,
		readonly cells: Cells,
		readonly layer: string,
	) {}

	get left(): number {
		return this.cells.length - this.at;
	}

	/** The values of the next bytes; as many as there are. */
	peek(count: number): number[] {
		return this.cells.slice(this.at, this.at + count).map(({ value }) => value);
	}

	byte(ahead = 0): number {
		return this.cells[this.at + ahead]?.value ?? -1;
	}

	/** The next bytes as one number, the first the highest. */
	number(count: number): number {
		return this.peek(count).reduce((sum, byte) => sum * 256 + byte, 0);
	}

	/** A row for the next bytes, which are gone over; none where there are none. */
	take(count: number, field: string, text: string | number = "", more?: Pick<Row, "name" | "good">): void {
		const cells = this.cells.slice(this.at, this.at + Math.max(count, 0));
		const [first] = cells;
		if (!first) return;
		const hex = cells.map(({ at, size }) => hexText(this.source.subarray(at, at + size))).join(" ");
		this.rows.push({ at: first.at, hex, layer: this.layer, field, text: `${text}`, ...more });
		this.at += cells.length;
	}

	/** A check: what stands here, and what should. */
	check(count: number, field: string, actual: number, expected: number): void {
		const good = actual === expected;
		this.take(count, field, good ? "" : `${actual.toString(16)} ≠ ${expected.toString(16)}`, { good });
	}

	/** The next bytes, to be explained at another layer; `layer` gives their rows. */
	inner(count: number, layer: string): Reader {
		const cells = this.cells.slice(this.at, this.at + Math.max(count, 0));
		this.at += cells.length;
		return new Reader(this.rows, this.source, cells, layer);
	}
}

/** `7e a0 …` */
export function hexText(bytes: Iterable<number>): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Bytes of `7ea0…`. */
export function bytesOfHex(hex: string): Uint8Array {
	return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Printable characters; others as `.`. */
export function ascii(bytes: Iterable<number>): string {
	return Array.from(bytes, (byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
}

/** A CRC of 16 bits, low bit first: X-25 with 0x8408 (IEC 62056-46), ARC with 0xA001 (P1). */
export function crc(bytes: readonly number[], polynomial: number, start: number): number {
	return bytes.reduce((sum, byte) => {
		let rest = sum ^ byte;
		for (let bit = 0; bit < 8; bit++) rest = (rest >> 1) ^ (rest & 1 ? polynomial : 0);
		return rest;
	}, start);
}

/** `integer` times ten to that power, every digit kept. */
export function decimalText(integer: bigint, power: number): string {
	if (power >= 0) return `${integer * 10n ** BigInt(power)}`;
	const digits = `${integer < 0n ? -integer : integer}`.padStart(1 - power, "0");
	return `${integer < 0n ? "-" : ""}${digits.slice(0, power)}.${digits.slice(power)}`;
}

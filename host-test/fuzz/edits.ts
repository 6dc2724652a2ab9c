// Changes to an input, as data: the fuzzer draws them from a seeded generator, fast-check from its own, which can then
// make a fault's edits fewer and smaller. Runs on XS, too.

import type { Random } from "../../host/meters/random.js";

/** Every number is taken modulo what there is room for. */
export interface Edit {
	readonly kind: number;
	readonly at: number;
	readonly size: number;
	readonly value: number;
}

export interface Surroundings {
	readonly longest: number;
	/** Pieces of syntax, as bytes. */
	readonly words: readonly Uint8Array[];
	/** Other inputs, to take parts from. */
	readonly others: readonly Uint8Array[];
}

const INTERESTING: readonly number[] = Object.freeze([
	0x00, 0x01, 0x06, 0x0d, 0x0a, 0x10, 0x1b, 0x20, 0x21, 0x2f, 0x40, 0x64, 0x68, 0x7e, 0x7f, 0x80, 0x81, 0x82,
	0xa0, 0xdb, 0xe0, 0xff,
]);
const KINDS = 14;
const DIGIT = 0x30;

export function randomEdits(random: Random): readonly Edit[] {
	const edits: Edit[] = [];
	// One edit mostly, sometimes a heap of them.
	const count = random.chance(0.6) ? 1 : random.whole(2, 8);
	for (let index = 0; index < count; index++) {
		edits.push({
			kind: random.whole(0, KINDS - 1),
			at: random.whole(0, 0xffff),
			size: random.chance(0.7) ? random.whole(1, 8) : random.whole(1, 256),
			value: random.whole(0, 0xffff),
		});
	}
	return edits;
}

/** A changed copy. */
export function edited(input: Uint8Array, edits: readonly Edit[], around: Surroundings): Uint8Array {
	let bytes: Uint8Array = input.slice();
	for (const edit of edits) bytes = applied(bytes, edit, around);
	return bytes.length > around.longest ? bytes.slice(0, around.longest) : bytes;
}

function applied(bytes: Uint8Array, { kind, at, size, value }: Edit, around: Surroundings): Uint8Array {
	const length = bytes.length;
	if (length === 0) return Uint8Array.of(value & 0xff);
	const from = at % length;
	const count = Math.min(size, length - from);
	const old = bytes[from] as number;
	switch (kind % KINDS) {
		case 0:
			bytes[from] = old ^ (1 << (value & 7));
			return bytes;
		case 1:
			bytes[from] = value & 0xff;
			return bytes;
		case 2:
			bytes[from] = INTERESTING[value % INTERESTING.length] as number;
			return bytes;
		case 3:
			bytes[from] = old + (value & 1 ? 1 + ((value >> 1) & 15) : -1 - ((value >> 1) & 15));
			return bytes;
		case 4:
			return spliced(bytes, from, count, new Uint8Array(0));
		case 5:
			// The same again.
			return spliced(bytes, from, 0, bytes.slice(from, from + count));
		case 6:
			return spliced(bytes, from, 0, new Uint8Array(size).fill(value & 0xff));
		case 7:
			bytes.copyWithin(from, value % length, (value % length) + count);
			return bytes;
		case 8:
			return spliced(bytes, from, 0, wordOf(value, around));
		case 9: {
			const word = wordOf(value, around);
			return spliced(bytes, from, Math.min(word.length, length - from), word);
		}
		case 10: {
			// The beginning of this one, the end of another one.
			const other = around.others[value % Math.max(around.others.length, 1)] ?? bytes;
			return spliced(bytes, from, length - from, other.subarray(Math.min(from, other.length)));
		}
		case 11: {
			const other = around.others[value % Math.max(around.others.length, 1)] ?? bytes;
			const start = other.length > 0 ? (at * 31) % other.length : 0;
			return spliced(bytes, from, 0, other.slice(start, start + size));
		}
		case 12:
			// The end is missing.
			return bytes.slice(0, from);
		default: {
			// Another digit, in the next number of a text.
			let digit = from;
			while (digit < length - 1 && (((bytes[digit] as number) - DIGIT) & 0xff) > 9) digit++;
			bytes[digit] = DIGIT + (value % 10);
			return bytes;
		}
	}
}

function wordOf(value: number, { words }: Surroundings): Uint8Array {
	return words[value % Math.max(words.length, 1)] ?? Uint8Array.of(value & 0xff, value >> 8);
}

function spliced(bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array {
	const result = new Uint8Array(bytes.length - removed + inserted.length);
	result.set(bytes.subarray(0, at));
	result.set(inserted, at);
	result.set(bytes.subarray(at + removed), at + inserted.length);
	return result;
}

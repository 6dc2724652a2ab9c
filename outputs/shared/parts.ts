// Bytes to be sent, in parts of about a kilobyte that are sent one behind the other. What several outputs send is shared.

import { type TakePiece, writeReading } from "../../readings/json.js";
import type { Reading } from "../../readings/reading.js";
import type { ReadingStore } from "../../readings/store.js";
import { utf8 } from "./text.js";

export type Parts = readonly Uint8Array[];

/** Of a part that is made of pieces, as a segment has room for; a longer piece is a part of its own. */
const PART_CHARACTERS = 1400;

/** Parts that are made when they are wanted, each the same whenever it is: what is long need not be in memory as a whole. */
export interface MadeParts {
	readonly count: number;
	part(index: number): Uint8Array;
}

/** Bytes in all. */
export function lengthOf(parts: Parts | MadeParts): number {
	let length = 0;
	for (let index = 0; ; index++) {
		const part = partOf(parts, index);
		if (!part) return length;
		length += part.byteLength;
	}
}

function partOf(parts: Parts | MadeParts, index: number): Uint8Array | undefined {
	if (!("count" in parts)) return parts[index];
	return index < parts.count ? parts.part(index) : undefined;
}

/** What `write` says, as bytes. Pieces are gathered: each part is a segment on the network, for sockets do not wait. */
export function partsOf(write: (take: TakePiece) => void): Parts {
	const parts: Uint8Array[] = [];
	let text = "";
	write((piece) => {
		if (text.length + piece.length > PART_CHARACTERS && text !== "") {
			parts.push(utf8(text));
			text = "";
		}
		text += piece;
	});
	if (text !== "") parts.push(utf8(text));
	return parts;
}

/** The newest reading's JSON, made once for all outputs; `undefined` before the first. */
export function latestParts(store: ReadingStore): Parts | undefined {
	return store.rendered(readingAsParts);
}

/** That reading's JSON, shared where it is the newest. */
export function readingParts(store: ReadingStore, reading: Reading): Parts {
	return (reading === store.latest ? latestParts(store) : undefined) ?? readingAsParts(reading);
}

function readingAsParts(reading: Reading): Parts {
	return partsOf((take) => writeReading(reading, take));
}

/** Goes over the parts, as much at a time as there is room for. */
export class PartReader {
	readonly #parts: Parts | MadeParts;
	/** The part that is gone over, and its place. */
	#bytes: Uint8Array | undefined;
	#part = 0;
	#at = 0;

	constructor(parts: Parts | MadeParts) {
		this.#parts = parts;
		this.#bytes = partOf(parts, 0);
	}

	/** All has been taken. */
	get atEnd(): boolean {
		return this.#bytes === undefined;
	}

	/** The next bytes, at most `count` and within one part; empty at the end. Shared: not to be changed. */
	take(count: number): Uint8Array {
		const part = this.#bytes;
		if (!part) return new Uint8Array(0);
		const end = Math.min(this.#at + count, part.byteLength);
		const bytes = part.subarray(this.#at, end);
		this.#at = end;
		if (end === part.byteLength) {
			this.#part++;
			this.#bytes = partOf(this.#parts, this.#part);
			this.#at = 0;
		}
		return bytes;
	}
}

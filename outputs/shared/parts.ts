// Bytes to be sent, in parts of about a kilobyte that are sent one behind the other. What several outputs send is shared.

import { type TakePiece, writeReading } from "../../readings/json.js";
import type { Reading } from "../../readings/reading.js";
import type { ReadingStore } from "../../readings/store.js";
import { utf8 } from "./text.js";

export type Parts = readonly Uint8Array[];

/** Bytes in all. */
export function lengthOf(parts: Parts): number {
	let length = 0;
	for (const part of parts) length += part.byteLength;
	return length;
}

/** What `write` says, as bytes. */
export function partsOf(write: (take: TakePiece) => void): Parts {
	const parts: Uint8Array[] = [];
	write((piece) => parts.push(utf8(piece)));
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
	readonly #parts: Parts;
	#part = 0;
	#at = 0;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** All has been taken. */
	get atEnd(): boolean {
		return this.#part === this.#parts.length;
	}

	/** The next bytes, at most `count` and within one part; empty at the end. Shared: not to be changed. */
	take(count: number): Uint8Array {
		const part = this.#parts[this.#part];
		if (!part) return new Uint8Array(0);
		const end = Math.min(this.#at + count, part.byteLength);
		const bytes = part.subarray(this.#at, end);
		this.#at = end;
		if (end === part.byteLength) {
			this.#part++;
			this.#at = 0;
		}
		return bytes;
	}
}

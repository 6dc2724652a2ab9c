// The last frames as they were on the wire, for a person who wants to know what the meter sends. Bounded in number and in
// bytes; encrypted frames stay encrypted, so no key is in them.

import type { RawFrame } from "../outputs/output.js";

const MOST_FRAMES = 10;
/** Of all frames together; the newest is kept whatever its size. */
const MOST_BYTES = 4096;

export class FrameRing {
	#frames: RawFrame[] = [];

	/** `bytes` are copied; `now`: monotonic milliseconds. */
	add(bytes: Uint8Array, now: number): void {
		// What gives way does so first: a telegram may have kilobytes, which are never there once more than need be.
		let size = bytes.length;
		for (const frame of this.#frames) size += frame.bytes.length;
		while (this.#frames.length >= MOST_FRAMES || (size > MOST_BYTES && this.#frames.length > 0))
			size -= (this.#frames.shift() as RawFrame).bytes.length;
		this.#frames.push({ bytes: bytes.slice(), at: now });
	}

	/** Oldest first. */
	get all(): readonly RawFrame[] {
		return this.#frames;
	}
}

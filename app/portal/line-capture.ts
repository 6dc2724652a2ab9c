// The last bytes of the meter's line, kept while a set-up is under way, so that a key can be tried at once on what the
// meter has sent already. They are what the meter says in its own cipher; they leave the device nowhere.

import type { Line, LineOptions } from "../../hardware/line.js";

/** The longest frames of meters that encrypt (P1 in Luxembourg and Austria) have 1.5 KB. */
export const CAPTURE_BYTES = 4096;

export class LineCapture {
	#ring: Uint8Array | undefined;
	#count = 0;

	/** Keeps from now on, or forgets. */
	enable(enabled: boolean): void {
		if (!enabled) this.#ring = undefined;
		else this.#ring ??= new Uint8Array(CAPTURE_BYTES);
		if (!enabled) this.#count = 0;
	}

	/** What is kept, oldest first. */
	get bytes(): Uint8Array {
		const ring = this.#ring;
		if (!ring) return new Uint8Array(0);
		if (this.#count <= ring.length) return ring.slice(0, this.#count);
		const at = this.#count % ring.length;
		const bytes = new Uint8Array(ring.length);
		bytes.set(ring.subarray(at));
		bytes.set(ring.subarray(0, at), ring.length - at);
		return bytes;
	}

	/** Opens a line whose received bytes are kept. */
	opening(open: (options: LineOptions) => Line): (options: LineOptions) => Line {
		return (options) => {
			const line = open(options);
			return {
				read: () => {
					const bytes = line.read();
					if (bytes && this.#ring) this.#keep(bytes, this.#ring);
					return bytes;
				},
				write: (bytes) => line.write(bytes),
				set: (settings) => line.set(settings),
				get counters() {
					return line.counters;
				},
				close: () => line.close(),
			};
		};
	}

	#keep(bytes: Uint8Array, ring: Uint8Array): void {
		for (let index = Math.max(0, bytes.length - ring.length); index < bytes.length; index++) {
			ring[(this.#count + index) % ring.length] = bytes[index] as number;
		}
		this.#count += bytes.length;
	}
}

// The last bytes of the meter's line, kept while a set-up is under way, so that a key can be tried at once on what the
// meter has sent already. They are what the meter says in its own cipher; they leave the device nowhere.

import type { Line, LineCounters, LineOptions } from "../../hardware/line.js";
import type { LineSettings } from "../../protocols/protocol.js";

/** The longest frames of meters that encrypt (P1 in Luxembourg and Austria) have 1.5 KB. */
export const CAPTURE_BYTES = 4096;

/** Opens the meter's line on the board's pins or where the settings say. */
export interface PortOpener {
	openPort(options: LineOptions): Line;
}

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
	open(opener: PortOpener, options: LineOptions): Line {
		return new CapturedLine(opener.openPort(options), this);
	}

	/** Bytes that were received. */
	heard(bytes: Uint8Array): void {
		const ring = this.#ring;
		if (!ring) return;
		for (let index = Math.max(0, bytes.length - ring.length); index < bytes.length; index++) {
			ring[(this.#count + index) % ring.length] = bytes[index] as number;
		}
		this.#count += bytes.length;
	}
}

/** A line of which each byte is heard on its way. */
class CapturedLine implements Line {
	readonly #line: Line;
	readonly #capture: LineCapture;

	constructor(line: Line, capture: LineCapture) {
		this.#line = line;
		this.#capture = capture;
	}

	read(): Uint8Array | undefined {
		const bytes = this.#line.read();
		if (bytes) this.#capture.heard(bytes);
		return bytes;
	}

	write(bytes: Uint8Array): void {
		this.#line.write(bytes);
	}

	set(settings: LineSettings): void {
		this.#line.set(settings);
	}

	get counters(): LineCounters {
		return this.#line.counters;
	}

	close(): void {
		this.#line.close();
	}
}

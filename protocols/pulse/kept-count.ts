// The count that survives a restart. Flash wears out, so it is written seldom; the counter must never go back all the
// same. So a mark ahead of the count is written: while the session runs, no count beyond the mark is ever told, and a
// session that was not ended properly goes on from the mark. A power cut then costs the pulses of ten minutes at most,
// as too many instead of too few; a proper end writes the exact count and costs nothing.
//
// Wear: about one small file each ten minutes, 53,000 a year, two erased blocks each. littlefs spreads them over the
// storage's 128 blocks of 4 KB (512 KB): 820 erasures a block and year, where flash endures 100,000 or so.

import type { Checksums } from "../shared/checksums.js";
import type { PulseSettings } from "./settings.js";

const VERSION = 1;
/** Version, a byte that says nothing, pulses (4), count (8), length of the start's text. */
const HEAD = 15;
const CHECK_LENGTH = 2;
/** How long a mark should last at the present rate. */
export const MARK_MS = 600_000;
/** Pulses that a mark is ahead at least, so that the first pulses after a long pause do not write each. */
const LEAST_AHEAD = 5;

/** The newest count, and the mark that is (or is to be) stored. */
export class KeptCount {
	count: number;
	#mark: number;
	readonly #settings: PulseSettings;
	readonly #checksums: Checksums;

	/** `stored`: what an earlier session asked to be kept; another counter's or a damaged one is passed over. */
	constructor(settings: PulseSettings, checksums: Checksums, stored: Uint8Array | undefined) {
		this.#settings = settings;
		this.#checksums = checksums;
		this.count = stored ? storedCount(stored, settings, checksums) : 0;
		// The first pulse writes a mark: what is stored may be an exact count.
		this.#mark = this.count;
	}

	/** What must be stored before this count may be told; `undefined` where the mark is ahead of it. */
	due(pulsesInMarkTime: number): Uint8Array | undefined {
		if (this.count <= this.#mark) return undefined;
		this.#mark = this.count + Math.max(LEAST_AHEAD, Math.ceil(pulsesInMarkTime));
		return this.#encoded(this.#mark);
	}

	/** The exact count, for a proper end. */
	final(): Uint8Array {
		this.#mark = this.count;
		return this.#encoded(this.count);
	}

	#encoded(count: number): Uint8Array {
		const { pulses, startText } = this.#settings;
		const length = HEAD + startText.length + CHECK_LENGTH;
		const bytes = new Uint8Array(length);
		const view = new DataView(bytes.buffer);
		bytes[0] = VERSION;
		view.setUint32(2, pulses);
		view.setFloat64(6, count);
		bytes[HEAD - 1] = startText.length;
		for (let index = 0; index < startText.length; index++)
			bytes[HEAD + index] = startText.charCodeAt(index) & 0xff;
		view.setUint16(length - CHECK_LENGTH, this.#checksums.x25(bytes, 0, length - CHECK_LENGTH));
		return bytes;
	}
}

/** The stored count of a counter with these settings; 0 for another's. */
function storedCount(bytes: Uint8Array, { pulses, startText }: PulseSettings, checksums: Checksums): number {
	const length = HEAD + startText.length + CHECK_LENGTH;
	if (bytes.length !== length || bytes[0] !== VERSION || bytes[HEAD - 1] !== startText.length) return 0;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	if (view.getUint16(length - CHECK_LENGTH) !== checksums.x25(bytes, 0, length - CHECK_LENGTH)) return 0;
	if (view.getUint32(2) !== pulses) return 0;
	for (let index = 0; index < startText.length; index++)
		if (bytes[HEAD + index] !== (startText.charCodeAt(index) & 0xff)) return 0;
	const count = view.getFloat64(6);
	return Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

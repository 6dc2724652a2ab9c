// HDLC frame format type 3 (IEC 62056-46, 6.4): finds and checks one frame in a buffer.
// On these ports there is no octet stuffing: 7E is ordinary inside, the length field says where the frame ends.
// Not the data link's state machine: a meter that pushes sends unnumbered frames only.

import type { Checksums } from "../shared/checksums.js";

export const FLAG = 0x7e;
const TYPE_MASK = 0b1111_0000;
const TYPE_3 = 0b1010_0000;
const SEGMENTED = 0b0000_1000;
const LENGTH_HIGH = 0b0000_0111;
/** Lowest bit of an address byte: the last one. */
const LAST_ADDRESS_BYTE = 0b0000_0001;
const LONGEST_ADDRESS = 4;
/** Format, one byte each of addresses, control, FCS. */
const SHORTEST = 7;
const FCS_BYTES = 2;

/**
 * `more`: no verdict before more bytes arrive. `none`: the flag opens no frame. `good`: fields are filled in.
 * Others: a frame that is damaged there (`flag`: no 7E where its length says it ends).
 */
export type HdlcVerdict = "more" | "none" | "good" | "hcs" | "fcs" | "flag" | "length";

/** Reads frames; its fields describe the last one. */
export class HdlcReader {
	/** Bytes between the flags. */
	length = 0;
	segmented = false;
	/** Source address and control byte, as far as the header was read. */
	sourceAt = 0;
	controlAt = 0;
	/** Information field. */
	infoStart = 0;
	infoEnd = 0;
	/** Check sequences of a frame that failed on one. */
	expected = 0;
	actual = 0;
	readonly #checksums: Checksums;

	constructor(checksums: Checksums) {
		this.#checksums = checksums;
	}

	/** Looks at the frame whose opening flag is `bytes[at]`; bytes up to `end` have arrived. */
	read(bytes: Uint8Array, at: number, end: number): HdlcVerdict {
		const start = at + 1;
		if (start >= end) return "more";
		const format = bytes[start] as number;
		if ((format & TYPE_MASK) !== TYPE_3) return "none";
		if (start + 1 >= end) return "more";
		this.length = ((format & LENGTH_HIGH) << 8) | (bytes[start + 1] as number);
		this.segmented = (format & SEGMENTED) !== 0;
		const frameEnd = start + this.length;
		if (this.length < SHORTEST) return "length";
		const control = this.#controlAt(bytes, start + 2, Math.min(end, frameEnd));
		if (control < 0) return control === NO_ADDRESS ? "length" : "more";
		this.controlAt = control;
		const headerEnd = control + 1;
		if (headerEnd + FCS_BYTES > frameEnd) return "length";
		const hasInfo = headerEnd + FCS_BYTES < frameEnd;
		if (hasInfo) {
			if (headerEnd + FCS_BYTES > end) return "more";
			if (!this.#fits(bytes, start, headerEnd)) return "hcs";
		}
		if (frameEnd >= end) return "more";
		if (bytes[frameEnd] !== FLAG) {
			this.expected = FLAG;
			this.actual = bytes[frameEnd] as number;
			return "flag";
		}
		if (!this.#fits(bytes, start, frameEnd - FCS_BYTES)) return "fcs";
		this.infoEnd = frameEnd - FCS_BYTES;
		this.infoStart = hasInfo ? headerEnd + FCS_BYTES : this.infoEnd;
		return "good";
	}

	/** Index of the control byte behind two addresses of one to four bytes; `NO_ADDRESS`, or -1 while bytes lack. */
	#controlAt(bytes: Uint8Array, start: number, end: number): number {
		let at = start;
		for (let address = 0; address < 2; address++) {
			const first = at;
			this.sourceAt = first;
			do {
				if (at - first >= LONGEST_ADDRESS) return NO_ADDRESS;
				if (at >= end) return -1;
			} while (((bytes[at++] as number) & LAST_ADDRESS_BYTE) === 0);
		}
		return at < end ? at : -1;
	}

	/** Compares X-25 over `[start, end)` with the two bytes behind, low byte first. */
	#fits(bytes: Uint8Array, start: number, end: number): boolean {
		this.expected = this.#checksums.x25(bytes, start, end);
		this.actual = (bytes[end] as number) | ((bytes[end + 1] as number) << 8);
		return this.expected === this.actual;
	}
}

const NO_ADDRESS = -2;

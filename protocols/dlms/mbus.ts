// M-Bus long frames (EN 13757-2, 5.2) as Austrian meters push them: finds and checks one frame in a buffer.
// Not wireless M-Bus, not the application layer of EN 13757-3: the data are segments of a DLMS message.

export const LONG_START = 0x68;
const STOP = 0x16;
/** 68 L L 68 */
const HEADER = 4;
/** Checksum and stop. */
const TRAILER = 2;
/** C, A, CI, STSAP, DTSAP. */
const SHORTEST = 5;
const CONTROL_INFORMATION = 2;
/** Sagemcom T210-D writes the length modulo 256. */
const LENGTH_MODULUS = 0x100;
/** CI of a segment without M-Bus header: bits 7–5 zero, bit 4 last, bits 3–0 number (IEC 62056-7-5 draft). */
const CI_SEGMENT_MASK = 0b1110_0000;
const CI_LAST = 0b0001_0000;
const CI_NUMBER = 0b0000_1111;

export type MbusVerdict = "more" | "none" | "good" | "checksum";

/** Reads frames; its fields describe the last one. */
export class MbusReader {
	/** Bytes of the whole frame, 68 to 16. */
	size = 0;
	/** Whether CI numbers a segment of a DLMS message. */
	isSegment = false;
	controlInformation = 0;
	number = 0;
	last = false;
	dataStart = 0;
	dataEnd = 0;
	expected = 0;
	actual = 0;

	/** Looks at the frame whose start character is `bytes[at]`; bytes up to `end` have arrived; `final`: no more will. */
	read(bytes: Uint8Array, at: number, end: number, final: boolean): MbusVerdict {
		const known = Math.min(end - at, HEADER);
		const length = bytes[at + 1] as number;
		if ((known > 2 && bytes[at + 2] !== length) || (known > 3 && bytes[at + 3] !== LONG_START)) return "none";
		if (known < HEADER) return "more";
		const short = length >= SHORTEST ? this.#closes(bytes, at, length, end) : false;
		if (short) return "good";
		const wide = this.#closes(bytes, at, length + LENGTH_MODULUS, end);
		if (wide) return "good";
		if (wide === undefined && (!final || length < SHORTEST)) return "more";
		if (short === undefined) return "more";
		this.size = HEADER + length + TRAILER;
		return "checksum";
	}

	/** Whether a frame of that length ends with its checksum and 16; `undefined` while bytes lack. */
	#closes(bytes: Uint8Array, at: number, length: number, end: number): boolean | undefined {
		const start = at + HEADER;
		const checksum = start + length;
		if (checksum + TRAILER > end) return undefined;
		let sum = 0;
		for (let index = start; index < checksum; index++) sum += bytes[index] as number;
		this.expected = sum & 0xff;
		this.actual = bytes[checksum] as number;
		if (this.actual !== this.expected || bytes[checksum + 1] !== STOP) return false;
		this.size = HEADER + length + TRAILER;
		const ci = bytes[start + CONTROL_INFORMATION] as number;
		this.controlInformation = ci;
		this.isSegment = (ci & CI_SEGMENT_MASK) === 0;
		this.last = (ci & CI_LAST) !== 0;
		this.number = ci & CI_NUMBER;
		this.dataStart = start + SHORTEST;
		this.dataEnd = checksum;
		return true;
	}
}

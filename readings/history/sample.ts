// What counters said at one time, and how it is kept: samples of one period in a ring of files of one flash block each ("segments"): a sample is one small append, a full
// segment is followed by a new one in the place of the oldest. Nothing that was written is changed.
//
//   number of the segment (4) | time (4) | counters as of then, 8 bytes each, NaN: none | CRC-32, then records:
//   length of the next part (1) | time | peak quarter | peak hour | mask of counters | mask of breaks | for each counter in
//   the mask what it counted | CRC-32 that goes on from the segment's
//
// Numbers have seven bits a byte, least first; time and counters are differences to the record before. At the first record
// that does not fit its CRC a segment ends: a power cut costs the sample that was being written. A segment that
// begins earlier than samples of one before it makes those void: the clock had been wrong.

import { MOST_CHANNELS } from "./channel.js";

/** What the counters said at one time. */
export interface Sample {
	/** Seconds since 1970. */
	time: number;
	/** Bit of each counter that was read; the others are not known at this time. */
	present: number;
	/** Bit of each counter that began anew (another meter) since the sample before. */
	broken: number;
	/** By place: the counter with its offset, NaN where it was never read. Never falls. */
	readonly counters: Float64Array;
	/** Most that was imported in a quarter of an hour, and in an hour, of this period; 0 where it is not known. */
	quarter: number;
	hour: number;
}

export function emptySample(): Sample {
	const counters = new Float64Array(MOST_CHANNELS).fill(Number.NaN);
	return { time: 0, present: 0, broken: 0, counters, quarter: 0, hour: 0 };
}

/** Bytes of a segment: one block of littlefs. */
export const SEGMENT_LENGTH = 4096;
export const TIME_AT = 4;
export const COUNTERS_AT = 8;
export const CRC_AT = COUNTERS_AT + MOST_CHANNELS * 8;
export const HEADER_LENGTH = CRC_AT + 4;

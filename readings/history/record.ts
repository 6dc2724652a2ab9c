// One sample as bytes: what the counters said at one time, as differences to the sample before. Differences are
// variable-length numbers, seven bits a byte, least first; signed ones folded (0, -1, 1, -2 …) as 0, 1, 2, 3 …
//
//   length of the next part (1 byte) | time | peak quarter | peak hour | mask of counters | mask of breaks
//   for each counter in the mask: difference; where it broke, also what it counted | CRC-32 seeded with the segment's

import { MOST_CHANNELS } from "./channels.js";

/** Longest record, its length and CRC included. */
export const LONGEST_RECORD = 1 + 255 + 4;

/** What the counters said at one time. */
export interface Sample {
	/** Seconds since 1970. */
	time: number;
	/** Bit of each counter that was read; the others are not known at this time. */
	present: number;
	/** Bit of each counter that began anew (another meter, an overflow) since the sample before. */
	broken: number;
	/** By place: the counter, NaN where it was never read. */
	readonly counters: Float64Array;
	/** By place: all that was counted since the reader began, over breaks, too. */
	readonly sums: Float64Array;
	/** Most that was imported in a quarter of an hour, and in an hour, of this period; 0 where it is not known. */
	quarter: number;
	hour: number;
}

export function emptySample(): Sample {
	return {
		time: 0,
		present: 0,
		broken: 0,
		counters: new Float64Array(MOST_CHANNELS).fill(Number.NaN),
		sums: new Float64Array(MOST_CHANNELS),
		quarter: 0,
		hour: 0,
	};
}

/** A place in bytes that are written or read. */
export interface Place {
	bytes: Uint8Array;
	at: number;
}

export function putNumber(place: Place, value: number): void {
	let rest = value;
	while (rest > 0x7f) {
		place.bytes[place.at++] = (rest % 0x80) + 0x80;
		rest = Math.floor(rest / 0x80);
	}
	place.bytes[place.at++] = rest;
}

export function takeNumber(place: Place): number {
	let value = 0;
	let factor = 1;
	for (let count = 0; count < 8; count++) {
		const byte = place.bytes[place.at++] ?? 0;
		value += (byte & 0x7f) * factor;
		if (byte < 0x80) break;
		factor *= 0x80;
	}
	return value;
}

export function putSigned(place: Place, value: number): void {
	putNumber(place, value < 0 ? -2 * value - 1 : 2 * value);
}

export function takeSigned(place: Place): number {
	const value = takeNumber(place);
	return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/**
 * Writes `sample` behind `before`, which counts as of `time`, at `place`, all but the CRC. A counter that differs by something else
 * than was counted is broken.
 */
export function putRecord(
	place: Place,
	before: Sample,
	time: number,
	sample: Sample,
	channels: number,
): void {
	const start = place.at++;
	let broken = 0;
	for (let index = 0; index < channels; index++) {
		const was = before.counters[index] as number;
		const counted = (sample.sums[index] as number) - (before.sums[index] as number);
		if (sample.present & (1 << index) && was === was && (sample.counters[index] as number) - was !== counted)
			broken |= 1 << index;
	}
	putNumber(place, sample.time - time);
	putNumber(place, sample.quarter);
	putNumber(place, sample.hour);
	putNumber(place, sample.present);
	putNumber(place, broken);
	for (let index = 0; index < channels; index++) {
		if (!(sample.present & (1 << index))) continue;
		const was = before.counters[index] as number;
		putSigned(place, (sample.counters[index] as number) - (was === was ? was : 0));
		if (broken & (1 << index))
			putNumber(place, Math.max(0, (sample.sums[index] as number) - (before.sums[index] as number)));
	}
	place.bytes[start] = place.at - start - 1;
}

/** Reads a record's part behind its length into `sample`, which holds the one before; `factors` bring counters to today's exponents. */
export function takeRecord(place: Place, sample: Sample, factors: Float64Array, peakPlace: number): void {
	const peakFactor = factors[peakPlace] ?? 1;
	sample.time += takeNumber(place);
	sample.quarter = takeNumber(place) * peakFactor;
	sample.hour = takeNumber(place) * peakFactor;
	sample.present = takeNumber(place);
	sample.broken = takeNumber(place);
	for (let index = 0; index < MOST_CHANNELS; index++) {
		const bit = 1 << index;
		if (!(sample.present & bit)) continue;
		const factor = factors[index] as number;
		const difference = takeSigned(place) * factor;
		const was = sample.counters[index] as number;
		sample.counters[index] = was === was ? was + difference : difference;
		const counted = sample.broken & bit ? takeNumber(place) * factor : was === was ? difference : 0;
		sample.sums[index] = (sample.sums[index] as number) + counted;
	}
}

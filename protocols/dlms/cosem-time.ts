// COSEM date-time (IEC 62056-6-2, 4.1.6.1): twelve bytes to ISO 8601 and back. No clock, no time zones.
// UTC = local time + deviation, so a deviation of -60 minutes prints as +01:00.

import { isoDate, isoDateTime, isoTime } from "../shared/iso-time.js";

export const DATE_TIME_BYTES = 12;
const UNSPECIFIED = 0xff;
const UNSPECIFIED_DEVIATION = 0x8000;
const FARTHEST_DEVIATION = 840;
const SIGN_WRAP = 0x10000;

/**
 * `2019-01-31T13:36:10`, with `+01:00` behind it where the deviation is given. Unspecified seconds count as 0.
 * `undefined` where date or hour are unspecified or no such time exists. The status byte is not asked: meters
 * set its bits on times that are right (Kamstrup 01, Sagemcom 02).
 */
export function cosemTime(bytes: Uint8Array, offset: number): string | undefined {
	const year = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
	const month = bytes[offset + 2] ?? 0;
	const day = bytes[offset + 3] ?? 0;
	const hour = bytes[offset + 5] ?? UNSPECIFIED;
	const minute = specified(bytes[offset + 6] ?? 0);
	const second = specified(bytes[offset + 7] ?? 0);
	if (year < 1970 || year > 2199) return undefined;
	const local = isoDateTime(isoDate(year, month, day), isoTime(hour, minute, second));
	if (local === undefined) return undefined;
	const raw = ((bytes[offset + 9] ?? 0) << 8) | (bytes[offset + 10] ?? 0);
	if (raw === UNSPECIFIED_DEVIATION) return local;
	const minutes = raw >= UNSPECIFIED_DEVIATION ? SIGN_WRAP - raw : -raw;
	const size = minutes < 0 ? -minutes : minutes;
	if (size > FARTHEST_DEVIATION) return local;
	return `${local}${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** A moment for an emulated meter: local time, weekday 1 (Monday) to 7, offset from UTC in minutes if it tells it. */
export interface CosemMoment {
	readonly year: number;
	readonly month: number;
	readonly day: number;
	readonly weekday: number;
	readonly hour: number;
	readonly minute: number;
	readonly second: number;
	readonly offsetMinutes?: number;
	/** Status byte; 00 unless given, 80 in summer time. */
	readonly status?: number;
}

/** The twelve bytes; hundredths unspecified. */
export function cosemTimeBytes(moment: CosemMoment): Uint8Array {
	const deviation =
		moment.offsetMinutes === undefined ? UNSPECIFIED_DEVIATION : -moment.offsetMinutes & 0xffff;
	return Uint8Array.of(
		moment.year >> 8,
		moment.year & 0xff,
		moment.month,
		moment.day,
		moment.weekday,
		moment.hour,
		moment.minute,
		moment.second,
		UNSPECIFIED,
		deviation >> 8,
		deviation & 0xff,
		moment.status ?? 0,
	);
}

function specified(field: number): number {
	return field === UNSPECIFIED ? 0 : field;
}

function two(value: number): string {
	return value < 10 ? `0${value}` : `${value}`;
}

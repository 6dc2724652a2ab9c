// Lists as the tests build them: a body to its reading, and short words for A-XDR values.

import { Tag } from "../../../protocols/dlms/axdr-tags.js";
import { dlms } from "../../../protocols/dlms/dlms.js";
import { type AxdrValue, encodeAxdr, octets } from "../../../protocols/dlms/encode/axdr-value.js";
import { notification } from "../../../protocols/dlms/encode/frames.js";
import type { Reading } from "../../../readings/reading.js";
import { options, readings, rejections } from "./support.js";

export function readingOf(body: Uint8Array | AxdrValue, time?: Uint8Array): Reading {
	const bytes = body instanceof Uint8Array ? body : encodeAxdr(body);
	const actions = dlms.decodeFragment?.(notification(bytes, time ? { time } : {}), options()) ?? [];
	const [reading] = readings(actions);
	if (!reading) throw new Error(JSON.stringify(rejections(actions)));
	return reading;
}

export const obis = (a: number, b: number, c: number, d: number, e: number) => octets(a, b, c, d, e, 255);
export const uint8 = (value: number): AxdrValue => ({ tag: Tag.uint8, content: Uint8Array.of(value) });
export const int8 = uint8;
export const uint64 = (value: number): AxdrValue => ({
	tag: Tag.uint64,
	content: Uint8Array.from([0, 0, 0, 0, value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]),
});

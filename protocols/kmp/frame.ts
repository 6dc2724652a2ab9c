// KMP's physical and data link layer: start byte, byte stuffing, CRC, stop byte; both directions.
// No commands here. Source: Kamstrup 5512-447 "KMP protocol description", chapter 3.

import type { Checksums } from "../shared/checksums.js";
import { type ContentSink, type FrameFormat, Framer } from "../shared/framer.js";

export const TO_METER = 0x80;
export const FROM_METER = 0x40;
export const STOP = 0x0d;
export const ACKNOWLEDGE = 0x06;
export const STUFFING = 0x1b;
export const CRC_BYTES = 2;
/** Destination, CID and CRC. */
const SHORTEST = 2 + CRC_BYTES;
/** Destination, CID, data and CRC after unstuffing; the longest documented reply has 696 (8 registers, 19 records). */
export const LONGEST_FRAME = 1024;

export type Direction = typeof TO_METER | typeof FROM_METER;

/** What the framer found. `bytes[0, length)`: destination, CID and data, without CRC; borrowed until the next byte. */
export interface FrameSink extends ContentSink<Direction> {
	acknowledge(): void;
}

/** Whether the byte never stands for itself between start and stop. */
export function isStuffed(byte: number): boolean {
	return (
		byte === TO_METER || byte === FROM_METER || byte === STOP || byte === ACKNOWLEDGE || byte === STUFFING
	);
}

/** By byte, 1: is stuffed. A look here costs less than a call. */
const IS_STUFFED = Uint8Array.from({ length: 256 }, (_, byte) => (isStuffed(byte) ? 1 : 0));

const FORMAT: FrameFormat<Direction> = Object.freeze({
	layer: "kmp",
	fromMeter: FROM_METER,
	toMeter: TO_METER,
	longest: LONGEST_FRAME,
	shortest: SHORTEST,
	checkBytes: CRC_BYTES,
	checkCode: "crc",
});

/** Takes the stuffing out in one pass: `1B F2` is 0D wherever it stands, also behind a `1B E4`. */
export class KmpFramer extends Framer<Direction> {
	readonly #checksums: Checksums;
	readonly #acknowledged: FrameSink;
	#stuffing = false;

	constructor(checksums: Checksums, sink: FrameSink) {
		super(FORMAT, sink);
		this.#checksums = checksums;
		this.#acknowledged = sink;
	}

	protected begin(): void {
		this.#stuffing = false;
	}

	protected take(bytes: Uint8Array, from: number): number {
		const { content } = this;
		let { length } = this;
		let stuffing = this.#stuffing;
		let at = from;
		for (; at < bytes.length; at++) {
			let byte = bytes[at] as number;
			if (stuffing || IS_STUFFED[byte] === 1) {
				if (byte === FROM_METER || byte === TO_METER || byte === STOP) break;
				if (!stuffing && byte === STUFFING) {
					stuffing = true;
					continue;
				}
				if (stuffing) byte ^= 0xff;
				if (stuffing !== isStuffed(byte)) this.fault ??= "stuffing";
				stuffing = false;
			}
			content[length++] = byte;
		}
		this.#stuffing = stuffing;
		this.stored(length);
		return at;
	}

	protected close(): string | undefined {
		return this.#stuffing ? "stuffing" : undefined;
	}

	protected check(length: number): number {
		return this.#checksums.xmodem(this.content, 0, length);
	}

	protected override between(byte: number): void {
		if (byte === ACKNOWLEDGE) this.#acknowledged.acknowledge();
	}
}

/** A whole frame on the wire around `content` (destination, CID, data). */
export function encodeFrame(direction: Direction, content: Uint8Array, checksums: Checksums): Uint8Array {
	const crc = checksums.xmodem(content, 0, content.length);
	const wire = new Uint8Array(2 * (content.length + CRC_BYTES) + 2);
	let at = 0;
	const put = (byte: number) => {
		if (isStuffed(byte)) {
			wire[at++] = STUFFING;
			wire[at++] = byte ^ 0xff;
		} else wire[at++] = byte;
	};
	wire[at++] = direction;
	for (const byte of content) put(byte);
	put(crc >> 8);
	put(crc & 0xff);
	wire[at++] = STOP;
	return wire.slice(0, at);
}

// KMP's physical and data link layer: start byte, byte stuffing, CRC, stop byte; both directions.
// No commands here. Source: Kamstrup 5512-447 "KMP protocol description", chapter 3.

import type { Rejection } from "../protocol.js";
import type { Checksums } from "../shared/checksums.js";
import { KeptFrames } from "../shared/kept-frames.js";

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
export interface FrameSink {
	frame(direction: Direction, bytes: Uint8Array, length: number, offset: number): void;
	acknowledge(): void;
	rejected(rejection: Rejection): void;
}

/** Whether the byte never stands for itself between start and stop. */
export function isStuffed(byte: number): boolean {
	return (
		byte === TO_METER || byte === FROM_METER || byte === STOP || byte === ACKNOWLEDGE || byte === STUFFING
	);
}

/**
 * Finds frames in a stream, in one pass: `1B F2` is 0D wherever it stands, also behind a `1B E4`.
 * Start and stop bytes are never data, so a start byte always begins a frame, whatever went before.
 */
export class KmpFramer {
	readonly #checksums: Checksums;
	readonly #sink: FrameSink;
	readonly #frame = new Uint8Array(LONGEST_FRAME);
	/** The meter's frames as they were on the wire. */
	readonly kept = new KeptFrames();
	#length = 0;
	#direction: Direction | undefined;
	#stuffing = false;
	#fault: "stuffing" | "length" | undefined;
	#offset = 0;
	#position = 0;

	constructor(checksums: Checksums, sink: FrameSink) {
		this.#checksums = checksums;
		this.#sink = sink;
	}

	push(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; at++) this.#byte(bytes[at] as number);
	}

	/** No further byte comes: an open frame is rejected. */
	end(): void {
		if (this.#direction !== undefined) this.#reject("truncated");
		this.#direction = undefined;
	}

	#byte(byte: number): void {
		const offset = this.#position++;
		if (byte === TO_METER || byte === FROM_METER) {
			if (this.#direction !== undefined) this.#reject("truncated");
			this.#direction = byte;
			this.#length = 0;
			this.#stuffing = false;
			this.#fault = undefined;
			this.#offset = offset;
			this.kept.begin();
			this.kept.put(byte);
			return;
		}
		if (this.#direction === undefined) {
			if (byte === ACKNOWLEDGE) this.#sink.acknowledge();
			return;
		}
		this.kept.put(byte);
		if (byte === STOP) this.#finish(this.#direction);
		else if (this.#stuffing) {
			this.#stuffing = false;
			const original = byte ^ 0xff;
			if (!isStuffed(original)) this.#fault ??= "stuffing";
			this.#store(original);
		} else if (byte === STUFFING) this.#stuffing = true;
		else {
			if (byte === ACKNOWLEDGE) this.#fault ??= "stuffing";
			this.#store(byte);
		}
	}

	#store(byte: number): void {
		if (this.#length < LONGEST_FRAME) this.#frame[this.#length++] = byte;
		else this.#fault ??= "length";
	}

	#finish(direction: Direction): void {
		this.#direction = undefined;
		if (this.#stuffing) this.#fault ??= "stuffing";
		const length = this.#length;
		if (length < SHORTEST) this.#fault ??= "length";
		if (this.#fault) return this.#reject(this.#fault);
		const content = length - CRC_BYTES;
		const frame = this.#frame;
		const expected = this.#checksums.xmodem(frame, 0, content);
		const actual = ((frame[content] as number) << 8) | (frame[content + 1] as number);
		if (expected !== actual) return this.#reject("crc", expected, actual);
		if (direction === FROM_METER) this.kept.keep();
		this.#sink.frame(direction, frame, content, this.#offset);
	}

	#reject(code: string, expected?: number, actual?: number): void {
		const crc = expected === undefined || actual === undefined ? {} : { expected, actual };
		this.#sink.rejected({ rejected: true, layer: "kmp", code, offset: this.#offset, ...crc });
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

// KMP-382's frames: `@` (request) or `H` (reply), hexadecimal pairs, a longitudinal check byte as a pair, CR.
// The older protocol of the Kamstrup 685-382, not KMP. Source: the public driver casperbang/KMP382-driver.

import type { Rejection } from "../protocol.js";
import { KeptFrames } from "../shared/kept-frames.js";

export const REQUEST = 0x40;
export const REPLY = 0x48;
const CARRIAGE_RETURN = 0x0d;
/** Address and check byte. */
const SHORTEST = 2;
/** Address, command, 256 bytes of memory (the most one request can sensibly name) and the check byte. */
export const LONGEST_FRAME = 260;

export type Direction = typeof REQUEST | typeof REPLY;

/** `bytes[0, length)`: address, command and data, without the check byte; borrowed until the next byte. */
export interface FrameSink {
	frame(direction: Direction, bytes: Uint8Array, length: number, offset: number): void;
	rejected(rejection: Rejection): void;
}

/** Two's complement of the byte sum: all bytes of a frame together with it are 0 modulo 256. */
export function checkByte(bytes: Uint8Array, length: number): number {
	let sum = 0;
	for (let at = 0; at < length; at++) sum += bytes[at] as number;
	return -sum & 0xff;
}

/** Finds frames in a stream. `@` and `H` are no hexadecimal digits, so they always begin a frame. */
export class Kmp382Framer {
	readonly #sink: FrameSink;
	readonly #frame = new Uint8Array(LONGEST_FRAME);
	/** The meter's frames as they were on the wire. */
	readonly kept = new KeptFrames();
	#direction: Direction | undefined;
	#digits = 0;
	#fault: "digit" | "length" | undefined;
	#offset = 0;
	#position = 0;

	constructor(sink: FrameSink) {
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
		if (byte === REQUEST || byte === REPLY) {
			if (this.#direction !== undefined) this.#reject("truncated");
			this.#direction = byte;
			this.#digits = 0;
			this.#fault = undefined;
			this.#offset = offset;
			this.kept.begin();
			this.kept.put(byte);
			return;
		}
		if (this.#direction === undefined) return;
		this.kept.put(byte);
		if (byte === CARRIAGE_RETURN) return this.#finish(this.#direction);
		const digit = digitOf(byte);
		const at = this.#digits >> 1;
		if (digit < 0) this.#fault ??= "digit";
		else if (at >= LONGEST_FRAME) this.#fault ??= "length";
		else {
			this.#frame[at] = this.#digits & 1 ? ((this.#frame[at] as number) << 4) | digit : digit;
			this.#digits++;
		}
	}

	#finish(direction: Direction): void {
		this.#direction = undefined;
		const length = this.#digits >> 1;
		if (this.#digits & 1 || length < SHORTEST) this.#fault ??= "length";
		if (this.#fault) return this.#reject(this.#fault);
		const expected = checkByte(this.#frame, length - 1);
		const actual = this.#frame[length - 1] as number;
		if (expected !== actual) return this.#reject("check", expected, actual);
		if (direction === REPLY) this.kept.keep();
		this.#sink.frame(direction, this.#frame, length - 1, this.#offset);
	}

	#reject(code: string, expected?: number, actual?: number): void {
		const check = expected === undefined || actual === undefined ? {} : { expected, actual };
		this.#sink.rejected({ rejected: true, layer: "kmp382", code, offset: this.#offset, ...check });
	}
}

/** 0–15, or -1: upper-case digits only, as the meter sends them. */
function digitOf(byte: number): number {
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
	return -1;
}

/** A whole frame on the wire around `content` (address, command, data). */
export function encodeFrame(direction: Direction, content: Uint8Array): Uint8Array {
	const wire = new Uint8Array(2 * content.length + 4);
	let at = 0;
	const put = (byte: number) => {
		wire[at++] = asciiOf(byte >> 4);
		wire[at++] = asciiOf(byte & 0xf);
	};
	wire[at++] = direction;
	for (const byte of content) put(byte);
	put(checkByte(content, content.length));
	wire[at] = CARRIAGE_RETURN;
	return wire;
}

function asciiOf(digit: number): number {
	return digit < 10 ? 0x30 + digit : 0x37 + digit;
}

// KMP-382's frames: `@` (request) or `H` (reply), hexadecimal pairs, a longitudinal check byte as a pair, CR.
// The older protocol of the Kamstrup 685-382, not KMP. Source: the public driver casperbang/KMP382-driver.

import { type ContentSink, type FrameFormat, Framer } from "../shared/framer.js";

export const REQUEST = 0x40;
export const REPLY = 0x48;
const CARRIAGE_RETURN = 0x0d;
/** Address and check byte. */
const SHORTEST = 2;
/** Address, command, 256 bytes of memory (the most one request can sensibly name) and the check byte. */
export const LONGEST_FRAME = 260;

export type Direction = typeof REQUEST | typeof REPLY;

/** `bytes[0, length)`: address, command and data, without the check byte; borrowed until the next byte. */
export type FrameSink = ContentSink<Direction>;

/** Two's complement of the byte sum: all bytes of a frame together with it are 0 modulo 256. */
export function checkByte(bytes: Uint8Array, length: number): number {
	let sum = 0;
	for (let at = 0; at < length; at++) sum += bytes[at] as number;
	return -sum & 0xff;
}

const FORMAT: FrameFormat<Direction> = Object.freeze({
	layer: "kmp382",
	fromMeter: REPLY,
	toMeter: REQUEST,
	longest: LONGEST_FRAME,
	shortest: SHORTEST,
	checkBytes: 1,
	checkCode: "check",
});
const NONE = -1;

/** Reads pairs of digits. `@` and `H` are no hexadecimal digits, so they always begin a frame. */
export class Kmp382Framer extends Framer<Direction> {
	/** First digit of a pair. */
	#high = NONE;

	constructor(sink: FrameSink) {
		super(FORMAT, sink);
	}

	protected begin(): void {
		this.#high = NONE;
	}

	protected take(bytes: Uint8Array, from: number): number {
		const { content } = this;
		let { length } = this;
		let at = from;
		for (; at < bytes.length; at++) {
			const byte = bytes[at] as number;
			if (byte === REQUEST || byte === REPLY || byte === CARRIAGE_RETURN) break;
			const digit = digitOf(byte);
			if (digit < 0) this.fault ??= "digit";
			else if (this.#high === NONE) this.#high = digit;
			else {
				content[length++] = (this.#high << 4) | digit;
				this.#high = NONE;
			}
		}
		this.stored(length);
		return at;
	}

	protected close(): string | undefined {
		return this.#high === NONE ? undefined : "length";
	}

	protected check(length: number): number {
		return checkByte(this.content, length);
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

// Finds frames that begin with one of two characters (one for each direction) and end with CR: both of Kamstrup's
// protocols. Start characters and CR are never data there, so they always begin and end a frame, whatever went before.
// What stands between them, and how it is checked, a protocol says.

import type { Rejection } from "../protocol.js";
import { KeptFrames } from "./kept-frames.js";

const STOP = 0x0d;

/** What was found. `bytes[0, length)`: the content without its check; borrowed until the next byte. */
export interface ContentSink<Direction extends number> {
	frame(direction: Direction, bytes: Uint8Array, length: number, offset: number): void;
	rejected(rejection: Rejection): void;
}

/** What is different between the protocols, as facts. */
export interface FrameFormat<Direction extends number> {
	readonly layer: string;
	readonly fromMeter: Direction;
	readonly toMeter: Direction;
	/** Bytes of content and check, at most and at least. */
	readonly longest: number;
	readonly shortest: number;
	/** The check's bytes at the end, high byte first, and the rejection of one that does not fit. */
	readonly checkBytes: number;
	readonly checkCode: string;
}

export abstract class Framer<Direction extends number> {
	/** The meter's frames as they were on the wire. */
	readonly kept = new KeptFrames();
	protected readonly content: Uint8Array;
	protected length = 0;
	protected fault: string | undefined;
	readonly #format: FrameFormat<Direction>;
	readonly #sink: ContentSink<Direction>;
	#direction: Direction | undefined;
	#offset = 0;
	#position = 0;

	constructor(format: FrameFormat<Direction>, sink: ContentSink<Direction>) {
		this.#format = format;
		this.#sink = sink;
		this.content = new Uint8Array(format.longest);
	}

	push(bytes: Uint8Array): void {
		const { fromMeter, toMeter } = this.#format;
		for (let at = 0; at < bytes.length; ) {
			const byte = bytes[at] as number;
			if (byte === fromMeter || byte === toMeter) {
				this.#start(byte as Direction, this.#position + at);
				at++;
			} else if (this.#direction === undefined) {
				this.between(byte);
				at++;
			} else if (byte === STOP) {
				this.kept.put(bytes, at, at + 1);
				this.#finish(this.#direction);
				at++;
			} else {
				const from = at;
				at = this.take(bytes, from);
				this.kept.put(bytes, from, at);
			}
		}
		this.#position += bytes.length;
	}

	/** No further byte comes: an open frame is rejected. */
	end(): void {
		if (this.#direction !== undefined) this.#reject("truncated");
		this.#direction = undefined;
	}

	/** A frame begins. */
	protected abstract begin(): void;
	/** Takes `bytes` from `from` on, which is inside a frame, up to a start character or CR; returns where that is. */
	protected abstract take(bytes: Uint8Array, from: number): number;
	/** The frame is over: a fault, if its last byte left something open. */
	protected abstract close(): string | undefined;
	/** The check of the first bytes. */
	protected abstract check(length: number): number;
	/** A byte outside of frames. */
	protected between(_byte: number): void {}

	/** The content has `length` bytes now; those that found no room in it were not written. */
	protected stored(length: number): void {
		if (length > this.content.length) this.fault ??= "length";
		this.length = Math.min(length, this.content.length);
	}

	#start(direction: Direction, offset: number): void {
		this.end();
		this.#direction = direction;
		this.#offset = offset;
		this.length = 0;
		this.fault = undefined;
		this.begin();
		this.kept.begin();
		this.kept.put(Uint8Array.of(direction), 0, 1);
	}

	#finish(direction: Direction): void {
		const { checkBytes, checkCode, fromMeter, shortest } = this.#format;
		this.#direction = undefined;
		const fault = this.fault ?? this.close() ?? (this.length < shortest ? "length" : undefined);
		if (fault) return this.#reject(fault);
		const length = this.length - checkBytes;
		const expected = this.check(length);
		let actual = 0;
		for (let at = length; at < this.length; at++) actual = actual * 0x100 + (this.content[at] as number);
		if (expected !== actual) return this.#reject(checkCode, { expected, actual });
		if (direction === fromMeter) this.kept.keep();
		this.#sink.frame(direction, this.content, length, this.#offset);
	}

	#reject(code: string, facts?: Pick<Rejection, "expected" | "actual">): void {
		const { layer } = this.#format;
		this.#sink.rejected({ rejected: true, layer, code, offset: this.#offset, ...facts });
	}
}

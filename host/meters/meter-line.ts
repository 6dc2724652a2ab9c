// An emulated meter on a line: sends at the meter's instants, byte by byte at the line's pace. Seven data bits with
// parity go out as eight bits, parity in bit 7: the same bits on a wire, and what ptys and TCP can carry.
// Knows no socket and no device: bytes go to a sink, time comes from timers.

import { carriesParity, withParity } from "../../hardware/parity.js";
import type { Timers } from "../../outputs/output.js";
import { characterBits, type PushMeter } from "./push-meter.js";

/** Where bytes go. A line does not wait: what finds no room is lost, as on a wire. */
export interface ByteSink {
	write(bytes: Uint8Array): void;
	/** P1's Data Request: whether the reader asks for data now. Absent where the line carries no such signal: always. */
	requested?(): boolean;
}

export interface MeterLineOptions {
	readonly meter: PushMeter;
	readonly sink: ByteSink;
	readonly timers: Timers;
	/** Monotonic milliseconds. */
	now(): number;
	/** The meter's local milliseconds at the beginning: what it was made with. */
	readonly start: number;
	/** The meter's time passes that much faster, its line too. */
	readonly speed: number;
}

/** Bytes are written in pieces of what this time has brought. */
const PIECE_MS = 10;

export class MeterLine {
	readonly #options: MeterLineOptions;
	readonly #bytesPerMs: number;
	readonly #startedAt: number;
	#instant: number;
	#wire: Uint8Array = new Uint8Array(0);
	#sent = 0;
	#sendingSince = 0;
	#timer: unknown;

	constructor(options: MeterLineOptions) {
		this.#options = options;
		const { meter, start, speed } = options;
		this.#bytesPerMs = (meter.line.baud / characterBits(meter.line) / 1000) * speed;
		this.#startedAt = options.now();
		this.#instant = start;
		this.#await();
	}

	/** Stops in the middle of a byte stream, as a cable that is pulled. */
	close(): void {
		this.#options.timers.clear(this.#timer);
	}

	#await(): void {
		const { meter, now, start, speed, timers } = this.#options;
		this.#instant = meter.nextSend(this.#instant);
		const due = this.#startedAt + (this.#instant - start) / speed;
		this.#timer = timers.set(() => this.#begin(), Math.max(0, due - now()));
	}

	#begin(): void {
		const { meter, now, sink } = this.#options;
		// DSMR P1 companion standard: without a request nothing is sent; a telegram that has begun is finished.
		if (meter.protocol === "p1" && sink.requested?.() === false) return this.#await();
		const bytes = meter.telegram(this.#instant);
		this.#wire = carriesParity(meter.line) ? withParity(bytes, meter.line.parity) : bytes;
		this.#sent = 0;
		this.#sendingSince = now();
		this.#next();
	}

	#next(): void {
		const { timers } = this.#options;
		if (this.#sent >= this.#wire.length) return this.#await();
		// A byte has arrived when its last bit has: never early.
		const piece = Math.max(1, Math.floor(PIECE_MS * this.#bytesPerMs));
		const target = Math.min(this.#wire.length, this.#sent + piece);
		const due = this.#sendingSince + target / this.#bytesPerMs;
		this.#timer = timers.set(() => this.#send(), Math.max(0, due - this.#options.now()));
	}

	/** All that is due by now: a late timer delays bytes, it does not slow the line. */
	#send(): void {
		const elapsed = this.#options.now() - this.#sendingSince;
		const due = Math.min(this.#wire.length, Math.floor(elapsed * this.#bytesPerMs + ROUNDING));
		const end = Math.max(this.#sent, due);
		if (end > this.#sent) this.#options.sink.write(this.#wire.subarray(this.#sent, end));
		this.#sent = end;
		this.#next();
	}
}

/** So that 10 ms × 0.24 bytes is not a hair less than the bytes it was computed from. */
const ROUNDING = 1e-6;

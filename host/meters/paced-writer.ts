// Writes bytes at the pace of a line: a byte is there when its last bit has arrived, never earlier. Late timers delay
// bytes, they do not slow the line.

import { carriesParity, withParity } from "../../hardware/parity.js";
import type { Timers } from "../../outputs/output.js";
import type { LineSettings } from "../../protocols/protocol.js";
import type { ByteSink } from "./meter-line.js";
import { characterBits } from "./push-meter.js";

export interface PacedWriterOptions {
	readonly sink: ByteSink;
	readonly timers: Timers;
	/** Monotonic milliseconds. */
	now(): number;
	/** The line is that much faster. */
	readonly speed: number;
}

/** Bytes are written in pieces of what this time has brought. */
const PIECE_MS = 10;
/** So that 10 ms × 0.24 bytes is not a hair less than the bytes it was computed from. */
const ROUNDING = 1e-6;

export class PacedWriter {
	readonly #options: PacedWriterOptions;
	#timer: unknown;

	constructor(options: PacedWriterOptions) {
		this.#options = options;
	}

	/** Sends after `afterMs` of the meter's time, then calls `done`. What was being sent breaks off. */
	send(bytes: Uint8Array, line: LineSettings, afterMs: number, done: () => void): void {
		this.stop();
		const { now, speed } = this.#options;
		const wire = carriesParity(line) ? withParity(bytes, line.parity) : bytes;
		const bytesPerMs = (line.baud / characterBits(line) / 1000) * speed;
		const since = now() + afterMs / speed;
		const piece = Math.max(1, Math.floor(PIECE_MS * bytesPerMs));
		let sent = 0;
		const next = () => {
			if (sent >= wire.length) return done();
			const target = Math.min(wire.length, sent + piece);
			this.#timer = this.#options.timers.set(write, Math.max(0, since + target / bytesPerMs - now()));
		};
		const write = () => {
			const due = Math.min(wire.length, Math.floor((now() - since) * bytesPerMs + ROUNDING));
			if (due > sent) this.#options.sink.write(wire.subarray(sent, due));
			sent = Math.max(sent, due);
			next();
		};
		next();
	}

	stop(): void {
		this.#options.timers.clear(this.#timer);
		this.#timer = undefined;
	}
}

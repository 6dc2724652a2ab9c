// A meter that is asked, on a line: hears bytes, answers at its own pace and delay. Half duplex, as the optical ports
// are: while it answers it is deaf. Knows no socket and no device.

import { carriesParity } from "../../hardware/parity.js";
import type { Answer, AskedMeter } from "./asked-meter.js";
import { PacedWriter, type PacedWriterOptions } from "./paced-writer.js";

export interface AskedLineOptions extends PacedWriterOptions {
	readonly meter: AskedMeter;
	/** The meter's local milliseconds at the beginning: what it was made with. */
	readonly start: number;
	/** The optical head gives back what is sent through it. */
	readonly echo?: boolean;
}

const SEVEN_BITS = 0x7f;

export class AskedLine {
	readonly #options: AskedLineOptions;
	readonly #writer: PacedWriter;
	readonly #startedAt: number;
	#answers: readonly Answer[] = [];
	/** An answer is under way, or waits to be. */
	#busy = false;

	constructor(options: AskedLineOptions) {
		this.#options = options;
		this.#writer = new PacedWriter(options);
		this.#startedAt = options.now();
	}

	/** Bytes from the reader; only borrowed. */
	receive(bytes: Uint8Array): void {
		const { meter, sink, echo = false, start, speed, now } = this.#options;
		if (echo) sink.write(bytes.slice());
		if (this.#answers[0]?.unlessHeard) this.#silence();
		if (this.#busy) return;
		const heard = carriesParity(meter.line) ? bytes.map((byte) => byte & SEVEN_BITS) : bytes;
		this.#answers = meter.heard(heard, start + (now() - this.#startedAt) * speed);
		this.#next();
	}

	close(): void {
		this.#silence();
	}

	#silence(): void {
		this.#writer.stop();
		this.#answers = [];
		this.#busy = false;
	}

	#next(): void {
		const [answer] = this.#answers;
		this.#busy = answer !== undefined;
		if (!answer) return;
		this.#writer.send(answer.bytes, answer.line, answer.afterMs, () => {
			this.#answers = this.#answers.slice(1);
			this.#next();
		});
	}
}

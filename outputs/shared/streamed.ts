// An answer that is made while it is sent: the next text is asked for when there is room for it, so that a long answer is
// in memory a kilobyte at a time. It has no length: the end of the connection is its end.

import type { RawLink } from "../network.js";
import type { Answer, BodyStream, Closable, Headers, StreamAnswer } from "../route.js";
import { utf8 } from "./text.js";

const NOTHING = new Uint8Array(0);

/** A body in pieces of some kilobyte or less. */
export interface Pieces {
	/** The next piece; `undefined` at the end. Not called before the body is wanted. */
	next(): string | undefined;
}

/** Monotonic milliseconds. */
interface Clock {
	now(): number;
}

/** Answers one request, once. */
export class Streamed implements StreamAnswer, BodyStream {
	readonly answer: Answer;
	readonly #pieces: Pieces;
	readonly #clock: Clock;
	#link: RawLink | undefined;
	#exchange: Closable | undefined;
	#bytes: Uint8Array = NOTHING;
	#ended = false;
	waitingSince: number | undefined;

	constructor(headers: Headers, pieces: Pieces, clock: Clock) {
		this.answer = { status: 200, headers };
		this.#pieces = pieces;
		this.#clock = clock;
	}

	open(link: RawLink, exchange: Closable): BodyStream {
		this.#link = link;
		this.#exchange = exchange;
		this.waitingSince = this.#clock.now();
		return this;
	}

	writable(count: number): void {
		this.waitingSince = this.#clock.now();
		// Not with the last byte, but when it has left: closing may throw away what is on its way.
		if (this.#ended) return this.#exchange?.close();
		let window = count;
		try {
			while (window > 0 && this.#link) {
				if (this.#bytes.length === 0) {
					const text = this.#pieces.next();
					this.#ended = text === undefined;
					if (text === undefined) return;
					this.#bytes = utf8(text);
				}
				const some = this.#bytes.subarray(0, window);
				this.#bytes = this.#bytes.subarray(some.length);
				window = this.#link.write(some);
			}
		} catch {
			this.#exchange?.close();
		}
	}

	gone(): void {
		this.#ended = true;
		this.#bytes = NOTHING;
	}
}

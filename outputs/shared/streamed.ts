// An answer that is made while it is sent: the next text is asked for when there is room for it, so that a long answer is
// in memory a kilobyte at a time. It has no length: the end of the connection is its end.

import type { RawLink } from "../network.js";
import type { BodyStream, Closable, Headers, StreamAnswer } from "../route.js";
import { utf8 } from "./text.js";

const NOTHING = new Uint8Array(0);

/** `pieces` begins a body: what it returns gives piece after piece, some kilobyte or less, and `undefined` at the end. */
export function streamed(
	headers: Headers,
	pieces: () => () => string | undefined,
	now: () => number,
): StreamAnswer {
	return {
		answer: { status: 200, headers },
		open: (link, exchange) => new PulledBody(link, exchange, pieces(), now),
	};
}

class PulledBody implements BodyStream {
	readonly #link: RawLink;
	readonly #exchange: Closable;
	readonly #next: () => string | undefined;
	readonly #now: () => number;
	#bytes: Uint8Array = NOTHING;
	#ended = false;
	#waitingSince: number;

	constructor(link: RawLink, exchange: Closable, next: () => string | undefined, now: () => number) {
		this.#link = link;
		this.#exchange = exchange;
		this.#next = next;
		this.#now = now;
		this.#waitingSince = now();
	}

	get waitingSince(): number {
		return this.#waitingSince;
	}

	writable(count: number): void {
		this.#waitingSince = this.#now();
		// Not with the last byte, but when it has left: closing may throw away what is on its way.
		if (this.#ended) return this.#exchange.close();
		let window = count;
		try {
			while (window > 0) {
				if (this.#bytes.length === 0) {
					const text = this.#next();
					this.#ended = text === undefined;
					if (text === undefined) return;
					this.#bytes = utf8(text);
				}
				const some = this.#bytes.subarray(0, window);
				this.#bytes = this.#bytes.subarray(some.length);
				window = this.#link.write(some);
			}
		} catch {
			this.#exchange.close();
		}
	}

	gone(): void {
		this.#ended = true;
		this.#bytes = NOTHING;
	}
}

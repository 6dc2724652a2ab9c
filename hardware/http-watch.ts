// What one connection of the HTTP server has done so far, and what it may: the guard's notes on it. No socket, no clock.

import { type HeadFault, RequestHead } from "./http-head.js";

/** Most bytes of a request's body, unless its route grants more. */
export const LONGEST_BODY = 64 * 1024;
/** From the connection's opening to the end of the request. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** From the end of the request to the first byte of the answer. */
export const ANSWER_TIMEOUT_MS = 90_000;
/** Without any byte of the answer leaving. */
export const STALLED_TIMEOUT_MS = 30_000;
/**
 * After a refusal the rest of the request is thrown away for so long: a connection that is closed with bytes unread is
 * reset, and the refusal is lost on its way.
 */
export const LINGER_MS = 300;

/** Why a connection is to be ended now. */
export type Overdue = "slow request" | "slow answer" | "stalled";

export class Watch {
	readonly address: string;
	readonly opened: number;
	#head: RequestHead | undefined = new RequestHead();
	#length = 0;
	#body = 0;
	#mostBody = LONGEST_BODY;
	#timeout = REQUEST_TIMEOUT_MS;
	/** Its route has granted it more than is usual. */
	granted = false;
	answering = false;
	/** Since when written bytes wait to leave; `undefined` while none do. */
	waiting: number | undefined;
	/** It is refused, and the rest of its request is thrown away. */
	lingering = false;
	#completed: number | undefined;
	#any = false;

	constructor(address: string, opened: number) {
		this.address = address;
		this.opened = opened;
	}

	/** Some of a request has come. */
	get begun(): boolean {
		return this.#any;
	}

	/** Nothing more of the request is to come. */
	get complete(): boolean {
		return this.#completed !== undefined;
	}

	allow(bytes: number, milliseconds: number): void {
		this.#mostBody = bytes;
		this.#timeout = milliseconds;
		this.granted = true;
	}

	/** Takes a byte of the request; the status of the bound that it breaks, if one. */
	take(byte: number, now: number): HeadFault | 413 | undefined {
		this.#any = true;
		const head = this.#head;
		if (head) {
			const fault = head.take(byte);
			if (fault || !head.complete) return fault;
			this.#length = head.contentLength;
			this.#head = undefined;
			if (this.#length === 0) this.#completed = now;
			return undefined;
		}
		this.#body++;
		if (this.#body === this.#length) this.#completed = now;
		return this.#body > this.#mostBody ? 413 : undefined;
	}

	/** Which of its times is over. */
	overdue(now: number): Overdue | undefined {
		if (this.lingering) return undefined;
		if (this.waiting !== undefined && now - this.waiting >= STALLED_TIMEOUT_MS) return "stalled";
		if (this.answering) return undefined;
		if (this.#completed !== undefined)
			return now - this.#completed >= ANSWER_TIMEOUT_MS ? "slow answer" : undefined;
		return now - this.opened >= this.#timeout ? "slow request" : undefined;
	}
}

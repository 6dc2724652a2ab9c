// Asks a meter a list of questions, one at a time: sends, waits, repeats, gives up. It knows times, not contents:
// the session says whether what came was the answer. Never more than one request is in flight.

import type { Action } from "../protocol.js";

/** One question. An `optional` one that stays unanswered does not end the poll. */
export interface Request {
	readonly bytes: Uint8Array;
	readonly optional?: boolean;
}

/** Times of a protocol's document, in milliseconds. */
export interface QueueTimes {
	/** How long one byte takes at the slowest usual speed. */
	readonly byteMs: number;
	/** From the request's last byte to the reply's first. */
	readonly replyMs: number;
	/** Longest silence inside a reply. */
	readonly silenceMs: number;
	/** Longest reply, so that endless noise ends as well. */
	readonly longestMs: number;
	/** From a reply to the next request. */
	readonly gapMs: number;
	/** From a damaged or missing reply to the repetition. */
	readonly pauseMs: number;
	/** How often a question is put before it counts as unanswered. */
	readonly attempts: number;
}

export class RequestQueue {
	readonly #times: QueueTimes;
	#requests: readonly Request[] = [];
	#index = 0;
	#attempt = 0;
	#state: "idle" | "waiting" | "pausing" = "idle";
	#due = 0;
	#latest = 0;

	constructor(times: QueueTimes) {
		this.#times = times;
	}

	/** Whether a poll is under way. */
	get busy(): boolean {
		return this.#state !== "idle";
	}

	/** Index of the question in flight; -1 while none is. */
	get waitingFor(): number {
		return this.#state === "waiting" ? this.#index : -1;
	}

	start(requests: readonly Request[], now: number, actions: Action[]): void {
		this.#requests = requests;
		this.#index = 0;
		this.#attempt = 0;
		this.#send(now, actions);
	}

	/** Bytes arrived: the reply may take longer than its beginning was waited for. */
	heard(now: number, actions: Action[]): void {
		if (this.#state !== "waiting") return;
		const due = Math.min(now + this.#times.silenceMs, this.#latest);
		if (due > this.#due) this.#wake(due, actions);
	}

	/** The question in flight was answered; true when it was the last one. */
	answered(now: number, actions: Action[]): boolean {
		return this.#next(now, this.#times.gapMs, actions);
	}

	/** The reply was damaged: the question is put again after the pause (or given up when the pause is over). */
	damaged(now: number, actions: Action[]): void {
		if (this.#state !== "waiting") return;
		this.#state = "pausing";
		this.#wake(now + this.#times.pauseMs, actions);
	}

	/**
	 * Time has passed. `unanswered`: the poll ended without an answer to a question that is not optional;
	 * `done`: its last question was optional and stays unanswered.
	 */
	tick(now: number, actions: Action[]): "going" | "unanswered" | "done" {
		if (this.#state === "idle") return "going";
		if (now < this.#due) {
			actions.push({ do: "wakeAt", time: this.#due });
			return "going";
		}
		if (this.#attempt < this.#times.attempts) {
			this.#send(now, actions);
			return "going";
		}
		if (this.#requests[this.#index]?.optional) {
			return this.#next(now, this.#times.gapMs, actions) ? "done" : "going";
		}
		this.#state = "idle";
		return "unanswered";
	}

	#next(now: number, after: number, actions: Action[]): boolean {
		this.#index++;
		this.#attempt = 0;
		if (this.#index >= this.#requests.length) {
			this.#state = "idle";
			return true;
		}
		this.#state = "pausing";
		this.#wake(now + after, actions);
		return false;
	}

	#send(now: number, actions: Action[]): void {
		const request = this.#requests[this.#index];
		if (request === undefined) return;
		this.#attempt++;
		this.#state = "waiting";
		actions.push({ do: "send", bytes: request.bytes });
		const sent = now + request.bytes.length * this.#times.byteMs;
		this.#latest = sent + this.#times.longestMs;
		this.#wake(sent + this.#times.replyMs, actions);
	}

	#wake(time: number, actions: Action[]): void {
		this.#due = Math.ceil(time);
		actions.push({ do: "wakeAt", time: this.#due });
	}
}

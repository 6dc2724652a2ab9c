// A session that asks a meter for all it wants from time to time, puts a person's question in between, and reads
// whatever replies pass by. What is asked and what a reply means, a protocol says; requests, also the echo of its own
// that an optical head gives back, it passes over.

import type { MeterIdentity, Quantity, Reading } from "../../readings/reading.js";
import { type Action, NO_ACTIONS, type Rejection, type Session } from "../protocol.js";
import type { KeptFrames } from "./kept-frames.js";
import { BUSY, NO_ANSWER, ONLY_LISTENS, UNKNOWN } from "./questions.js";
import { type QueueTimes, type Request, RequestQueue } from "./request-queue.js";

/** After a poll without an answer: the next one comes no later than this. */
const RETRY_MS = 60_000;

interface FrameFinder {
	readonly kept: KeptFrames;
	push(bytes: Uint8Array): void;
	end(): void;
}

export abstract class PollingSession<Asked extends Request> implements Session {
	/** What the poll under way has given. */
	protected quantities: Quantity[] = [];
	protected abstract readonly framer: FrameFinder;
	/** Protocol, and layer of its rejections. */
	readonly #name: string;
	readonly #periodMs: number;
	readonly #times: QueueTimes;
	readonly #queue: RequestQueue;
	/** Requests of the poll under way. */
	#asked: readonly Asked[] | undefined;
	/** What somebody asks for, until it is answered; and whether what is under way puts that question. */
	#question: number | undefined;
	#isQuestion = false;
	#actions: Action[] = [];
	#now = 0;
	#dueAt: number | undefined;
	#startedAt = 0;
	/** The meter is given a pause until then. */
	#restsUntil = 0;

	/** `periodMs` 0: only listens. */
	constructor(name: string, periodMs: number, times: QueueTimes) {
		this.#name = name;
		this.#periodMs = periodMs;
		this.#times = times;
		this.#queue = new RequestQueue(times);
	}

	/** The register or command that a person means; a text where there is none such. */
	protected abstract wanted(what: string): number | string;
	/** What is asked now: for a person's question, or for all. */
	protected abstract requests(question: number | undefined): readonly Asked[];
	/** Who the meter is, and when it gave these, where it says so. */
	protected abstract identity(quantities: readonly Quantity[]): MeterIdentity;
	protected time(_quantities: readonly Quantity[]): string | null {
		return null;
	}

	receive(bytes: Uint8Array, now: number): readonly Action[] {
		this.#now = now;
		this.framer.push(bytes);
		this.#queue.heard(now, this.#actions);
		return this.#taken();
	}

	tick(now: number): readonly Action[] {
		this.#now = now;
		if (this.#periodMs === 0) return NO_ACTIONS;
		if (this.#asked) {
			const state = this.#queue.tick(now, this.#actions);
			if (state !== "going") this.#finish(state === "done");
		} else {
			this.#dueAt ??= now;
			const due = this.#question === undefined ? this.#dueAt : this.#restsUntil;
			if (now >= due) this.#begin(now);
			else this.#wake(due);
		}
		return this.#taken();
	}

	ask(what: string, now: number): readonly Action[] | string {
		if (this.#periodMs === 0) return ONLY_LISTENS;
		if (what === "") {
			if (!this.#asked || this.#isQuestion) this.#dueAt = Math.max(now, this.#restsUntil);
		} else {
			const wanted = this.wanted(what);
			if (typeof wanted === "string") return wanted;
			if (this.#question !== undefined) return BUSY;
			this.#question = wanted;
		}
		return this.tick(now);
	}

	end(now: number): readonly Action[] {
		this.#now = now;
		this.framer.end();
		// A poll that is cut short still gives what it has.
		if (this.#asked && !this.#isQuestion) this.#emitPoll();
		this.#asked = undefined;
		return this.#taken();
	}

	rejected(rejection: Rejection): void {
		this.#actions.push({ do: "rejected", rejection });
		this.#queue.damaged(this.#now, this.#actions);
	}

	/** A whole frame that means nothing. */
	protected refuse(code: string, offset: number, actual: number): void {
		this.framer.kept.takeLast();
		this.rejected({ rejected: true, layer: this.#name, code, offset, actual });
	}

	/** The request whose reply is awaited. */
	protected get expected(): Asked | undefined {
		return this.#asked?.[this.#queue.waitingFor];
	}

	/** It has been answered. */
	protected answered(): void {
		if (this.#queue.answered(this.#now, this.#actions)) this.#finish(true);
	}

	/** A reading, and the frame that it came in; `list` where that says which it is. */
	protected emit(quantities: readonly Quantity[], frame: Uint8Array | undefined, list?: string): void {
		this.#actions.push({ do: "reading", reading: this.#reading(quantities, list), frame });
	}

	#begin(now: number): void {
		const question = this.#question;
		this.#isQuestion = question !== undefined;
		if (!this.#isQuestion) this.#startedAt = now;
		this.#asked = this.requests(question);
		this.quantities = [];
		this.framer.kept.clear();
		this.#queue.start(this.#asked, now, this.#actions);
	}

	/** The poll is over: what came is one reading. The next begins a period after this one began. */
	#finish(complete: boolean): void {
		const { pauseMs, attempts: actual } = this.#times;
		this.#asked = undefined;
		this.#restsUntil = this.#now + pauseMs;
		if (this.#isQuestion) {
			this.#isQuestion = false;
			this.#question = undefined;
			const problem = complete ? UNKNOWN : NO_ANSWER;
			this.#actions.push(
				this.quantities.length > 0
					? { do: "answer", reading: this.#reading(this.quantities) }
					: { do: "answer", problem },
			);
			return this.#wake(Math.max(this.#dueAt ?? 0, this.#restsUntil));
		}
		if (!complete) {
			const rejection: Rejection = { rejected: true, layer: this.#name, code: "no-answer", actual };
			this.#actions.push({ do: "rejected", rejection });
		}
		this.#emitPoll();
		const after = complete ? this.#periodMs : Math.min(this.#periodMs, RETRY_MS);
		this.#dueAt = Math.max(this.#startedAt + after, this.#restsUntil);
		this.#wake(this.#question === undefined ? this.#dueAt : this.#restsUntil);
	}

	#emitPoll(): void {
		if (this.quantities.length > 0) this.emit(this.quantities, this.framer.kept.take());
	}

	#reading(quantities: readonly Quantity[], list?: string): Reading {
		const meter = { ...this.identity(quantities), ...(list && { list }) };
		return { protocol: this.#name, meter, time: this.time(quantities), quantities, devices: [] };
	}

	#wake(time: number): void {
		this.#actions.push({ do: "wakeAt", time });
	}

	#taken(): readonly Action[] {
		if (this.#actions.length === 0) return NO_ACTIONS;
		const actions = this.#actions;
		this.#actions = [];
		return actions;
	}
}

// What an output pushes to a server: items wait until there are enough or they have waited long enough, then go in one
// request; one request at a time, with a growing pause after each failure. While the server fails, items with a time of
// their own go to flash (Backlog) and are sent in order later. Knows no HTTP but its status codes.

import { runs } from "../../readings/characters.js";
import type { OutputContext, OutputHealth } from "../output.js";
import { Backlog } from "./backlog.js";
import { Backoff } from "./backoff.js";
import { lengthOf, type Parts } from "./parts.js";

/** Of flash, 4 KB each, for what waits: with MQTT's, history's and all else these fit 512 KB. */
const MOST_BLOCKS = 8;
/** A request that the server itself refuses (400, 413, 500 …) is given up after so many tries, lest it hold up all others. */
const MOST_TRIES = 5;
/** In the backlog a line feed would end the item. */
const LINE_FEED = 0x0a;
const RECORD_SEPARATOR = 0x1e;
/** Characters of a server's answer that go to the log. */
const LONGEST_ANSWER = 120;

/** Who waits for a delivery. */
export interface DeliveryOwner {
	/** It is over: an HTTP status, or 0 with what went wrong in words, free of secrets; `text`: of the answer. */
	ended(status: number, problem?: string, text?: string): void;
}

/** A delivery that is under way. */
export interface Delivery {
	/** Gives it up; nobody is told. */
	cancel(): void;
}

/** Whose batch it is: it makes items of what it is given, and sends them. */
export interface BatchSender<Source> {
	/** The output's: begins log lines, and names of files. */
	readonly name: string;
	/** Items of one request; of late ones. */
	readonly most: number;
	readonly mostLate: number;
	/** Bytes of one request; an item that is longer goes alone. */
	readonly mostBytes: number;
	/** Longest that an item waits for others, in milliseconds. */
	readonly every: number;
	/** What is sent of it; empty: nothing. Not called where there is no room. */
	parts(source: Source): Parts;
	/** Sends, and tells `owner` once, later, unless cancelled. `late`: the items waited in flash. */
	deliver(items: readonly Parts[], late: boolean, owner: DeliveryOwner): Delivery;
}

interface Item {
	readonly parts: Parts;
	readonly hourly: boolean;
	/** It says itself of when it is: it may come late. */
	readonly timed: boolean;
}

const NO_ITEMS: readonly Item[] = Object.freeze([]);

export class Batch<Source> implements DeliveryOwner {
	readonly #context: OutputContext;
	readonly #sender: BatchSender<Source>;
	readonly #backlog: Backlog;
	readonly #backoff: Backoff;
	#waiting: Item[] = [];
	#bytes = 0;
	/** Monotonic milliseconds at which the oldest of them came. */
	#waitingSince = 0;
	/** The items of the request that is on its way, or that must be tried again. */
	#sending = NO_ITEMS;
	#late = false;
	#tries = 0;
	#flight: Delivery | undefined;
	#notBefore = 0;
	#timer: unknown;
	#closed = false;
	#state: "waiting" | "ok" | "failing" = "waiting";
	#since: number;
	#lastError: string | null = null;
	#sent = 0;
	#dropped = 0;

	constructor(context: OutputContext, sender: BatchSender<Source>) {
		this.#context = context;
		this.#sender = sender;
		this.#backlog = new Backlog(context, sender.name, MOST_BLOCKS);
		this.#backoff = new Backoff(context);
		this.#since = context.now();
		this.#pump();
	}

	/** Takes an item in. `hourly`: it has the first counters of an hour; `timed`: it says itself of when it is. */
	add(source: Source, hourly: boolean, timed: boolean): void {
		const { most, mostBytes } = this.#sender;
		const fails = this.#state === "failing";
		if (fails || this.#waiting.length >= most || this.#bytes >= mostBytes) this.#spill();
		if (timed && (fails || !this.#backlog.empty)) {
			if (this.#backlog.wants(hourly)) this.#keep(hourly, this.#sender.parts(source));
		} else {
			const parts = this.#sender.parts(source);
			if (lengthOf(parts) === 0) return;
			if (this.#waiting.length === 0) this.#waitingSince = this.#context.now();
			this.#waiting.push({ parts, hourly, timed });
			this.#bytes += lengthOf(parts);
		}
		this.#pump();
	}

	health(): OutputHealth {
		const { bytes, thinned, lost } = this.#backlog;
		return {
			state: this.#state,
			since: Math.round((this.#context.now() - this.#since) / 100) / 10,
			sent: this.#sent,
			waiting: this.#waiting.length + this.#sending.length,
			lateBytes: bytes,
			thinned,
			dropped: this.#dropped + lost,
			lastError: this.#lastError,
		};
	}

	/** Gives the request up that is on its way; what can be sent later is kept in flash. */
	close(): void {
		this.#closed = true;
		this.#context.timers.clear(this.#timer);
		this.#flight?.cancel();
		this.#waiting = [...this.#sending, ...this.#waiting];
		this.#spill();
		this.#backlog.close();
	}

	/** What waits in memory goes to the backlog; what says no time would be taken for new later. */
	#spill(): void {
		for (const { parts, hourly, timed } of this.#waiting) {
			if (!timed) this.#dropped++;
			else if (this.#backlog.wants(hourly)) this.#keep(hourly, parts);
		}
		this.#waiting = [];
		this.#bytes = 0;
	}

	#keep(hourly: boolean, parts: Parts): void {
		this.#backlog.add(
			hourly,
			parts.map((part) => swapped(part, LINE_FEED, RECORD_SEPARATOR)),
		);
	}

	#pump(): void {
		if (this.#closed || this.#flight) return;
		const now = this.#context.now();
		if (now < this.#notBefore) {
			this.#wakeIn(this.#notBefore - now);
			return;
		}
		if (this.#sending.length === 0) {
			this.#late = !this.#backlog.empty;
			this.#sending = this.#late ? this.#takeLate() : this.#takeWaiting(now);
		}
		if (this.#sending.length === 0) return;
		this.#flight = this.#sender.deliver(
			this.#sending.map(({ parts }) => parts),
			this.#late,
			this,
		);
	}

	#wakeIn(milliseconds: number): void {
		this.#context.timers.clear(this.#timer);
		this.#timer = this.#context.timers.set(() => this.#pump(), milliseconds);
	}

	#takeLate(): readonly Item[] {
		const { mostLate, mostBytes } = this.#sender;
		const items: Item[] = [];
		let bytes = 0;
		while (items.length < mostLate) {
			const line = this.#backlog.peek();
			if (!line || (bytes > 0 && bytes + line.length > mostBytes)) break;
			bytes += line.length;
			const part = swapped(line, RECORD_SEPARATOR, LINE_FEED);
			if (part.length > 0) items.push({ parts: [part], hourly: true, timed: true });
			this.#backlog.remove();
		}
		return items;
	}

	/** Those that fill a request, or have waited long enough; otherwise none, and a timer. */
	#takeWaiting(now: number): readonly Item[] {
		const { most, mostBytes, every } = this.#sender;
		const waiting = this.#waiting;
		if (waiting.length === 0) return NO_ITEMS;
		const left = this.#waitingSince + every - now;
		if (waiting.length < most && this.#bytes < mostBytes && left > 0) {
			this.#wakeIn(left);
			return NO_ITEMS;
		}
		let bytes = 0;
		let count = 0;
		for (const { parts } of waiting) {
			bytes += lengthOf(parts);
			if (count > 0 && bytes > mostBytes) break;
			count++;
		}
		const taken = waiting.splice(0, count);
		for (const { parts } of taken) this.#bytes -= lengthOf(parts);
		return taken;
	}

	ended(status: number, problem?: string, text?: string): void {
		this.#flight = undefined;
		if (this.#closed) return;
		if (status >= 200 && status < 300) {
			this.#enter("ok");
			this.#sent += this.#sending.length;
			this.#sending = NO_ITEMS;
			this.#tries = 0;
			this.#backoff.reset();
		} else this.#failed(status, problem ?? `the server answers ${status}`, text ?? "");
		this.#pump();
	}

	#failed(status: number, problem: string, text: string): void {
		if (this.#state !== "failing" || problem !== this.#lastError) {
			const words = shown(text);
			this.#context.log(
				`${this.#sender.name}: ${problem}${words === "" ? "" : ` (${words})`}; trying again until it works`,
				"warning",
			);
		}
		this.#lastError = problem;
		this.#enter("failing");
		this.#tries++;
		if (refused(status) && this.#tries >= MOST_TRIES) {
			this.#dropped += this.#sending.length;
			this.#sending = NO_ITEMS;
			this.#tries = 0;
		}
		this.#spill();
		this.#notBefore = this.#context.now() + this.#backoff.next();
	}

	#enter(state: "ok" | "failing"): void {
		if (this.#state === state) return;
		if (state === "ok") this.#context.log(`${this.#sender.name}: the server takes what is sent`);
		this.#state = state;
		this.#since = this.#context.now();
	}
}

/**
 * Whether the server refuses this very request, as far as its status tells. Not those of a server that is away or busy
 * behind a proxy, nor of a wrong token or address, which somebody will put right.
 */
function refused(status: number): boolean {
	switch (status) {
		case 401:
		case 403:
		case 404:
		case 407:
		case 408:
		case 429:
		case 502:
		case 503:
		case 504:
			return false;
		default:
			return status >= 400;
	}
}

/** The bytes, copied where there is something to swap: they may be shared. */
function swapped(bytes: Uint8Array, from: number, to: number): Uint8Array {
	let at = bytes.indexOf(from);
	if (at < 0) return bytes;
	const copy = bytes.slice();
	for (; at >= 0; at = copy.indexOf(from, at + 1)) copy[at] = to;
	return copy;
}

/** The beginning of a server's answer, fit for a line of the log. */
export function shown(text: string): string {
	return runs(text.slice(0, LONGEST_ANSWER), " -~").join(" ").trim();
}

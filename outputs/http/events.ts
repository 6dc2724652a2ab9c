// Server-sent events (WHATWG HTML, 9.2) for a few clients. An event's bytes are made once and shared; a client that
// cannot keep up loses events, never memory: only the newest of each kind waits for it.

import type { HttpConnection } from "../network.js";
import type { Timers } from "../output.js";
import type { BodyStream } from "../route.js";
import { PartReader, type Parts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";

/** Clients served at a time: each holds one of the board's eight connections. */
export const MOST_EVENT_CLIENTS = 4;
/** A health event as often as this, which also keeps the connection from looking dead. */
const HEALTH_INTERVAL_MS = 10_000;
/** A client that has waited so long may be replaced by a new one. */
const REPLACEABLE_MS = 5000;
/** The browser's wait before it comes back. */
const GREETING = "retry: 2000\n\n";

export interface EventSources {
	readonly timers: Timers;
	now(): number;
	/** The newest reading as an event, or `undefined` before the first. */
	readingEvent(): Parts | undefined;
	healthJson(): string;
}

/** An event with JSON of one line as its data. */
export function eventParts(name: string, json: Parts, id?: number): Parts {
	return [utf8(`${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: `), ...json, utf8("\n\n")];
}

/** All event clients. */
export class EventHub {
	readonly #sources: EventSources;
	readonly #clients: EventClient[] = [];
	#healthTimer: unknown;
	#dropped = 0;

	constructor(sources: EventSources) {
		this.#sources = sources;
	}

	get clients(): number {
		return this.#clients.length;
	}

	/** Events that slow clients did not get. */
	get dropped(): number {
		return this.#dropped;
	}

	/** Is there room, or a client so slow that it may go? */
	hasRoom(): boolean {
		return this.#clients.length < MOST_EVENT_CLIENTS || this.#slowest() !== undefined;
	}

	/** A new client's stream; its first events are the newest reading and the health. */
	open(connection: HttpConnection, close: () => void): BodyStream {
		if (this.#clients.length >= MOST_EVENT_CLIENTS) this.#slowest()?.end();
		const client = new EventClient(connection, () => this.#sources.now(), {
			close,
			gone: (gone) => this.#remove(gone),
			dropped: () => {
				this.#dropped++;
			},
		});
		this.#clients.push(client);
		client.send("greeting", [utf8(GREETING)]);
		const reading = this.#sources.readingEvent();
		if (reading) client.send("reading", reading);
		client.send("health", this.#healthEvent());
		this.#healthTimer ??= this.#sources.timers.repeat(() => {
			const event = this.#healthEvent();
			for (const each of this.#clients.slice()) each.send("health", event);
		}, HEALTH_INTERVAL_MS);
		return client;
	}

	/** The newest reading has come: to everyone. */
	reading(): void {
		if (this.#clients.length === 0) return;
		const event = this.#sources.readingEvent();
		if (!event) return;
		for (const client of this.#clients.slice()) client.send("reading", event);
	}

	#healthEvent(): Parts {
		return eventParts("health", [utf8(this.#sources.healthJson())]);
	}

	#slowest(): EventClient | undefined {
		const now = this.#sources.now();
		let slowest: EventClient | undefined;
		let longest = REPLACEABLE_MS;
		for (const client of this.#clients) {
			const waited = client.waitingSince === undefined ? 0 : now - client.waitingSince;
			if (waited < longest) continue;
			longest = waited;
			slowest = client;
		}
		return slowest;
	}

	#remove(client: EventClient): void {
		const index = this.#clients.indexOf(client);
		if (index >= 0) this.#clients.splice(index, 1);
		if (this.#clients.length > 0) return;
		this.#sources.timers.clear(this.#healthTimer);
		this.#healthTimer = undefined;
	}
}

type Kind = "greeting" | "reading" | "health";

interface ClientEvents {
	close(): void;
	gone(client: EventClient): void;
	dropped(): void;
}

class EventClient implements BodyStream {
	readonly #connection: HttpConnection;
	readonly #now: () => number;
	readonly #events: ClientEvents;
	#window = 0;
	#current: PartReader | undefined;
	/** At most one of each kind, in the order of their first arrival. */
	readonly #waiting: { readonly kind: Kind; parts: Parts }[] = [];
	#waitingSince: number | undefined;
	#ended = false;

	constructor(connection: HttpConnection, now: () => number, events: ClientEvents) {
		this.#connection = connection;
		this.#now = now;
		this.#events = events;
	}

	get waitingSince(): number | undefined {
		return this.#waitingSince;
	}

	send(kind: Kind, parts: Parts): void {
		const waiting = this.#waiting.find((each) => each.kind === kind);
		if (waiting) {
			waiting.parts = parts;
			this.#events.dropped();
		} else this.#waiting.push({ kind, parts });
		this.#waitingSince ??= this.#now();
		this.#pump();
	}

	writable(count: number): void {
		this.#window = count;
		if (this.#waitingSince !== undefined) this.#waitingSince = this.#now();
		this.#pump();
	}

	/** Makes room for another client. */
	end(): void {
		if (!this.#ended) this.#events.close();
	}

	gone(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#window = 0;
		this.#events.gone(this);
	}

	#pump(): void {
		try {
			while (this.#window > 0) {
				if (!this.#current) {
					const next = this.#waiting.shift();
					if (!next) {
						this.#waitingSince = undefined;
						return;
					}
					this.#current = new PartReader(next.parts);
				}
				this.#window = this.#connection.write(this.#current.take(this.#window));
				if (this.#current.atEnd) this.#current = undefined;
			}
			if (!this.#current && this.#waiting.length === 0) this.#waitingSince = undefined;
		} catch {
			this.end();
		}
	}
}

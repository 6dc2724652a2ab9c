// Events for a few clients: server-sent (WHATWG HTML, 9.2) or as messages of a WebSocket. An event's JSON is made once
// and shared; a client that cannot keep up loses events, never memory: only the newest of each kind waits for it.

import type { RawLink } from "../network.js";
import type { OutputContext } from "../output.js";
import type { BodyStream, Closable, SocketStream } from "../route.js";
import { latestParts, PartReader, type Parts, partsOf } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { closeFrame, type FrameEvents, FrameReader, messageParts, TRY_AGAIN } from "./web-socket.js";

/** Clients served at a time: each holds one of the board's eight connections. */
export const MOST_EVENT_CLIENTS = 4;
/** A health event as often as this, which also keeps the connection from looking dead. */
const HEALTH_INTERVAL_MS = 10_000;
/** A client that has waited so long may be replaced by a new one. */
const REPLACEABLE_MS = 5000;
/** The browser's wait before it comes back. */
const GREETING = "retry: 2000\n\n";

/** Who keeps count of what becomes of clients. */
export interface EventHost {
	/** The client of that address took nothing, and has made room for another. */
	replaced(address: string): void;
}

/** An event's JSON, of one line, as a client of some kind wants it. */
type Wrap = (name: string, json: Parts, id?: number) => Parts;

/** Server-sent. */
export function eventParts(name: string, json: Parts, id?: number): Parts {
	return [utf8(`${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: `), ...json, utf8("\n\n")];
}

/** All event clients. */
export class EventHub {
	readonly #context: OutputContext;
	readonly #host: EventHost;
	readonly #clients: EventClient[] = [];
	#healthTimer: unknown;
	#dropped = 0;

	constructor(context: OutputContext, host: EventHost) {
		this.#context = context;
		this.#host = host;
	}

	get clients(): number {
		return this.#clients.length;
	}

	/** Events that slow clients did not get. */
	get dropped(): number {
		return this.#dropped;
	}

	/** Clients that something waits for, and how long (ms) the slowest of them has taken nothing. */
	waiting(): { readonly clients: number; readonly longest: number } {
		const now = this.#context.now();
		let clients = 0;
		let longest = 0;
		for (const { waitingSince } of this.#clients) {
			if (waitingSince === undefined) continue;
			clients++;
			longest = Math.max(longest, now - waitingSince);
		}
		return { clients, longest };
	}

	/** Is there room, or a client so slow that it may go? */
	hasRoom(): boolean {
		return this.#clients.length < MOST_EVENT_CLIENTS || this.#slowest() !== undefined;
	}

	/** A new client's stream of server-sent events; its first are the newest reading and the health. */
	open(link: RawLink, exchange: Closable, address: string): BodyStream {
		return this.#add(new EventClient(this, link, exchange, address), [utf8(GREETING)]);
	}

	/** The same over a WebSocket. */
	openSocket(link: RawLink, exchange: Closable, address: string): SocketStream {
		return this.#add(new SocketClient(this, link, exchange, address), undefined);
	}

	/** The newest reading has come: to everyone. */
	reading(): void {
		if (this.#clients.length > 0) this.#tell("reading", latestParts(this.#context.store), this.#clients);
	}

	/** Monotonic milliseconds. */
	now(): number {
		return this.#context.now();
	}

	/** A client lost an event. */
	missed(): void {
		this.#dropped++;
	}

	/** A client is gone. */
	remove(client: EventClient): void {
		const index = this.#clients.indexOf(client);
		if (index >= 0) this.#clients.splice(index, 1);
		if (this.#clients.length > 0) return;
		this.#context.timers.clear(this.#healthTimer);
		this.#healthTimer = undefined;
	}

	#add<Client extends EventClient>(client: Client, greeting: Parts | undefined): Client {
		const slowest = this.#clients.length < MOST_EVENT_CLIENTS ? undefined : this.#slowest();
		if (slowest) {
			this.#host.replaced(slowest.address);
			slowest.end();
		}
		this.#clients.push(client);
		if (greeting) client.send("greeting", greeting);
		this.#tell("reading", latestParts(this.#context.store), [client]);
		this.#tellHealth([client]);
		this.#healthTimer ??= this.#context.timers.repeat(
			() => this.#tellHealth(this.#clients),
			HEALTH_INTERVAL_MS,
		);
		return client;
	}

	#tellHealth(clients: readonly EventClient[]): void {
		this.#tell(
			"health",
			partsOf((take) => this.#context.writeHealth(take)),
			clients,
		);
	}

	/** The same bytes to all clients of a kind. */
	#tell(name: "reading" | "health", json: Parts | undefined, clients: readonly EventClient[]): void {
		if (!json) return;
		const id = name === "reading" ? this.#context.store.count : undefined;
		let wrap: Wrap | undefined;
		let parts: Parts = [];
		for (const client of clients.slice()) {
			if (client.wrap !== wrap) {
				wrap = client.wrap;
				parts = wrap(name, json, id);
			}
			client.send(name, parts);
		}
	}

	#slowest(): EventClient | undefined {
		const now = this.#context.now();
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
}

type Kind = "interjection" | "greeting" | "reading" | "health";

interface Waiting {
	readonly kind: Kind;
	parts: Parts;
}

/** A client of server-sent events. */
class EventClient implements BodyStream {
	readonly address: string;
	/** Since when written bytes wait to leave. */
	waitingSince: number | undefined;
	readonly hub: EventHub;
	readonly #link: RawLink;
	readonly #exchange: Closable;
	#window = 0;
	#current: PartReader | undefined;
	/** At most one of each kind, in the order of their first arrival; an interjection goes first. */
	readonly #waiting: Waiting[] = [];
	/** What is under way or waits is the last. */
	#last = false;
	#ended = false;

	constructor(hub: EventHub, link: RawLink, exchange: Closable, address: string) {
		this.hub = hub;
		this.#link = link;
		this.#exchange = exchange;
		this.address = address;
	}

	get wrap(): Wrap {
		return eventParts;
	}

	/** Sent where the gateway ends it and nothing is half sent. */
	get goodbye(): Uint8Array | undefined {
		return undefined;
	}

	send(kind: Kind, parts: Parts): void {
		if (this.#last) return;
		const waiting = this.#waitingOf(kind);
		if (waiting) {
			waiting.parts = parts;
			this.hub.missed();
		} else this.#waiting.push({ kind, parts });
		this.#pump();
	}

	/** A frame before all that waits, in place of one that still does. `last`: nothing follows, and the connection ends. */
	interject(frame: Uint8Array, last: boolean): void {
		if (this.#last) return;
		this.#last = last;
		if (last) this.#waiting.length = 0;
		const replaced = this.#waiting[0]?.kind === "interjection" ? 1 : 0;
		this.#waiting.splice(0, replaced, { kind: "interjection", parts: [frame] });
		this.#pump();
	}

	writable(count: number): void {
		this.#window = count;
		if (this.waitingSince !== undefined) this.waitingSince = this.hub.now();
		this.#pump();
	}

	/** Makes room for another client. */
	end(): void {
		if (this.#ended) return;
		const { goodbye } = this;
		try {
			if (goodbye && !this.#current && this.#window >= goodbye.length) this.#link.write(goodbye);
		} catch {
			// It is closed in any case.
		}
		this.#exchange.close();
	}

	gone(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#window = 0;
		this.hub.remove(this);
	}

	#waitingOf(kind: Kind): Waiting | undefined {
		for (const waiting of this.#waiting) if (waiting.kind === kind) return waiting;
		return undefined;
	}

	#pump(): void {
		this.waitingSince ??= this.hub.now();
		try {
			while (this.#window > 0) {
				if (!this.#current) {
					const next = this.#waiting.shift();
					if (!next) break;
					this.#current = new PartReader(next.parts);
				}
				this.#window = this.#link.write(this.#current.take(this.#window));
				if (this.#current.atEnd) this.#current = undefined;
			}
			if (this.#current || this.#waiting.length > 0) return;
			this.waitingSince = undefined;
			if (this.#last) this.#exchange.close();
		} catch {
			this.end();
		}
	}
}

/** A client of events over a WebSocket, which may speak, too. */
class SocketClient extends EventClient implements SocketStream, FrameEvents {
	readonly #frames = new FrameReader(this);

	override get wrap(): Wrap {
		return messageParts;
	}

	override get goodbye(): Uint8Array {
		return closeFrame(TRY_AGAIN);
	}

	received(bytes: Uint8Array): void {
		this.#frames.take(bytes, this.hub.now());
	}

	pong(frame: Uint8Array): void {
		this.interject(frame, false);
	}

	/** The client is told goodbye, and nothing after that. */
	leave(code: number): void {
		this.interject(closeFrame(code), true);
	}
}

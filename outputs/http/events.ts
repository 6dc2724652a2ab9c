// Events for a few clients: server-sent (WHATWG HTML, 9.2) or as messages of a WebSocket. An event's JSON is made once
// and shared; a client that cannot keep up loses events, never memory: only the newest of each kind waits for it.

import type { RawLink } from "../network.js";
import type { Timers } from "../output.js";
import type { BodyStream, SocketStream } from "../route.js";
import { PartReader, type Parts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { closeFrame, FrameReader, messageParts, TRY_AGAIN } from "./web-socket.js";

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
	/** The newest reading's JSON, or `undefined` before the first. */
	readingJson(): Parts | undefined;
	/** Number of the newest reading. */
	count(): number;
	healthJson(): string;
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

	/** Clients that something waits for, and how long (ms) the slowest of them has taken nothing. */
	waiting(): { readonly clients: number; readonly longest: number } {
		const now = this.#sources.now();
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
	open(link: RawLink, close: () => void, address: string): BodyStream {
		return this.#add(this.#client(link, close, { wrap: eventParts, address }), [utf8(GREETING)]);
	}

	/** The same over a WebSocket. */
	openSocket(link: RawLink, close: () => void, address: string): SocketStream {
		const goodbye = closeFrame(TRY_AGAIN);
		const client = this.#client(link, close, { wrap: messageParts, address, goodbye });
		const frames = new FrameReader({
			pong: (frame) => client.interject(frame, false),
			end: (code) => client.interject(closeFrame(code), true),
		});
		this.#add(client, undefined);
		return {
			writable: (count) => client.writable(count),
			get waitingSince() {
				return client.waitingSince;
			},
			gone: () => client.gone(),
			received: (bytes) => frames.take(bytes, this.#sources.now()),
		};
	}

	/** The newest reading has come: to everyone. */
	reading(): void {
		if (this.#clients.length > 0) this.#tell("reading", this.#sources.readingJson(), this.#clients);
	}

	#client(link: RawLink, close: () => void, kind: ClientKind): EventClient {
		return new EventClient(link, () => this.#sources.now(), {
			...kind,
			close,
			gone: (gone) => this.#remove(gone),
			dropped: () => {
				this.#dropped++;
			},
		});
	}

	#add(client: EventClient, greeting: Parts | undefined): EventClient {
		const slowest = this.#clients.length < MOST_EVENT_CLIENTS ? undefined : this.#slowest();
		if (slowest) {
			this.#sources.replaced(slowest.address);
			slowest.end();
		}
		this.#clients.push(client);
		if (greeting) client.send("greeting", greeting);
		this.#tell("reading", this.#sources.readingJson(), [client]);
		this.#tellHealth([client]);
		this.#healthTimer ??= this.#sources.timers.repeat(
			() => this.#tellHealth(this.#clients),
			HEALTH_INTERVAL_MS,
		);
		return client;
	}

	#tellHealth(clients: readonly EventClient[]): void {
		this.#tell("health", [utf8(this.#sources.healthJson())], clients);
	}

	/** The same bytes to all clients of a kind. */
	#tell(name: "reading" | "health", json: Parts | undefined, clients: readonly EventClient[]): void {
		if (!json) return;
		const id = name === "reading" ? this.#sources.count() : undefined;
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

type Kind = "interjection" | "greeting" | "reading" | "health";

interface ClientKind {
	readonly wrap: Wrap;
	readonly address: string;
	/** Sent where the gateway ends it and nothing is half sent. */
	readonly goodbye?: Uint8Array;
}

interface ClientOptions extends ClientKind {
	close(): void;
	gone(client: EventClient): void;
	dropped(): void;
}

class EventClient implements BodyStream {
	readonly #link: RawLink;
	readonly #now: () => number;
	readonly #options: ClientOptions;
	#window = 0;
	#current: PartReader | undefined;
	/** At most one of each kind, in the order of their first arrival; an interjection goes first. */
	readonly #waiting: { readonly kind: Kind; parts: Parts }[] = [];
	#waitingSince: number | undefined;
	/** What is under way or waits is the last. */
	#last = false;
	#ended = false;

	constructor(link: RawLink, now: () => number, options: ClientOptions) {
		this.#link = link;
		this.#now = now;
		this.#options = options;
	}

	get wrap(): Wrap {
		return this.#options.wrap;
	}

	get address(): string {
		return this.#options.address;
	}

	get waitingSince(): number | undefined {
		return this.#waitingSince;
	}

	send(kind: Kind, parts: Parts): void {
		if (this.#last) return;
		const waiting = this.#waiting.find((each) => each.kind === kind);
		if (waiting) {
			waiting.parts = parts;
			this.#options.dropped();
		} else this.#waiting.push({ kind, parts });
		this.#pump();
	}

	/** A frame before all that waits, in place of one that still does. `last`: nothing follows, and the connection ends. */
	interject(frame: Uint8Array, last: boolean): void {
		if (this.#last) return;
		this.#last = last;
		if (last) this.#waiting.length = 0;
		else if (this.#waiting[0]?.kind === "interjection") this.#waiting.shift();
		this.#waiting.unshift({ kind: "interjection", parts: [frame] });
		this.#pump();
	}

	writable(count: number): void {
		this.#window = count;
		if (this.#waitingSince !== undefined) this.#waitingSince = this.#now();
		this.#pump();
	}

	/** Makes room for another client. */
	end(): void {
		if (this.#ended) return;
		const { goodbye, close } = this.#options;
		try {
			if (goodbye && !this.#current && this.#window >= goodbye.length) this.#link.write(goodbye);
		} catch {
			// It is closed in any case.
		}
		close();
	}

	gone(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#window = 0;
		this.#options.gone(this);
	}

	#pump(): void {
		this.#waitingSince ??= this.#now();
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
			this.#waitingSince = undefined;
			if (this.#last) this.#options.close();
		} catch {
			this.end();
		}
	}
}

// The contract of an address that the web server answers: what it needs, what body it takes, how it answers. Routes of
// the app (firmware, log, portal) are handed to the server in this shape; it is the server that sees to their safety.
// Routes are constants, in flash; what they work on has them (`Responder`), and is given to them.

import type { Access, Identity, Right } from "../access/access.js";
import type { HttpRequest, RawLink } from "./network.js";
import type { Parts } from "./shared/parts.js";

export type Headers = readonly (readonly [name: string, value: string])[];

/** `body` is sent as it is; without one nothing follows the headers. */
export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body?: Uint8Array | Parts;
}

/** A body that comes in time: the event stream. */
export interface BodyStream {
	/** At most `count` bytes may be written now. */
	writable(count: number): void;
	/** Since when (monotonic ms) written bytes wait to leave; `undefined` when none do. */
	readonly waitingSince: number | undefined;
	/** The connection is gone. */
	gone(): void;
}

/** What ends where a stream does: its connection. */
export interface Closable {
	close(): void;
}

/** An answer whose body is a stream; `exchange` ends with it. */
export interface StreamAnswer {
	readonly answer: Answer;
	open(connection: RawLink, exchange: Closable): BodyStream;
}

/** A stream both ways, on a connection that has left HTTP. */
export interface SocketStream extends BodyStream {
	/** The client's next bytes; the array is the receiver's. */
	received(bytes: Uint8Array): void;
}

/** Agrees to a WebSocket (RFC 6455) with the client's key. */
export interface SocketAnswer {
	readonly key: string;
	socket(link: RawLink, exchange: Closable): SocketStream;
}

/** An answer that takes its time: `begin` starts the work, which calls `reply` once, at once or within a minute. */
export interface LaterAnswer {
	begin(reply: (answer: Answer) => void): void;
}

export type RouteAnswer = Answer | StreamAnswer | SocketAnswer | LaterAnswer;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** `open`: anyone who calls the gateway by its name; otherwise the right that is needed. */
export type Need = "open" | Exclude<Right, "none">;

/** What a request with a body must look like. */
export interface BodyRule<Self = Responder> {
	/** Bytes. */
	readonly most: number;
	/** Media type without parameters. */
	readonly type: string;
	/** How long the whole request may take where this is more than 10 s. Granted to who has the route's right only. */
	readonly milliseconds?: number;
	/** Takes the body as it comes, instead of `Call.body`. */
	receive?(self: Self, call: Call): BodyReceiver;
}

export interface BodyReceiver {
	/** The next bytes; the array is the receiver's to read until it returns. */
	take(bytes: Uint8Array): void;
	/** The client is gone before the end. */
	abandon(): void;
}

/** One request that may be answered: everything it needs has been seen to. */
export interface Call {
	readonly request: HttpRequest;
	/** The path without query. */
	readonly path: string;
	/** The last segment, where the route's path ends in `/*`. */
	readonly last: string;
	readonly identity: Identity;
	readonly client: RequestClient;
	/** Empty where the route takes none, or receives it itself. */
	readonly body: Uint8Array;
	/** What `BodyRule.receive` gave for this request, when its body is complete; absent before and elsewhere. */
	readonly receiver?: BodyReceiver | undefined;
}

/** Who asks, as far as the connection tells. */
export interface RequestClient {
	/** IP address; empty where it is not known. */
	readonly address: string;
	/** A proxy says that it asks for somebody else. */
	readonly forwarded: boolean;
}

/** `Self`: what has the route among its own. */
export interface Route<Self = Responder> {
	/** Method and path, as OpenAPI has them: exact, or ending in `/*` for one segment more. */
	readonly at: `${Method} /${string}`;
	/** `admin` where nothing is said. */
	readonly need?: Need;
	/** Without it the request's body is thrown away. */
	readonly body?: BodyRule<Self>;
	/** Instead of `body` where it is not known before the start. */
	bodyFor?(self: Self): BodyRule<Self>;
	/** Refused for other sites' pages, as every change is: for streams, of which there are few. */
	readonly ownPagesOnly?: boolean;
	answer(self: Self, call: Call): RouteAnswer;
}

/** What answers at some addresses. There from the start on; nothing is made for a request but its answer. */
export interface Responder {
	readonly routes: readonly Route<this>[];
}

/** Constants of a module. Frozen each: XS keeps a pointer in RAM for every object of flash that could be changed. */
export function routeTable<Self>(routes: readonly Route<Self>[]): readonly Route<Self>[] {
	return Object.freeze(routes.map((route) => Object.freeze(route)));
}

/** What makes a request legitimate: given to the server by the app. Without it there is reading, and nothing else. */
export interface Gate {
	readonly access: Access;
	/** Names the gateway is called by in `Host`, in lower case; addresses and, on this computer, `localhost` come on top. */
	hostNames(): readonly string[];
	/** What a client of that address may do before there is a password. */
	setupRight(client: RequestClient): "portal" | "password" | "no";
	/** The captive portal's answer to a request for whatever host; `undefined` where it has none. */
	intercept?(request: HttpRequest, client: RequestClient): Answer | undefined;
}

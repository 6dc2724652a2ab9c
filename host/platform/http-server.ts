// The SDK's `embedded:network/http/server` on Node: connections come from the given ECMA-419 listener, node:http
// reads and writes HTTP. As in the SDK, each connection carries one request and is closed after its answer.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Received } from "./received.js";
import { type Connected, SocketStream } from "./socket-stream.js";

/** Most bytes of body that may wait in either direction. */
const WINDOW = 16 * 1024;

export interface HTTPRequest {
	readonly method: string;
	readonly path: string;
	readonly headers: Map<string, string>;
}

export interface HTTPResponse {
	status: number;
	readonly headers: Map<string, string>;
}

export interface Handlers {
	onRequest?(this: Connection, request: HTTPRequest): void;
	onReadable?(this: Connection, count: number): void;
	onResponse?(this: Connection, response: HTTPResponse): void;
	onWritable?(this: Connection, count: number): void;
	onDone?(this: Connection): void;
	onError?(this: Connection, message?: unknown): void;
}

/** Connections by the stream that node:http knows them by. */
const CONNECTIONS = new WeakMap<object, Connection>();

class Connection {
	readonly #parser: Server;
	#from: Connected | undefined;
	#stream: SocketStream | undefined;
	#handlers: Handlers = {};
	#request: HTTPRequest | undefined;
	#message: IncomingMessage | undefined;
	#answer: ServerResponse | undefined;
	readonly #received = new Received();
	#complete = false;
	#state: "request" | "answer" | "body" | "closed" = "request";
	/** Bytes of body still to be written; `chunked`, or `undefined` where closing ends it. */
	#remaining: number | "chunked" | undefined;

	constructor(from: Connected, parser: Server) {
		this.#from = from;
		this.#parser = parser;
	}

	accept(handlers: Handlers): void {
		const from = this.#from;
		if (!from) throw new Error("accepted already, or closed");
		this.#from = undefined;
		this.#handlers = { ...handlers };
		const stream = new SocketStream(from);
		this.#stream = stream;
		CONNECTIONS.set(stream, this);
		stream.on("error", (error) => this.#fail(error.message));
		stream.on("close", () => this.#fail("closed"));
		this.#parser.emit("connection", stream);
	}

	/** Hands the request to other handlers, from inside `onRequest`. */
	set route(handlers: Handlers) {
		this.#handlers = { ...handlers };
		if (this.#request) this.#handlers.onRequest?.call(this, this.#request);
	}

	read(count?: number): ArrayBuffer | undefined {
		if (this.#state !== "request") return undefined;
		const data = this.#received.take(count);
		if (data) {
			this.#message?.resume();
			this.#replyWhenRead();
		}
		return data;
	}

	respond(response: HTTPResponse): void {
		const answer = this.#answer;
		if (!answer || this.#state !== "answer") throw new Error("bad state");
		const length = response.headers.get("content-length");
		const chunked = response.headers.get("transfer-encoding") === "chunked";
		this.#remaining = chunked ? "chunked" : length === undefined ? undefined : Number.parseInt(length, 10);
		this.#state = "body";
		answer.shouldKeepAlive = false;
		answer.useChunkedEncodingByDefault = false;
		answer.sendDate = false;
		answer.writeHead(response.status, [...response.headers].flat());
		answer.flushHeaders();
		if (this.#remaining === 0) this.#end();
		else setImmediate(() => this.#tellWritable());
	}

	/** Takes all or throws; without data: the end of a chunked body. */
	write(data?: ArrayBuffer | Uint8Array): number {
		const answer = this.#answer;
		if (!answer || this.#state !== "body") throw new Error("bad state");
		if (!data) {
			if (typeof this.#remaining === "number") throw new Error("bad data");
			this.#end();
			return 0;
		}
		const bytes = new Uint8Array(data).slice();
		if (bytes.length > this.#writable) throw new Error("would block");
		answer.write(bytes, () => setImmediate(() => this.#tellWritable()));
		if (typeof this.#remaining === "number") {
			this.#remaining -= bytes.length;
			if (this.#remaining === 0) this.#end();
		}
		return this.#writable;
	}

	close(): void {
		this.#state = "closed";
		this.#stream?.destroy();
		this.#stream = undefined;
		this.#from?.close();
		this.#from = undefined;
	}

	/** node:http has read the head. */
	start(message: IncomingMessage, answer: ServerResponse): void {
		// A second request on the same connection: the first closes it.
		if (this.#message) return;
		this.#message = message;
		this.#answer = answer;
		const headers = new Map<string, string>();
		for (const [name, value] of Object.entries(message.headers)) {
			if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
		}
		this.#request = { method: message.method ?? "", path: message.url ?? "", headers };
		message.on("data", (chunk: Buffer) => this.#receive(chunk));
		message.on("end", () => {
			this.#complete = true;
			this.#replyWhenRead();
		});
		this.#call(() => this.#handlers.onRequest?.call(this, this.#request as HTTPRequest));
	}

	#receive(chunk: Buffer): void {
		this.#received.add(chunk);
		if (this.#received.count >= WINDOW) this.#message?.pause();
		this.#call(() => this.#handlers.onReadable?.call(this, this.#received.count));
	}

	#replyWhenRead(): void {
		if (!this.#complete || this.#received.count > 0 || this.#state !== "request") return;
		this.#state = "answer";
		setImmediate(() => {
			const response: HTTPResponse = { headers: new Map(), status: 200 };
			this.#call(() => {
				if (this.#handlers.onResponse) this.#handlers.onResponse.call(this, response);
				else {
					response.headers.set("content-length", "0");
					this.respond(response);
				}
			});
		});
	}

	get #writable(): number {
		if (this.#state !== "body" || !this.#stream || !this.#answer) return 0;
		const waiting = this.#stream.writableLength + this.#answer.writableLength;
		const room = Math.max(0, WINDOW - waiting);
		return typeof this.#remaining === "number" ? Math.min(room, this.#remaining) : room;
	}

	#tellWritable(): void {
		const count = this.#writable;
		if (count > 0 && !this.#answer?.writableEnded)
			this.#call(() => this.#handlers.onWritable?.call(this, count));
	}

	#end(): void {
		this.#answer?.end(() => {
			if (this.#state === "closed") return;
			this.#call(() => this.#handlers.onDone?.call(this));
			this.close();
		});
	}

	#call(callback: () => void): void {
		if (this.#state !== "closed") callback();
	}

	#fail(reason: string): void {
		if (this.#state === "closed") return;
		this.close();
		this.#handlers.onError?.call(this, reason);
	}
}

/** Time limits are the listener's own; the SDK's server asks for no Host header. */
const PARSING = Object.freeze({ requestTimeout: 0, headersTimeout: 0, requireHostHeader: false });

interface ListenerLike {
	readonly port: number;
	readonly target: unknown;
	read(): Connected | undefined;
	close(): void;
}

type ListenerClass = new (options: {
	readonly port: number;
	readonly target: unknown;
	onReadable(this: ListenerLike, count: number): void;
}) => ListenerLike;

export default class HTTPServer {
	#listener: ListenerLike | undefined;
	readonly #port: number;

	constructor(options: {
		readonly io: unknown;
		readonly port?: number;
		onConnect(connection: Connection): void;
	}) {
		const parser = createServer(PARSING, (message, answer) =>
			CONNECTIONS.get(message.socket)?.start(message, answer),
		);
		parser.on("clientError", (error, stream) => stream.destroy(error));
		const Listener = options.io as ListenerClass;
		this.#listener = new Listener({
			port: options.port ?? 80,
			target: this,
			onReadable(count) {
				for (let index = 0; index < count; index++) {
					const from = this.read();
					// As the SDK does, with the server as `this`.
					if (from) options.onConnect.call(this.target, new Connection(from, parser));
				}
			},
		});
		this.#port = this.#listener.port;
	}

	get port(): number {
		return this.#port;
	}

	close(): void {
		this.#listener?.close();
		this.#listener = undefined;
	}
}

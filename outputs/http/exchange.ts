// One request on one connection: takes the request, asks for its answer, writes it in pieces as the window allows.
// Knows no route. The SDK sets no time limits, so each exchange keeps the time of its last progress for the sweep.

import type { HttpConnection, HttpRequest, HttpResponse } from "../network.js";
import { type Answer, commonHeaders } from "./answer.js";

/** Largest request body that is read and thrown away; nothing here takes one. */
const LARGEST_BODY = 4096;
/** The whole request must be there after this. */
const REQUEST_TIMEOUT_MS = 10_000;
/** An answer whose client takes nothing for so long is given up. */
const STALL_TIMEOUT_MS = 30_000;

/** A body that comes in time: the event stream. */
export interface BodyStream {
	/** At most `count` bytes may be written now. */
	writable(count: number): void;
	/** Since when (monotonic ms) written bytes wait to leave; `undefined` when none do. */
	readonly waitingSince: number | undefined;
	/** The connection is gone. */
	gone(): void;
}

/** An answer whose body is a stream; `close` ends the exchange. */
export interface StreamAnswer {
	readonly answer: Answer;
	open(connection: HttpConnection, close: () => void): BodyStream;
}

/** What an exchange needs from its server. */
export interface ExchangeHost {
	now(): number;
	/** Runs the callback after the current one. */
	later(callback: () => void): void;
	/** The answer; `open` where a stream of events follows its headers. */
	answer(request: HttpRequest): Answer | StreamAnswer;
	/** The exchange is over; told once. */
	finished(exchange: Exchange): void;
}

export class Exchange {
	readonly #host: ExchangeHost;
	readonly #connection: HttpConnection;
	#request: HttpRequest | undefined;
	#discarded = 0;
	#body: Uint8Array | undefined;
	#sent = 0;
	#stream: BodyStream | undefined;
	#answering = false;
	#over = false;
	#progress: number;

	constructor(connection: HttpConnection, host: ExchangeHost) {
		this.#host = host;
		this.#connection = connection;
		this.#progress = host.now();
	}

	/** Takes the connection on. */
	begin(): void {
		this.#connection.accept({
			onRequest: (request) => {
				this.#request = { method: request.method, path: request.path, headers: request.headers };
			},
			onReadable: (count) => this.#discard(count),
			// Later, not now: the SDK is still in its parser, and would go on with a connection that a short answer closed.
			onResponse: (response) => this.#host.later(() => this.#respond(response)),
			onWritable: (count) => this.#write(count),
			onDone: () => this.#finish(),
			onError: () => this.#finish(),
		});
	}

	/** Ends it, whatever its state. */
	close(): void {
		if (this.#over) return;
		this.#connection.close();
		this.#finish();
	}

	/** Closes it where the client has kept still for too long; true if so. */
	closeIfStalled(now: number): boolean {
		const since = this.#stream ? this.#stream.waitingSince : this.#progress;
		if (since === undefined) return false;
		if (now - since < (this.#answering ? STALL_TIMEOUT_MS : REQUEST_TIMEOUT_MS)) return false;
		this.close();
		return true;
	}

	#discard(count: number): void {
		this.#discarded += count;
		if (count <= 0 || this.#discarded > LARGEST_BODY) this.close();
		else this.#connection.read(count);
	}

	#respond(response: HttpResponse): void {
		const request = this.#request;
		if (this.#over || !request) return;
		this.#request = undefined;
		this.#answering = true;
		this.#progress = this.#host.now();
		const result = this.#host.answer(request);
		const answer = "open" in result ? result.answer : result;
		response.status = answer.status;
		for (const [name, value] of commonHeaders()) response.headers.set(name, value);
		for (const [name, value] of answer.headers) response.headers.set(name, value);
		if (request.method !== "HEAD") {
			if ("open" in result) {
				// Neither length nor chunks: the stream lasts until the connection ends (RFC 9112, 6.3). The SDK's server loses
				// the end of a chunked body.
				this.#stream = result.open(this.#connection, () => this.close());
			} else if (answer.body) {
				response.headers.set("content-length", `${answer.body.byteLength}`);
				this.#body = answer.body;
			}
		}
		this.#connection.respond(response);
	}

	#write(count: number): void {
		if (this.#over) return;
		this.#progress = this.#host.now();
		if (this.#stream) {
			this.#stream.writable(count);
			return;
		}
		const body = this.#body;
		if (!body) {
			// No body (HEAD, 304): the headers have gone out, and nothing else will tell the SDK that this was all.
			this.close();
			return;
		}
		try {
			let window = count;
			while (window > 0 && this.#sent < body.byteLength) {
				const from = this.#sent;
				// Counted first: with the last byte the connection is done and calls back.
				this.#sent = Math.min(from + window, body.byteLength);
				window = this.#connection.write(body.subarray(from, this.#sent));
			}
		} catch {
			this.close();
		}
	}

	#finish(): void {
		if (this.#over) return;
		this.#over = true;
		this.#body = undefined;
		this.#stream?.gone();
		this.#host.finished(this);
	}
}

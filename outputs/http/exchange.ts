// One request on one connection: has it judged as soon as its head is there, collects its body, asks for its answer,
// writes it in pieces as the window allows. Knows no route. Each exchange keeps the time of its last progress for the
// sweep.

import type {
	HttpConnection,
	HttpHandlers,
	HttpPeer,
	HttpRequest,
	HttpResponse,
	RawTaker,
} from "../network.js";
import type {
	Answer,
	BodyReceiver,
	BodyStream,
	Headers,
	RequestClient,
	SocketAnswer,
	SocketStream,
	StreamAnswer,
} from "../route.js";
import { lengthOf, PartReader, type Parts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { COMMON_HEADERS, problem } from "./answer.js";
import type { Admitted, Judgement } from "./router.js";

/** The whole request must be there after this, unless its route grants more. */
const REQUEST_TIMEOUT_MS = 10_000;
/** An answer whose client takes nothing for so long is given up. */
const STALL_TIMEOUT_MS = 30_000;
/** An answer that takes its time. */
const WORK_TIMEOUT_MS = 60_000;
/** Most bytes of a body that is thrown away to get at the answer. */
const LARGEST_DISCARDED = 4096;

/** What an exchange needs from its server. */
export interface ExchangeHost {
	now(): number;
	/** Runs the callback after the current one. */
	later(callback: () => void): void;
	/** Whether the request may be answered; asked once, before its body is read. */
	judge(request: HttpRequest, client: RequestClient): Judgement;
	/** A route's code failed; the client is told 500. */
	fault(error: unknown): void;
	/** The exchange is over; told once. */
	finished(exchange: Exchange): void;
}

const NOTHING = new Uint8Array(0);

/** Of every connection, whose `target` is its exchange: functions made for each would lie in RAM while it is open. */
const HANDLERS: HttpHandlers = Object.freeze({
	onRequest(this: HttpConnection, request: HttpRequest): void {
		exchangeOf(this).judge(request);
	},
	onReadable(this: HttpConnection, count: number): void {
		exchangeOf(this).read(count);
	},
	onResponse(this: HttpConnection, response: HttpResponse): void {
		exchangeOf(this).respondLater(response);
	},
	onWritable(this: HttpConnection, count: number): void {
		exchangeOf(this).onWritable(count);
	},
	onDone(this: HttpConnection): void {
		exchangeOf(this).finish();
	},
	onError(this: HttpConnection): void {
		exchangeOf(this).finish();
	},
});

function exchangeOf(connection: HttpConnection): Exchange {
	return connection.target as Exchange;
}

export class Exchange implements RawTaker {
	readonly #host: ExchangeHost;
	readonly #connection: HttpConnection;
	readonly #peer: HttpPeer;
	#headOnly = false;
	#admitted: Admitted | undefined;
	#refusal: Answer | undefined;
	/** Of every answer to this request, besides its own. */
	#further: Headers = [];
	#received = NOTHING;
	#receivedCount = 0;
	#discarded = 0;
	#body: PartReader | undefined;
	#stream: BodyStream | SocketStream | undefined;
	#headed = false;
	#over = false;
	#progress: number;
	#timeout = REQUEST_TIMEOUT_MS;

	constructor(connection: HttpConnection, peer: HttpPeer, host: ExchangeHost) {
		this.#host = host;
		this.#connection = connection;
		this.#peer = peer;
		this.#progress = host.now();
	}

	/** Takes the connection on. */
	begin(): void {
		this.#connection.target = this;
		this.#connection.accept(HANDLERS);
	}

	/** Who asks: an IP address. */
	get address(): string {
		return this.#peer.address;
	}

	/** Ends it, whatever its state. */
	close(): void {
		if (this.#over) return;
		this.#connection.close();
		this.finish();
	}

	/** Closes it where the client has kept still for too long; true if so. */
	closeIfStalled(now: number): boolean {
		const since = this.#stream ? this.#stream.waitingSince : this.#progress;
		if (since === undefined || now - since < this.#timeout) return false;
		this.close();
		return true;
	}

	judge(request: HttpRequest): void {
		this.#headOnly = request.method === "HEAD";
		const forwarded = request.headers.has("forwarded") || request.headers.has("x-forwarded-for");
		const judgement = this.#guarded(() =>
			this.#host.judge(request, { address: this.#peer.address, forwarded }),
		) ?? {
			refusal: failed(),
		};
		const length = Number(request.headers.get("content-length") ?? 0);
		if ("refusal" in judgement) {
			// What was refused is not read to its end first.
			if (length > 0) this.#peer.refuse(rawAnswer(judgement.refusal));
			else this.#refusal = judgement.refusal;
			return;
		}
		this.#admitted = judgement;
		this.#further = judgement.headers ?? [];
		const { body, receiver } = judgement;
		if (!body) return;
		if (body.milliseconds !== undefined) {
			this.#timeout = body.milliseconds;
			this.#peer.allow(body.most, body.milliseconds);
		}
		if (!receiver) this.#received = new Uint8Array(length);
	}

	read(count: number): void {
		if (this.#over) return;
		const data = this.#connection.read(count);
		const bytes = data ? new Uint8Array(data) : NOTHING;
		const admitted = this.#admitted;
		if (admitted?.receiver) {
			if (!this.#guarded(() => taken(admitted.receiver, bytes))) this.close();
		} else if (admitted?.body && this.#receivedCount + bytes.length <= this.#received.length) {
			this.#received.set(bytes, this.#receivedCount);
			this.#receivedCount += bytes.length;
		} else {
			this.#discarded += count;
			if (this.#discarded > LARGEST_DISCARDED) this.close();
		}
	}

	/** Not now: the SDK is still in its parser, and would go on with a connection that a short answer closed. */
	respondLater(response: HttpResponse): void {
		this.#host.later(() => this.#respond(response));
	}

	#respond(response: HttpResponse): void {
		if (this.#over) return;
		this.#progress = this.#host.now();
		const admitted = this.#admitted;
		if (!admitted) {
			if (this.#refusal) this.#send(response, this.#refusal);
			return;
		}
		this.#timeout = WORK_TIMEOUT_MS;
		const body = this.#received.subarray(0, this.#receivedCount);
		const result = this.#guarded(() => admitted.answer(body)) ?? failed();
		// The request and its headers are no longer needed, and a stream may go on for days.
		this.#admitted = undefined;
		this.#received = NOTHING;
		if ("socket" in result) {
			this.#leaveHttp(result);
			return;
		}
		if (!("begin" in result)) {
			this.#send(response, result);
			return;
		}
		let replied = false;
		result.begin((answer) => {
			if (replied) return;
			replied = true;
			this.#send(response, answer);
		});
	}

	/** What the function gives; `undefined` where it throws, which ends neither the server nor the machine. */
	#guarded<T>(run: () => T): T | undefined {
		try {
			return run();
		} catch (error) {
			this.#host.fault(error);
			return undefined;
		}
	}

	#send(response: HttpResponse, result: Answer | StreamAnswer): void {
		if (this.#over || this.#headed) return;
		this.#headed = true;
		this.#progress = this.#host.now();
		this.#timeout = STALL_TIMEOUT_MS;
		const answer = "open" in result ? result.answer : result;
		response.status = answer.status;
		for (const [name, value] of COMMON_HEADERS) response.headers.set(name, value);
		for (const [name, value] of answer.headers) response.headers.set(name, value);
		for (const [name, value] of this.#further) response.headers.set(name, value);
		this.#further = [];
		if (!this.#headOnly) {
			if ("open" in result) {
				// Neither length nor chunks: the stream lasts until the connection ends (RFC 9112, 6.3). The SDK's server loses
				// the end of a chunked body.
				this.#stream = result.open(this.#connection, this);
			} else if (answer.body) {
				const parts = partsIn(answer.body);
				response.headers.set("content-length", `${lengthOf(parts)}`);
				this.#body = new PartReader(parts);
			}
		}
		this.#connection.respond(response);
	}

	#leaveHttp({ key, socket }: SocketAnswer): void {
		if (this.#over || this.#headed) return;
		this.#headed = true;
		this.#timeout = STALL_TIMEOUT_MS;
		const link = this.#peer.webSocket(key, this);
		if (link) this.#stream = socket(link, this);
		else this.close();
	}

	/** Of a connection that has left HTTP. */
	onBytes(bytes: Uint8Array): void {
		const stream = this.#stream;
		if (stream && "received" in stream) stream.received(bytes);
	}

	onWritable(count: number): void {
		if (this.#over) return;
		this.#progress = this.#host.now();
		if (this.#stream) {
			this.#stream.writable(count);
			return;
		}
		const body = this.#body;
		if (!body) {
			// No body (HEAD, 204, 304): the headers have gone out, and nothing else will tell the SDK that this was all.
			this.close();
			return;
		}
		try {
			let window = count;
			// What is taken counts as sent: with the last byte the connection is done and calls back.
			while (window > 0 && !body.atEnd) window = this.#connection.write(body.take(window));
		} catch {
			this.close();
		}
	}

	finish(): void {
		if (this.#over) return;
		this.#over = true;
		this.#body = undefined;
		this.#received = NOTHING;
		this.#stream?.gone();
		if (!this.#headed) this.#admitted?.receiver?.abandon();
		this.#host.finished(this);
	}
}

function taken(receiver: BodyReceiver | undefined, bytes: Uint8Array): boolean {
	receiver?.take(bytes);
	return true;
}

function failed(): Answer {
	return problem(500, "Fault", "The gateway failed to answer. Its log may say why.");
}

/** The bytes of a whole answer, for a request that is not read to its end. */
function rawAnswer({ status, headers, body }: Answer): Uint8Array {
	// The reason is for people (RFC 9112, 4); the body says it better.
	const lines = [`HTTP/1.1 ${status} Refused`];
	for (const [name, value] of [...COMMON_HEADERS, ...headers]) lines.push(`${name}: ${value}`);
	const parts = partsIn(body);
	lines.push(`content-length: ${lengthOf(parts)}`, "", "");
	const head = utf8(lines.join("\r\n"));
	const bytes = new Uint8Array(head.length + lengthOf(parts));
	bytes.set(head);
	let at = head.length;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.byteLength;
	}
	return bytes;
}

function partsIn(body: Answer["body"]): Parts {
	return body === undefined ? [] : body instanceof Uint8Array ? [body] : body;
}

// One HTTP/1.1 request and its answer on a connection of its own: the body leaves part by part as there is room, the
// answer is handed on as it comes. No redirects, no keep-alive, no time limits: these are its callers'.
// Source: RFC 9112.

import type { HttpCallOptions } from "../outputs/network.js";
import { lengthOf, PartReader } from "../outputs/shared/parts.js";
import { ClientSocket, type ClientSocketOwner } from "./client-socket.js";
import { type AnswerReader, HttpAnswer } from "./http-answer.js";

export interface ExchangeRequest extends Pick<HttpCallOptions, "host" | "port" | "path" | "tls"> {
	readonly method: string;
	readonly headers?: HttpCallOptions["headers"];
	readonly body?: HttpCallOptions["body"];
}

/** Whom an exchange tells. */
export interface ExchangeOwner {
	/** `length` of the body in bytes where the server says so. */
	onHead(status: number, length: number | undefined): void;
	/** The next bytes of the body; the array is the receiver's. */
	onBody(bytes: Uint8Array): void;
	/** Over; `problem` in words where the answer is not complete. Once, and not after `close`. */
	onEnd(problem: string | undefined): void;
}

export class HttpExchange implements ClientSocketOwner, AnswerReader {
	readonly #owner: ExchangeOwner;
	readonly #answer = new HttpAnswer();
	readonly #socket: ClientSocket;
	/** What is being written: the head, then the body, which waits. */
	#writing: PartReader;
	#body: HttpCallOptions["body"];
	#closed = false;

	/** Throws where the request cannot be written. */
	constructor(request: ExchangeRequest, owner: ExchangeOwner) {
		this.#owner = owner;
		this.#writing = new PartReader([headOf(request)]);
		this.#body = request.body;
		this.#socket = new ClientSocket(request, this);
	}

	get waitsFor(): string {
		return this.#socket.waitsFor;
	}

	close(): void {
		this.#closed = true;
		this.#socket.close();
	}

	onWritable(room: number): void {
		for (let left = room; left > 0 && !this.#closed; ) {
			if (this.#writing.atEnd) {
				if (!this.#body) return;
				this.#writing = new PartReader(this.#body);
				this.#body = undefined;
			}
			const piece = this.#writing.take(left);
			if (piece.length > 0) left = this.#socket.write(piece);
		}
	}

	onBytes(bytes: Uint8Array): void {
		const problem = this.#answer.take(bytes, this);
		if (problem !== undefined || this.#answer.complete) this.#end(problem);
	}

	head(): void {
		this.#owner.onHead(this.#answer.status, this.#answer.length);
	}

	body(piece: Uint8Array): void {
		if (!this.#closed) this.#owner.onBody(piece);
	}

	onEnd(problem: string | undefined): void {
		this.#end(problem ?? this.#answer.end());
	}

	#end(problem: string | undefined): void {
		if (this.#closed) return;
		this.close();
		this.#owner.onEnd(problem);
	}
}

function headOf({ method, host, port, path, tls, headers = [], body }: ExchangeRequest): Uint8Array {
	const at = port === (tls ? 443 : 80) ? host : `${host}:${port}`;
	const lines = [`${method} ${path} HTTP/1.1`, `Host: ${at}`, "Connection: close"];
	if (body || method !== "GET") lines.push(`Content-Length: ${lengthOf(body ?? [])}`);
	for (const [name, value] of headers) lines.push(`${name}: ${value}`);
	for (const line of lines)
		if (line.indexOf("\n") >= 0 || line.indexOf("\r") >= 0)
			throw new Error("a line break in the address or a header");
	return new Uint8Array(ArrayBuffer.fromString(`${lines.join("\r\n")}\r\n\r\n`));
}

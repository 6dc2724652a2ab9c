// One HTTP/1.1 request and its answer on a connection of its own: the body leaves part by part as there is room, the
// answer is handed on as it comes. No redirects, no keep-alive, no time limits: these are its callers'.
// Source: RFC 9112.

import type { HttpCallOptions } from "../outputs/network.js";
import { ClientSocket } from "./client-socket.js";
import { HttpAnswer } from "./http-answer.js";

export interface ExchangeOptions extends Pick<HttpCallOptions, "host" | "port" | "path" | "tls"> {
	readonly method: string;
	readonly headers?: HttpCallOptions["headers"];
	readonly body?: HttpCallOptions["body"];
	/** `length` of the body in bytes where the server says so. */
	onHead(status: number, length: number | undefined): void;
	/** The next bytes of the body; the array is the receiver's. */
	onBody(bytes: Uint8Array): void;
	/** Over; `problem` in words where the answer is not complete. Once, and not after `close`. */
	onEnd(problem: string | undefined): void;
}

export class HttpExchange {
	readonly #options: ExchangeOptions;
	readonly #answer = new HttpAnswer();
	readonly #socket: ClientSocket;
	/** What is still to be written: the head, or parts of the body from here on. */
	#head: Uint8Array | undefined;
	#part = 0;
	#at = 0;
	#closed = false;

	/** Throws where the request cannot be written. */
	constructor(options: ExchangeOptions) {
		this.#options = options;
		this.#head = headOf(options);
		const { host, port, tls } = options;
		this.#socket = new ClientSocket({
			...{ host, port, tls },
			onWritable: (room) => this.#write(room),
			onBytes: (bytes) => this.#take(bytes),
			onEnd: (problem) => this.#end(problem ?? this.#answer.end()),
		});
	}

	get waitsFor(): string {
		return this.#socket.waitsFor;
	}

	close(): void {
		this.#closed = true;
		this.#socket.close();
	}

	#write(room: number): void {
		for (let left = room; left > 0 && !this.#closed; ) {
			const { body } = this.#options;
			const part = this.#head ?? body?.[this.#part];
			if (!part) return;
			const piece = part.subarray(this.#at, this.#at + left);
			this.#at += piece.length;
			if (this.#at === part.length) {
				this.#at = 0;
				if (this.#head) this.#head = undefined;
				else this.#part++;
			}
			if (piece.length > 0) left = this.#socket.write(piece);
		}
	}

	#take(bytes: Uint8Array): void {
		const { onHead, onBody } = this.#options;
		const problem = this.#answer.take(
			bytes,
			() => onHead(this.#answer.status, this.#answer.length),
			(piece) => {
				if (!this.#closed) onBody(piece);
			},
		);
		if (problem !== undefined || this.#answer.complete) this.#end(problem);
	}

	#end(problem: string | undefined): void {
		if (this.#closed) return;
		this.close();
		this.#options.onEnd(problem);
	}
}

function headOf({ method, host, port, path, tls, headers = [], body }: ExchangeOptions): Uint8Array {
	const at = port === (tls ? 443 : 80) ? host : `${host}:${port}`;
	const lines = [`${method} ${path} HTTP/1.1`, `Host: ${at}`, "Connection: close"];
	let length = 0;
	for (const part of body ?? []) length += part.length;
	if (body || method !== "GET") lines.push(`Content-Length: ${length}`);
	for (const [name, value] of headers) lines.push(`${name}: ${value}`);
	for (const line of lines)
		if (line.indexOf("\n") >= 0 || line.indexOf("\r") >= 0)
			throw new Error("a line break in the address or a header");
	return new Uint8Array(ArrayBuffer.fromString(`${lines.join("\r\n")}\r\n\r\n`));
}

// The SDK's `embedded:network/http/client`, as far as the firmware uses it: one GET, over node:http, which brings its own
// sockets and resolver.

import { type ClientRequest, get, type IncomingMessage } from "node:http";
import { Received } from "./received.js";

interface RequestOptions {
	readonly path?: string;
	onHeaders?(this: Request, status: number, headers: Map<string, string>): void;
	onReadable?(this: Request, count: number): void;
	onDone?(this: Request, error: Error | null): void;
}

class Request {
	readonly received = new Received();

	read(count?: number): ArrayBuffer | undefined {
		return this.received.take(count);
	}
}

export default class HTTPClient {
	readonly #host: string;
	readonly #port: number;
	readonly #onError: ((error: Error) => void) | undefined;
	#request: ClientRequest | undefined;
	#closed = false;

	constructor({ host, port = 80, onError }: { host: string; port?: number; onError?(error: Error): void }) {
		this.#host = host;
		this.#port = port;
		this.#onError = onError;
	}

	request(options: RequestOptions): Request {
		const request = new Request();
		const call = (tell: () => void) => {
			if (!this.#closed) tell();
		};
		const failed = (error: Error) =>
			call(() => {
				this.#closed = true;
				options.onDone?.call(request, error);
				this.#onError?.(error);
			});
		const answered = (answer: IncomingMessage) => {
			const headers = new Map<string, string>();
			for (const [name, value] of Object.entries(answer.headers)) headers.set(name, `${value}`);
			call(() => options.onHeaders?.call(request, answer.statusCode ?? 0, headers));
			answer.on("data", (bytes: Buffer) =>
				call(() => {
					request.received.add(bytes);
					options.onReadable?.call(request, request.received.count);
				}),
			);
			answer.on("end", () => call(() => options.onDone?.call(request, null)));
			answer.on("error", failed);
		};
		const target = { host: this.#host, port: this.#port, path: options.path ?? "/", agent: false };
		this.#request = get(target, answered).on("error", failed);
		return request;
	}

	close(): void {
		this.#closed = true;
		this.#request?.destroy();
		this.#request = undefined;
	}
}

// Asking a server elsewhere by HTTP, for outputs that push: one request, its status and the answer's first bytes.

import type { HttpCallOptions, Network } from "../outputs/network.js";
import { timers } from "./clock.js";
import { HttpExchange } from "./http-exchange.js";

/** Bytes of an answer that are kept: why a server refused. */
const LONGEST_TEXT = 512;

export const request: Network["request"] = (options) => {
	const asked = new Request(options);
	return { cancel: () => asked.end() };
};

class Request {
	readonly #options: HttpCallOptions;
	readonly #timeout: unknown;
	#exchange: HttpExchange | undefined;
	#status = 0;
	#text = new Uint8Array(0);
	#over = false;

	constructor(options: HttpCallOptions) {
		this.#options = options;
		this.#timeout = timers.set(() => this.#finish(this.#exchange?.waitsFor), options.timeout);
		try {
			this.#exchange = new HttpExchange({
				...options,
				onHead: (status) => {
					this.#status = status;
				},
				onBody: (bytes) => {
					if (options.onBody && this.#status === 200) options.onBody(bytes);
					else this.#keep(bytes);
				},
				onEnd: (problem) => this.#finish(problem),
			});
		} catch (error) {
			timers.set(() => this.#finish(`${error}`), 0);
		}
	}

	/** Ends it without a word. */
	end(): void {
		this.#over = true;
		timers.clear(this.#timeout);
		this.#exchange?.close();
		this.#exchange = undefined;
	}

	#keep(bytes: Uint8Array): void {
		const before = this.#text;
		const kept = Math.min(bytes.length, LONGEST_TEXT - before.length);
		this.#text = new Uint8Array(before.length + kept);
		this.#text.set(before);
		this.#text.set(bytes.subarray(0, kept), before.length);
		if (this.#text.length === LONGEST_TEXT) this.#finish(undefined);
	}

	/** A status that has come counts, whatever became of the rest. */
	#finish(problem: string | undefined): void {
		if (this.#over) return;
		const { onBody } = this.#options;
		const isCut = onBody && problem !== undefined && this.#status === 200;
		const status = isCut ? 0 : this.#status;
		this.end();
		const text = textOf(this.#text);
		try {
			this.#options.onEnd(
				status === 0 ? { status, problem: problem ?? "no answer", text } : { status, text },
			);
		} catch (error) {
			trace(`http: ${error}\n`);
		}
	}
}

/** As text; what is cut within a character, or no UTF-8, is shown as far as it is ASCII. */
function textOf(bytes: Uint8Array): string {
	try {
		return String.fromArrayBuffer(bytes.slice().buffer);
	} catch {
		const plain = bytes.map((byte) => (byte < 0x80 ? byte : 0x3f));
		return String.fromArrayBuffer(plain.buffer);
	}
}

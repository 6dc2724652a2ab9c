// Asking a server elsewhere by HTTP, for outputs that push: one request, its status and the answer's first bytes.

import type { HttpCallOptions, Network } from "../outputs/network.js";
import { timers } from "./clock.js";
import { type ExchangeOwner, HttpExchange } from "./http-exchange.js";

/** Bytes of an answer that are kept: why a server refused. */
const LONGEST_TEXT = 512;
const NOTHING = new Uint8Array(0);

export const request: Network["request"] = (options) => new Request(options);

class Request implements ExchangeOwner {
	readonly #options: HttpCallOptions;
	readonly #timeout: unknown;
	#exchange: HttpExchange | undefined;
	#status = 0;
	#text = NOTHING;
	#over = false;

	constructor(options: HttpCallOptions) {
		this.#options = options;
		this.#timeout = timers.set(() => this.onEnd(this.#exchange?.waitsFor), options.timeout);
		try {
			this.#exchange = new HttpExchange(options, this);
		} catch (error) {
			timers.set(() => this.onEnd(`${error}`), 0);
		}
	}

	/** Ends it without a word. */
	cancel(): void {
		this.#over = true;
		timers.clear(this.#timeout);
		this.#exchange?.close();
		this.#exchange = undefined;
	}

	onHead(status: number): void {
		this.#status = status;
	}

	onBody(bytes: Uint8Array): void {
		const options = this.#options;
		if (options.onBody && this.#status === 200) options.onBody(bytes);
		else this.#keep(bytes);
	}

	#keep(bytes: Uint8Array): void {
		const before = this.#text;
		const kept = Math.min(bytes.length, LONGEST_TEXT - before.length);
		this.#text = new Uint8Array(before.length + kept);
		this.#text.set(before);
		this.#text.set(bytes.subarray(0, kept), before.length);
		if (this.#text.length === LONGEST_TEXT) this.onEnd(undefined);
	}

	/** A status that has come counts, whatever became of the rest. */
	onEnd(problem: string | undefined): void {
		if (this.#over) return;
		const isCut = this.#options.onBody && problem !== undefined && this.#status === 200;
		const status = isCut ? 0 : this.#status;
		this.cancel();
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
		const plain = Uint8Array.from(bytes, (byte) => (byte < 0x80 ? byte : 0x3f));
		return String.fromArrayBuffer(plain.buffer);
	}
}

// Fetching one file over HTTP, with a bound on the server's silence. No TLS, no redirects.

import type { DownloadOptions, Network } from "../outputs/network.js";
import { timers } from "./clock.js";
import { type ExchangeOwner, HttpExchange } from "./http-exchange.js";

const SILENCE_MS = 20_000;
const STATUS_OK = 200;

export const download: Network["download"] = (options) => new Download(options);

class Download implements ExchangeOwner {
	readonly #options: DownloadOptions;
	#exchange: HttpExchange | undefined;
	#silence: unknown;
	#over = false;

	constructor(options: DownloadOptions) {
		this.#options = options;
		this.#listen();
		const { host, port, path } = options;
		try {
			this.#exchange = new HttpExchange({ method: "GET", host, port, path }, this);
		} catch (error) {
			timers.set(() => this.onEnd(`${error}`), 0);
		}
	}

	/** Ends it without a word. */
	cancel(): void {
		this.#over = true;
		timers.clear(this.#silence);
		this.#exchange?.close();
		this.#exchange = undefined;
	}

	onHead(status: number, length: number | undefined): void {
		if (status === STATUS_OK) this.#options.onBegin?.(length);
		else this.onEnd(`the server answers ${status}`);
	}

	onBody(bytes: Uint8Array): void {
		this.#listen();
		this.#options.onBytes(bytes);
	}

	onEnd(problem: string | undefined): void {
		if (this.#over) return;
		this.cancel();
		this.#options.onEnd(problem);
	}

	/** The server has been heard: the wait for it begins anew. */
	#listen(): void {
		timers.clear(this.#silence);
		this.#silence = timers.set(() => this.onEnd("the server has fallen silent"), SILENCE_MS);
	}
}

// Fetching one file over HTTP, with a bound on the server's silence. No TLS, no redirects.

import type { DownloadOptions, Network } from "../outputs/network.js";
import { timers } from "./clock.js";
import { HttpExchange } from "./http-exchange.js";

const SILENCE_MS = 20_000;
const STATUS_OK = 200;

export const download: Network["download"] = (options) => {
	const running = new Download(options);
	return { cancel: () => running.end() };
};

class Download {
	readonly #options: DownloadOptions;
	#exchange: HttpExchange | undefined;
	#silence: unknown;
	#over = false;

	constructor(options: DownloadOptions) {
		this.#options = options;
		this.#listen();
		const { host, port, path } = options;
		try {
			this.#exchange = new HttpExchange({
				...{ method: "GET", host, port, path },
				onHead: (status, length) => {
					if (status === STATUS_OK) options.onBegin?.(length);
					else this.#finish(`the server answers ${status}`);
				},
				onBody: (bytes) => {
					this.#listen();
					options.onBytes(bytes);
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
		timers.clear(this.#silence);
		this.#exchange?.close();
		this.#exchange = undefined;
	}

	#finish(problem: string | undefined): void {
		if (this.#over) return;
		this.end();
		this.#options.onEnd(problem);
	}

	/** The server has been heard: the wait for it begins anew. */
	#listen(): void {
		timers.clear(this.#silence);
		this.#silence = timers.set(() => this.#finish("the server has fallen silent"), SILENCE_MS);
	}
}

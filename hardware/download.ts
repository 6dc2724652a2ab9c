// Fetching one file over HTTP by the SDK's client, with what that leaves open: an answer's head that never ends, a
// server that falls silent, exceptions in callbacks that nobody would catch. No TLS, no redirects.
// Source: $MODDABLE/examples/io/tcp/httpclient/httpclient.js.

import TCP from "embedded:io/socket/tcp";
import HTTPClient from "embedded:network/http/client";
import type { DownloadOptions, Network } from "../outputs/network.js";
import { timers } from "./clock.js";
import { SystemResolver } from "./resolver.js";
import type { HttpClientClass, SdkHttpClient, SdkHttpRequest, TcpClass, TcpOptions } from "./sdk.js";

const BaseTcp = TCP as unknown as TcpClass;
const Client = HTTPClient as unknown as HttpClientClass;

const LONGEST_HEAD = 8192;
const SILENCE_MS = 20_000;
const STATUS_OK = 200;

export const download: Network["download"] = (options) => {
	const running = new Download(options);
	return { cancel: () => running.end() };
};

class Download {
	readonly #options: DownloadOptions;
	readonly #resolver = new SystemResolver();
	#client: SdkHttpClient | undefined;
	#silence: unknown;
	#headed = false;
	#heard = 0;
	#over = false;

	constructor(options: DownloadOptions) {
		this.#options = options;
		this.#listen();
		const { host, port, path } = options;
		const request = {
			path,
			onHeaders: (status: number, headers: ReadonlyMap<string, string>) =>
				this.#guard(() => this.#head(status, headers)),
			onDone: (error: unknown) =>
				this.#guard(() => this.#finish(error ? "the connection was lost" : undefined)),
		};
		try {
			this.#client = new Client({
				...{ host, port },
				dns: { io: this.#resolverClass() },
				socket: { io: this.#socketClass() },
				onError: () => this.#finish("the server cannot be reached"),
			});
			const self = this;
			this.#client.request({
				...request,
				onReadable(this: SdkHttpRequest, count: number) {
					self.#guard(() => self.#read(this, count));
				},
			});
		} catch (error) {
			timers.set(() => this.#finish(`${error}`), 0);
		}
	}

	/** Ends it without a word. */
	end(): void {
		if (this.#over) return;
		this.#over = true;
		timers.clear(this.#silence);
		this.#resolver.close();
		const client = this.#client;
		this.#client = undefined;
		// Not inside the client's own callback: it goes on after that.
		timers.set(() => client?.close(), 0);
	}

	#head(status: number, headers: ReadonlyMap<string, string>): void {
		this.#headed = true;
		if (status !== STATUS_OK) {
			this.#finish(`the server answers ${status}`);
			return;
		}
		const length = Number(headers.get("content-length") ?? Number.NaN);
		this.#options.onBegin?.(Number.isInteger(length) && length >= 0 ? length : undefined);
	}

	#read(request: SdkHttpRequest, count: number): void {
		this.#listen();
		const bytes = request.read(count);
		if (bytes && !this.#over) this.#options.onBytes(new Uint8Array(bytes));
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

	#guard(callback: () => void): void {
		if (this.#over) return;
		try {
			callback();
		} catch (error) {
			this.#finish(`${error}`);
		}
	}

	#resolverClass(): unknown {
		const resolver = this.#resolver;
		return class {
			resolve(request: Parameters<SystemResolver["resolve"]>[0]): void {
				resolver.resolve(request);
			}
		};
	}

	/** The client's socket: whatever the client throws ends the download, not the machine. */
	#socketClass(): unknown {
		const guard = (callback: () => void) => this.#guard(callback);
		const heard = (count: number) => {
			this.#heard += count;
			if (!this.#headed && this.#heard > LONGEST_HEAD) throw new Error("the answer has no end of its head");
		};
		return class extends BaseTcp {
			constructor(options: TcpOptions) {
				super({
					...options,
					onReadable: (count) =>
						guard(() => {
							heard(count);
							options.onReadable?.(count);
						}),
					onWritable: (count) => guard(() => options.onWritable?.(count)),
					onError: (reason) => guard(() => options.onError?.(reason)),
				});
			}
		};
	}
}

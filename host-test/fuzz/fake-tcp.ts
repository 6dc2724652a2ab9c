// The SDK's TCP class for the fuzzer: a connection that the target drives. In the place of host/platform/tcp.ts, and of the
// resolver in front of it.

import Timer from "./fake-timer.js";

interface Options {
	onReadable?(count: number): void;
	onWritable?(count: number): void;
	onError?(reason?: unknown): void;
}

/** The newest connection. */
export const wire: { tcp: Tcp | undefined } = { tcp: undefined };

export default class Tcp {
	format = "buffer";
	closed = false;
	/** Bytes that were written. */
	written = 0;
	readonly #options: Options;
	#waiting = new Uint8Array(0);

	constructor(options: Options) {
		this.#options = options;
		wire.tcp = this;
	}

	read(count = this.#waiting.length): ArrayBuffer | undefined {
		if (this.#waiting.length === 0 || this.closed) return undefined;
		const taken = this.#waiting.slice(0, count);
		this.#waiting = this.#waiting.slice(count);
		return taken.buffer;
	}

	write(data: ArrayBuffer | Uint8Array): number {
		this.written += data.byteLength;
		return 4096;
	}

	close(): void {
		this.closed = true;
	}

	open(): void {
		if (!this.closed) this.#options.onWritable?.(4096);
	}

	come(bytes: Uint8Array): void {
		if (this.closed) return;
		const all = new Uint8Array(this.#waiting.length + bytes.length);
		all.set(this.#waiting);
		all.set(bytes, this.#waiting.length);
		this.#waiting = all;
		this.#options.onReadable?.(all.length);
	}

	end(): void {
		if (!this.closed) this.#options.onError?.();
	}
}

/** In the place of hardware/resolver.ts. */
export class SystemResolver {
	resolve(request: { readonly host: string; onResolved?(host: string, address: string): void }): void {
		Timer.set(() => request.onResolved?.(request.host, "192.0.2.1"));
	}

	close(): void {}
}

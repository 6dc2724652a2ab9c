// The SDK's `embedded:io/socket/udp` over node:dgram. That a port is taken is thrown at once, as the SDK does, so far
// as Node lets it be known: it binds a socket without a name look-up before `bind` returns.

import { createSocket, type Socket } from "node:dgram";

/** Datagrams that may wait to be read; the oldest are dropped. The SDK's number. */
const MOST_WAITING = 100;

interface Waiting {
	readonly bytes: Uint8Array;
	readonly address: string;
	readonly port: number;
}

export interface UDPOptions {
	readonly port?: number;
	readonly target?: unknown;
	onReadable?(this: UDP, count: number): void;
}

export default class UDP {
	readonly format = "buffer";
	readonly target: unknown;
	readonly #waiting: Waiting[] = [];
	#socket: Socket | undefined;

	/** Throws where the port is taken. */
	constructor(options: UDPOptions = {}) {
		this.target = options.target;
		const socket = createSocket({ type: "udp4", lookup: (name, _, done) => done(null, name, 4) });
		let problem: Error | undefined;
		socket.on("error", (error) => {
			problem = error;
		});
		socket.on("message", (bytes, { address, port }) => {
			if (this.#waiting.length >= MOST_WAITING) this.#waiting.shift();
			this.#waiting.push({ bytes, address, port });
			options.onReadable?.call(this, this.#waiting.length);
		});
		socket.bind({ port: options.port ?? 0, address: "0.0.0.0", exclusive: true });
		if (problem) throw problem;
		this.#socket = socket;
	}

	read(): (ArrayBuffer & { readonly address: string; readonly port: number }) | undefined {
		const datagram = this.#waiting.shift();
		if (!datagram) return undefined;
		const { bytes, address, port } = datagram;
		return Object.assign(new Uint8Array(bytes).buffer, { address, port });
	}

	write(data: ArrayBuffer | Uint8Array, address: string, port: number): void {
		// A copy: the caller may change its bytes before they leave. What cannot leave is lost.
		this.#socket?.send(new Uint8Array(data).slice(), port, address, () => {});
	}

	close(): void {
		const socket = this.#socket;
		this.#socket = undefined;
		socket?.close();
	}
}

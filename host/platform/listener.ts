// The SDK's `embedded:io/socket/listener` over node:net. That a port is taken is told at once, as the SDK does: Node
// binds inside `listen` where no name is to be looked up, and only tells later.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import TCP from "./tcp.js";

/** Connections that wait to be read; further ones are refused. */
const MOST_WAITING = 16;

export interface ListenerOptions {
	/** 0 or absent: any free one. */
	readonly port?: number;
	readonly target?: unknown;
	onReadable?(this: Listener, count: number): void;
}

export default class Listener {
	readonly target: unknown;
	readonly #waiting: Socket[] = [];
	readonly #port: number;
	#server: Server | undefined;

	/** Throws where the port is taken. */
	constructor(options: ListenerOptions) {
		this.target = options.target;
		const server = createServer({ allowHalfOpen: true }, (socket) => {
			// Nothing is read before somebody takes the connection.
			socket.pause();
			if (this.#waiting.length >= MOST_WAITING) {
				socket.destroy();
				return;
			}
			socket.on("error", () => socket.destroy());
			this.#waiting.push(socket);
			options.onReadable?.call(this, 1);
		});
		// The reason comes too late to be thrown; the port is closed then.
		server.on("error", () => server.close());
		server.listen({ port: options.port ?? 0 });
		if (!server.listening) throw new Error(`port ${options.port} is taken or not allowed`);
		this.#port = (server.address() as AddressInfo).port;
		this.#server = server;
	}

	get port(): number {
		return this.#port;
	}

	/** The next connection that waits, if one does. */
	read(): TCP | undefined {
		const socket = this.#waiting.shift();
		if (!socket) return undefined;
		socket.removeAllListeners("error");
		return TCP.accepted(socket);
	}

	close(): void {
		this.#server?.close();
		this.#server = undefined;
		for (const socket of this.#waiting.splice(0)) socket.destroy();
	}
}

// A TCP server for outputs: the SDK's listener and sockets, so many connections at a time, with the tidiness that these
// leave to the application: nothing is called on a closed connection, and a handler's exception ends its connection
// and not the machine. Sources: $MODDABLE/modules/io/socket/lin/tcp.c, lwip/tcp.c.

import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import type { Network, TcpConnection, TcpHandlers } from "../outputs/network.js";
import { timers } from "./clock.js";
import type { ListenerClass, SdkListener, SdkTcp, TcpClass } from "./sdk.js";
import { onError, onReadable, onWritable, type StreamOwner } from "./target.js";

const BaseTcp = TCP as unknown as TcpClass;
const BaseListener = Listener as unknown as ListenerClass;

/** Connections of one server at a time: lwIP has few for everything. Further ones are closed at once. */
export const MOST_CONNECTIONS = 5;

type ServerOptions = Parameters<Network["listenTcp"]>[0];

export const listenTcp: Network["listenTcp"] = (options) => new TcpServer(options);

class TcpServer {
	readonly port: number;
	readonly #options: ServerOptions;
	readonly #listener: SdkListener;
	readonly #connections: Connection[] = [];
	#closed = false;

	constructor(options: ServerOptions) {
		this.#options = options;
		this.#listener = new BaseListener({ port: options.port, target: this, onReadable });
		this.port = this.#listener.port;
	}

	onReadable(count: number): void {
		for (let left = count; left > 0 && !this.#closed; left--) {
			const from = this.#listener.read();
			if (!from) return;
			if (this.#connections.length >= MOST_CONNECTIONS) from.close();
			else new Connection(from, this.#connections).open(this.#options);
		}
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#listener.close();
		for (const connection of this.#connections.slice()) connection.close();
	}
}

class Connection implements TcpConnection, StreamOwner {
	readonly address: string;
	readonly #siblings: Connection[];
	#socket: SdkTcp | undefined;
	#handlers: TcpHandlers | undefined;
	#room = 0;

	constructor(from: SdkTcp, siblings: Connection[]) {
		this.address = from.remoteAddress ?? "";
		this.#siblings = siblings;
		siblings.push(this);
		this.#socket = new BaseTcp({ from, nodelay: true, target: this, onReadable, onWritable, onError });
	}

	open(options: ServerOptions): void {
		try {
			this.#handlers = options.onConnect(this);
		} catch (error) {
			this.#fault(error);
		}
		if (!this.#handlers) this.close();
	}

	get room(): number {
		return this.#room;
	}

	write(bytes: Uint8Array): void {
		if (!this.#socket || bytes.length > this.#room) throw new Error("no room");
		if (bytes.length === 0) return;
		const room: number | undefined = this.#socket.write(bytes);
		this.#room = room ?? 0;
		// The other end is gone; the SDK's socket on Linux then says nothing more.
		if (room === undefined) timers.set(() => this.onError(), 0);
	}

	close(): void {
		const socket = this.#socket;
		this.#socket = undefined;
		this.#handlers = undefined;
		this.#room = 0;
		const at = this.#siblings.indexOf(this);
		if (at >= 0) this.#siblings.splice(at, 1);
		socket?.close();
	}

	onReadable(): void {
		const data = this.#socket?.read();
		if (!(data instanceof ArrayBuffer)) return;
		try {
			this.#handlers?.onBytes(new Uint8Array(data));
		} catch (error) {
			this.#fault(error);
		}
	}

	onWritable(room: number): void {
		if (!this.#socket) return;
		this.#room = room;
		try {
			this.#handlers?.onWritable?.(room);
		} catch (error) {
			this.#fault(error);
		}
	}

	/** Ends it, and tells. */
	onError(): void {
		const handlers = this.#handlers;
		this.close();
		try {
			handlers?.onClosed();
		} catch (error) {
			trace(`tcp: ${error}\n`);
		}
	}

	#fault(error: unknown): void {
		trace(`tcp: ${error}\n`);
		this.onError();
	}
}

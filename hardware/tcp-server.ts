// A TCP server for outputs: the SDK's listener and sockets, so many connections at a time, with the tidiness that these
// leave to the application: nothing is called on a closed connection, and a handler's exception ends its connection
// and not the machine. Sources: $MODDABLE/modules/io/socket/lin/tcp.c, lwip/tcp.c.

import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import type { Network, TcpConnection, TcpHandlers } from "../outputs/network.js";
import { timers } from "./clock.js";
import type { ListenerClass, SdkListener, SdkTcp, TcpClass } from "./sdk.js";

const BaseTcp = TCP as unknown as TcpClass;
const BaseListener = Listener as unknown as ListenerClass;

/** Connections of one server at a time: lwIP has few for everything. Further ones are closed at once. */
export const MOST_CONNECTIONS = 5;

export const listenTcp: Network["listenTcp"] = ({ port, onConnect }) => {
	const connections: Connection[] = [];
	let closed = false;
	const listener: SdkListener = new BaseListener({
		port,
		onReadable: (count) => {
			for (let left = count; left > 0 && !closed; left--) {
				const from = listener.read();
				if (!from) return;
				if (connections.length >= MOST_CONNECTIONS) from.close();
				else new Connection(from, connections).open(onConnect);
			}
		},
	});
	return {
		port: listener.port,
		close() {
			if (closed) return;
			closed = true;
			listener.close();
			for (const connection of connections.slice()) connection.close();
		},
	};
};

class Connection implements TcpConnection {
	readonly address: string;
	readonly #siblings: Connection[];
	#socket: SdkTcp | undefined;
	#handlers: TcpHandlers | undefined;
	#room = 0;

	constructor(from: SdkTcp, siblings: Connection[]) {
		this.address = from.remoteAddress ?? "";
		this.#siblings = siblings;
		siblings.push(this);
		this.#socket = new BaseTcp({
			from,
			nodelay: true,
			onReadable: () => this.#read(),
			onWritable: (room) => {
				this.#room = room;
				this.#guard(() => this.#handlers?.onWritable?.(room));
			},
			onError: () => this.#end(),
		});
	}

	open(onConnect: (connection: TcpConnection) => TcpHandlers | undefined): void {
		this.#guard(() => {
			this.#handlers = onConnect(this);
		});
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
		if (room === undefined) timers.set(() => this.#end(), 0);
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

	#read(): void {
		const data = this.#socket?.read();
		if (data instanceof ArrayBuffer) this.#guard(() => this.#handlers?.onBytes(new Uint8Array(data)));
	}

	/** Ends it, and tells. */
	#end(): void {
		const handlers = this.#handlers;
		this.close();
		try {
			handlers?.onClosed();
		} catch (error) {
			trace(`tcp: ${error}\n`);
		}
	}

	#guard(callback: () => void): void {
		try {
			callback();
		} catch (error) {
			trace(`tcp: ${error}\n`);
			this.#end();
		}
	}
}

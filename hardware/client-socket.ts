// One connection to a server elsewhere, in the clear or with TLS: looks the name up, connects, and says in words why it
// could not. Callbacks come later, never after `close`; an exception in one ends the connection and not the machine.

import TCP from "embedded:io/socket/tcp";
import TlsSocket from "tls-socket";
import type { TlsOptions } from "../outputs/network.js";
import { timers } from "./clock.js";
import { SystemResolver } from "./resolver.js";
import type { SdkTcp, TcpClass } from "./sdk.js";
import { onError, onReadable, onWritable, type StreamOwner } from "./target.js";

const BaseTcp = TCP as unknown as TcpClass;

/** Where to. */
export interface ServerAddress {
	readonly host: string;
	readonly port: number;
	readonly tls?: TlsOptions | undefined;
}

/** Whom a connection tells. */
export interface ClientSocketOwner {
	/** So many bytes may be written now; the first call means that the connection stands. */
	onWritable(room: number): void;
	/** The next bytes; the array is the receiver's. */
	onBytes(bytes: Uint8Array): void;
	/** It is over, and closed; `problem` in words where it never stood or broke by a fault, else the other end closed it. */
	onEnd(problem: string | undefined): void;
}

export class ClientSocket implements StreamOwner {
	readonly #server: ServerAddress;
	readonly #owner: ClientSocketOwner;
	readonly #resolver = new SystemResolver();
	#socket: SdkTcp | undefined;
	#state: "resolving" | "connecting" | "open" | "closed" = "resolving";

	constructor(server: ServerAddress, owner: ClientSocketOwner) {
		this.#server = server;
		this.#owner = owner;
		this.#resolver.resolve({
			host: server.host,
			onResolved: (_, address) => this.#connect(address),
			onError: (host) => this.#end(`${host}: no such name`),
		});
	}

	/** What it waits for, in words: for the one whose patience ends. */
	get waitsFor(): string {
		const { host, port } = this.#server;
		switch (this.#state) {
			case "resolving":
				return `${host}: the name server does not answer`;
			case "connecting":
				return this.#server.tls
					? `${host}:${port} does not answer with TLS`
					: `no connection to ${host}:${port} in time`;
			default:
				return "the server does not answer";
		}
	}

	/** Writes all or throws; returns what may be written next. */
	write(bytes: Uint8Array): number {
		const room: number | undefined = this.#socket?.write(bytes);
		// The other end is gone; the SDK's socket on Linux then says nothing more.
		if (room === undefined) timers.set(() => this.onError(undefined), 0);
		return room ?? 0;
	}

	close(): void {
		this.#state = "closed";
		this.#resolver.close();
		const socket = this.#socket;
		this.#socket = undefined;
		socket?.close();
	}

	#connect(address: string): void {
		if (this.#state === "closed") return;
		const { host, port, tls } = this.#server;
		this.#state = "connecting";
		const options = { address, host, port, nodelay: true, target: this, onReadable, onWritable, onError };
		try {
			this.#socket = tls ? new TlsSocket({ ...options, tls }) : new BaseTcp(options);
		} catch (error) {
			this.#fault(error);
		}
	}

	onReadable(): void {
		try {
			const data = this.#socket?.read();
			if (data instanceof ArrayBuffer) this.#owner.onBytes(new Uint8Array(data));
		} catch (error) {
			this.#fault(error);
		}
	}

	onWritable(room: number): void {
		if (this.#state === "closed") return;
		this.#state = "open";
		try {
			this.#owner.onWritable(room);
		} catch (error) {
			this.#fault(error);
		}
	}

	/** A reason with TLS is in words; of TCP there is none on the SDK's classes. */
	onError(reason: unknown): void {
		const { host, port, tls } = this.#server;
		if (tls && reason !== undefined) this.#end(`${reason}`);
		else if (this.#state === "open") this.#end(undefined);
		else this.#end(`no connection to ${host}:${port} (refused, or nobody is there)`);
	}

	#end(problem: string | undefined): void {
		if (this.#state === "closed") return;
		this.close();
		try {
			this.#owner.onEnd(problem);
		} catch (error) {
			trace(`tcp: ${error}\n`);
		}
	}

	#fault(error: unknown): void {
		trace(`tcp: ${error}\n`);
		this.#end((error as Error).message);
	}
}

// One connection to a server elsewhere, in the clear or with TLS: looks the name up, connects, and says in words why it
// could not. Callbacks come later, never after `close`; an exception in one ends the connection and not the machine.

import TCP from "embedded:io/socket/tcp";
import TlsSocket from "tls-socket";
import type { TlsOptions } from "../outputs/network.js";
import { timers } from "./clock.js";
import { SystemResolver } from "./resolver.js";
import type { SdkTcp, TcpClass } from "./sdk.js";

const BaseTcp = TCP as unknown as TcpClass;

export interface ClientSocketOptions {
	readonly host: string;
	readonly port: number;
	readonly tls?: TlsOptions | undefined;
	/** So many bytes may be written now; the first call means that the connection stands. */
	onWritable(room: number): void;
	/** The next bytes; the array is the receiver's. */
	onBytes(bytes: Uint8Array): void;
	/** It is over, and closed; `problem` in words where it never stood or broke by a fault, else the other end closed it. */
	onEnd(problem: string | undefined): void;
}

export class ClientSocket {
	readonly #options: ClientSocketOptions;
	readonly #resolver = new SystemResolver();
	#socket: SdkTcp | undefined;
	#state: "resolving" | "connecting" | "open" | "closed" = "resolving";

	constructor(options: ClientSocketOptions) {
		this.#options = options;
		this.#resolver.resolve({
			host: options.host,
			onResolved: (_, address) => this.#guard(() => this.#connect(address)),
			onError: (host) => this.#end(`${host}: no such name`),
		});
	}

	/** What it waits for, in words: for the one whose patience ends. */
	get waitsFor(): string {
		const { host, port } = this.#options;
		switch (this.#state) {
			case "resolving":
				return `${host}: the name server does not answer`;
			case "connecting":
				return this.#options.tls
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
		if (room === undefined) timers.set(() => this.#failed(undefined), 0);
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
		const { host, port, tls, onBytes, onWritable } = this.#options;
		this.#state = "connecting";
		const callbacks = {
			onReadable: () =>
				this.#guard(() => {
					const data = this.#socket?.read();
					if (data instanceof ArrayBuffer) onBytes(new Uint8Array(data));
				}),
			onWritable: (room: number) =>
				this.#guard(() => {
					this.#state = "open";
					onWritable(room);
				}),
			onError: (reason?: unknown) => this.#failed(reason),
		};
		const options = { ...callbacks, address, host, port, nodelay: true };
		this.#socket = tls ? new TlsSocket({ ...options, tls }) : new BaseTcp(options);
	}

	/** A reason with TLS is in words; of TCP there is none on the SDK's classes. */
	#failed(reason: unknown): void {
		const { host, port, tls } = this.#options;
		if (tls && reason !== undefined) this.#end(`${reason}`);
		else if (this.#state === "open") this.#end(undefined);
		else this.#end(`no connection to ${host}:${port} (refused, or nobody is there)`);
	}

	#end(problem: string | undefined): void {
		if (this.#state === "closed") return;
		this.close();
		try {
			this.#options.onEnd(problem);
		} catch (error) {
			trace(`tcp: ${error}\n`);
		}
	}

	#guard(callback: () => void): void {
		if (this.#state === "closed") return;
		try {
			callback();
		} catch (error) {
			trace(`tcp: ${error}\n`);
			this.#end((error as Error).message);
		}
	}
}

// The socket of the SDK's MQTT client, in the clear or with TLS: says why it failed, stays silent once it is closed, and
// lets what the client reads be looked at.

import TCP from "embedded:io/socket/tcp";
import TlsSocket from "tls-socket";
import type { Bytes, TlsOptions } from "../outputs/network.js";
import type { SdkTcp, TcpClass, TcpOptions } from "./sdk.js";
import { onError, onReadable, onWritable, type StreamOwner } from "./target.js";

const BaseTcp = TCP as unknown as TcpClass;

/** The connection that it belongs to. */
export interface BrokerLink {
	readonly tls: TlsOptions | undefined;
	/** Not closed. */
	readonly isOpen: boolean;
	/** The broker has welcomed the client. */
	readonly isConnected: boolean;
	/** The socket has been made. */
	socket: BrokerSocket | undefined;
	/** What the client reads. */
	watch(bytes: Uint8Array): void;
	/** Why the connection will fail; the first reason counts. */
	because(reason: string): void;
	/** Ends the connection a moment later. */
	lost(reason: string): void;
	/** The client's own code failed. */
	clientFault(error: unknown): void;
}

/** What the SDK's client hands on to the classes that it is given. */
export interface OfLink {
	readonly connection: BrokerLink;
}

/** The client's socket, in the clear or with TLS. */
export class BrokerSocket implements StreamOwner {
	readonly #connection: BrokerLink;
	readonly #socket: SdkTcp;
	readonly #onReadable: TcpOptions["onReadable"];
	readonly #onWritable: TcpOptions["onWritable"];
	readonly #onError: TcpOptions["onError"];
	#closed = false;

	constructor(options: TcpOptions & OfLink & { readonly host: string }) {
		const { connection, host, address = host, port = 0 } = options;
		const { tls } = connection;
		const to = { address, port, nodelay: true, target: this, onReadable, onWritable, onError };
		this.#connection = connection;
		this.#onReadable = options.onReadable;
		this.#onWritable = options.onWritable;
		this.#onError = options.onError;
		try {
			this.#socket = tls ? new TlsSocket({ ...to, host, tls }) : new BaseTcp(to);
		} catch (error) {
			// A certificate or key that cannot be used.
			connection.because((error as Error).message);
			throw error;
		}
		connection.socket = this;
	}

	set format(format: SdkTcp["format"]) {
		this.#socket.format = format;
	}

	read(count?: number): ArrayBuffer | number | undefined {
		const data = count === undefined ? this.#socket.read() : this.#socket.read(count);
		if (data !== undefined)
			this.#connection.watch(typeof data === "number" ? Uint8Array.of(data) : new Uint8Array(data));
		return data;
	}

	write(data: Bytes | number, options?: object): number {
		const room: number | undefined = this.#socket.write(data, options);
		// The other end is gone; the SDK's socket on Linux then says nothing more.
		if (room === undefined) this.#connection.lost("the broker closed the connection");
		return room ?? 0;
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#socket.close();
	}

	onReadable(count: number): void {
		this.#tell(this.#onReadable, count);
	}

	onWritable(count: number): void {
		this.#tell(this.#onWritable, count);
	}

	onError(reason: unknown): void {
		const connection = this.#connection;
		if (this.#closed || !connection.isOpen) return;
		// With TLS a reason is in words.
		if (connection.tls && reason !== undefined) connection.because(`${reason}`);
		connection.because(
			connection.isConnected ? "the broker closed the connection" : "no connection to the broker",
		);
		this.#onError?.(reason);
	}

	#tell(callback: TcpOptions["onReadable"], count: number): void {
		if (this.#closed || !this.#connection.isOpen) return;
		try {
			callback?.(count);
		} catch (error) {
			this.#connection.clientFault(error);
		}
	}
}

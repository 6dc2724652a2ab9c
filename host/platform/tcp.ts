// The SDK's `embedded:io/socket/tcp` (ECMA-419, TCP class) over node:net. No callback from inside a constructor or
// method; a write takes all or throws; closing twice is fine; options are never modified.

import { Socket } from "node:net";
import { MOST_WAITING, Received } from "./received.js";

/** Most bytes that may wait to leave. */
const WINDOW = 16 * 1024;
const CLOSED = new Error("closed by peer");

export interface TCPOptions {
	/** Takes over the connection of another object, which is of no use after that. */
	readonly from?: TCP;
	readonly address?: string;
	readonly host?: string;
	readonly port?: number;
	readonly format?: "buffer" | "number";
	readonly target?: unknown;
	onReadable?(this: TCP, count: number): void;
	onWritable?(this: TCP, count: number): void;
	onError?(this: TCP, message?: unknown): void;
	/** How to connect in place of node:net: TLS does. */
	readonly connect?: Connect;
}

export interface Connect {
	/** The event that says that it may be written to. */
	readonly event: string;
	open(): Socket;
	/** The reason for `onError`. */
	words(error: Error): string | undefined;
}

export default class TCP {
	format: "buffer" | "number";
	readonly target: unknown;
	#socket: Socket | undefined;
	#received = new Received();
	readonly #options: TCPOptions;
	#ended = false;
	#telling = false;

	constructor(options: TCPOptions = {}) {
		this.#options = options;
		this.format = options.format ?? "buffer";
		this.target = options.target;
		if (options.from) this.#takeOver(options.from);
		else if (options.connect) this.#attach(options.connect.open(), options.connect.event);
		else if (options.port !== undefined) {
			const socket = new Socket();
			this.#attach(socket);
			socket.connect(options.port, options.address ?? options.host ?? "127.0.0.1");
		}
	}

	/** An accepted connection; no callbacks until another object takes it over. */
	static accepted(socket: Socket): TCP {
		const tcp = new TCP();
		tcp.#attach(socket);
		return tcp;
	}

	/** Of an IPv4 peer the plain address, as the SDK has it. */
	get remoteAddress(): string | undefined {
		return this.#socket?.remoteAddress?.replace(/^::ffff:/, "");
	}

	get remotePort(): number | undefined {
		return this.#socket?.remotePort;
	}

	read(count?: number): ArrayBuffer | number | undefined {
		const data = this.format === "number" ? this.#received.takeByte() : this.#received.take(count);
		if (this.#received.count < MOST_WAITING) this.#socket?.resume();
		if (this.#ended && this.#received.count === 0) this.#later(() => this.#fail(this.#words(CLOSED)));
		return data;
	}

	/** Bytes that may be written next. */
	write(data: ArrayBuffer | Uint8Array | number): number {
		const socket = this.#socket;
		if (!socket) throw new Error("closed");
		const bytes = typeof data === "number" ? Uint8Array.of(data) : new Uint8Array(data).slice();
		const room = WINDOW - socket.writableLength;
		if (bytes.length > room) throw new Error("would block");
		socket.write(bytes, () => this.#tellWritable(socket));
		return Math.max(0, WINDOW - socket.writableLength);
	}

	close(): void {
		const socket = this.#detach();
		socket?.resume();
		// What was written still leaves; a peer that takes nothing for a while is cut off.
		socket?.end();
		socket?.setTimeout(5000, () => socket.destroy());
	}

	#takeOver(from: TCP): void {
		const received = from.#received;
		const ended = from.#ended;
		const socket = from.#detach();
		if (!socket) throw new Error("nothing to take over");
		this.#received = received;
		this.#attach(socket);
		this.#ended = ended;
		if (this.#received.count < MOST_WAITING) socket.resume();
		this.#later(() => {
			if (socket !== this.#socket) return;
			this.#tellWritable(socket);
			if (this.#received.count > 0) this.#options.onReadable?.call(this, this.#received.count);
			else if (ended) this.#fail("closed by peer");
		});
	}

	#attach(socket: Socket, connected = "connect"): void {
		this.#socket = socket;
		socket.setNoDelay(true);
		socket.on(connected, () => this.#tellWritable(socket));
		socket.on("data", (chunk: Buffer) => {
			this.#received.add(chunk);
			if (this.#received.count >= MOST_WAITING) socket.pause();
			this.#options.onReadable?.call(this, this.#received.count);
		});
		socket.on("error", (error) => this.#fail(this.#words(error)));
		socket.on("end", () => {
			this.#ended = true;
			if (this.#received.count === 0) this.#fail(this.#words(CLOSED));
		});
		socket.on("close", () => this.#fail(this.#words(CLOSED)));
	}

	#detach(): Socket | undefined {
		const socket = this.#socket;
		this.#socket = undefined;
		this.#received = new Received();
		for (const event of ["connect", "usable", "data", "error", "end", "close"])
			socket?.removeAllListeners(event);
		// A late error of a connection that nobody has any more.
		socket?.on("error", () => socket.destroy());
		return socket;
	}

	/** Once per turn of the event loop: one who writes at every call would let nothing else run. */
	#tellWritable(socket: Socket): void {
		if (this.#telling) return;
		this.#telling = true;
		this.#later(() => {
			this.#telling = false;
			if (socket !== this.#socket || socket.connecting) return;
			const room = WINDOW - socket.writableLength;
			if (room > 0) this.#options.onWritable?.call(this, room);
		});
	}

	#fail(message: string | undefined): void {
		const socket = this.#detach();
		if (!socket) return;
		socket.destroy();
		this.#options.onError?.call(this, message);
	}

	#words(error: Error): string | undefined {
		const { connect } = this.#options;
		return connect ? connect.words(error) : error.message;
	}

	#later(callback: () => void): void {
		setImmediate(callback);
	}
}

// An ECMA-419 TCP connection as a Node stream, so that Node's own HTTP parser can read from it.

import { Duplex } from "node:stream";

/** What the stream needs of a connection: the SDK's TCP class, or one that extends it. */
export interface Connected {
	read(count?: number): ArrayBuffer | number | undefined;
	write(data: Uint8Array): number;
	close(): void;
}

type ConnectedClass = new (options: {
	readonly from: Connected;
	onReadable(count: number): void;
	onWritable(count: number): void;
	onError(reason?: unknown): void;
}) => Connected;

export class SocketStream extends Duplex {
	readonly #socket: Connected;
	#readable = 0;
	#wanted = false;
	#writable = 0;
	#pending: { readonly bytes: Uint8Array; readonly done: (error?: Error | null) => void } | undefined;

	/** Takes the connection over, by constructing another of its class as ECMA-419 wants it. */
	constructor(from: Connected) {
		super();
		const Class = from.constructor as ConnectedClass;
		this.#socket = new Class({
			from,
			onReadable: (count) => {
				this.#readable = count;
				if (this.#wanted) this.#pull();
			},
			onWritable: (count) => {
				this.#writable = count;
				this.#push();
			},
			onError: (reason) => this.destroy(new Error(`${reason ?? "closed by peer"}`)),
		});
	}

	override _read(): void {
		this.#wanted = true;
		// Not from inside this method: the HTTP parser would call handlers back.
		if (this.#readable > 0) setImmediate(() => this.#pull());
	}

	override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
		this.#pending = { bytes: chunk, done };
		this.#push();
	}

	override _final(done: (error?: Error | null) => void): void {
		done();
		this.destroy();
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		this.#socket.close();
		done(error);
	}

	#pull(): void {
		if (!this.#wanted || this.destroyed) return;
		const data = this.#socket.read();
		this.#readable = 0;
		if (data instanceof ArrayBuffer) this.#wanted = this.push(new Uint8Array(data));
	}

	/** Writes as much of what waits as the connection takes. */
	#push(): void {
		const pending = this.#pending;
		if (!pending || this.#writable === 0 || this.destroyed) return;
		const piece = pending.bytes.subarray(0, this.#writable);
		try {
			this.#writable = this.#socket.write(piece);
		} catch (error) {
			this.#pending = undefined;
			pending.done(error as Error);
			return;
		}
		if (piece.length === pending.bytes.length) {
			this.#pending = undefined;
			pending.done();
		} else this.#pending = { bytes: pending.bytes.subarray(piece.length), done: pending.done };
	}
}

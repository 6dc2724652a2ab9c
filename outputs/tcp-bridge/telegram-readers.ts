// Readers of P1 telegrams, each on its own connection. One that is slow loses whole telegrams: never half of one, and no
// memory but the telegram that it is in the middle of.

import type { TcpConnection, TcpHandlers } from "../network.js";

/** Without taking a byte for so long, a reader is gone: nobody else tells of a cable that was pulled. */
const STALLED_MS = 120_000;

/** Whose connections they are. */
export interface ClientHost {
	/** A client is gone. */
	left(): void;
}

/** Monotonic milliseconds. */
interface Clock {
	now(): number;
}

export class TelegramReaders {
	readonly host: ClientHost;
	readonly clock: Clock;
	readonly readers: TelegramReader[] = [];
	/** Telegrams sent whole, to all together, and lost by slow readers. */
	sent = 0;
	lost = 0;

	constructor(host: ClientHost, clock: Clock) {
		this.host = host;
		this.clock = clock;
	}

	/** A reader came; `newest`: what it gets first. */
	add(connection: TcpConnection, newest: Uint8Array | undefined): TcpHandlers {
		const reader = new TelegramReader(this, connection);
		this.readers.push(reader);
		if (newest) reader.send(newest);
		return reader;
	}

	send(telegram: Uint8Array): void {
		for (const reader of this.readers.slice()) reader.send(telegram);
	}
}

class TelegramReader implements TcpHandlers {
	readonly #all: TelegramReaders;
	readonly #connection: TcpConnection;
	/** What it is being sent, how far, and since when it has taken nothing. */
	#telegram: Uint8Array | undefined;
	#at = 0;
	#since = 0;

	constructor(all: TelegramReaders, connection: TcpConnection) {
		this.#all = all;
		this.#connection = connection;
	}

	send(telegram: Uint8Array): void {
		const now = this.#all.clock.now();
		if (this.#telegram) {
			this.#all.lost++;
			if (now - this.#since < STALLED_MS) return;
			this.#connection.close();
			this.onClosed();
			return;
		}
		this.#telegram = telegram;
		this.#at = 0;
		this.#since = now;
		this.onWritable();
	}

	onBytes(): void {
		// What a reader says is nobody's business.
	}

	onWritable(): void {
		const connection = this.#connection;
		const telegram = this.#telegram;
		if (!telegram) return;
		while (this.#at < telegram.length && connection.room > 0) {
			const part = telegram.subarray(this.#at, this.#at + connection.room);
			connection.write(part);
			this.#at += part.length;
			this.#since = this.#all.clock.now();
		}
		if (this.#at < telegram.length) return;
		this.#telegram = undefined;
		this.#all.sent++;
	}

	onClosed(): void {
		const { readers, host } = this.#all;
		const at = readers.indexOf(this);
		if (at < 0) return;
		readers.splice(at, 1);
		host.left();
	}
}

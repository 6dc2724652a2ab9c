// Readers of P1 telegrams, each on its own connection. One that is slow loses whole telegrams: never half of one, and no
// memory but the telegram that it is in the middle of.

import type { TcpConnection, TcpHandlers } from "../network.js";

/** Without taking a byte for so long, a reader is gone: nobody else tells of a cable that was pulled. */
const STALLED_MS = 120_000;

interface Reader {
	readonly connection: TcpConnection;
	/** What it is being sent, how far, and since when it has taken nothing. */
	telegram: Uint8Array | undefined;
	at: number;
	since: number;
}

export class TelegramReaders {
	readonly #now: () => number;
	readonly #left: () => void;
	readonly #readers: Reader[] = [];
	/** Telegrams sent whole, to all together, and lost by slow readers. */
	sent = 0;
	lost = 0;

	/** `left`: a reader is gone. */
	constructor(now: () => number, left: () => void) {
		this.#now = now;
		this.#left = left;
	}

	/** A reader came; `newest`: what it gets first. */
	add(connection: TcpConnection, newest: Uint8Array | undefined): TcpHandlers {
		const reader: Reader = { connection, telegram: newest, at: 0, since: this.#now() };
		this.#readers.push(reader);
		this.#write(reader);
		return {
			onBytes: () => {},
			onWritable: () => this.#write(reader),
			onClosed: () => this.#remove(reader),
		};
	}

	send(telegram: Uint8Array): void {
		const now = this.#now();
		for (const reader of this.#readers.slice()) {
			if (reader.telegram) {
				this.lost++;
				if (now - reader.since < STALLED_MS) continue;
				reader.connection.close();
				this.#remove(reader);
				continue;
			}
			reader.telegram = telegram;
			reader.at = 0;
			reader.since = now;
			this.#write(reader);
		}
	}

	#write(reader: Reader): void {
		const { connection, telegram } = reader;
		while (telegram && reader.at < telegram.length && connection.room > 0) {
			const part = telegram.subarray(reader.at, reader.at + connection.room);
			connection.write(part);
			reader.at += part.length;
			reader.since = this.#now();
		}
		if (!telegram || reader.at < telegram.length) return;
		reader.telegram = undefined;
		this.sent++;
	}

	#remove(reader: Reader): void {
		const at = this.#readers.indexOf(reader);
		if (at < 0) return;
		this.#readers.splice(at, 1);
		this.#left();
	}
}

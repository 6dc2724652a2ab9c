// What a simulated fleet is measured by: counts, times, and the bytes on its sockets. Knows no MQTT output and no report.

import { Socket } from "node:net";

/** Times kept of one kind: 8 MB. */
const MOST_TIMES = 1_000_000;

/** Times of one kind, in milliseconds. */
export class Times {
	readonly #values: number[] = [];

	add(milliseconds: number): void {
		if (this.#values.length < MOST_TIMES) this.#values.push(milliseconds);
	}

	clear(): void {
		this.#values.length = 0;
	}

	/** The least time that this share of all did not exceed; null without any. */
	quantiles(shares: readonly number[]): (number | null)[] {
		const sorted = Float64Array.from(this.#values).sort();
		return shares.map((share) =>
			sorted.length === 0 ? null : (sorted[Math.ceil(share * sorted.length) - 1] ?? (sorted[0] as number)),
		);
	}
}

/**
 * Bytes that TCP clients of this process have sent and received since it was made; one at a time. Sockets are taken note of as
 * they connect, by a method of node:net put before its own: nothing in the gateway's code need know that it is measured.
 */
export class SocketBytes {
	readonly #open = new Set<Socket>();
	readonly #connect = Socket.prototype.connect;
	#sent = 0;
	#received = 0;

	constructor() {
		const note = (socket: Socket) => this.#note(socket);
		const connect = this.#connect as (this: Socket, ...given: unknown[]) => Socket;
		Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
			note(this);
			return connect.apply(this, given);
		} as Socket["connect"];
	}

	now(): { readonly sent: number; readonly received: number } {
		let [sent, received] = [this.#sent, this.#received];
		for (const socket of this.#open) {
			sent += socket.bytesWritten;
			received += socket.bytesRead;
		}
		return { sent, received };
	}

	close(): void {
		Socket.prototype.connect = this.#connect;
	}

	#note(socket: Socket): void {
		this.#open.add(socket);
		socket.once("close", () => {
			this.#open.delete(socket);
			this.#sent += socket.bytesWritten;
			this.#received += socket.bytesRead;
		});
	}
}

/** What happens in a fleet from `clear` on. */
export class Tally {
	readonly connecting = new Times();
	/** From writing a message at QoS 1 or 2 to its last acknowledgement. */
	readonly acknowledging = new Times();
	/** Readings that were handed to an output. */
	readings = 0;
	/** Messages whose writing began; `published` of them were readings. */
	messages = 0;
	published = 0;
	acknowledged = 0;

	/** Forgets what belongs to the beginning; what connecting took stays. */
	clear(): void {
		this.acknowledging.clear();
		this.readings = 0;
		this.messages = 0;
		this.published = 0;
		this.acknowledged = 0;
	}
}

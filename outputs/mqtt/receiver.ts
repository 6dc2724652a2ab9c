// Takes received messages off the wire, in whatever parts they come, and hands over those that are small enough to be meant
// for the gateway. Of longer ones nothing is kept: whoever sends a megabyte gets no memory for it.

import type { MqttClient } from "../network.js";

/** Longest payload that is handed over: a command, a register's name, Home Assistant's birth message. */
const LONGEST_PAYLOAD = 256;

export class Receiver {
	readonly #take: (topic: string, payload: Uint8Array) => void;
	#topic = "";
	#bytes: Uint8Array | undefined;
	#at = 0;
	/** Messages that were too long. */
	skipped = 0;

	constructor(take: (topic: string, payload: Uint8Array) => void) {
		this.#take = take;
	}

	/** As the client's `onReadable`. */
	readable(client: MqttClient, count: number, topic: string | undefined, length: number): void {
		if (topic !== undefined) {
			const long = length > LONGEST_PAYLOAD;
			if (long) this.skipped++;
			this.#topic = topic;
			this.#bytes = long ? undefined : new Uint8Array(length);
			this.#at = 0;
		}
		for (let left = count; left > 0; ) {
			const part = client.read(Math.min(left, LONGEST_PAYLOAD));
			if (!part || part.byteLength === 0) break;
			left -= part.byteLength;
			if (!this.#bytes || this.#at + part.byteLength > this.#bytes.length) continue;
			this.#bytes.set(new Uint8Array(part), this.#at);
			this.#at += part.byteLength;
		}
		const bytes = this.#bytes;
		if (!bytes || this.#at < bytes.length) return;
		this.#bytes = undefined;
		this.#take(this.#topic, bytes);
	}
}

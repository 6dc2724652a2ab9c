// Writes messages to one connected client within its window, in fragments where a message is larger. One at a time:
// until a message's last byte is written the client takes nothing else (the SDK's rule).

import { type MqttClient, MqttOperation } from "../network.js";
import { lengthOf, type MadeParts, PartReader, type Parts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";

/** Fixed header, length fields and packet identifier, generously (MQTT 3.1.1, 2.2 and 3.3: at most 9 bytes). */
const PACKET_OVERHEAD = 16;
/** A first fragment smaller than this waits for a larger window. */
const LEAST_FIRST_FRAGMENT = 64;
const LAST_PACKET_ID = 0xffff;
/** Bytes of DISCONNECT. */
const DISCONNECT_LENGTH = 2;

export interface Message {
	readonly topic: string;
	readonly payload: Parts | MadeParts;
	readonly qos: 0 | 1 | 2;
	readonly retain: boolean;
}

export class MessageWriter {
	readonly #client: MqttClient;
	readonly #subscriptions: readonly string[];
	/** How many of them have been asked for. */
	#subscribed = 0;
	/** The next message, or `undefined` when nothing waits; made only when it can be sent. */
	readonly #next: () => Message | undefined;
	readonly #written: (message: Message, id: number) => void;
	#window = 0;
	#message: Message | undefined;
	#reader = new PartReader([]);
	#begun = false;
	#id = 0;

	constructor(
		client: MqttClient,
		subscriptions: readonly string[],
		next: () => Message | undefined,
		written: (message: Message, id: number) => void,
	) {
		this.#client = client;
		this.#subscriptions = subscriptions;
		this.#next = next;
		this.#written = written;
	}

	/** A message waits for the window. */
	get busy(): boolean {
		return this.#message !== undefined;
	}

	/** The client's new window. */
	writable(count: number): void {
		this.#window = count;
		this.pump();
	}

	/** Writes what waits, as far as the window reaches; throws what the client throws. */
	pump(): void {
		if (!this.#message && !this.#subscribe()) return;
		for (;;) {
			if (!this.#message) {
				if (this.#window === 0) return;
				this.#message = this.#next();
				this.#begun = false;
				if (!this.#message) return;
				this.#reader = new PartReader(this.#message.payload);
				this.#nextId();
			}
			if (!this.#writeSome(this.#message)) return;
		}
	}

	/** Says goodbye, so that the broker forgets the will; false where the window is too small now. */
	disconnect(): boolean {
		if (this.#message || this.#window < DISCONNECT_LENGTH) return false;
		this.#window = this.#client.write(null, { operation: MqttOperation.DISCONNECT });
		return true;
	}

	/** Asks for the topics, one by one; false where the window is too small now. */
	#subscribe(): boolean {
		for (;;) {
			const topic = this.#subscriptions[this.#subscribed];
			if (topic === undefined) return true;
			if (this.#window < utf8(topic).byteLength + PACKET_OVERHEAD) return false;
			this.#window = this.#client.write(null, {
				operation: MqttOperation.SUBSCRIBE,
				items: [{ topic }],
				id: this.#nextId(),
			});
			this.#subscribed++;
		}
	}

	#nextId(): number {
		this.#id = this.#id === LAST_PACKET_ID ? 1 : this.#id + 1;
		return this.#id;
	}

	/** One fragment; false where the window is used up. */
	#writeSome(message: Message): boolean {
		const { payload, topic, qos, retain } = message;
		if (!this.#begun) {
			const total = lengthOf(payload);
			const room = this.#window - utf8(topic).byteLength - PACKET_OVERHEAD;
			if (room < Math.min(total, LEAST_FIRST_FRAGMENT)) return false;
			const options = { topic, QoS: qos, retain, byteLength: total, id: this.#id };
			this.#window = this.#client.write(this.#reader.take(room), options);
			this.#begun = true;
		} else {
			if (this.#window === 0) return false;
			this.#window = this.#client.write(this.#reader.take(this.#window));
		}
		if (this.#reader.atEnd) {
			this.#message = undefined;
			this.#written(message, this.#id);
		}
		return true;
	}
}

// Keeps one client connected to the broker for ever: connects, times out a broker that is silent, waits (1 s to 60 s)
// and connects again. Writes messages within the client's window, in fragments where one is larger, and takes small ones off
// the wire. Knows nothing of readings; what is sent comes from its owner, message by message, when it can be sent.

import { type MqttClient, type MqttClientOptions, MqttOperation } from "../network.js";
import type { OutputContext } from "../output.js";
import { Backoff } from "../shared/backoff.js";
import { lengthOf, PartReader } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import type { BrokerOptions, ConnectionOwner, Control, Message, ReceivedPart } from "./message.js";

/** From the start of connecting to CONNACK, and from a message to its acknowledgement. */
const ANSWER_TIMEOUT_MS = 10_000;
/** A message that makes no headway for so long: the broker takes nothing any more. */
const STALL_TIMEOUT_MS = 30_000;
/** A connection that held for so long counts as good: the next wait is short again. */
const STEADY_MS = 10_000;
/** Between DISCONNECT and closing the socket, so that the last bytes leave. */
const LINGER_MS = 100;
/** All of the goodbye. */
const GOODBYE_TIMEOUT_MS = 1500;

/** The last step of QoS 2 (MQTT 3.1.1, 4.3.3); the client does those before. */
const PUBCOMP = 7;
/** SUBACK's return code for "no" (MQTT 3.1.1, 3.9.3). */
const NOT_SUBSCRIBED = 0x80;
/** Fixed header, length fields and packet identifier, generously (MQTT 3.1.1, 2.2 and 3.3: at most 9 bytes). */
const PACKET_OVERHEAD = 16;
const DISCONNECT_LENGTH = 2;
/** A first fragment smaller than this waits for a larger window. */
const LEAST_FIRST_FRAGMENT = 64;
const LAST_PACKET_ID = 0xffff;
/** Longest payload that is received: a command, a register's name, Home Assistant's birth message. */
const LONGEST_PAYLOAD = 256;

/** Of every client, whose `target` is its connection: functions made for each would lie in RAM. */
const CALLBACKS = Object.freeze({
	onControl(this: MqttClient, message: Control): void {
		connectionOf(this)?.control(message);
	},
	onReadable(this: MqttClient, count: number, part: ReceivedPart): void {
		connectionOf(this)?.readable(count, part);
	},
	onWritable(this: MqttClient, count: number): void {
		connectionOf(this)?.writable(count);
	},
	onError(this: MqttClient, reason?: unknown): void {
		connectionOf(this)?.failed(reason);
	},
});

/** `undefined` where it has another client by now, or none: late callbacks of an earlier one. */
function connectionOf(client: MqttClient): BrokerConnection | undefined {
	const connection = client.target as BrokerConnection;
	return connection.isOf(client) ? connection : undefined;
}

export class BrokerConnection {
	connected = false;
	/** Monotonic milliseconds of the last change between connected and not. */
	since: number;
	/** Connections so far, less one. */
	reconnects = -1;
	/** Received messages that were too long: whoever sends a megabyte gets no memory for it. */
	skipped = 0;
	/** Why the last connection failed, or what the broker refused, in words; null before the first failure. */
	lastError: string | null = null;

	readonly #context: OutputContext;
	readonly #options: MqttClientOptions;
	readonly #topics: readonly string[];
	readonly #owner: ConnectionOwner;
	readonly #backoff: Backoff;
	/** The next attempt has begun, and is not given up. */
	#trying = false;
	#client: MqttClient | undefined;
	/** Bytes that the client takes now. */
	#window = 0;
	/** How many of the topics have been asked for. */
	#subscribed = 0;
	/** What is being written: until its last byte is, the client takes nothing else (the SDK's rule). */
	#message: Message | undefined;
	/** Where it has got to, once it is begun. */
	#reader: PartReader | undefined;
	#id = 0;
	/** The operation that acknowledges what was written last; 0: nothing is awaited. */
	#awaited = 0;
	/** What is being received; no bytes where it is too long. */
	#topic = "";
	#bytes: Uint8Array | undefined;
	#at = 0;
	/** Bytes of it that are still to come. */
	#left = 0;
	#receiver: ReturnType<ConnectionOwner["receiver"]>;
	/** What ends the waiting: for the broker, or for the next attempt. */
	#watch: unknown;
	#goodbye: (() => void) | undefined;
	#goodbyeTimer: unknown;
	#disconnecting = false;

	/** `topics`: those whose messages are wanted. */
	constructor(
		context: OutputContext,
		options: BrokerOptions,
		topics: readonly string[],
		owner: ConnectionOwner,
	) {
		this.#context = context;
		this.#options = { ...options, ...CALLBACKS, target: this };
		this.#topics = topics;
		this.#owner = owner;
		this.#backoff = new Backoff(context);
		this.since = context.now();
		this.#connect();
	}

	/** Something new waits to be sent. */
	wake(): void {
		if (this.connected && !this.#goodbye) this.#pump();
	}

	/** Sends what still waits and DISCONNECT, then calls `done`; does not wait for a broker that is away. */
	close(done: () => void): void {
		this.#goodbye = done;
		if (!this.connected) return this.#finish();
		this.#goodbyeTimer = this.#context.timers.set(() => this.#finish(), GOODBYE_TIMEOUT_MS);
		this.#pump();
	}

	/** The client is the one that it has, or the one that is just being made. */
	isOf(client: MqttClient): boolean {
		return this.#trying && (this.#client ?? client) === client;
	}

	#connect(): void {
		this.#trying = true;
		this.#window = 0;
		this.#subscribed = 0;
		this.#settle();
		this.#expect(ANSWER_TIMEOUT_MS, "the broker does not answer");
		try {
			const client = this.#context.network.connectMqtt(this.#options);
			if (this.#trying) this.#client = client;
			else client.close();
		} catch (error) {
			if (this.#trying) this.failed(error);
		}
	}

	writable(count: number): void {
		this.#enter();
		this.#window = count;
		// A window that opens is headway, but no acknowledgement (pings open it too).
		if (this.#awaited === 0) this.#settle();
		this.#pump();
	}

	control({ operation, id, returnCode, payload }: Control): void {
		if (operation === MqttOperation.CONNACK) {
			// Why it refuses, the platform says with its error.
			if (!returnCode) this.#enter();
		} else if (operation === MqttOperation.SUBACK) {
			if (!payload?.includes(NOT_SUBSCRIBED)) return;
			this.lastError = "the broker refuses a subscription";
			this.#context.log(`mqtt: ${this.lastError}`, "warning");
		} else if (operation === this.#awaited && id === this.#id) {
			this.#awaited = 0;
			this.#settle();
			this.#owner.delivered();
			this.#pump();
		}
	}

	#enter(): void {
		if (this.connected) return;
		this.connected = true;
		this.since = this.#context.now();
		this.reconnects++;
		this.#settle();
		this.#context.log(`mqtt: connected to ${this.#options.host}:${this.#options.port}`);
		this.#owner.connected();
	}

	/** Writes what waits, as far as the window reaches, then arms the watch for what stayed behind, or goes on with the goodbye. */
	#pump(): void {
		const client = this.#client;
		if (!client) return;
		try {
			while (this.#write(client));
			if (this.#message) this.#expect(STALL_TIMEOUT_MS, "the broker takes no more data");
			else if (this.#awaited) this.#expect(ANSWER_TIMEOUT_MS, "the broker does not acknowledge");
			else if (this.#goodbye && !this.#disconnecting && this.#window >= DISCONNECT_LENGTH) {
				this.#disconnecting = true;
				client.write(null, { operation: MqttOperation.DISCONNECT });
				this.#context.timers.clear(this.#goodbyeTimer);
				this.#goodbyeTimer = this.#context.timers.set(() => this.#finish(), LINGER_MS);
			}
		} catch (error) {
			this.failed(error);
		}
	}

	/** One packet, or a fragment of one; false where the window is used up, or nothing waits. */
	#write(client: MqttClient): boolean {
		if (!this.#message) {
			const topic = this.#topics[this.#subscribed];
			if (topic !== undefined) {
				if (this.#window < utf8(topic).length + PACKET_OVERHEAD) return false;
				const items = [{ topic }];
				this.#window = client.write(null, { operation: MqttOperation.SUBSCRIBE, items, id: this.#nextId() });
				this.#subscribed++;
				return true;
			}
			if (this.#window === 0 || this.#awaited) return false;
			this.#message = this.#owner.next();
			if (!this.#message) return false;
		}
		const { payload, topic, qos, retain } = this.#message;
		let reader = this.#reader;
		if (reader) {
			if (this.#window === 0) return false;
			this.#window = client.write(reader.take(this.#window));
		} else {
			const byteLength = lengthOf(payload);
			const room = this.#window - utf8(topic).length - PACKET_OVERHEAD;
			if (room < Math.min(byteLength, LEAST_FIRST_FRAGMENT)) return false;
			const options = { topic, QoS: qos, retain, byteLength, id: this.#nextId() };
			reader = new PartReader(payload);
			this.#reader = reader;
			this.#window = client.write(reader.take(room), options);
		}
		if (reader.atEnd) {
			this.#message = undefined;
			this.#reader = undefined;
			if (qos === 0) this.#owner.delivered();
			else this.#awaited = qos === 1 ? MqttOperation.PUBACK : PUBCOMP;
		}
		return true;
	}

	#nextId(): number {
		this.#id = (this.#id % LAST_PACKET_ID) + 1;
		return this.#id;
	}

	/** Takes what has come off the wire, in whatever parts. */
	readable(count: number, { topic, byteLength: length = count }: ReceivedPart): void {
		if (topic !== undefined) {
			this.#receiver = this.#owner.receiver(topic);
			const isLong = length > LONGEST_PAYLOAD && !this.#receiver;
			if (isLong) this.skipped++;
			this.#topic = topic;
			this.#bytes = isLong || this.#receiver ? undefined : new Uint8Array(length);
			this.#left = length;
			this.#at = 0;
		}
		for (let left = count; left > 0; ) {
			const part = this.#client?.read(Math.min(left, LONGEST_PAYLOAD));
			if (!part || part.byteLength === 0) break;
			left -= part.byteLength;
			this.#left -= part.byteLength;
			this.#receiver?.take(new Uint8Array(part));
			if (!this.#bytes || this.#at + part.byteLength > this.#bytes.length) continue;
			this.#bytes.set(new Uint8Array(part), this.#at);
			this.#at += part.byteLength;
		}
		if (this.#left === 0) this.#receiver?.finish();
		const bytes = this.#bytes;
		if (!bytes || this.#at < bytes.length) return;
		this.#bytes = undefined;
		this.#owner.received(this.#topic, bytes);
	}

	/** The goodbye is over. */
	#finish(): void {
		const done = this.#goodbye;
		this.#goodbye = undefined;
		this.#context.timers.clear(this.#goodbyeTimer);
		this.#drop();
		done?.();
	}

	/** The connection is gone or given up: told once, then tried again. `error`: what the platform says, if it does. */
	failed(error: unknown): void {
		if (this.#goodbye) return this.#finish();
		const { connected } = this;
		const text = error instanceof Error ? error.message : error;
		const silent = connected
			? "the connection to the broker is lost"
			: "the broker cannot be reached, or refuses the connection";
		const reason = typeof text === "string" && text ? text : silent;
		if (connected) {
			if (this.#context.now() - this.since >= STEADY_MS) this.#backoff.reset();
			this.since = this.#context.now();
		}
		this.#drop();
		// Told when it changes; health counts the rest.
		if (connected || reason !== this.lastError)
			this.#context.log(`mqtt: ${reason}; trying again until it works`);
		this.lastError = reason;
		this.#watch = this.#context.timers.set(() => this.#connect(), this.#backoff.next());
	}

	#drop(): void {
		const { connected } = this;
		const client = this.#client;
		this.#trying = false;
		this.#client = undefined;
		this.#message = undefined;
		this.#reader = undefined;
		this.#bytes = undefined;
		this.#awaited = 0;
		this.connected = false;
		this.#settle();
		client?.close();
		if (connected) this.#owner.lost();
	}

	/** The connection is given up after that time, unless a watch is set already or `#settle` comes first. */
	#expect(milliseconds: number, reason: string): void {
		this.#watch ??= this.#context.timers.set(() => this.failed(reason), milliseconds);
	}

	#settle(): void {
		this.#context.timers.clear(this.#watch);
		this.#watch = undefined;
	}
}

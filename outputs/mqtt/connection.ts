// Keeps one client connected to the broker for ever: connects, times out a broker that is silent, waits (1 s to 60 s)
// and connects again. Knows nothing of readings; what is sent comes from its owner, message by message.

import { type MqttClient, type MqttClientOptions, MqttOperation } from "../network.js";
import type { OutputContext } from "../output.js";
import { Backoff } from "../shared/backoff.js";
import { type Message, MessageWriter } from "./message-writer.js";
import { Receiver } from "./receiver.js";

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

/** Connect return codes of MQTT 3.1.1, table 3.1, in words. */
const REFUSALS: readonly string[] = Object.freeze([
	"",
	"the broker does not speak MQTT 3.1.1",
	"the broker refuses the client id",
	"the broker is not available",
	"the broker refuses user or password",
	"the broker does not authorise this client",
]);

export type BrokerOptions = Pick<
	MqttClientOptions,
	"host" | "port" | "tls" | "id" | "user" | "password" | "keepAlive" | "will"
>;

export interface ConnectionEvents {
	/** Connected: what comes first of all messages can be queued now. */
	connected(): void;
	/** Not connected any more; a message that was half written is lost. */
	lost(): void;
	next(): Message | undefined;
	/** Wholly written (QoS 0), or acknowledged by the broker (QoS 1 and 2). */
	delivered(message: Message): void;
	/** A message on one of the subscribed topics; the bytes are the receiver's. */
	received(topic: string, payload: Uint8Array): void;
}

/** One connection's life, so that a late callback of an earlier one is told apart. */
interface Attempt {
	client: MqttClient | undefined;
	writer: MessageWriter | undefined;
	/** Written at QoS 1 or 2 and not acknowledged: packet id and message; the newest only. */
	unacknowledged: { readonly id: number; readonly message: Message } | undefined;
}

export class BrokerConnection {
	readonly #context: OutputContext;
	readonly #options: BrokerOptions;
	readonly #subscriptions: readonly string[];
	readonly #events: ConnectionEvents;
	readonly #receiver: Receiver;
	readonly #backoff: Backoff;
	#attempt: Attempt | undefined;
	#connected = false;
	#since: number;
	#reconnects = 0;
	#everConnected = false;
	#lastError: string | null = null;
	#watch: unknown;
	#retry: unknown;
	#goodbye: (() => void) | undefined;
	#goodbyeTimer: unknown;
	#disconnecting = false;

	/** `subscriptions`: topics, or filters, whose messages are wanted. */
	constructor(
		context: OutputContext,
		options: BrokerOptions,
		subscriptions: readonly string[],
		events: ConnectionEvents,
	) {
		this.#context = context;
		this.#options = options;
		this.#subscriptions = subscriptions;
		this.#events = events;
		this.#receiver = new Receiver((topic, payload) => events.received(topic, payload));
		this.#backoff = new Backoff(() => context.random());
		this.#since = context.now();
		this.#connect();
	}

	get connected(): boolean {
		return this.#connected;
	}

	/** Monotonic milliseconds of the last change between connected and not. */
	get since(): number {
		return this.#since;
	}

	get reconnects(): number {
		return this.#reconnects;
	}

	/** Received messages that were too long to be looked at. */
	get skipped(): number {
		return this.#receiver.skipped;
	}

	/** Why the last connection failed, in words; null before the first failure. */
	get lastError(): string | null {
		return this.#lastError;
	}

	/** Something new waits to be sent. */
	wake(): void {
		if (this.#connected && !this.#goodbye) this.#pump();
	}

	/** Sends what still waits and DISCONNECT, then calls `done`; does not wait for a broker that is away. */
	close(done: () => void): void {
		const { timers } = this.#context;
		timers.clear(this.#retry);
		if (!this.#connected) {
			this.#drop();
			done();
			return;
		}
		this.#goodbye = done;
		this.#goodbyeTimer = timers.set(() => this.#finish(), GOODBYE_TIMEOUT_MS);
		this.#pump();
	}

	#connect(): void {
		this.#retry = undefined;
		const attempt: Attempt = { client: undefined, writer: undefined, unacknowledged: undefined };
		this.#attempt = attempt;
		const mine = () => this.#attempt === attempt;
		this.#expect(ANSWER_TIMEOUT_MS, "the broker does not answer");
		try {
			const client = this.#context.network.connectMqtt({
				...this.#options,
				onControl: (message) => {
					if (mine()) this.#control(attempt, message);
				},
				onReadable: (count, { topic, byteLength = count }) => {
					// Before `connectMqtt` has returned there is nothing to read.
					if (mine() && attempt.client) this.#receiver.readable(attempt.client, count, topic, byteLength);
				},
				onWritable: (count) => {
					if (mine()) this.#writable(attempt, count);
				},
				onError: (message) => {
					if (mine()) this.#failed(reasonText(message, this.#connected));
				},
			});
			if (mine()) attempt.client = client;
			else client.close();
		} catch (error) {
			if (mine()) this.#failed(reasonText(error, false));
		}
	}

	#control(attempt: Attempt, message: { operation: number; id?: number; returnCode?: number }): void {
		if (message.operation === MqttOperation.CONNACK) {
			const code = message.returnCode ?? 0;
			if (code !== 0) this.#failed(REFUSALS[code] ?? "the broker refuses the connection");
			else this.#enter();
			return;
		}
		const { operation, id } = message;
		const { unacknowledged } = attempt;
		if (unacknowledged?.id !== id) return;
		if (operation === (unacknowledged?.message.qos === 1 ? MqttOperation.PUBACK : PUBCOMP)) {
			const { message: acknowledged } = unacknowledged as { message: Message };
			attempt.unacknowledged = undefined;
			this.#settle();
			this.#events.delivered(acknowledged);
			this.#pump();
		}
	}

	#writable(attempt: Attempt, count: number): void {
		if (!this.#connected) this.#enter();
		const { client } = attempt;
		if (!client) return;
		attempt.writer ??= new MessageWriter(
			client,
			this.#subscriptions,
			() => (attempt.unacknowledged ? undefined : this.#events.next()),
			(message, id) => this.#written(attempt, message, id),
		);
		// A window that opens is headway, but no acknowledgement (pings open it too).
		if (!attempt.unacknowledged) this.#settle();
		this.#guard(() => attempt.writer?.writable(count));
	}

	#enter(): void {
		if (this.#connected) return;
		const { host, port } = this.#options;
		this.#connected = true;
		this.#since = this.#context.now();
		if (this.#everConnected) this.#reconnects++;
		this.#everConnected = true;
		this.#settle();
		this.#context.log(`mqtt: connected to ${host}:${port}`);
		this.#events.connected();
	}

	#written(attempt: Attempt, message: Message, id: number): void {
		if (message.qos === 0) this.#events.delivered(message);
		else attempt.unacknowledged = { id, message };
	}

	#pump(): void {
		const writer = this.#attempt?.writer;
		if (writer) this.#guard(() => writer.pump());
	}

	/** Writes, then arms the watch for what stayed behind, or goes on with the goodbye. */
	#guard(write: () => void): void {
		try {
			write();
			const attempt = this.#attempt;
			if (!attempt?.writer) return;
			if (attempt.writer.busy) this.#expectOnce(STALL_TIMEOUT_MS, "the broker takes no more data");
			else if (attempt.unacknowledged) this.#expectOnce(ANSWER_TIMEOUT_MS, "the broker does not acknowledge");
			else if (this.#goodbye) this.#sayGoodbye(attempt.writer);
		} catch (error) {
			this.#failed(reasonText(error, true));
		}
	}

	#sayGoodbye(writer: MessageWriter): void {
		if (this.#disconnecting || !writer.disconnect()) return;
		this.#disconnecting = true;
		this.#context.timers.clear(this.#goodbyeTimer);
		this.#goodbyeTimer = this.#context.timers.set(() => this.#finish(), LINGER_MS);
	}

	#finish(): void {
		const done = this.#goodbye;
		this.#goodbye = undefined;
		this.#context.timers.clear(this.#goodbyeTimer);
		this.#drop();
		done?.();
	}

	/** The connection is gone or given up: told once, then tried again. */
	#failed(reason: string): void {
		if (this.#goodbye) {
			this.#finish();
			return;
		}
		if (this.#connected) {
			if (this.#context.now() - this.#since >= STEADY_MS) this.#backoff.reset();
			this.#since = this.#context.now();
		}
		const wasConnected = this.#connected;
		this.#drop();
		const wait = this.#backoff.next();
		// Told when it changes; health counts the rest.
		if (wasConnected || reason !== this.#lastError)
			this.#context.log(`mqtt: ${reason}; trying again until it works`);
		this.#lastError = reason;
		this.#retry = this.#context.timers.set(() => this.#connect(), wait);
	}

	#drop(): void {
		const attempt = this.#attempt;
		const wasConnected = this.#connected;
		this.#attempt = undefined;
		this.#connected = false;
		this.#settle();
		attempt?.client?.close();
		if (wasConnected) this.#events.lost();
	}

	#expect(milliseconds: number, reason: string): void {
		this.#settle();
		this.#watch = this.#context.timers.set(() => {
			this.#watch = undefined;
			this.#failed(reason);
		}, milliseconds);
	}

	#expectOnce(milliseconds: number, reason: string): void {
		if (this.#watch === undefined) this.#expect(milliseconds, reason);
	}

	#settle(): void {
		if (this.#watch !== undefined) this.#context.timers.clear(this.#watch);
		this.#watch = undefined;
	}
}

/** What the platform says, or what can be said without it (the SDK tells no reason). */
function reasonText(message: unknown, connected: boolean): string {
	if (message instanceof Error && message.message) return message.message;
	if (typeof message === "string" && message) return message;
	return connected
		? "the connection to the broker is lost"
		: "the broker cannot be reached, or refuses the connection";
}

// Connecting to an MQTT broker: the SDK's client with a resolver and a socket that say why a connection failed, and
// that stay silent once the client is closed (the client itself then runs into its own loose ends).
// Source: $MODDABLE/examples/io/tcp/mqttclient/mqttclient.js.

import MQTTClient from "embedded:network/mqtt/client";
import type {
	Bytes,
	MqttClient,
	MqttClientOptions,
	MqttWriteOptions,
	Network,
	TlsOptions,
} from "../outputs/network.js";
import { timers } from "./clock.js";
import { PacketWatch } from "./mqtt-packets.js";
import { type BrokerLink, BrokerSocket, type OfLink } from "./mqtt-socket.js";
import { SystemResolver } from "./resolver.js";
import type { ResolveRequest } from "./sdk.js";

interface SdkMqttClient {
	write(data: Bytes | null, options?: MqttWriteOptions): number;
	read(count?: number): ArrayBuffer | undefined;
	close(): void;
}

type ControlMessage = Parameters<NonNullable<MqttClientOptions["onControl"]>>[0];
type Details = Parameters<NonNullable<MqttClientOptions["onReadable"]>>[1];

/** What the SDK's client hands on to the resolver's class. */
interface OfConnection {
	readonly connection: Connection;
}

interface SdkMqttOptions
	extends Omit<MqttClientOptions, "onControl" | "onReadable" | "onWritable" | "onError"> {
	readonly dns: OfConnection & { readonly io: unknown };
	readonly socket: OfLink & { readonly io: unknown };
	onControl(message: ControlMessage): void;
	onReadable(count: number, details?: Details): void;
	onWritable(count: number): void;
	onError(): void;
}

type MqttClientClass = new (options: SdkMqttOptions) => SdkMqttClient;

const Client = MQTTClient as unknown as MqttClientClass;

const PUBLISH = 3;
const CONNACK = 2;
const LARGEST_ID = 0xffff;
const FIRST_ID = 1;

/** Bytes of CONNACK, its return code being the last. */
const RETURN_CODE_END = 4;

/** Return codes of CONNACK (MQTT 3.1.1, table 3.1). */
const REFUSALS = Object.freeze([
	"",
	"the broker does not speak MQTT 3.1.1",
	"the broker refuses this client id",
	"the broker is unavailable",
	"wrong user name or password",
	"not authorised",
]);

export const connectMqtt: Network["connectMqtt"] = (options) => new Connection(options);

interface Targeted {
	readonly target: Connection;
}

/** Of every client; they run with it as `this`. */
const CALLBACKS = Object.freeze({
	onControl(this: Targeted, message: ControlMessage): void {
		this.target.onControl(message);
	},
	onReadable(this: Targeted, count: number, details?: Details): void {
		this.target.onReadable(count, details ?? {});
	},
	onWritable(this: Targeted, count: number): void {
		this.target.onWritable(count);
	},
	onError(this: Targeted): void {
		this.target.onError();
	},
});

class Connection implements MqttClient, BrokerLink {
	readonly target: unknown;
	readonly #options: MqttClientOptions;
	readonly resolver = new SystemResolver();
	#client: SdkMqttClient | undefined;
	socket: BrokerSocket | undefined;
	#reason: string | undefined;
	#connected = false;
	readonly #packets = new PacketWatch();
	/** Bytes that have come from the broker, as far as CONNACK. */
	#heard = 0;
	#id = 0;

	constructor(options: MqttClientOptions) {
		this.#options = options;
		this.target = options.target;
		const { will, password, host, port, id, user, keepAlive, clean } = options;
		this.#client = new Client({
			host,
			port,
			id,
			...(user === undefined ? undefined : { user }),
			...(password === undefined ? undefined : { password: exactBuffer(password) }),
			keepAlive,
			...(clean === undefined ? undefined : { clean }),
			// The client takes text or an ArrayBuffer here, not a view.
			...(will === undefined ? undefined : { will: { ...will, message: exactBuffer(will.message) } }),
			dns: { io: BrokerResolver, connection: this },
			socket: { io: BrokerSocket, connection: this },
			target: this,
			...CALLBACKS,
		});
	}

	write(data: Bytes | null, options?: MqttWriteOptions): number {
		if (!this.#client || !this.#connected) throw new Error("not connected");
		if (!options) return this.#client.write(data);
		// Ids are given here: the client's own run beyond 16 bits.
		const { id = this.#nextId(), operation = PUBLISH } = options;
		return this.#client.write(data, { ...options, operation, id });
	}

	read(count?: number): ArrayBuffer | undefined {
		return this.#client?.read(count);
	}

	close(): void {
		this.resolver.close();
		const client = this.#client;
		this.#client = undefined;
		this.#connected = false;
		client?.close();
		this.socket?.close();
		this.socket = undefined;
	}

	#nextId(): number {
		this.#id = this.#id >= LARGEST_ID ? FIRST_ID : this.#id + 1;
		return this.#id;
	}

	onControl(message: ControlMessage): void {
		if (message.operation === CONNACK && !message.returnCode) this.#connected = true;
		if (!this.#client) return;
		try {
			this.#options.onControl?.call(this, message);
		} catch (error) {
			this.#fault(error);
		}
	}

	onReadable(count: number, details: Details): void {
		if (!this.#client) return;
		try {
			this.#options.onReadable?.call(this, count, details);
		} catch (error) {
			this.#fault(error);
		}
	}

	onWritable(count: number): void {
		if (!this.#client) return;
		try {
			this.#options.onWritable?.call(this, count);
		} catch (error) {
			this.#fault(error);
		}
	}

	/** The client closes itself after this callback. */
	onError(): void {
		if (!this.#client) return;
		const reason =
			this.#reason ?? (this.#connected ? "the broker no longer answers" : "the broker does not answer");
		this.#client = undefined;
		this.#connected = false;
		this.resolver.close();
		this.#tellEnd(reason);
	}

	#tellEnd(reason: string | undefined): void {
		try {
			this.#options.onError?.call(this, reason);
		} catch (error) {
			trace(`mqtt: ${error}\n`);
		}
	}

	/** An exception of the application ends this connection, not the machine. */
	#fault(error: unknown): void {
		trace(`mqtt: ${error}\n`);
		// Not from inside the client's own callback: it goes on with what it closed.
		this.lost(`${error}`);
	}

	/** Ends the connection a moment later. */
	lost(reason: string): void {
		this.#reason ??= reason;
		timers.set(() => {
			if (!this.#client) return;
			this.close();
			this.#tellEnd(this.#reason);
		}, 0);
	}

	/** A fault in the client's own code (a broker that breaks the protocol) ends the connection, not the machine. */
	clientFault(error: unknown): void {
		trace(`mqtt: ${error}\n`);
		if (!this.#client) return;
		this.because(`${error}`);
		const reason = this.#reason;
		this.close();
		this.#tellEnd(reason);
	}

	because(reason: string): void {
		this.#reason ??= reason;
	}

	/** Nobody has that name. */
	unknown(host: string): void {
		this.#reason = `${host}: no such name`;
	}

	get tls(): TlsOptions | undefined {
		return this.#options.tls;
	}

	get isOpen(): boolean {
		return this.#client !== undefined;
	}

	get isConnected(): boolean {
		return this.#connected;
	}

	/**
	 * What the client reads. It does not tell why a broker refused: that is the fourth byte that comes (MQTT 3.1.1,
	 * 3.2.2.3). And a message without payload ends its reading for good (8.2.3): better to connect anew.
	 */
	watch(bytes: Uint8Array): void {
		if (this.#heard < RETURN_CODE_END) {
			const code = bytes[RETURN_CODE_END - 1 - this.#heard];
			this.#heard += bytes.length;
			if (code) this.#reason = REFUSALS[code] ?? `the broker refuses with code ${code}`;
		}
		if (this.#packets.hasEmptyMessage(bytes)) this.lost("the broker sent a message without content");
	}
}

/** The client's resolver. */
class BrokerResolver {
	readonly #connection: Connection;

	constructor({ connection }: OfConnection) {
		this.#connection = connection;
	}

	resolve(request: ResolveRequest): void {
		const connection = this.#connection;
		connection.resolver.resolve({
			...request,
			onError: (host) => {
				connection.unknown(host);
				request.onError?.(host);
			},
		});
	}
}

function exactBuffer(bytes: Bytes): ArrayBuffer {
	return bytes instanceof ArrayBuffer ? bytes : (bytes.slice().buffer as ArrayBuffer);
}

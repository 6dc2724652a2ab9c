// Connecting to an MQTT broker: the SDK's client with a resolver and a socket that say why a connection failed, and
// that stay silent once the client is closed (the client itself then runs into its own loose ends).
// Source: $MODDABLE/examples/io/tcp/mqttclient/mqttclient.js.

import TCP from "embedded:io/socket/tcp";
import MQTTClient from "embedded:network/mqtt/client";
import TlsSocket from "tls-socket";
import type { Bytes, MqttClient, MqttClientOptions, MqttWriteOptions, Network } from "../outputs/network.js";
import { timers } from "./clock.js";
import { PacketWatch } from "./mqtt-packets.js";
import { SystemResolver } from "./resolver.js";
import type { ResolveRequest, SdkTcp, TcpClass, TcpOptions } from "./sdk.js";

const BaseTcp = TCP as unknown as TcpClass;

interface SdkMqttClient {
	write(data: Bytes | null, options?: MqttWriteOptions): number;
	read(count?: number): ArrayBuffer | undefined;
	close(): void;
}

type MqttClientClass = new (
	options: Omit<MqttClientOptions, "onControl" | "onReadable" | "onWritable" | "onError"> & {
		readonly dns: { readonly io: unknown };
		readonly socket: { readonly io: unknown };
		onControl(message: { operation: number; id?: number; returnCode?: number }): void;
		onReadable(count: number, options?: object): void;
		onWritable(count: number): void;
		onError(): void;
	},
) => SdkMqttClient;

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

class Connection implements MqttClient {
	readonly #options: MqttClientOptions;
	readonly #resolver = new SystemResolver();
	#client: SdkMqttClient | undefined;
	#socket: SdkTcp | undefined;
	#reason: string | undefined;
	#connected = false;
	readonly #packets = new PacketWatch();
	/** Bytes that have come from the broker, as far as CONNACK. */
	#heard = 0;
	#id = 0;

	constructor(options: MqttClientOptions) {
		this.#options = options;
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
			dns: { io: this.#resolverClass() },
			socket: { io: this.#socketClass() },
			onControl: (message) => {
				if (message.operation === CONNACK && !message.returnCode) this.#connected = true;
				this.#guard(() => options.onControl?.call(this, message));
			},
			onReadable: (count, details) => this.#guard(() => options.onReadable?.call(this, count, details ?? {})),
			onWritable: (count) => this.#guard(() => options.onWritable?.call(this, count)),
			onError: () => this.#failed(),
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
		this.#resolver.close();
		const client = this.#client;
		this.#client = undefined;
		this.#connected = false;
		client?.close();
		this.#socket?.close();
		this.#socket = undefined;
	}

	#nextId(): number {
		this.#id = this.#id >= LARGEST_ID ? FIRST_ID : this.#id + 1;
		return this.#id;
	}

	/** The client closes itself after this callback. */
	#failed(): void {
		if (!this.#client) return;
		const reason =
			this.#reason ?? (this.#connected ? "the broker no longer answers" : "the broker does not answer");
		this.#client = undefined;
		this.#connected = false;
		this.#resolver.close();
		this.#guard(() => this.#options.onError?.call(this, reason), true);
	}

	/** An exception of the application ends this connection, not the machine. */
	#guard(callback: () => void, closed = false): void {
		if (!this.#client && !closed) return;
		try {
			callback();
		} catch (error) {
			trace(`mqtt: ${error}\n`);
			if (closed) return;
			// Not from inside the client's own callback: it goes on with what it closed.
			this.#lost(`${error}`);
		}
	}

	/** Ends the connection a moment later. */
	#lost(reason: string): void {
		this.#reason ??= reason;
		timers.set(() => {
			if (!this.#client) return;
			this.close();
			this.#guard(() => this.#options.onError?.call(this, this.#reason), true);
		}, 0);
	}

	#resolverClass(): unknown {
		const connection = this;
		return class {
			resolve(request: ResolveRequest): void {
				connection.#resolver.resolve({
					host: request.host,
					onResolved: (host, address) => request.onResolved?.(host, address),
					onError: (host) => {
						connection.#reason = `${host}: no such name`;
						request.onError?.(host);
					},
				});
			}

			close(): void {
				connection.#resolver.close();
			}
		};
	}

	#socketClass(): unknown {
		const connection = this;
		const { tls, host } = this.#options;
		const Base = tls ? (TlsSocket as unknown as TcpClass) : BaseTcp;
		return class extends Base {
			#closed = false;

			constructor(options: TcpOptions) {
				let self: { readonly closed: () => boolean } | undefined;
				const open = () => self !== undefined && !self.closed() && connection.#client !== undefined;
				try {
					super({
						...options,
						...(tls ? { tls, host } : undefined),
						nodelay: true,
						onReadable: (count) => open() && connection.#inSocket(() => options.onReadable?.(count)),
						onWritable: (count) => open() && connection.#inSocket(() => options.onWritable?.(count)),
						onError: (reason) => {
							if (!open()) return;
							// With TLS a reason is in words.
							if (tls && reason !== undefined) connection.#reason ??= `${reason}`;
							connection.#reason ??= connection.#connected
								? "the broker closed the connection"
								: "no connection to the broker";
							options.onError?.(reason);
						},
					});
				} catch (error) {
					// A certificate or key that cannot be used.
					connection.#reason ??= (error as Error).message;
					throw error;
				}
				self = { closed: () => this.#closed };
				connection.#socket = this;
			}

			override read(count?: number): ArrayBuffer | number | undefined {
				const data = count === undefined ? super.read() : super.read(count);
				if (data !== undefined)
					connection.#watch(typeof data === "number" ? Uint8Array.of(data) : new Uint8Array(data));
				return data;
			}

			override write(data: Bytes | number, options?: object): number {
				const room: number | undefined = super.write(data, options);
				// The other end is gone; the SDK's socket on Linux then says nothing more.
				if (room === undefined) connection.#lost("the broker closed the connection");
				return room ?? 0;
			}

			override close(): void {
				if (this.#closed) return;
				this.#closed = true;
				super.close();
			}
		};
	}

	/**
	 * What the client reads. It does not tell why a broker refused: that is the fourth byte that comes (MQTT 3.1.1,
	 * 3.2.2.3). And a message without payload ends its reading for good (8.2.3): better to connect anew.
	 */
	#watch(bytes: Uint8Array): void {
		if (this.#heard < RETURN_CODE_END) {
			const code = bytes[RETURN_CODE_END - 1 - this.#heard];
			this.#heard += bytes.length;
			if (code) this.#reason = REFUSALS[code] ?? `the broker refuses with code ${code}`;
		}
		if (this.#packets.hasEmptyMessage(bytes)) this.#lost("the broker sent a message without content");
	}

	/** A fault in the client's own code (a broker that breaks the protocol) ends the connection, not the machine. */
	#inSocket(callback: () => void): void {
		try {
			callback();
		} catch (error) {
			trace(`mqtt: ${error}\n`);
			if (!this.#client) return;
			this.#reason ??= `${error}`;
			const reason = this.#reason;
			this.close();
			this.#guard(() => this.#options.onError?.call(this, reason), true);
		}
	}
}

function exactBuffer(bytes: Bytes): ArrayBuffer {
	return bytes instanceof ArrayBuffer ? bytes : (bytes.slice().buffer as ArrayBuffer);
}

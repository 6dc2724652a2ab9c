// The SDK's `embedded:network/mqtt/client` on Node: MQTT 3.1.1 over the given ECMA-419 TCP class, packets read by npm
// `mqtt-packet`. As in the SDK, reconnecting is the application's job, and the client is closed after `onError`.

import { generate, type Packet, parser as packetParser } from "mqtt-packet";
import { Received } from "./received.js";
import Timer from "./timer.js";

/** A longer PUBLISH is handed over in parts as they come, as the SDK's client does with all; other packets are never so long. */
const LONGEST_WHOLE = 64 * 1024;
/** Flags, and a remaining length of up to four bytes (MQTT 3.1.1, 2.2). */
const LONGEST_FIXED_HEADER = 5;
const CONNECT_TIMEOUT_MS = 30_000;

type Bytes = ArrayBuffer | Uint8Array;
type QoS = 0 | 1 | 2;

/** A received message, or a part of one; what follows the first part has no topic. */
interface Delivery {
	readonly bytes: Buffer;
	readonly options: Partial<MessageOptions> & { readonly more: boolean };
}

interface Socket {
	read(count?: number): ArrayBuffer | number | undefined;
	write(data: Uint8Array): number;
	close(): void;
}

type SocketClass = new (options: {
	readonly address: string;
	readonly host: string;
	readonly port: number;
	onReadable(count: number): void;
	onWritable(count: number): void;
	onError(reason?: unknown): void;
}) => Socket;

interface Resolver {
	resolve(request: {
		readonly host: string;
		onResolved(host: string, address: string): void;
		onError(host: string): void;
	}): void;
}

export interface ControlMessage {
	readonly operation: number;
	readonly id?: number;
	readonly returnCode?: number;
	readonly payload?: readonly number[];
}

export interface MessageOptions {
	readonly topic: string;
	readonly byteLength: number;
	readonly QoS: number;
	readonly more: boolean;
}

export interface WriteOptions {
	readonly operation?: number;
	readonly topic?: string;
	readonly QoS?: QoS;
	readonly retain?: boolean;
	readonly duplicate?: boolean;
	readonly id?: number;
	readonly byteLength?: number;
	readonly items?: readonly { readonly topic: string; readonly QoS?: QoS }[];
}

export interface MQTTClientOptions {
	readonly host: string;
	readonly port?: number;
	readonly id?: string;
	readonly user?: string;
	readonly password?: Bytes | string;
	/** Milliseconds. */
	readonly keepAlive?: number;
	readonly clean?: boolean;
	readonly will?: {
		readonly topic: string;
		readonly message: Bytes | string;
		readonly QoS?: QoS;
		readonly retain?: boolean;
	};
	readonly dns: { readonly io: unknown };
	readonly socket: { readonly io: unknown };
	readonly target?: unknown;
	onControl?(this: MQTTClient, message: ControlMessage): void;
	onReadable?(this: MQTTClient, count: number, options: Partial<MessageOptions>): void;
	onWritable?(this: MQTTClient, count: number): void;
	onError?(this: MQTTClient, reason?: unknown): void;
}

export default class MQTTClient {
	static readonly CONNECT = 1;
	static readonly CONNACK = 2;
	static readonly PUBLISH = 3;
	static readonly PUBACK = 4;
	static readonly PUBREC = 5;
	static readonly PUBREL = 6;
	static readonly PUBCOMP = 7;
	static readonly SUBSCRIBE = 8;
	static readonly SUBACK = 9;
	static readonly UNSUBSCRIBE = 10;
	static readonly UNSUBACK = 11;
	static readonly PINGREQ = 12;
	static readonly PINGRESP = 13;
	static readonly DISCONNECT = 14;

	readonly target: unknown;
	readonly #options: MQTTClientOptions;
	readonly #parser = packetParser({ protocolVersion: 4 });
	#socket: Socket | undefined;
	#state: "resolving" | "connecting" | "login" | "connected" | "publishing" | "closed" = "resolving";
	#writable = 0;
	/** Bytes still to come of a PUBLISH that is written in parts. */
	#remaining = 0;
	#id = 0;
	#payload = new Received();
	#messages: Delivery[] = [];
	/** Of a packet whose end has not come. */
	#rest = Buffer.alloc(0);
	/** Bytes still to come of a message that is handed over in parts, and the acknowledgement due then. */
	#coming = 0;
	#answer: Uint8Array | undefined;
	/** Answers that found no room yet. */
	#answers: Uint8Array[] = [];
	#connecting: Timer | undefined;
	#keepAlive: Timer | undefined;
	#heard = 0;

	constructor(options: MQTTClientOptions) {
		if (!options.host) throw new Error("host required");
		this.#options = { ...options };
		this.target = options.target;
		this.#parser.on("packet", (packet) => this.#take(packet));
		this.#parser.on("error", (error) => this.#fail(error.message));
		const resolver = new (options.dns.io as new (dns: object) => Resolver)(options.dns);
		resolver.resolve({
			host: options.host,
			onResolved: (host, address) => this.#connect(host, address),
			onError: (host) => this.#fail(`${host}: no such name`),
		});
	}

	/** Takes all or throws `overflow`; returns what may be written next. */
	write(data: Bytes | null, options?: WriteOptions): number {
		if (this.#state === "publishing") return this.#writePart(data, options);
		if (this.#state !== "connected" || !options) throw new Error("not connected");
		const { operation = MQTTClient.PUBLISH, id = this.#nextId() } = options;
		switch (operation) {
			case MQTTClient.PUBLISH:
				return this.#publish(data ?? new Uint8Array(0), options, id);
			case MQTTClient.SUBSCRIBE: {
				const subscriptions = (options.items ?? []).map(({ topic, QoS = 0 }) => ({ topic, qos: QoS }));
				return this.#send(generate({ cmd: "subscribe", messageId: id, subscriptions }));
			}
			case MQTTClient.UNSUBSCRIBE: {
				const unsubscriptions = (options.items ?? []).map(({ topic }) => topic);
				return this.#send(generate({ cmd: "unsubscribe", messageId: id, unsubscriptions }));
			}
			case MQTTClient.PINGREQ:
				return this.#send(generate({ cmd: "pingreq" }));
			case MQTTClient.DISCONNECT:
				return this.#send(generate({ cmd: "disconnect" }));
			default:
				throw new Error("unknown");
		}
	}

	/** Bytes of the message that `onReadable` told of. */
	read(count?: number): ArrayBuffer | undefined {
		const data = this.#payload.take(count);
		if (this.#payload.count === 0 && this.#messages.length > 0) setImmediate(() => this.#deliver());
		return data;
	}

	close(): void {
		this.#state = "closed";
		Timer.clear(this.#connecting);
		Timer.clear(this.#keepAlive);
		this.#socket?.close();
		this.#socket = undefined;
		this.#messages = [];
		this.#rest = Buffer.alloc(0);
		this.#payload = new Received();
	}

	#connect(host: string, address: string): void {
		if (this.#state !== "resolving") return;
		this.#state = "connecting";
		this.#connecting = Timer.set(() => this.#fail("no connection"), CONNECT_TIMEOUT_MS);
		try {
			this.#socket = new (this.#options.socket.io as SocketClass)({
				...this.#options.socket,
				address,
				host,
				port: this.#options.port ?? 1883,
				onReadable: () => this.#receive(),
				onWritable: (count) => this.#onWritable(count),
				onError: (reason) => this.#fail(`${reason ?? "connection lost"}`),
			});
		} catch (error) {
			this.#fail(`${error}`);
		}
	}

	#onWritable(count: number): void {
		this.#writable = count;
		if (this.#state === "connecting") this.#login();
		else if (this.#state === "connected" || this.#state === "publishing") {
			while (this.#state === "connected" && this.#answers.length > 0) {
				if ((this.#answers[0] as Uint8Array).length > this.#writable) return;
				this.#send(this.#answers.shift() as Uint8Array);
			}
			if (this.#writable > 0) this.#options.onWritable?.call(this, this.#room());
		}
	}

	#login(): void {
		Timer.clear(this.#connecting);
		const { id = "", clean = true, keepAlive = 0, user, password, will } = this.#options;
		const seconds = Math.ceil(keepAlive / 1000);
		this.#send(
			generate({
				cmd: "connect",
				protocolId: "MQTT",
				protocolVersion: 4,
				clientId: id,
				clean,
				keepalive: seconds,
				...(user === undefined ? undefined : { username: user }),
				...(password === undefined ? undefined : { password: buffer(password) }),
				...(will === undefined
					? undefined
					: {
							will: {
								topic: will.topic,
								payload: buffer(will.message),
								qos: will.QoS ?? 0,
								retain: will.retain === true,
							},
						}),
			}),
		);
		this.#state = "login";
		this.#heard = performance.now();
		if (seconds > 0) this.#keepAlive = Timer.repeat(() => this.#ping(seconds * 1000), seconds * 750);
	}

	#ping(interval: number): void {
		if (performance.now() - this.#heard >= interval * 1.5) this.#fail("time out");
		else if (this.#state === "connected") this.#reply(generate({ cmd: "pingreq" }));
	}

	#receive(): void {
		const data = this.#socket?.read();
		if (!(data instanceof ArrayBuffer)) return;
		this.#heard = performance.now();
		const bytes = Buffer.concat([this.#rest, Buffer.from(data)]);
		let at = 0;
		while (this.#socket) {
			const taken =
				this.#coming > 0 ? this.#takePart(bytes.subarray(at)) : this.#takePacket(bytes.subarray(at));
			if (taken === 0) break;
			at += taken;
		}
		this.#rest = this.#socket ? bytes.subarray(at) : Buffer.alloc(0);
	}

	/** One whole packet, or the beginning of a long message; returns its bytes, 0 where more must come first. */
	#takePacket(bytes: Buffer): number {
		let remaining = 0;
		let head = 1;
		for (let shift = 0; ; shift += 7) {
			const byte = bytes[head++];
			if (byte === undefined) return 0;
			remaining += (byte & 0x7f) * 2 ** shift;
			if (byte < 0x80 || head === LONGEST_FIXED_HEADER) break;
		}
		const total = head + remaining;
		if (total <= LONGEST_WHOLE) {
			if (bytes.length < total) return 0;
			this.#parser.parse(bytes.subarray(0, total));
			return total;
		}
		const [first = 0] = bytes;
		if (first >> 4 !== MQTTClient.PUBLISH) {
			this.#fail("packet too long");
			return 0;
		}
		const qos = (first >> 1) & 3;
		const idAt = head + 2 + (bytes.length < head + 2 ? 0 : bytes.readUInt16BE(head));
		const start = idAt + (qos > 0 ? 2 : 0);
		if (bytes.length < start) return 0;
		const topic = bytes.toString("utf8", head + 2, idAt);
		const byteLength = total - start;
		if (qos > 0) this.#answer = answerTo(qos, bytes.readUInt16BE(idAt));
		this.#coming = byteLength;
		this.#add({ bytes: Buffer.alloc(0), options: { topic, byteLength, QoS: qos, more: true } });
		return start;
	}

	#takePart(bytes: Buffer): number {
		const part = bytes.subarray(0, this.#coming);
		if (part.length === 0) return 0;
		this.#coming -= part.length;
		this.#add({ bytes: part, options: { more: this.#coming > 0 } });
		if (this.#coming === 0 && this.#answer) this.#reply(this.#answer);
		if (this.#coming === 0) this.#answer = undefined;
		return part.length;
	}

	#add(delivery: Delivery): void {
		this.#messages.push(delivery);
		if (this.#payload.count === 0) this.#deliver();
	}

	#take(packet: Packet): void {
		if (this.#state === "closed") return;
		switch (packet.cmd) {
			case "connack":
				this.#welcome(packet.returnCode ?? 0);
				break;
			case "publish":
				this.#publication(packet);
				break;
			case "puback":
				this.#control({ operation: MQTTClient.PUBACK, id: packet.messageId ?? 0 });
				break;
			case "pubrec":
				this.#reply(generate({ cmd: "pubrel", messageId: packet.messageId ?? 0 }));
				this.#control({ operation: MQTTClient.PUBREC, id: packet.messageId ?? 0 });
				break;
			case "pubrel":
				this.#reply(generate({ cmd: "pubcomp", messageId: packet.messageId ?? 0 }));
				this.#control({ operation: MQTTClient.PUBREL, id: packet.messageId ?? 0 });
				break;
			case "pubcomp":
				this.#control({ operation: MQTTClient.PUBCOMP, id: packet.messageId ?? 0 });
				break;
			case "suback":
				this.#control({
					operation: MQTTClient.SUBACK,
					id: packet.messageId ?? 0,
					payload: packet.granted as number[],
				});
				break;
			case "unsuback":
				this.#control({ operation: MQTTClient.UNSUBACK, id: packet.messageId ?? 0 });
				break;
			case "pingresp":
				this.#control({ operation: MQTTClient.PINGRESP });
				break;
		}
	}

	#welcome(returnCode: number): void {
		if (returnCode !== 0) {
			this.#fail("connection rejected");
			return;
		}
		this.#state = "connected";
		this.#control({ operation: MQTTClient.CONNACK, returnCode });
		if (this.#socket && this.#writable > 0) this.#options.onWritable?.call(this, this.#room());
	}

	#control(message: ControlMessage): void {
		this.#options.onControl?.call(this, message);
	}

	#publication({ topic, payload, qos, messageId = 0 }: Extract<Packet, { cmd: "publish" }>): void {
		const bytes = buffer(payload);
		if (qos > 0) this.#reply(answerTo(qos, messageId));
		this.#add({ bytes, options: { topic, byteLength: bytes.length, QoS: qos, more: false } });
	}

	/** Hands over the next message; the one after it waits until all of this is read. */
	#deliver(): void {
		while (this.#payload.count === 0) {
			const delivery = this.#messages.shift();
			if (!delivery || this.#state === "closed") return;
			const { bytes, options } = delivery;
			if (bytes.length > 0) this.#payload.add(bytes);
			this.#options.onReadable?.call(this, bytes.length, options);
		}
	}

	#publish(data: Bytes, options: WriteOptions, id: number): number {
		const { topic = "", QoS = 0, retain, duplicate, byteLength = data.byteLength } = options;
		if (data.byteLength > byteLength) throw new Error("invalid");
		const flags = (duplicate ? 0b1000 : 0) | (QoS << 1) | (retain ? 1 : 0);
		const name = Buffer.from(topic, "utf8");
		const head = [
			Uint8Array.of((MQTTClient.PUBLISH << 4) | flags),
			variableLength(2 + name.length + (QoS > 0 ? 2 : 0) + byteLength),
			Uint8Array.of(name.length >> 8, name.length),
			name,
			QoS > 0 ? Uint8Array.of(id >> 8, id) : new Uint8Array(0),
		];
		const room = this.#send(Buffer.concat([...head, buffer(data)]));
		this.#remaining = byteLength - data.byteLength;
		if (this.#remaining > 0) this.#state = "publishing";
		return room;
	}

	#writePart(data: Bytes | null, options: WriteOptions | undefined): number {
		if (!data || options || data.byteLength > this.#remaining) throw new Error("invalid");
		const room = this.#send(buffer(data));
		this.#remaining -= data.byteLength;
		if (this.#remaining === 0) this.#state = "connected";
		return room;
	}

	#send(bytes: Uint8Array): number {
		if (!this.#socket) throw new Error("closed");
		if (bytes.length > this.#writable) throw new Error("overflow");
		this.#writable = this.#socket.write(bytes);
		return this.#room();
	}

	/** An answer of the protocol: at once, or as soon as there is room. */
	#reply(bytes: Uint8Array): void {
		if (this.#state === "connected" && this.#answers.length === 0 && bytes.length <= this.#writable)
			this.#send(bytes);
		else this.#answers.push(bytes);
	}

	/** What the application may write: the packet's own head needs room, too. */
	#room(): number {
		return Math.max(0, this.#writable - 8);
	}

	#nextId(): number {
		this.#id = this.#id >= 0xffff ? 1 : this.#id + 1;
		return this.#id;
	}

	#fail(reason: string): void {
		if (this.#state === "closed") return;
		this.close();
		this.#options.onError?.call(this, reason);
	}
}

/** PUBACK or PUBREC. */
function answerTo(qos: number, messageId: number): Uint8Array {
	return generate({ cmd: qos === 1 ? "puback" : "pubrec", messageId });
}

function buffer(data: Bytes | string): Buffer {
	return typeof data === "string" ? Buffer.from(data, "utf8") : Buffer.from(new Uint8Array(data));
}

/** MQTT 3.1.1, 2.2.3: seven bits a byte, the lowest first. */
function variableLength(length: number): Uint8Array {
	const bytes: number[] = [];
	let rest = length;
	do {
		const low = rest & 0x7f;
		rest >>= 7;
		bytes.push(rest > 0 ? low | 0x80 : low);
	} while (rest > 0);
	return Uint8Array.from(bytes);
}

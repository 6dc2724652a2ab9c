// Stand-ins for clock, network and context: they keep the rules of the SDK's server and client (write all or throw, a
// window that opens again later, one message at a time) and record what was written.

import type {
	Bytes,
	HttpCallOptions,
	HttpConnection,
	HttpHandlers,
	HttpPeer,
	HttpResponse,
	MqttClient,
	MqttClientOptions,
	MqttWriteOptions,
	Network,
	RawTaker,
	TcpConnection,
	TcpHandlers,
	UdpSocket,
} from "../../outputs/network.js";
import type { Output, OutputContext, OutputFiles, Timers } from "../../outputs/output.js";
import type { Responder } from "../../outputs/route.js";
import { PartReader } from "../../outputs/shared/parts";
import { decimal } from "../../readings/decimal.js";
import type { Reading } from "../../readings/reading.js";
import { ReadingStore } from "../../readings/store.js";
import { defaultValues, type SettingDescriptor, type SettingValues } from "../../settings/setting.js";

ArrayBuffer.fromString ??= (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;
String.fromArrayBuffer ??= (bytes: ArrayBufferLike) => new TextDecoder().decode(new Uint8Array(bytes));

export function textOf(bytes: Bytes): string {
	return new TextDecoder().decode(bytes);
}

interface Entry {
	at: number;
	every: number | undefined;
	callback: () => void;
}

/** Time that moves only when told. */
export class FakeClock implements Timers {
	now = 0;
	readonly #entries = new Set<Entry>();

	get pending(): number {
		return this.#entries.size;
	}

	set(callback: () => void, milliseconds: number): Entry {
		const entry = { at: this.now + milliseconds, every: undefined, callback };
		this.#entries.add(entry);
		return entry;
	}

	repeat(callback: () => void, milliseconds: number): Entry {
		const entry = { at: this.now + milliseconds, every: milliseconds, callback };
		this.#entries.add(entry);
		return entry;
	}

	clear(handle: unknown): void {
		this.#entries.delete(handle as Entry);
	}

	/** Moves on, running what falls due in its order. */
	advance(milliseconds: number): void {
		const end = this.now + milliseconds;
		for (;;) {
			let due: Entry | undefined;
			for (const entry of this.#entries) if (entry.at <= end && (!due || entry.at < due.at)) due = entry;
			if (!due) break;
			this.now = due.at;
			if (due.every === undefined) this.#entries.delete(due);
			else due.at += due.every;
			due.callback();
		}
		this.now = end;
	}
}

/** The other end of a connection; notes what was granted and refused. */
export interface FakePeer extends HttpPeer {
	address: string;
	readonly allowed: (readonly [bytes: number, milliseconds: number])[];
	/** Bytes of an answer that was sent without reading the request to its end. */
	refused: string;
}

/** A client's connection as the server sees it. */
export class FakeConnection implements HttpConnection {
	handlers: HttpHandlers = {};
	response: HttpResponse | undefined;
	body = "";
	closed = false;
	done = false;
	ended = false;
	readonly writes: number[] = [];
	#window = 0;
	#remaining: number | undefined;
	#unread: Uint8Array | undefined;

	accept(handlers: HttpHandlers): void {
		this.handlers = handlers;
	}

	/** The whole request arrives, its body in pieces; called by the gateway's address unless `host` says otherwise. */
	request(method: string, path: string, headers: Record<string, string> = {}, body = ""): this {
		const bytes = new TextEncoder().encode(body);
		const length = bytes.length > 0 ? { "content-length": `${bytes.length}` } : {};
		const all = new Map(Object.entries({ host: "192.168.1.20", ...length, ...headers }));
		this.handlers.onRequest?.call(this, { method, path, headers: all });
		for (let at = 0; at < bytes.length && !this.closed; at += 100) {
			this.#unread = bytes.slice(at, at + 100);
			this.handlers.onReadable?.call(this, this.#unread.length);
		}
		if (!this.closed) this.handlers.onResponse?.call(this, { status: 200, headers: new Map() });
		return this;
	}

	read(): ArrayBuffer | undefined {
		return this.#unread?.buffer as ArrayBuffer | undefined;
	}

	/** The other end, as the listener knows it. */
	readonly peer: FakePeer = {
		address: "192.168.1.50",
		allowed: [],
		allow: (bytes, milliseconds) => {
			this.peer.allowed.push([bytes, milliseconds]);
		},
		refused: "",
		refuse: (answer) => {
			this.peer.refused += textOf(answer);
			this.fail();
		},
		webSocket: (key, taker) => {
			this.webSocket = { key, taker, sent: [] };
			return { write: (bytes) => this.#writeRaw(bytes) };
		},
	};
	/** Set once the connection has left HTTP; `sent` are the server's bytes. */
	webSocket: { readonly key: string; readonly taker: RawTaker; readonly sent: number[] } | undefined;

	#writeRaw(bytes: Uint8Array): number {
		if (this.closed) throw new Error("closed");
		if (bytes.length > this.#window) throw new Error("would block");
		this.webSocket?.sent.push(...bytes);
		this.#window -= bytes.length;
		return this.#window;
	}

	respond(response: HttpResponse): void {
		this.response = response;
		const length = response.headers.get("content-length");
		this.#remaining = length === undefined ? undefined : Number(length);
	}

	/** The network takes `count` more bytes. */
	open(count: number): void {
		this.#window = count;
		if (!this.closed && this.webSocket) this.webSocket.taker.onWritable(count);
		else if (!this.closed && !this.done && this.response) this.handlers.onWritable?.call(this, count);
	}

	write(data?: Bytes): number {
		if (this.closed) throw new Error("closed");
		if (!data) {
			this.ended = true;
			return 0;
		}
		if (data.byteLength > this.#window) throw new Error("would block");
		this.writes.push(data.byteLength);
		this.body += textOf(data);
		this.#window -= data.byteLength;
		if (this.#remaining !== undefined) {
			this.#remaining -= data.byteLength;
			if (this.#remaining < 0) throw new Error("more than content-length");
			if (this.#remaining === 0) {
				this.done = true;
				this.handlers.onDone?.call(this);
				return 0;
			}
		}
		return this.#window;
	}

	/** The client goes away. */
	fail(): void {
		this.closed = true;
		this.handlers.onError?.call(this);
	}

	close(): void {
		this.closed = true;
	}
}

/** A message as the broker gets it. */
export interface Published {
	readonly topic: string;
	text: string;
	readonly retain: boolean;
	readonly qos: number;
	readonly id: number | undefined;
	fragments: number;
}

/** One connection to a broker, driven by the test. */
export class FakeMqttClient implements MqttClient {
	readonly published: Published[] = [];
	readonly subscribed: string[] = [];
	/** Bytes of the largest piece that was read. */
	mostRead = 0;
	#unread: Uint8Array = new Uint8Array(0);
	disconnected = false;
	closed = false;
	#window = 0;
	#remaining = 0;

	readonly target: unknown;

	constructor(readonly options: MqttClientOptions) {
		this.target = options.target;
	}

	/** CONNACK with return code 0, and a window. */
	connack(window = 4096): void {
		this.options.onControl?.call(this, { operation: 2, returnCode: 0 });
		this.open(window);
	}

	/** All of the newest message has been written. */
	get isWhole(): boolean {
		return this.#remaining === 0;
	}

	open(window: number): void {
		this.#window = window;
		if (!this.closed) this.options.onWritable?.call(this, window);
	}

	puback(id: number): void {
		this.options.onControl?.call(this, { operation: 4, id });
	}

	fail(message?: unknown): void {
		this.options.onError?.call(this, message);
		this.closed = true;
	}

	write(data: Bytes | null, options?: MqttWriteOptions): number {
		if (this.closed) throw new Error("closed");
		if (this.#remaining > 0) {
			if (!data || options || data.byteLength > this.#remaining) throw new Error("publishing");
			return this.#more(data);
		}
		if (options?.operation === 14) {
			if (this.#window < 2) throw new Error("overflow");
			this.disconnected = true;
			return this.#window;
		}
		if (options?.operation === 8) {
			const topics = (options.items ?? []).map(({ topic }) => topic);
			// Packet id, and each topic with its length and QoS (MQTT 3.1.1, 3.8).
			const length = topics.reduce((sum, topic) => sum + 3 + topic.length, 5 + 2);
			if (length > this.#window) throw new Error("overflow");
			this.#window -= length;
			this.subscribed.push(...topics);
			return this.#window;
		}
		if (!data || !options?.topic) throw new Error("no topic");
		// Fixed header of up to 5 bytes, topic and its length, packet id.
		const head = 5 + 2 + options.topic.length + (options.QoS ? 2 : 0);
		if (head + data.byteLength > this.#window) throw new Error("overflow");
		this.#window -= head;
		this.published.push({
			topic: options.topic,
			text: "",
			retain: options.retain === true,
			qos: options.QoS ?? 0,
			id: options.id,
			fragments: 0,
		});
		this.#remaining = options.byteLength ?? data.byteLength;
		return this.#more(data);
	}

	#more(data: Bytes): number {
		if (data.byteLength > this.#window) throw new Error("overflow");
		const message = this.published[this.published.length - 1] as Published;
		message.text += textOf(data);
		message.fragments++;
		this.#window -= data.byteLength;
		this.#remaining -= data.byteLength;
		return this.#window;
	}

	/** A message comes from the broker, in parts of at most so many bytes. */
	receive(topic: string, payload: string | Uint8Array = "", most = 1460): void {
		const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
		let at = 0;
		do {
			this.#unread = bytes.subarray(at, at + most);
			at += most;
			const count = this.#unread.length;
			const more = at < bytes.length;
			this.options.onReadable?.call(
				this,
				count,
				at === most ? { topic, byteLength: bytes.length, QoS: 0, more } : { more },
			);
			if (!this.closed && this.#unread.length > 0) throw new Error("not read");
		} while (at < bytes.length && !this.closed);
	}

	read(count = this.#unread.length): ArrayBuffer | undefined {
		const taken = this.#unread.slice(0, count);
		this.#unread = this.#unread.subarray(count);
		this.mostRead = Math.max(this.mostRead, taken.length);
		return taken.length === 0 ? undefined : (taken.buffer as ArrayBuffer);
	}

	close(): void {
		this.closed = true;
	}
}

/** A program's connection to a `listenTcp` server, driven by the test. */
export class FakeTcpConnection implements TcpConnection {
	handlers: TcpHandlers | undefined;
	closed = false;
	/** What the server has written, piece by piece. */
	readonly writes: Uint8Array[] = [];

	constructor(
		readonly address: string,
		public room: number,
	) {}

	/** All that the server has written, as text (one character a byte). */
	get text(): string {
		return this.writes.map((bytes) => String.fromCharCode(...bytes)).join("");
	}

	write(bytes: Uint8Array): void {
		if (this.closed) throw new Error("closed");
		if (bytes.length > this.room) throw new Error("no room");
		this.room -= bytes.length;
		this.writes.push(bytes.slice());
	}

	close(): void {
		this.closed = true;
	}

	/** The program sends. */
	send(bytes: Uint8Array | string): void {
		const sent = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes.slice();
		if (!this.closed) this.handlers?.onBytes(sent);
	}

	/** The network takes `room` bytes. */
	open(room: number): void {
		this.room = room;
		if (!this.closed) this.handlers?.onWritable?.(room);
	}

	/** The program goes away. */
	leave(): void {
		if (this.closed) return;
		this.closed = true;
		this.handlers?.onClosed();
	}
}

/** An HTTP request that an output has made; the test answers it. */
export class FakeRequest {
	cancelled = false;

	constructor(readonly options: HttpCallOptions) {}

	/** The body as text. */
	get text(): string {
		const reader = new PartReader(this.options.body ?? []);
		let text = "";
		while (!reader.atEnd) text += textOf(reader.take(Number.POSITIVE_INFINITY));
		return text;
	}

	header(name: string): string | undefined {
		return this.options.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
	}

	answer(status: number, text = ""): void {
		if (!this.cancelled) this.options.onEnd({ status, text });
	}

	/** There is no answer. */
	fail(problem = "the server does not answer"): void {
		if (!this.cancelled) this.options.onEnd({ status: 0, problem, text: "" });
	}
}

export class FakeNetwork implements Network {
	readonly clients: FakeMqttClient[] = [];
	/** Every HTTP request so far. */
	readonly requests: FakeRequest[] = [];
	/** The `listenTcp` servers that listen now. */
	readonly tcpServers: Parameters<Network["listenTcp"]>[0][] = [];
	portTaken = false;
	serving = false;
	onConnect: ((connection: FakeConnection) => void) | undefined;

	serveHttp(options: Parameters<Network["serveHttp"]>[0]): ReturnType<Network["serveHttp"]> {
		if (this.portTaken) throw new Error("address in use");
		this.serving = true;
		this.onConnect = (connection) => options.onConnect(connection, connection.peer);
		return {
			port: options.port,
			close: () => {
				this.serving = false;
			},
		};
	}

	connectMqtt(options: MqttClientOptions): MqttClient {
		const client = new FakeMqttClient(options);
		this.clients.push(client);
		return client;
	}

	openUdp(): UdpSocket {
		return { send: () => {}, close: () => {} };
	}

	resolve(): void {}

	download(): { cancel(): void } {
		return { cancel: () => {} };
	}

	request(options: HttpCallOptions): { cancel(): void } {
		const request = new FakeRequest(options);
		this.requests.push(request);
		return {
			cancel: () => {
				request.cancelled = true;
			},
		};
	}

	listenTcp(options: Parameters<Network["listenTcp"]>[0]): ReturnType<Network["listenTcp"]> {
		if (this.portTaken) throw new Error("address in use");
		this.tcpServers.push(options);
		return {
			port: options.port,
			close: () => {
				const at = this.tcpServers.indexOf(options);
				if (at >= 0) this.tcpServers.splice(at, 1);
			},
		};
	}

	/** A program connects to the `listenTcp` server of that port, or to the only one; closed where it gets no handlers. */
	connectTcp(address = "192.168.1.50", port?: number, room = 1460): FakeTcpConnection {
		const server = this.tcpServers.find((each) => port === undefined || each.port === port);
		if (!server) throw new Error("nobody listens");
		const connection = new FakeTcpConnection(address, room);
		connection.handlers = server.onConnect(connection);
		if (!connection.handlers) connection.closed = true;
		return connection;
	}

	/** The newest HTTP request. */
	get asked(): FakeRequest {
		return this.requests[this.requests.length - 1] as FakeRequest;
	}

	/** A client connects to the server. */
	connect(address = "192.168.1.50"): FakeConnection {
		const connection = new FakeConnection();
		connection.peer.address = address;
		this.onConnect?.(connection);
		return connection;
	}

	get client(): FakeMqttClient {
		return this.clients[this.clients.length - 1] as FakeMqttClient;
	}
}

/** Files in memory. */
export class FakeFiles implements OutputFiles {
	readonly contents = new Map<string, Uint8Array>();

	read(name: string): Uint8Array | undefined {
		return this.contents.get(name)?.slice();
	}

	write(name: string, bytes: Uint8Array): void {
		this.contents.set(name, bytes.slice());
	}

	remove(name: string): void {
		this.contents.delete(name);
	}
}

/** Clock, network, store, log and the context made of them. */
export class Bench {
	readonly clock = new FakeClock();
	readonly network = new FakeNetwork();
	readonly store = new ReadingStore();
	readonly log: string[] = [];
	readonly resources: Record<string, Uint8Array> = {};
	readonly files = new FakeFiles();

	context(descriptors: readonly SettingDescriptor[], settings: SettingValues): OutputContext {
		return {
			settings: { ...defaultValues(descriptors), ...settings },
			network: this.network,
			timers: this.clock,
			now: () => this.clock.now,
			store: this.store,
			writeHealth: (take) => take('{"fine":true}'),
			gatewayId: "meterling-a1b2c3",
			version: "1.2.3",
			model: "esp32-devkit",
			wallTime: () => undefined,
			files: this.files,
			frames: () => [],
			telegram: () => undefined,
			log: (line) => this.log.push(line),
			random: () => 0,
			resource: (name) => this.resources[name],
		};
	}
}

/** What the web server is given of an output. */
export function respondersOf(output: Output | undefined): Responder[] {
	return output?.routes ? [output as Output & Responder] : [];
}

/** A reading with that power, and with a counter whose last zero counts. */
export function readingOf(watts: number, members: Partial<Reading> = {}): Reading {
	return {
		protocol: "dlms",
		meter: { manufacturer: "Kamstrup" },
		time: "2019-01-31T13:36:10",
		quantities: [
			{ name: "power_import", value: decimal(watts), unit: "W", obis: "1-1:1.7.0" },
			{ name: "energy_import", value: decimal(8582328, -2), unit: "kWh" },
		],
		devices: [],
		...members,
	};
}

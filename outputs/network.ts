// The network as outputs see it: the shapes of the SDK's ECMA-419 HTTP server and MQTT client, behind two factory
// functions. The device fills them with the SDK's classes and Node with host/platform; outputs import neither.

import type { MadeParts, Parts } from "./shared/parts.js";

/** What `ArrayBuffer.fromString` and typed arrays give. */
export type Bytes = ArrayBuffer | Uint8Array;

export interface HttpRequest {
	readonly method: string;
	/** Path with query, as sent. */
	readonly path: string;
	/** Header names in lower case. */
	readonly headers: ReadonlyMap<string, string>;
}

export interface HttpResponse {
	status: number;
	readonly headers: Map<string, string>;
}

/**
 * One request on one connection, closed after its answer (HTTP/1.1 without keep-alive, as the SDK does it).
 * Callbacks run with the connection as `this`: its `target` is whom they concern. Without `onResponse` an empty 200 is sent.
 */
export interface HttpHandlers {
	onRequest?(this: HttpConnection, request: HttpRequest): void;
	/** Body bytes can be read now: at most `count`. */
	onReadable?(this: HttpConnection, count: number): void;
	/** The request is complete: fill `response` and call `respond`, now or later. */
	onResponse?(this: HttpConnection, response: HttpResponse): void;
	/** At most `count` bytes of body may be written now; a further call follows once they have left. */
	onWritable?(this: HttpConnection, count: number): void;
	onDone?(this: HttpConnection): void;
	onError?(this: HttpConnection, message?: unknown): void;
}

export interface HttpConnection {
	/** Set by whoever accepts it, for the callbacks. */
	target?: unknown;
	accept(handlers: HttpHandlers): void;
	read(count?: number): ArrayBuffer | undefined;
	/** Writes all or throws (`would block`); returns what may be written next. Without data: the end of a chunked body. */
	write(data?: Bytes): number;
	respond(response: HttpResponse): void;
	close(): void;
}

/** Who is at the other end of a connection, and what is below HTTP that the server's own classes do not offer. */
export interface HttpPeer {
	/** IP address; empty where it is not known. */
	readonly address: string;
	/** Lets this request have a body of so many bytes, and so much time, instead of the usual. */
	allow(bytes: number, milliseconds: number): void;
	/** Sends a whole answer as it is though the request has not been read, and ends the connection: `onError` follows. */
	refuse(answer: Uint8Array): void;
	/**
	 * Instead of an answer: agrees to a WebSocket with the client's `key` (RFC 6455, 4.2.2), from where on all bytes go to
	 * `taker`. It ends as the connection does: `close`, `onError`. `undefined` where the connection is gone.
	 */
	webSocket(key: string, taker: RawTaker): RawLink | undefined;
}

/** Bytes of a connection that has left HTTP. */
export interface RawTaker {
	/** The next bytes; the array is the receiver's. */
	onBytes(bytes: Uint8Array): void;
	/** At most `count` bytes may be written now; a further call follows once they have left. */
	onWritable(count: number): void;
}

/** What can be written to: a connection's answer, or a connection that has left HTTP. */
export interface RawLink {
	/** Writes all or throws; returns what may be written next. */
	write(bytes: Uint8Array): number;
}

export interface HttpServer {
	readonly port: number;
	close(): void;
}

/** Control packet types of MQTT 3.1.1, clause 2.2.1, as far as outputs name them. */
export const MqttOperation = Object.freeze({
	CONNACK: 2,
	PUBLISH: 3,
	PUBACK: 4,
	SUBSCRIBE: 8,
	SUBACK: 9,
	PINGREQ: 12,
	DISCONNECT: 14,
} as const);

/** How a connection is secured (TLS 1.2 or newer). Texts are PEM; none of them may reach a log. */
export interface TlsOptions {
	/** The only CA that is trusted; without it the public roots that the platform has. */
	readonly ca?: string;
	/** The client's own certificate, and its private key, where the server asks for one. */
	readonly certificate?: string;
	readonly privateKey?: string;
}

export interface MqttClientOptions {
	readonly host: string;
	readonly port: number;
	/** Absent: in the clear. */
	readonly tls?: TlsOptions;
	readonly id: string;
	readonly user?: string;
	readonly password?: Bytes;
	/** Milliseconds. */
	readonly keepAlive: number;
	readonly clean?: boolean;
	readonly will?: {
		readonly topic: string;
		readonly message: Bytes;
		readonly QoS: 0 | 1 | 2;
		readonly retain: boolean;
	};
	/** The client's own `target`: its callbacks run with it as `this`, and find there what they are for. */
	readonly target?: unknown;
	/** CONNACK, PUBACK, … : one argument, whatever the SDK's typings say. */
	onControl?(
		this: MqttClient,
		message: {
			readonly operation: number;
			readonly id?: number;
			readonly returnCode?: number;
			/** SUBACK's return codes. */
			readonly payload?: readonly number[];
		},
	): void;
	/** `count` bytes of a received PUBLISH; `options` with the first part of each message. */
	onReadable?(
		this: MqttClient,
		count: number,
		options: {
			readonly topic?: string;
			readonly byteLength?: number;
			readonly QoS?: number;
			readonly more?: boolean;
		},
	): void;
	/** `count` bytes may be written (first call: right after CONNACK). */
	onWritable?(this: MqttClient, count: number): void;
	/** Connection refused, lost or timed out; the client is closed already. Reconnecting is the caller's job. */
	onError?(this: MqttClient, message?: unknown): void;
}

export interface MqttWriteOptions {
	readonly operation?: number;
	readonly topic?: string;
	readonly QoS?: 0 | 1 | 2;
	readonly retain?: boolean;
	readonly id?: number;
	/** Whole payload's length where `data` is only its first part. */
	readonly byteLength?: number;
	readonly items?: readonly { readonly topic: string; readonly QoS?: 0 | 1 | 2 }[];
}

export interface MqttClient {
	readonly target?: unknown;
	/** Writes all or throws (`overflow`); returns what may be written next. */
	write(data: Bytes | null, options?: MqttWriteOptions): number;
	read(count?: number): ArrayBuffer | undefined;
	close(): void;
}

export interface UdpOptions {
	/** Local port; absent: any. */
	readonly port?: number;
	/** One datagram; the array is the receiver's. */
	onReceived?(bytes: Uint8Array, address: string, port: number): void;
}

/** A UDP socket (IPv4). */
export interface UdpSocket {
	/** Sends one datagram; one that cannot leave is lost, as any may be. `address`: four numbers, not a name. */
	send(bytes: Uint8Array, address: string, port: number): void;
	close(): void;
}

/** A file to be fetched with HTTP. After `cancel` nothing is called. */
export interface DownloadOptions {
	/** A name or an IPv4 address. */
	readonly host: string;
	readonly port: number;
	/** With its query; begins with `/`. */
	readonly path: string;
	/** The server has the file; `length` in bytes where it says so. */
	onBegin?(length: number | undefined): void;
	/** The next bytes; the array is the receiver's. */
	onBytes(bytes: Uint8Array): void;
	/** Over; `problem` in words where the file is not complete. Called once. */
	onEnd(problem: string | undefined): void;
}

/** One TCP connection that came in. */
export interface TcpConnection {
	/** IP address of the other end; empty where it is not known. */
	readonly address: string;
	/** Bytes that may be written now. */
	readonly room: number;
	/** Writes all, or throws where there is no room; not after `onClosed`. */
	write(bytes: Uint8Array): void;
	/** Ends it; nothing is called after that. Harmless twice. */
	close(): void;
}

/** What its server does with a connection. No callback from inside `onConnect`, `write` or `close`. */
export interface TcpHandlers {
	/** The next bytes; the array is the receiver's. */
	onBytes(bytes: Uint8Array): void;
	/** There is room again. */
	onWritable?(room: number): void;
	/** The other end is gone, or the network. */
	onClosed(): void;
}

/** One HTTP request to a server elsewhere; the connection is closed afterwards. No redirects. */
export interface HttpCallOptions {
	readonly method: "GET" | "POST" | "PUT";
	/** A name or an IPv4 address. */
	readonly host: string;
	readonly port: number;
	/** With its query; begins with `/`. */
	readonly path: string;
	/** Absent: in the clear. */
	readonly tls?: TlsOptions;
	/** Besides host, content-length and connection. */
	readonly headers: readonly (readonly [name: string, value: string])[];
	readonly body?: Parts | MadeParts;
	/** Milliseconds for all of it. */
	readonly timeout: number;
	/** The next bytes of an answer of status 200, which has no `text` then, and is no answer (status 0) unless all of it comes. */
	onBody?(bytes: Uint8Array): void;
	/** Over; called once, later. `status` 0 and `problem` in words (free of secrets) where there is no answer; `text`: the answer's first bytes. */
	onEnd(result: { readonly status: number; readonly problem?: string; readonly text: string }): void;
}

/** What the device's network can do for outputs. */
export interface Network {
	/** Listens; throws where the port is taken. `onConnect` must `accept` or `close` each connection. */
	serveHttp(options: {
		readonly port: number;
		onConnect(connection: HttpConnection, peer: HttpPeer): void;
	}): HttpServer;
	/** Begins to connect; throws only on wrong options. */
	connectMqtt(options: MqttClientOptions): MqttClient;
	/** Throws where the port is taken or not allowed. */
	openUdp(options: UdpOptions): UdpSocket;
	/** The name's IPv4 address; later, and `undefined` where it has none. */
	resolve(host: string, done: (address: string | undefined) => void): void;
	/** Begins to fetch; no callback before it returns. Without TLS, without redirects. */
	download(options: DownloadOptions): { cancel(): void };
	/** Begins to ask; no callback before it returns, none after `cancel`. */
	request(options: HttpCallOptions): { cancel(): void };
	/** Listens; throws where the port is taken. A connection that gets no handlers is closed. */
	listenTcp(options: {
		readonly port: number;
		onConnect(connection: TcpConnection): TcpHandlers | undefined;
	}): { readonly port: number; close(): void };
}

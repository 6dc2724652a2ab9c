// The shapes of the SDK's classes that this folder builds on, as their code is (Moddable SDK 8.2.3), where the
// published typings are older or differ. Types only: every importer narrows its SDK module to these in one line.

import type { Bytes, TlsOptions } from "../outputs/network.js";

/** What ECMA-419 sockets and serial lines call back; `this` is the object that was constructed. */
export interface StreamCallbacks {
	onReadable?(count: number): void;
	onWritable?(count: number): void;
	onError?(reason?: unknown): void;
	/** The object's own `target` from then on: the callbacks find there what they are for. */
	readonly target?: unknown;
}

export interface SerialOptions extends StreamCallbacks {
	readonly device?: string;
	/** The UART and its GPIOs: the ESP32's class needs them, others ignore them. */
	readonly pins?: { readonly port: number; readonly receive?: number; readonly transmit?: number };
	readonly baud: number;
	/** Node's and the ESP32's classes set the UART so; the SDK's for Linux knows 8N1 only and ignores these three. */
	readonly dataBits?: number;
	readonly parity?: string;
	readonly stopBits?: number;
	/** By the ESP32's class only. */
	readonly invertReceive?: boolean;
	readonly invertTransmit?: boolean;
	readonly format?: "buffer";
}

export interface SdkSerial {
	read(count?: number): ArrayBuffer | undefined;
	/** Takes all or throws; at most 1,024 bytes that have not left on Linux. */
	write(data: ArrayBuffer): void;
	close(): void;
	/** Not in the SDK's Linux class, which must be opened again for a new speed. */
	configure?(options: SerialOptions): void;
	/** What went wrong since opening, where the class knows: the ESP32's does, and Node's of a remote port (RFC 2217). */
	readonly counters?: SerialCounters;
}

export interface SerialCounters {
	readonly parity: number;
	readonly overflow: number;
	readonly framing: number;
	readonly breaks: number;
}

/** A serial port of a computer. */
export interface SerialPortFound {
	/** What to open: a name that stays the same over restarts, where there is one. */
	readonly port: string;
	/** Its name of the moment: `/dev/ttyUSB0`. */
	readonly device: string;
	/** Maker and model as the adapter tells them, or empty. */
	readonly title: string;
	/** This program may open it. */
	readonly usable: boolean;
}

export interface SerialClass {
	new (options: SerialOptions): SdkSerial;
	/** The serial ports there are; on Node only. Calls back once, later. */
	readonly ports?: (done: (ports: readonly SerialPortFound[]) => void) => void;
	/** The class sets inversion, too. */
	readonly allFormats?: boolean;
}

export interface TcpOptions extends StreamCallbacks {
	readonly from?: SdkTcp;
	readonly address?: string;
	readonly port?: number;
	readonly nodelay?: boolean;
	readonly format?: "buffer" | "number";
}

export interface SdkTcp {
	format: "buffer" | "number";
	readonly remoteAddress: string | undefined;
	readonly remotePort: number | undefined;
	/** At most `count` bytes; one byte as a number in format `number`. */
	read(count?: number): ArrayBuffer | number | undefined;
	/** Takes all or throws; returns what may be written next. */
	write(data: Bytes | number, options?: object): number;
	close(): void;
}

export type TcpClass = new (options?: TcpOptions) => SdkTcp;

export interface TlsSocketOptions extends TcpOptions {
	/** The server's name, which its certificate must have. */
	readonly host: string;
	readonly tls: TlsOptions;
}

/** Throws a reason in words where the options cannot be used. */
export type TlsClass = new (options: TlsSocketOptions) => SdkTcp;

export interface ListenerOptions {
	readonly port?: number;
	readonly target?: unknown;
	onReadable?(count: number): void;
}

export interface SdkListener {
	readonly port: number;
	read(): SdkTcp | undefined;
	close(): void;
}

export type ListenerClass = new (options: ListenerOptions) => SdkListener;

export interface SdkUdpOptions {
	readonly port?: number;
	readonly target?: unknown;
	/** `count` datagrams wait. */
	onReadable?(count: number): void;
}

/** What `read` gives: a buffer that carries where it came from. */
export type Datagram = ArrayBuffer & { readonly address: string; readonly port: number };

export interface SdkUdp {
	read(): Datagram | undefined;
	/** Throws where the network is not there. */
	write(data: Bytes, address: string, port: number): void;
	close(): void;
}

export type UdpClass = new (options: SdkUdpOptions) => SdkUdp;

export interface ResolveRequest {
	readonly host: string;
	onResolved?(host: string, address: string): void;
	onError?(host: string): void;
}

export interface SdkResolver {
	resolve(request: ResolveRequest): void;
	close(): void;
}

export type ResolverClass = new (options: {
	readonly servers: readonly string[];
	readonly socket: { readonly io: unknown };
}) => SdkResolver;

export interface SdkHttpServer {
	readonly port: number;
	close(): void;
}

export interface DigitalOptions {
	readonly pin: number;
	readonly mode: number;
	readonly activeLow?: boolean;
	readonly initialValue?: 0 | 1;
	readonly edge?: number;
	onReadable?(): void;
}

export interface SdkDigital {
	read(): 0 | 1;
	write(value: 0 | 1): void;
	close(): void;
}

export interface DigitalClass {
	new (options: DigitalOptions): SdkDigital;
	readonly Input: number;
	readonly InputPullUp: number;
	readonly InputPullDown: number;
	readonly Output: number;
	readonly Rising: number;
	readonly Falling: number;
}

// The shapes of the SDK's classes that this folder builds on, as their code is (Moddable SDK 8.2.3), where the
// published typings are older or differ. Types only: every importer narrows its SDK module to these in one line.

import type { Bytes } from "../outputs/network.js";

/** What ECMA-419 sockets and serial lines call back; `this` is the object that was constructed. */
export interface StreamCallbacks {
	onReadable?(count: number): void;
	onWritable?(count: number): void;
	onError?(reason?: unknown): void;
}

export interface SerialOptions extends StreamCallbacks {
	readonly device?: string;
	readonly baud: number;
	/** Node's class sets the UART so; the SDK's Linux and ESP32 classes know 8N1 only and ignore these three. */
	readonly dataBits?: number;
	readonly parity?: string;
	readonly stopBits?: number;
	readonly format?: "buffer";
}

export interface SdkSerial {
	read(count?: number): ArrayBuffer | undefined;
	/** Takes all or throws; at most 1,024 bytes that have not left on Linux. */
	write(data: ArrayBuffer): void;
	close(): void;
	/** Not in the SDK's Linux class, which must be opened again for a new speed. */
	configure?(options: SerialOptions): void;
}

export type SerialClass = new (options: SerialOptions) => SdkSerial;

export interface TcpOptions extends StreamCallbacks {
	readonly from?: SdkTcp;
	readonly address?: string;
	readonly port?: number;
	readonly nodelay?: boolean;
	readonly format?: "buffer" | "number";
	readonly target?: unknown;
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

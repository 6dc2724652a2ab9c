// The SDK's `embedded:io/serial` (ECMA-419, Serial class) on Node: serial devices and ptys by npm `serialport`, and a
// device server's port as `socket://host:port` or `rfc2217://host:port`. It honours data bits, parity and stop bits,
// and takes new settings (`configure`), neither of which the SDK's does.

import { accessSync, constants } from "node:fs";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { MOST_WAITING, Received } from "./received.js";
import { openRfc2217 } from "./rfc2217.js";
import { listPorts } from "./serial-ports.js";

/** Most bytes that may wait to leave. */
const WINDOW = 4 * 1024;
const SOCKET = /^(socket|rfc2217):\/\/(.+):(\d{1,5})$/;

export interface SerialOptions {
	readonly device?: string;
	readonly baud: number;
	readonly dataBits?: 7 | 8;
	readonly parity?: "none" | "even" | "odd";
	readonly stopBits?: 1 | 2;
	readonly format?: "buffer";
	readonly target?: unknown;
	onReadable?(this: Serial, count: number): void;
	onWritable?(this: Serial, count: number): void;
	onError?(this: Serial, message?: unknown): void;
}

/** An open line: bytes both ways, and a way to change its settings. */
interface Port {
	readonly stream: Duplex;
	/** Ends at once. */
	close(): void;
	/** Other settings on the same port; `undefined` where it has none to change. */
	setBaud(baud: number): void;
	/** All settings on the same port, where that can be. */
	configure?(options: SerialOptions): void;
}

export default class Serial {
	/** The computer's ports. */
	static readonly ports = listPorts;
	readonly target: unknown;
	#options: SerialOptions;
	#port: Port | undefined;
	#received = new Received();
	/** Written before the port was open. */
	#early: Uint8Array[] = [];
	#unsent = 0;
	#closed = false;
	/** Rises with each opening, so that what an earlier one still says is not heard. */
	#opening = 0;

	/** Throws where there is no such port, or none that may be used; later troubles reach `onError`. */
	constructor(options: SerialOptions) {
		if (options.format !== undefined && options.format !== "buffer") throw new RangeError("unimplemented");
		this.target = options.target;
		this.#options = options;
		checkDevice(options.device);
		this.#open();
	}

	get format(): "buffer" {
		return "buffer";
	}

	read(count?: number): ArrayBuffer | undefined {
		const data = this.#received.take(count);
		if (this.#received.count < MOST_WAITING) this.#port?.stream.resume();
		return data;
	}

	write(data: ArrayBuffer | Uint8Array): void {
		if (this.#closed) throw new Error("closed");
		const bytes = new Uint8Array(data).slice();
		if (bytes.length > WINDOW - this.#unsent) throw new Error("would overflow");
		if (bytes.length === 0) return;
		this.#unsent += bytes.length;
		if (this.#port) this.#send(this.#port, bytes);
		else this.#early.push(bytes);
	}

	/** New settings at once: the caller waits until what it wrote has left. */
	configure(options: SerialOptions): void {
		const { dataBits, parity, stopBits } = this.#options;
		const onlyBaud =
			options.dataBits === dataBits && options.parity === parity && options.stopBits === stopBits;
		this.#options = options;
		if (this.#port?.configure) this.#port.configure(options);
		else if (onlyBaud && this.#port) this.#port.setBaud(options.baud);
		else {
			this.#port?.close();
			this.#open();
		}
	}

	close(): void {
		this.#closed = true;
		this.#opening++;
		this.#port?.close();
		this.#port = undefined;
		this.#early = [];
		this.#received = new Received();
	}

	#open(): void {
		this.#port = undefined;
		this.#opening++;
		const opening = this.#opening;
		openPort(this.#options).then(
			(port) => {
				if (opening !== this.#opening) port.close();
				else this.#opened(port, opening);
			},
			(error) => {
				if (opening === this.#opening) this.#fail(`cannot be opened: ${reasonOf(error)}`);
			},
		);
	}

	#opened(port: Port, opening: number): void {
		this.#port = port;
		const current = (callback: () => void) => {
			if (opening === this.#opening) callback();
		};
		port.stream.on("data", (chunk: Buffer) =>
			current(() => {
				this.#received.add(chunk);
				if (this.#received.count >= MOST_WAITING) port.stream.pause();
				this.#options.onReadable?.call(this, this.#received.count);
			}),
		);
		port.stream.on("error", (error: Error) => current(() => this.#fail(reasonOf(error))));
		port.stream.on("end", () => current(() => this.#fail("the other end has closed")));
		port.stream.on("close", () => current(() => this.#fail("the port is gone")));
		for (const bytes of this.#early.splice(0)) this.#send(port, bytes);
		if (this.#unsent === 0) this.#options.onWritable?.call(this, WINDOW);
	}

	#send(port: Port, bytes: Uint8Array): void {
		const opening = this.#opening;
		port.stream.write(bytes, () => {
			if (opening !== this.#opening) return;
			this.#unsent -= bytes.length;
			// In a turn of its own: one who writes at every call would let nothing else run.
			setImmediate(() => {
				if (opening === this.#opening) this.#options.onWritable?.call(this, WINDOW - this.#unsent);
			});
		});
	}

	#fail(reason: string): void {
		if (this.#closed) return;
		this.close();
		this.#options.onError?.call(this, reason);
	}
}

/** Device files can be tried at once; names of other systems and sockets show themselves later. */
function checkDevice(device: string | undefined): void {
	if (!device) throw new Error("no port is set");
	if (SOCKET.test(device) || !device.startsWith("/")) return;
	try {
		accessSync(device, constants.R_OK | constants.W_OK);
	} catch (error) {
		throw new Error(reasonOf(error));
	}
}

/** In a person's words; the system's own where there are none. */
function reasonOf(error: unknown): string {
	const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
	switch (code) {
		case "ENOENT":
			return "there is no such port";
		case "EACCES":
			return "this user may not use it";
		case "ECONNREFUSED":
			return "nothing listens there";
		case "ENOTFOUND":
			return "there is no such host";
		case "EIO":
			return "the port is gone";
		default:
			return typeof message === "string" ? message : `${error}`;
	}
}

function openPort(options: SerialOptions): Promise<Port> {
	const [, scheme, host = "", port] = SOCKET.exec(options.device ?? "") ?? [];
	if (scheme === undefined) return openDevice(options);
	const plainHost = host.replace(/^\[|\]$/g, "");
	return scheme === "socket"
		? openSocket(plainHost, Number(port))
		: openRemotePort(plainHost, Number(port), options);
}

async function openRemotePort(host: string, port: number, options: SerialOptions): Promise<Port> {
	const stream = await openRfc2217(host, port, remoteSettings(options));
	return {
		stream,
		close: () => stream.destroy(),
		setBaud: (baud) => stream.configure(remoteSettings({ ...options, baud })),
		configure: (changed) => stream.configure(remoteSettings(changed)),
	};
}

function remoteSettings({ baud, dataBits = 8, parity = "none", stopBits = 1 }: SerialOptions) {
	return { baud, dataBits, parity, stopBits };
}

function openSocket(host: string, port: number): Promise<Port> {
	return new Promise((resolve, reject) => {
		const stream = new Socket();
		stream.setNoDelay(true);
		stream.once("error", reject);
		stream.connect(port, host, () => {
			stream.off("error", reject);
			resolve({ stream, close: () => stream.destroy(), setBaud: () => {} });
		});
	});
}

async function openDevice({
	device = "",
	baud,
	dataBits = 8,
	parity = "none",
	stopBits = 1,
}: SerialOptions): Promise<Port> {
	// Loaded when needed: most commands never open a device, and its native part is the largest there is.
	const { SerialPort } = await import("serialport");
	return await new Promise((resolve, reject) => {
		const settings = { path: device, baudRate: baud, dataBits, parity, stopBits };
		const stream = new SerialPort(settings, (error) => {
			if (error) reject(error);
			else
				resolve({
					stream,
					close: () => {
						if (stream.isOpen) stream.close();
					},
					setBaud: (baudRate) => stream.update({ baudRate }),
				});
		});
	});
}

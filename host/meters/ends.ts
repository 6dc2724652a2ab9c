// Where an emulated meter's line ends on this computer: a TCP listener, a new pty, or a serial device or pty that
// exists. Only carries bytes; pace and content are MeterLine's.

import { spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { SerialPort } from "serialport";
import type { LineSettings } from "../../protocols/protocol.js";
import type { ByteSink } from "./meter-line.js";

/** The line's far end, open. */
export interface LineEnd extends ByteSink {
	/** What a reader opens: `socket://127.0.0.1:4001`, `/dev/pts/3`. */
	readonly address: string;
	close(): void;
}

/** An end that cannot be had, in one line for a person. */
export class LineEndError extends Error {
	override readonly name = "LineEndError";
}

/** Takes bytes that come back over the line. */
export type Received = (bytes: Uint8Array) => void;

/** Bytes that may wait for a slow reader; beyond this they are lost, as on a wire. */
const MOST_WAITING = 16 * 1024;

export interface TcpOptions {
	readonly host: string;
	/** 0 for any free port. */
	readonly port: number;
	onConnection?(): void;
	/** What a client sends; only borrowed. */
	onReceived?: Received;
}

/** Listens; every client hears the meter. */
export function tcpEnd({ host, port, onConnection, onReceived }: TcpOptions): Promise<LineEnd> {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.setNoDelay(true);
		socket.on("data", (bytes: Uint8Array) => onReceived?.(bytes));
		// A reset says no more than the close that follows it.
		socket.on("error", () => socket.destroy());
		socket.on("close", () => sockets.delete(socket));
		onConnection?.();
	});
	return new Promise((done, fail) => {
		server.once("error", (error: NodeJS.ErrnoException) =>
			fail(
				new LineEndError(
					error.code === "EADDRINUSE"
						? `TCP port ${port} is taken`
						: `cannot listen on TCP port ${port}: ${error.code}`,
				),
			),
		);
		server.listen(port, host, () => {
			const bound = server.address();
			const actual = typeof bound === "object" && bound ? bound.port : port;
			done({
				address: `socket://${host}:${actual}`,
				// Who is connected asks for data; a pty or a serial device has no line of its own for that here.
				requested: () => sockets.size > 0,
				write: (bytes) => {
					for (const socket of sockets) if (socket.writableLength < MOST_WAITING) socket.write(bytes);
				},
				close: () => {
					server.close();
					for (const socket of sockets) socket.destroy();
				},
			});
		});
	});
}

/** A new pty by socat. It stays open between readers; bytes that nobody reads are lost. */
export function ptyEnd(onError: (reason: string) => void, onReceived?: Received): Promise<LineEnd> {
	return new Promise((done, fail) => {
		const child = spawn("socat", ["-d", "-d", "STDIO", "PTY,rawer"], { stdio: ["pipe", "pipe", "pipe"] });
		let held: number | undefined;
		let closed = false;
		const close = () => {
			closed = true;
			if (held !== undefined) closeSync(held);
			held = undefined;
			child.kill();
		};
		child.once("error", () =>
			fail(new LineEndError("a new pty needs the program socat: install it, or give --port tcp://:4001")),
		);
		child.once("exit", () => {
			if (!closed) onError("the pty is gone");
		});
		child.stdin.on("error", () => child.kill());
		child.stdout.on("data", (bytes: Uint8Array) => onReceived?.(bytes));
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			const path = /PTY is (\S+)/.exec(text)?.[1];
			if (!path || held !== undefined) return;
			// Held open here, so that the pty outlives each of its readers.
			held = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
			done({
				address: path,
				write: (bytes) => {
					if (child.stdin.writableLength < MOST_WAITING) child.stdin.write(bytes);
				},
				close,
			});
		});
	});
}

/** An existing serial device or pty. Seven data bits with parity are in the bytes already: eight bits without. */
export function deviceEnd(
	path: string,
	{ baud, dataBits, parity, stopBits }: LineSettings,
	onError: (reason: string) => void,
	onReceived?: Received,
): Promise<LineEnd> {
	const port = new SerialPort({
		path,
		baudRate: baud,
		dataBits: 8,
		parity: dataBits === 7 ? "none" : parity,
		stopBits,
		autoOpen: false,
	});
	return new Promise((done, fail) => {
		port.open((error) => {
			if (error) return fail(new LineEndError(`cannot open ${path}: ${plainReason(error.message)}`));
			let closed = false;
			port.on("data", (bytes: Uint8Array) => onReceived?.(bytes));
			port.on("error", (problem: Error) => onError(plainReason(problem.message)));
			port.on("close", () => {
				if (!closed) onError(`${path} is gone`);
			});
			done({
				address: path,
				write: (bytes) => {
					if (port.writableLength < MOST_WAITING) port.write(bytes);
				},
				close: () => {
					closed = true;
					if (port.isOpen) port.close();
				},
			});
		});
	});
}

/** serialport's messages, without its prefix and suffix. */
function plainReason(message: string): string {
	return message.replace(/^Error:? */, "").replace(/, cannot open.*$/, "");
}

// The guard's limits of time and number, with a clock that moves on command; sockets are real, on the loopback.

import "../../host/platform/globals";
import { connect, type Socket } from "node:net";
import { MOST_CONNECTIONS, MOST_PER_CLIENT, PATIENCE_MS } from "../../hardware/http-guard";
import { serveHttp } from "../../hardware/http-server";
import { LINGER_MS, REQUEST_TIMEOUT_MS, STALLED_TIMEOUT_MS } from "../../hardware/http-watch";
import { configuration } from "../../host/platform/configuration";
import type { HttpHandlers, HttpPeer, HttpServer } from "../../outputs/network";

let server: HttpServer;
let client: Socket;

beforeEach(() => {
	configuration.log = () => {};
	jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask"] });
});

afterEach(() => {
	client.destroy();
	server.close();
	jest.useRealTimers();
});

/** A connected client, once the server has taken the connection. */
function open(handlers: HttpHandlers): Promise<void> {
	return new Promise((resolve) => {
		server = serveHttp({
			port: 0,
			onConnect(connection) {
				connection.accept(handlers);
				resolve();
			},
		});
		client = connect(server.port, "127.0.0.1");
		client.on("error", () => {});
	});
}

/** Lets sockets have their turns of the event loop. */
async function turns(): Promise<void> {
	for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const ended = (): Promise<void> => new Promise((resolve) => client.once("close", () => resolve()));

test("a request that is not complete in time is cut off", async () => {
	let reason: unknown;
	await open({
		onError: (message) => {
			reason = message;
		},
	});
	client.write("GET / HTTP/1.1\r\nHost: slow");
	jest.advanceTimersByTime(REQUEST_TIMEOUT_MS - 1000);
	expect(reason).toBeUndefined();
	const end = ended();
	jest.advanceTimersByTime(2000);
	client.resume();
	await end;
	expect(reason).toBe("slow request");
});

test("an event stream in which nothing waits to leave may stay silent", async () => {
	let write: ((text: string) => void) | undefined;
	let failed = false;
	const streaming = new Promise<void>((resolve) => {
		void open({
			onResponse(response) {
				response.headers.set("content-type", "text/event-stream");
				this.respond(response);
			},
			onWritable() {
				write = (text) => this.write(ArrayBuffer.fromString(text));
				resolve();
			},
			onError: () => {
				failed = true;
			},
		}).then(() => client.write("GET /events HTTP/1.1\r\nHost: m\r\n\r\n"));
	});
	await streaming;
	const received = new Promise<string>((resolve) => {
		let text = "";
		client.on("data", (chunk) => {
			text += `${chunk}`;
			if (text.includes("data: 2")) resolve(text);
		});
	});
	await new Promise((resolve) => setImmediate(resolve));
	jest.advanceTimersByTime(10 * STALLED_TIMEOUT_MS);
	write?.("data: 2\n\n");
	expect(await received).toContain("data: 2");
	expect(failed).toBe(false);
});

test("an answer that the client does not take is cut off", async () => {
	let reason: unknown;
	let full: (() => void) | undefined;
	const stalled = new Promise<void>((resolve) => {
		full = resolve;
	});
	await open({
		onResponse(response) {
			this.respond(response);
		},
		onWritable(count) {
			this.write(new Uint8Array(count));
			clearImmediate(quiet);
			// When nothing more leaves for many turns of the event loop, the kernel's buffers are full.
			let turns = 0;
			const wait = () => {
				turns++;
				if (turns > 2000) full?.();
				else quiet = setImmediate(wait);
			};
			quiet = setImmediate(wait);
		},
		onError: (message) => {
			reason = message;
		},
	});
	let quiet: NodeJS.Immediate | undefined;
	client.pause();
	client.write("GET / HTTP/1.1\r\nHost: m\r\n\r\n");
	await stalled;
	jest.advanceTimersByTime(STALLED_TIMEOUT_MS + 2000);
	await new Promise((resolve) => setImmediate(resolve));
	expect(reason).toBe("stalled");
});

test("who was too slow is told so before the connection ends", async () => {
	await open({});
	let received = "";
	client.on("data", (chunk) => {
		received += `${chunk}`;
	});
	client.write("GET / HTTP/1.1\r\nHost: slow");
	await turns();
	const end = ended();
	jest.advanceTimersByTime(REQUEST_TIMEOUT_MS + 1000);
	await end;
	expect(received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
	expect(received).toContain('"status":408');
});

test("a connection that was only opened in advance is closed without a word", async () => {
	await open({});
	let received = "";
	client.on("data", (chunk) => {
		received += `${chunk}`;
	});
	const end = ended();
	jest.advanceTimersByTime(REQUEST_TIMEOUT_MS + 1000);
	await end;
	expect(received).toBe("");
});

test("a route may grant more time; a refusal reaches a client that is still sending", async () => {
	let peer: HttpPeer | undefined;
	let reason: unknown;
	await new Promise<void>((resolve) => {
		server = serveHttp({
			port: 0,
			onConnect(connection, other) {
				peer = other;
				connection.accept({
					onRequest: () => other.allow(1_000_000, 60_000),
					onReadable(count) {
						this.read(count);
					},
					onError: (message) => {
						reason = message;
					},
				});
				resolve();
			},
		});
		client = connect(server.port, "127.0.0.1");
		client.on("error", () => {});
	});
	expect(peer?.address).toBe("127.0.0.1");
	let received = "";
	client.on("data", (chunk) => {
		received += `${chunk}`;
	});
	client.write("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 900000\r\n\r\n");
	client.write(Buffer.alloc(100_000));
	await turns();
	jest.advanceTimersByTime(REQUEST_TIMEOUT_MS * 5);
	expect(reason).toBeUndefined();
	peer?.refuse(new Uint8Array(Buffer.from("HTTP/1.1 422 Refused\r\nContent-Length: 0\r\n\r\n")));
	client.write(Buffer.alloc(100_000));
	await turns();
	expect(reason).toBe("refused");
	expect(received).toMatch(/^HTTP\/1\.1 422/);
	const end = ended();
	jest.advanceTimersByTime(LINGER_MS);
	await end;
});

describe("many connections", () => {
	const clients: Socket[] = [];
	let accepted = 0;

	/** Connects from that address of the loopback, and gives what comes back. */
	const visit = (from: string) => {
		const socket = connect({ port: server.port, host: "127.0.0.1", localAddress: from });
		const visit = { text: "", closed: false, socket };
		socket.on("data", (chunk) => {
			visit.text += `${chunk}`;
		});
		socket.on("error", () => {});
		socket.on("close", () => {
			visit.closed = true;
		});
		clients.push(socket);
		return visit;
	};

	beforeEach(() => {
		accepted = 0;
		server = serveHttp({
			port: 0,
			onConnect(connection) {
				accepted++;
				connection.accept({});
			},
		});
		client = connect(server.port, "127.0.0.1").on("error", () => {});
		client.destroy();
	});
	afterEach(() => {
		for (const socket of clients.splice(0)) socket.destroy();
	});

	test("one client has five at most, the sixth is told 503; another client still gets in, a third finds it full", async () => {
		await turns();
		accepted = 0;
		const own = Array.from({ length: MOST_PER_CLIENT + 1 }, () => visit("127.0.0.2"));
		await turns();
		expect(accepted).toBe(MOST_PER_CLIENT);
		expect(own.map(({ text }) => text.slice(9, 12)).sort()).toEqual(["", "", "", "", "", "503"]);
		visit("127.0.0.3");
		await turns();
		expect(accepted).toBe(MOST_CONNECTIONS);
		const late = visit("127.0.0.4");
		await turns();
		expect(late.text).toMatch(/^HTTP\/1\.1 503 .*\r\n/);
		expect(late.text).toContain("retry-after");
	});

	test("after two seconds an unfinished request makes room for a newcomer, the oldest first", async () => {
		await turns();
		const own = [visit("127.0.0.2")];
		await turns();
		for (let more = 1; more < MOST_PER_CLIENT; more++) own.push(visit("127.0.0.2"));
		await turns();
		jest.advanceTimersByTime(PATIENCE_MS);
		const newcomer = visit("127.0.0.2");
		await turns();
		expect(own.map(({ closed }) => closed)).toEqual([true, false, false, false, false]);
		expect(newcomer.closed).toBe(false);
	});
});

test("a connection that has left HTTP gives its bytes to its taker, and is cut off where nothing leaves", async () => {
	let reason: unknown;
	let peer: HttpPeer | undefined;
	const taken: number[] = [];
	let write: ((bytes: Uint8Array) => number) | undefined;
	const upgraded = new Promise<void>((resolve) => {
		server = serveHttp({
			port: 0,
			onConnect(connection, its) {
				peer = its;
				connection.accept({
					onResponse() {
						const link = peer?.webSocket("dGhlIHNhbXBsZSBub25jZQ==", {
							onBytes: (bytes) => taken.push(...bytes),
							onWritable: () => resolve(),
						});
						write = link && ((bytes) => link.write(bytes));
					},
					onError: (message) => {
						reason = message;
					},
				});
			},
		});
	});
	client = connect(server.port, "127.0.0.1");
	client.on("error", () => {});
	let text = "";
	client.on("data", (chunk) => {
		text += `${chunk}`;
	});
	client.write("GET /ws HTTP/1.1\r\nHost: m\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
	await upgraded;
	// More than any request may have: the bounds of a request are none of a WebSocket's.
	client.write(new Uint8Array(100_000).fill(7));
	while (taken.length < 100_000) await turns();
	expect(taken).toHaveLength(100_000);
	write?.(Uint8Array.of(0x81, 0x01, 0x41));
	await turns();
	// RFC 6455, 1.3.
	expect(text).toMatch(/^HTTP\/1\.1 101 [\s\S]*sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
	// 0x81 is no UTF-8.
	expect(text.endsWith("\r\n\r\n\ufffd\x01A")).toBe(true);
	jest.advanceTimersByTime(10 * STALLED_TIMEOUT_MS);
	expect(reason).toBeUndefined();
	expect(peer?.webSocket("again", { onBytes: () => {}, onWritable: () => {} })).toBeUndefined();
	client.pause();
	for (let full = false; !full; await turns()) {
		try {
			for (;;) write?.(new Uint8Array(4096));
		} catch {
			const before = client.bytesRead;
			await turns();
			full = client.bytesRead === before;
		}
	}
	jest.advanceTimersByTime(STALLED_TIMEOUT_MS + 2000);
	await turns();
	expect(reason).toBe("stalled");
});

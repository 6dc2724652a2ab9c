// The guard's time limits, with a clock that moves on command; sockets are real, on the loopback.

import "../../host/platform/globals";
import { connect, type Socket } from "node:net";
import { REQUEST_TIMEOUT_MS, STALLED_TIMEOUT_MS } from "../../hardware/http-guard";
import { serveHttp } from "../../hardware/http-server";
import { configuration } from "../../host/platform/configuration";
import type { HttpHandlers, HttpServer } from "../../outputs/network";

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

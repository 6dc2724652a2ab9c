// The HTTP server as outputs see it (hardware/http-server.ts with its guard), asked by a client that writes bytes.

import TCP from "embedded:io/socket/tcp";
import { timers } from "../../../hardware/clock.js";
import { MOST_PER_CLIENT } from "../../../hardware/http-guard.js";
import { LONGEST_HEAD } from "../../../hardware/http-head.js";
import { LONGEST_BODY } from "../../../hardware/http-watch.js";
import { network } from "../../../hardware/network.js";
import type { SdkTcp, TcpClass } from "../../../hardware/sdk.js";
import type { HttpHandlers, HttpRequest, HttpServer } from "../../../outputs/network.js";
import { bytesOf, differs, textOf } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";

const Socket = TCP as unknown as TcpClass;

/** Sends `request` as fast as it leaves, and gives all that came back once the server has closed. */
function ask(port: number, request: Uint8Array, answer: (text: string) => void): SdkTcp {
	let sent = 0;
	let received = "";
	const client = new Socket({
		address: "127.0.0.1",
		port,
		onWritable: (count) => {
			const piece = request.subarray(sent, sent + count);
			sent += piece.length;
			if (piece.length > 0) client.write(piece.slice());
		},
		onReadable: () => {
			const data = client.read();
			if (data instanceof ArrayBuffer) received += textOf(data);
		},
		onError: () => {
			client.close();
			answer(received);
		},
	});
	return client;
}

function serve(handlers: () => HttpHandlers): HttpServer {
	return network.serveHttp({ port: 0, onConnect: (connection) => connection.accept(handlers()) });
}

/** An answer with a body that is written as it may be. */
function answering(body: Uint8Array): HttpHandlers {
	let position = 0;
	return {
		onResponse(response) {
			response.headers.set("content-type", "text/plain");
			response.headers.set("content-length", `${body.length}`);
			this.respond(response);
		},
		onWritable(count) {
			const piece = body.slice(position, position + count);
			position += piece.length;
			this.write(piece);
		},
	};
}

function bodyOf(answer: string): string {
	const end = answer.indexOf("\r\n\r\n");
	return end < 0 ? "" : answer.slice(end + 4);
}

function statusOf(answer: string): string {
	return answer.slice("HTTP/1.1 ".length, "HTTP/1.1 ".length + 3);
}

export const httpCases: readonly ConformanceCase[] = [
	{
		name: "http: method, path with query and headers in lower case arrive; the answer and its end go out",
		run(_, done) {
			let seen: HttpRequest | undefined;
			let finished = false;
			const server = serve(() => ({
				...answering(bytesOf('{"power":3771}')),
				onRequest(request) {
					seen = request;
				},
				onDone() {
					finished = true;
				},
			}));
			const request = "GET /api/v1/reading?x=1 HTTP/1.1\r\nHost: meter\r\nX-Case: Kept Here\r\n\r\n";
			ask(server.port, bytesOf(request), (answer) => {
				server.close();
				done(
					differs("the method", seen?.method, "GET") ??
						differs("the path", seen?.path, "/api/v1/reading?x=1") ??
						differs("a header", seen?.headers.get("x-case"), "Kept Here") ??
						differs("the status line", answer.slice(0, 15), "HTTP/1.1 200 OK") ??
						differs("the body", bodyOf(answer), '{"power":3771}') ??
						differs("onDone", finished, true),
				);
			});
		},
	},
	{
		name: "http: a body of several kilobytes is read in pieces, and an answer of 40 KB written in pieces",
		run(_, done) {
			const sent = bytesOf("0123456789".repeat(600));
			const page = bytesOf("abcdefghij".repeat(4000));
			let read = "";
			const server = serve(() => ({
				...answering(page),
				onReadable(count) {
					const data = this.read(count);
					if (data) read += textOf(data);
				},
			}));
			const head = bytesOf(`POST /x HTTP/1.1\r\nHost: meter\r\nContent-Length: ${sent.length}\r\n\r\n`);
			const request = new Uint8Array(head.length + sent.length);
			request.set(head);
			request.set(sent, head.length);
			ask(server.port, request, (answer) => {
				server.close();
				done(
					differs("the length that was read", read.length, sent.length) ??
						differs("what was read", read, textOf(sent)) ??
						differs("the answer's length", bodyOf(answer).length, page.length),
				);
			});
		},
	},
	{
		// The SDK's httpserver.js writes the last chunk from where its last header line ended: "0" is lost.
		name: "http: a chunked answer is ended by a write without data",
		notOnXs: true,
		run(_, done) {
			let part = 0;
			const server = serve(() => ({
				onResponse(response) {
					response.headers.set("transfer-encoding", "chunked");
					this.respond(response);
				},
				onWritable() {
					part++;
					if (part <= 2) this.write(bytesOf(`part ${part}`));
					else if (part === 3) this.write();
				},
			}));
			ask(server.port, bytesOf("GET / HTTP/1.1\r\nHost: meter\r\n\r\n"), (answer) => {
				server.close();
				done(differs("the body", bodyOf(answer), "6\r\npart 1\r\n6\r\npart 2\r\n0\r\n\r\n"));
			});
		},
	},
	{
		name: "http: a head longer than the limit is answered with 431, and no handler hears of it",
		run(_, done) {
			let asked = false;
			const server = serve(() => ({
				...answering(bytesOf("x")),
				onRequest() {
					asked = true;
				},
			}));
			const request = `GET / HTTP/1.1\r\nHost: m\r\nX: ${"x".repeat(LONGEST_HEAD)}\r\n\r\n`;
			ask(server.port, bytesOf(request), (answer) => {
				server.close();
				done(differs("the status", statusOf(answer), "431") ?? differs("onRequest", asked, false));
			});
		},
	},
	{
		name: "http: a body longer than the limit is answered with 413, and its handlers are told",
		run(_, done) {
			let failed = false;
			const server = serve(() => ({
				...answering(bytesOf("x")),
				onReadable(count) {
					this.read(count);
				},
				onError() {
					failed = true;
				},
			}));
			const head = bytesOf(`POST / HTTP/1.1\r\nHost: m\r\nContent-Length: ${LONGEST_BODY * 2}\r\n\r\n`);
			const request = new Uint8Array(head.length + LONGEST_BODY + 4096);
			request.set(head);
			ask(server.port, request, (answer) => {
				server.close();
				done(differs("the status", statusOf(answer), "413") ?? differs("onError", failed, true));
			});
		},
	},
	{
		name: "http: what is malformed or not spoken here is answered before any handler hears of it",
		run(_, done) {
			let asked = 0;
			const server = serve(() => ({
				...answering(bytesOf("x")),
				onRequest() {
					asked++;
				},
			}));
			const requests: readonly (readonly [string, string])[] = [
				["GET / HTTP/1.1\r\n\r\n", "400"],
				["GET /\u0000 HTTP/1.1\r\nHost: m\r\n\r\n", "400"],
				["GET / HTTP/1.0\r\nHost: m\r\n\r\n", "505"],
				["BREW / HTTP/1.1\r\nHost: m\r\n\r\n", "501"],
				[`GET /${"x".repeat(2000)} HTTP/1.1\r\nHost: m\r\n\r\n`, "414"],
				["POST / HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", "411"],
				["POST / HTTP/1.1\r\nHost: m\r\nContent-Length: -1\r\n\r\n", "400"],
			];
			const next = (index: number, wrong?: string) => {
				const [request = "", status] = requests[index] ?? [];
				if (wrong || request === "") {
					server.close();
					done(wrong ?? differs("requests that were heard of", asked, 0));
					return;
				}
				ask(server.port, bytesOf(request), (answer) =>
					next(index + 1, differs(`the status of ${index}`, statusOf(answer), `${status}`)),
				);
			};
			next(0);
		},
	},
	{
		name: "http: the other end's address is known; an answer in the server's place reaches it",
		run(_, done) {
			let failed = false;
			let address = "";
			const server = network.serveHttp({
				port: 0,
				onConnect: (connection, peer) =>
					connection.accept({
						onRequest() {
							address = peer.address;
							peer.refuse(bytesOf("HTTP/1.1 401 Refused\r\nContent-Length: 4\r\n\r\nnone"));
						},
						onError() {
							failed = true;
						},
					}),
			});
			const head = bytesOf("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 30000\r\n\r\n");
			const request = new Uint8Array(head.length + 30_000);
			request.set(head);
			ask(server.port, request, (answer) => {
				server.close();
				done(
					differs("the status", statusOf(answer), "401") ??
						differs("the body", bodyOf(answer), "none") ??
						differs("the address's end", address.endsWith("127.0.0.1"), true) ??
						differs("onError", failed, true),
				);
			});
		},
	},
	{
		name: "http: a status that the SDK's server has no name for is named all the same",
		run(_, done) {
			const server = serve(() => ({
				...answering(bytesOf("x")),
				onResponse(response) {
					response.status = 429;
					response.headers.set("content-length", "1");
					this.respond(response);
				},
			}));
			ask(server.port, bytesOf("GET / HTTP/1.1\r\nHost: m\r\n\r\n"), (answer) => {
				server.close();
				done(differs("the status line", answer.split("\r\n")[0], "HTTP/1.1 429 Too Many Requests"));
			});
		},
	},
	{
		name: "http: one connection more than the limit is closed, the others go on",
		run(_, done) {
			const server = serve(() => answering(bytesOf("ok")));
			const idle: SdkTcp[] = [];
			let closed = 0;
			for (let index = 0; index < MOST_PER_CLIENT + 1; index++) {
				idle.push(ask(server.port, new Uint8Array(0), () => closed++));
			}
			timers.set(() => {
				for (const client of idle) client.close();
				timers.set(() => {
					ask(server.port, bytesOf("GET / HTTP/1.1\r\nHost: m\r\n\r\n"), (answer) => {
						server.close();
						done(differs("closed at once", closed, 1) ?? differs("afterwards", bodyOf(answer), "ok"));
					});
				}, 150);
			}, 200);
		},
	},
	{
		name: "http: an exception of a handler ends its connection only",
		run(_, done) {
			let first = true;
			const server = serve(() => {
				const handlers = answering(bytesOf("still here"));
				if (!first) return handlers;
				first = false;
				return {
					onRequest() {
						throw new Error("a fault of the handler");
					},
				};
			});
			const request = bytesOf("GET / HTTP/1.1\r\nHost: m\r\n\r\n");
			ask(server.port, request, (nothing) => {
				ask(server.port, request, (answer) => {
					server.close();
					done(differs("the first", nothing, "") ?? differs("the second", bodyOf(answer), "still here"));
				});
			});
		},
	},
	{
		name: "http: closing the server ends open connections and tells their handlers",
		run(_, done) {
			let failed = false;
			const server = serve(() => ({
				onResponse() {
					timers.set(() => server.close(), 0);
				},
				onError() {
					failed = true;
				},
			}));
			ask(server.port, bytesOf("GET / HTTP/1.1\r\nHost: m\r\n\r\n"), (answer) =>
				done(differs("the answer", answer, "") ?? differs("onError", failed, true)),
			);
		},
	},
];

// `Network.listenTcp`: bounds, backpressure, and handlers that throw.

import TCP from "embedded:io/socket/tcp";
import { timers } from "../../../hardware/clock.js";
import { network } from "../../../hardware/network.js";
import type { SdkTcp, TcpClass } from "../../../hardware/sdk.js";
import { MOST_CONNECTIONS } from "../../../hardware/tcp-server.js";
import type { TcpConnection } from "../../../outputs/network.js";
import { bytesOf, differs, textOf } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";

const Socket = TCP as unknown as TcpClass;

/** A client that collects text; `onGone` when the server has ended it. */
function client(
	port: number,
	onText: (text: string, socket: SdkTcp) => void,
	onGone: () => void = () => {},
): SdkTcp {
	let text = "";
	const socket = new Socket({
		address: "127.0.0.1",
		port,
		onReadable: () => {
			const data = socket.read();
			if (data instanceof ArrayBuffer) text += textOf(data);
			onText(text, socket);
		},
		onError: () => {
			socket.close();
			onGone();
		},
	});
	return socket;
}

const QUIET = { onBytes() {}, onClosed() {} };

export const tcpServerCases: readonly ConformanceCase[] = [
	{
		name: "tcp server: bytes both ways, the client's address, and its end",
		run(_, done) {
			let inside = false;
			const server = network.listenTcp({
				port: 0,
				onConnect: (connection) => {
					inside = true;
					// Data may be there already: it must not be told from here.
					timers.set(() => {
						inside = false;
					}, 0);
					return {
						onBytes: (bytes) => {
							if (inside) done("onBytes from inside onConnect");
							connection.write(bytesOf(`${connection.address} says ${textOf(bytes)}`));
						},
						onClosed: () => {
							server.close();
							server.close();
							done();
						},
					};
				},
			});
			const socket = client(server.port, (text) => {
				if (text !== "127.0.0.1 says hello") return;
				socket.close();
			});
			timers.set(() => socket.write(bytesOf("hello")), 100);
		},
	},
	{
		name: "tcp server: a slow reader fills the room, which opens again; more than the room throws",
		run(_, done) {
			const total = 300_000;
			let left = total;
			let threw = false;
			const send = (connection: TcpConnection) => {
				if (!threw)
					try {
						connection.write(new Uint8Array(connection.room + 1));
					} catch {
						threw = true;
					}
				for (
					let piece = Math.min(left, connection.room);
					piece > 0;
					piece = Math.min(left, connection.room)
				) {
					connection.write(new Uint8Array(piece).fill(0x61));
					left -= piece;
				}
			};
			const server = network.listenTcp({
				port: 0,
				onConnect: (connection) => ({ ...QUIET, onWritable: () => send(connection) }),
			});
			let count = 0;
			let reading = false;
			const socket = new Socket({
				address: "127.0.0.1",
				port: server.port,
				onReadable: () => reading && read(),
			});
			const read = () => {
				const data = socket.read();
				if (data instanceof ArrayBuffer) count += data.byteLength;
				if (count < total) return;
				socket.close();
				server.close();
				done(differs("bytes", count, total) ?? differs("it threw", threw, true));
			};
			timers.set(() => {
				reading = true;
				read();
			}, 300);
		},
	},
	{
		name: "tcp server: of 20 connections some are served and the rest closed; one that leaves makes room",
		run(_, done) {
			const served: TcpConnection[] = [];
			let gone = 0;
			const server = network.listenTcp({
				port: 0,
				onConnect: (connection) => {
					served.push(connection);
					return {
						onBytes() {},
						onClosed: () => served.splice(served.indexOf(connection), 1),
						onWritable: () => {
							if (connection.room > 0) connection.write(bytesOf("welcome"));
						},
					};
				},
			});
			const sockets: SdkTcp[] = [];
			const welcomed: SdkTcp[] = [];
			let late: SdkTcp | undefined;
			const check = () => {
				if (late || welcomed.length < MOST_CONNECTIONS || gone < 20 - MOST_CONNECTIONS) return;
				const kept = served.length;
				welcomed[0]?.close();
				timers.set(() => {
					late = client(server.port, () => {
						for (const socket of welcomed) socket.close();
						late?.close();
						server.close();
						done(differs("served", kept, MOST_CONNECTIONS));
					});
				}, 200);
			};
			for (let index = 0; index < 20; index++)
				sockets.push(
					client(
						server.port,
						(_, socket) => {
							if (welcomed.indexOf(socket) < 0) welcomed.push(socket);
							check();
						},
						() => {
							gone++;
							check();
						},
					),
				);
		},
	},
	{
		name: "tcp server: a handler that throws ends its connection and no other; no handlers: closed",
		run(_, done) {
			let connections = 0;
			let told = 0;
			const server = network.listenTcp({
				port: 0,
				onConnect: (connection) => {
					connections++;
					if (connections === 1) return undefined;
					if (connections === 2) throw new Error("onConnect");
					return {
						onBytes: (bytes) => {
							if (connections === 3) throw new Error("onBytes");
							connection.write(bytes);
						},
						onClosed: () => {
							told++;
							throw new Error("onClosed");
						},
					};
				},
			});
			const next = (number: number) => {
				const socket = client(
					server.port,
					(text) => {
						socket.close();
						server.close();
						done(
							differs("the text", text, "x") ??
								differs("the connection", number, 4) ??
								differs("told", told, 1),
						);
					},
					() => next(number + 1),
				);
				timers.set(() => {
					try {
						socket.write(bytesOf("x"));
					} catch {
						// Closed already.
					}
				}, 100);
			};
			next(1);
		},
	},
	{
		name: "tcp server: a flood is handed on piece by piece, all of it",
		run(_, done) {
			const total = 200_000;
			let count = 0;
			let longest = 0;
			const server = network.listenTcp({
				port: 0,
				onConnect: () => ({
					onBytes: (bytes) => {
						count += bytes.length;
						longest = Math.max(longest, bytes.length);
						if (count < total) return;
						socket.close();
						server.close();
						done(differs("bytes", count, total) ?? differs("in pieces", longest <= 80_000, true));
					},
					onClosed() {},
				}),
			});
			let left = total;
			const socket = new Socket({
				address: "127.0.0.1",
				port: server.port,
				onWritable: (room) => {
					const piece = Math.min(room, left);
					left -= piece;
					if (piece > 0) socket.write(new Uint8Array(piece));
				},
			});
		},
	},
	{
		name: "tcp server: writing to a client that has gone ends the connection, not the program",
		run(_, done) {
			const server = network.listenTcp({
				port: 0,
				onConnect: (connection) => {
					const writing = timers.repeat(() => {
						try {
							if (connection.room > 0) connection.write(bytesOf("telegram\n"));
						} catch {
							// No room.
						}
					}, 20);
					return {
						onBytes() {},
						onClosed: () => {
							timers.clear(writing);
							server.close();
							done();
						},
					};
				},
			});
			const socket = client(server.port, () => socket.close());
		},
	},
];

// `embedded:io/socket/tcp` and `/listener` on the loopback: ECMA-419's manners (clauses 9.1 and 11).

import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import { timers } from "../../../hardware/clock.js";
import type { ListenerClass, SdkListener, SdkTcp, StreamCallbacks, TcpClass } from "../../../hardware/sdk.js";
import { bytesOf, differs, mustThrow, textOf } from "./bytes.js";
import type { ConformanceCase, Surroundings } from "./conformance.js";

const Server = Listener as unknown as ListenerClass;
const Socket = TCP as unknown as TcpClass;
const LOOPBACK = "127.0.0.1";

/** A listener on a free port whose first connection is taken over with these callbacks. */
function listen(callbacks: (socket: () => SdkTcp) => StreamCallbacks): {
	readonly listener: SdkListener;
	close(): void;
} {
	let socket: SdkTcp | undefined;
	const listener = new Server({
		port: 0,
		onReadable() {
			const from = listener.read();
			if (from) socket = new Socket({ from, ...callbacks(() => socket as SdkTcp) });
		},
	});
	return {
		listener,
		close: () => {
			socket?.close();
			socket?.close();
			listener.close();
			listener.close();
		},
	};
}

export const tcpCases: readonly ConformanceCase[] = [
	{
		name: "tcp: bytes go both ways; nothing calls back from inside a constructor; options stay as they were",
		run(_, done) {
			const server = listen((socket) => ({
				onReadable: () => {
					const data = socket().read();
					if (data instanceof ArrayBuffer) socket().write(data);
				},
			}));
			let inside = true;
			let received = "";
			const options = Object.freeze({
				address: LOOPBACK,
				port: server.listener.port,
				onReadable: (count: number) => {
					if (inside) return finish("onReadable from inside the constructor");
					const data = client.read();
					if (!(data instanceof ArrayBuffer) || data.byteLength !== count)
						return finish("the count is not what can be read");
					received += textOf(data);
					if (received === "hello meter") finish();
				},
				onWritable: (count: number) => {
					if (inside) return finish("onWritable from inside the constructor");
					if (received === "" && count > 0 && !written) {
						written = true;
						client.write(ArrayBuffer.fromString("hello "));
						client.write(bytesOf("meter"));
					}
				},
			});
			let written = false;
			const client = new Socket(options);
			inside = false;
			const finish = (problem?: string) => {
				client.close();
				client.close();
				server.close();
				done(problem);
			};
		},
	},
	{
		name: "tcp: a write beyond what may be written throws and sends nothing",
		run(_, done) {
			let received = "";
			const server = listen((socket) => ({
				onReadable: () => {
					const data = socket().read();
					if (data instanceof ArrayBuffer) received += textOf(data);
					if (received.length >= 4) finish(differs("what arrived", received, "only"));
				},
			}));
			let tried = false;
			const client = new Socket({
				address: LOOPBACK,
				port: server.listener.port,
				onWritable: (count) => {
					if (tried) return;
					tried = true;
					const problem = mustThrow("too long a write", () => client.write(new Uint8Array(count + 1)));
					if (problem) finish(problem);
					else client.write(bytesOf("only"));
				},
			});
			const finish = (problem?: string) => {
				client.close();
				server.close();
				done(problem);
			};
		},
	},
	{
		name: "tcp: reads parts, and single bytes as numbers",
		run(_, done) {
			const server = listen((socket) => ({ onWritable: () => send(socket()) }));
			let sent = false;
			const send = (socket: SdkTcp) => {
				if (!sent) socket.write(bytesOf("abcdef"));
				sent = true;
			};
			const client = new Socket({
				address: LOOPBACK,
				port: server.listener.port,
				onReadable: (count) => {
					if (count < 6) return;
					const part = client.read(2);
					client.format = "number";
					const byte = client.read();
					client.format = "buffer";
					const rest = client.read();
					const nothing = client.read();
					client.close();
					server.close();
					done(
						differs("the part", part instanceof ArrayBuffer && textOf(part), "ab") ??
							differs("the number", byte, 0x63) ??
							differs("the rest", rest instanceof ArrayBuffer && textOf(rest), "def") ??
							differs("after the last", nothing, undefined),
					);
				},
			});
		},
	},
	{
		name: "tcp: what a peer sent before it closed can be read before onError tells of it",
		run(_, done) {
			const server = listen((socket) => ({
				onWritable: () => {
					socket().write(bytesOf("last words"));
					socket().close();
				},
			}));
			let received = "";
			const client = new Socket({
				address: LOOPBACK,
				port: server.listener.port,
				onReadable: () => {
					const data = client.read();
					if (data instanceof ArrayBuffer) received += textOf(data);
				},
				onError: () => {
					client.close();
					server.close();
					done(differs("what arrived", received, "last words"));
				},
			});
		},
	},
	{
		name: "tcp: a refused connection reaches onError, later",
		run({ nobody }: Surroundings, done) {
			let inside = true;
			const client = new Socket({
				address: LOOPBACK,
				port: nobody,
				onReadable: () => done("readable"),
				onError: () => {
					client.close();
					done(inside ? "from inside the constructor" : undefined);
				},
			});
			inside = false;
		},
	},
	{
		name: "tcp: a socket that its onWritable closes hears nothing of bytes that wait",
		run(_, done) {
			let problem: string | undefined = "onWritable was not called";
			const listener = new Server({
				port: 0,
				onReadable() {
					const from = listener.read();
					// When the client's bytes are there: both callbacks are due at once.
					if (from) timers.set(() => take(from), 60);
				},
			});
			const take = (from: SdkTcp) => {
				const socket = new Socket({
					from,
					onWritable: () => {
						problem = undefined;
						socket.close();
					},
					onReadable: () => {
						problem = "onReadable after close";
					},
				});
			};
			let sent = false;
			const client = new Socket({
				address: LOOPBACK,
				port: listener.port,
				onWritable: () => {
					if (!sent) client.write(bytesOf("hello"));
					sent = true;
				},
				onError: () => client.close(),
			});
			timers.set(() => {
				client.close();
				listener.close();
				done(problem);
			}, 200);
		},
	},
	{
		name: "tcp: a closed socket calls nobody any more",
		run(_, done) {
			const server = listen((socket) => ({ onWritable: () => socket().write(bytesOf("x")) }));
			let closed = false;
			const client = new Socket({
				address: LOOPBACK,
				port: server.listener.port,
				onReadable: () => {
					if (closed) return done("called after close");
					closed = true;
					client.close();
					timers.set(() => {
						server.close();
						done();
					}, 60);
				},
				onError: () => done("onError after close"),
			});
		},
	},
	{
		// The SDK's lin/tcp.c leaves its record on the collector's list of roots when bind fails, and frees it.
		name: "listener: a port that is taken throws at once",
		notOnXs: true,
		run(_, done) {
			const first = new Server({ port: 0 });
			const problem = mustThrow("the second listener", () => new Server({ port: first.port }));
			first.close();
			done(problem);
		},
	},
];

// Serving HTTP: the SDK's server on a guarded listener.

import HTTPServer from "embedded:network/http/server";
import type { HttpConnection, HttpPeer, HttpServer, Network } from "../outputs/network.js";
import { GuardedListener } from "./http-guard.js";
import type { ListenerOptions, SdkHttpServer } from "./sdk.js";

type HttpServerClass = new (options: {
	readonly io: unknown;
	readonly port: number;
	onConnect(connection: HttpConnection): void;
}) => SdkHttpServer;

const Server = HTTPServer as unknown as HttpServerClass;

const NOBODY: HttpPeer = Object.freeze({ address: "", allow() {}, refuse() {}, webSocket: () => undefined });

/** Listens; throws where the port is taken. */
export const serveHttp: Network["serveHttp"] = ({ port, onConnect }): HttpServer => {
	let listener: GuardedListener | undefined;
	const io = class extends GuardedListener {
		constructor(options: ListenerOptions) {
			super(options);
			listener = this;
		}
	};
	const server = new Server({
		io,
		port,
		// The server takes each connection and tells of it before it takes the next.
		onConnect: (connection) => onConnect(connection, listener?.peer ?? NOBODY),
	});
	return {
		port: server.port,
		close() {
			// First: the SDK's server cannot take leave of its connections any more once it is closed.
			listener?.closeConnections();
			server.close();
		},
	};
};

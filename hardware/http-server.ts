// Serving HTTP: the SDK's server on a guarded listener.

import HTTPServer from "embedded:network/http/server";
import type { HttpServer, Network } from "../outputs/network.js";
import { GuardedListener } from "./http-guard.js";
import type { ListenerOptions, SdkHttpServer } from "./sdk.js";

type HttpServerClass = new (
	options: Parameters<Network["serveHttp"]>[0] & { readonly io: unknown },
) => SdkHttpServer;

const Server = HTTPServer as unknown as HttpServerClass;

/** Listens; throws where the port is taken. */
export const serveHttp: Network["serveHttp"] = ({ port, onConnect }): HttpServer => {
	let listener: GuardedListener | undefined;
	const io = class extends GuardedListener {
		constructor(options: ListenerOptions) {
			super(options);
			listener = this;
		}
	};
	const server = new Server({ io, port, onConnect });
	return {
		port: server.port,
		close() {
			// First: the SDK's server cannot take leave of its connections any more once it is closed.
			listener?.closeConnections();
			server.close();
		},
	};
};

// Serving HTTP: the SDK's server on a guarded listener.

import HTTPServer from "embedded:network/http/server";
import type { HttpConnection, HttpServer, Network } from "../outputs/network.js";
import { GuardedListener, type ListeningServer } from "./http-guard.js";
import type { SdkHttpServer } from "./sdk.js";

type HttpServerClass = new (options: {
	readonly io: unknown;
	readonly port: number;
	onConnect(connection: HttpConnection): void;
}) => SdkHttpServer;

const Server = HTTPServer as unknown as HttpServerClass;

type ServeOptions = Parameters<Network["serveHttp"]>[0];

/** Listens; throws where the port is taken. */
export const serveHttp: Network["serveHttp"] = (options) => new GuardedServer(options);

class GuardedServer extends Server implements HttpServer, ListeningServer {
	/** Set by the listener, while the SDK's class constructs it. */
	declare listener: GuardedListener;
	readonly #options: ServeOptions;

	constructor(options: ServeOptions) {
		// Called with the server as `this`.
		super({ io: GuardedListener, port: options.port, onConnect: GuardedServer.prototype.onConnect });
		this.#options = options;
	}

	onConnect(connection: HttpConnection): void {
		// The server takes each connection and tells of it before it takes the next.
		const { peer } = this.listener;
		if (peer) this.#options.onConnect(connection, peer);
		else connection.close();
	}

	override close(): void {
		// First: the SDK's server cannot take leave of its connections any more once it is closed.
		this.listener.closeConnections();
		super.close();
	}
}

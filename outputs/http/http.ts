// The web server: listens, keeps count of its exchanges, and puts the routes together. Who may ask for what is the
// router's to see; TLS is left to a proxy (docs/security.md).

import type { Reading } from "../../readings/reading.js";
import type { HttpConnection, HttpPeer, HttpRequest, HttpServer } from "../network.js";
import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import type { RequestClient } from "../route.js";
import { Backoff } from "../shared/backoff.js";
import { adminResponder } from "./admin-routes.js";
import { type EventHost, EventHub } from "./events.js";
import { Exchange, type ExchangeHost } from "./exchange.js";
import { ReadingResponder } from "./reading-routes.js";
import { type Judgement, originsIn, Router } from "./router.js";
import { sessionResponder } from "./session-routes.js";
import { seconds } from "./state.js";
import { tokenResponder } from "./token-routes.js";

/** How often stalled connections are looked for. */
const SWEEP_INTERVAL_MS = 5000;

export const http: OutputDescriptor = {
	name: "http",
	title: "Web page and HTTP API",
	settings: [
		{
			key: "port",
			type: "number",
			default: 80,
			least: 0,
			most: 65535,
			label: "Port",
			help: "Where the web page and the API are served. 0 turns both off.",
		},
		{
			key: "openReading",
			type: "switch",
			default: true,
			label: "Anyone in the network may read",
			help: "Off: page and API show nothing before signing in, and programs need a token.",
			restarts: "gateway",
		},
		{
			key: "hostNames",
			type: "text",
			default: "",
			label: "Further names",
			help: "Names by which browsers reach the gateway, besides its own and its address, separated by commas: meter.example.org.",
		},
		{
			key: "allowedOrigins",
			type: "text",
			default: "",
			label: "Other sites' pages",
			help: "Pages of these sites may use the API from a browser (CORS), separated by commas: https://dash.example.org.",
		},
	],
	open: (context) => (context.settings.port === 0 ? undefined : new HttpOutput(context)),
};

class HttpOutput implements Output, ExchangeHost, EventHost {
	readonly port: number;
	readonly #context: OutputContext;
	readonly #backoff: Backoff;
	readonly #events: EventHub;
	readonly #readings: ReadingResponder;
	readonly #router: Router;
	readonly #exchanges: Exchange[] = [];
	#server: HttpServer | undefined;
	#retry: unknown;
	readonly #sweep: unknown;
	#requests = 0;
	#stalled = 0;
	#replaced = 0;
	#failures = 0;
	#lastError: string | null = null;
	/** The last client that was cut off because it took nothing. */
	#cutOff: string | null = null;
	#cutOffAt = 0;

	constructor(context: OutputContext) {
		this.#context = context;
		this.port = Number(context.settings.port);
		this.#backoff = new Backoff(context);
		this.#events = new EventHub(context, this);
		this.#readings = new ReadingResponder(context, this.#events);
		this.#router = routerOf(context, this.#readings);
		this.#sweep = context.timers.repeat(() => this.#closeStalled(), SWEEP_INTERVAL_MS);
		this.#listen();
	}

	reading(_reading: Reading): void {
		this.#events.reading();
	}

	health(): OutputHealth {
		const { clients, longest } = this.#events.waiting();
		return {
			listening: this.#server !== undefined,
			port: this.#server?.port ?? this.port,
			connections: this.#exchanges.length,
			eventClients: this.#events.clients,
			requests: this.#requests,
			refused: this.#readings.refused,
			stalled: this.#stalled,
			replaced: this.#replaced,
			slowClients: clients,
			slowFor: clients === 0 ? null : seconds(longest),
			cutOff: this.#cutOff,
			cutOffAge: this.#cutOff === null ? null : seconds(this.now() - this.#cutOffAt),
			eventsDropped: this.#events.dropped,
			failures: this.#failures,
			lastError: this.#lastError,
		};
	}

	close(done: () => void): void {
		const { timers } = this.#context;
		timers.clear(this.#retry);
		timers.clear(this.#sweep);
		for (const exchange of this.#exchanges.slice()) exchange.close();
		this.#server?.close();
		this.#server = undefined;
		done();
	}

	now(): number {
		return this.#context.now();
	}

	later(callback: () => void): void {
		this.#context.timers.set(callback, 0);
	}

	judge(request: HttpRequest, client: RequestClient): Judgement {
		this.#requests++;
		return this.#router.judge(request, client);
	}

	fault(error: unknown): void {
		// Its name alone: the message of a parser quotes what was sent.
		const name = error instanceof Error ? error.name : typeof error;
		this.#context.log(`http: a request could not be answered (${name})`, "error");
	}

	/** An event client was cut off for another. */
	replaced(address: string): void {
		this.#replaced++;
		this.#noteCutOff(address);
	}

	finished(exchange: Exchange): void {
		const index = this.#exchanges.indexOf(exchange);
		if (index >= 0) this.#exchanges.splice(index, 1);
	}

	#listen(): void {
		this.#retry = undefined;
		const { network, timers } = this.#context;
		try {
			this.#server = network.serveHttp(this);
		} catch (error) {
			const wait = this.#backoff.next();
			this.#failures++;
			this.#lastError = `port ${this.port} cannot be used: ${error instanceof Error ? error.message : error}`;
			// Once, not at every attempt: health counts them.
			if (this.#failures === 1) this.#context.log(`http: ${this.#lastError}; trying again until it is free`);
			this.#retry = timers.set(() => this.#listen(), wait);
			return;
		}
		this.#backoff.reset();
		this.#context.log(`http: listening on port ${this.#server.port}`);
		this.#lastError = null;
	}

	onConnect(connection: HttpConnection, peer: HttpPeer): void {
		const exchange = new Exchange(connection, peer, this);
		this.#exchanges.push(exchange);
		exchange.begin();
	}

	#closeStalled(): void {
		const now = this.now();
		for (const exchange of this.#exchanges.slice()) {
			if (!exchange.closeIfStalled(now)) continue;
			this.#stalled++;
			this.#noteCutOff(exchange.address);
		}
	}

	#noteCutOff(address: string): void {
		this.#cutOff = address;
		this.#cutOffAt = this.now();
	}
}

function routerOf(context: OutputContext, readings: ReadingResponder): Router {
	const { gate, admin, responders = [] } = context;
	const cookie = cookieName(context);
	responders.push(readings);
	if (gate) responders.push(sessionResponder(gate, cookie), tokenResponder(gate));
	if (admin) responders.push(adminResponder(admin));
	return new Router(responders, gate, cookie, originsIn(`${context.settings.allowedOrigins}`));
}

/** Cookies know no ports: two gateways on one computer must not end each other's sessions. */
function cookieName({ gatewayId }: OutputContext): string {
	return `${gatewayId}-session`;
}

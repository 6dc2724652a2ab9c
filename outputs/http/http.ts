// The web server: page, newest reading, merged state, health and events, to anyone in the house. Reads nothing but GET
// and HEAD: nothing can be set here. TLS is left to a proxy; see docs/outputs/http.md.

import { readingToJson } from "../../readings/json.js";
import type { Reading } from "../../readings/reading.js";
import type { HttpConnection, HttpRequest, HttpServer } from "../network.js";
import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { Backoff } from "../shared/backoff.js";
import { utf8 } from "../shared/text.js";
import { type Answer, json, problem } from "./answer.js";
import { EventHub, eventBytes } from "./events.js";
import { Exchange, type ExchangeHost, type StreamAnswer } from "./exchange.js";
import { pageAnswer } from "./page.js";
import { stateJson } from "./state.js";

/** Connections at a time, waiting ones included; further ones are closed unread. */
const MOST_CONNECTIONS = 6;
/** How often stalled connections are looked for. */
const SWEEP_INTERVAL_MS = 5000;
const READABLE = "GET, HEAD";

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
	],
	open: (context) => (context.settings.port === 0 ? undefined : new HttpOutput(context)),
};

type RouteAnswer = Answer | StreamAnswer;

class HttpOutput implements Output, ExchangeHost {
	readonly #context: OutputContext;
	readonly #port: number;
	readonly #backoff: Backoff;
	readonly #events: EventHub;
	readonly #exchanges: Exchange[] = [];
	#server: HttpServer | undefined;
	#retry: unknown;
	readonly #sweep: unknown;
	#event: Uint8Array | undefined;
	#requests = 0;
	#refused = 0;
	#stalled = 0;
	#failures = 0;
	#lastError: string | null = null;

	constructor(context: OutputContext) {
		this.#context = context;
		this.#port = Number(context.settings.port);
		this.#backoff = new Backoff(() => context.random());
		this.#events = new EventHub({
			timers: context.timers,
			now: () => context.now(),
			readingEvent: () => this.#readingEvent(),
			healthJson: () => context.healthJson(),
		});
		this.#sweep = context.timers.repeat(() => this.#closeStalled(), SWEEP_INTERVAL_MS);
		this.#listen();
	}

	reading(_reading: Reading): void {
		this.#event = undefined;
		this.#events.reading();
	}

	health(): OutputHealth {
		return {
			listening: this.#server !== undefined,
			port: this.#server?.port ?? this.#port,
			connections: this.#exchanges.length,
			eventClients: this.#events.clients,
			requests: this.#requests,
			refused: this.#refused,
			stalled: this.#stalled,
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

	answer(request: HttpRequest): RouteAnswer {
		this.#requests++;
		const answer = this.#route(pathOf(request.path));
		if (!answer) return problem(404, "Not found", "There is nothing at this address.");
		if (request.method !== "GET" && request.method !== "HEAD")
			return problem(405, "Method not allowed", "This address can only be read.", [["allow", READABLE]]);
		return answer(request);
	}

	finished(exchange: Exchange): void {
		const index = this.#exchanges.indexOf(exchange);
		if (index >= 0) this.#exchanges.splice(index, 1);
	}

	/** Every address there is. */
	#route(path: string): ((request: HttpRequest) => RouteAnswer) | undefined {
		switch (path) {
			case "/":
			case "/index.html":
				return (request) => pageAnswer(this.#context, request);
			case "/api/v1/reading":
				return () => this.#readingAnswer();
			case "/api/v1/state":
				return () => {
					const { gatewayId, store } = this.#context;
					return json(utf8(stateJson(gatewayId, store, this.now())));
				};
			case "/api/v1/health":
				return () => json(utf8(this.#context.healthJson()));
			case "/api/v1/events":
				return (request) => this.#eventsAnswer(request);
			default:
				return undefined;
		}
	}

	#readingAnswer(): RouteAnswer {
		const { latest } = this.#context.store;
		if (!latest)
			return problem(404, "No reading yet", "The meter has not been heard since the gateway started.");
		return json(utf8(readingToJson(latest)));
	}

	#eventsAnswer(request: HttpRequest): RouteAnswer {
		if (request.method === "GET" && !this.#events.hasRoom()) {
			this.#refused++;
			const detail = "All event streams are taken. Try again later, or poll /api/v1/state.";
			return problem(503, "Too many listeners", detail, [["retry-after", "10"]]);
		}
		return {
			answer: {
				status: 200,
				headers: [
					["content-type", "text/event-stream"],
					["cache-control", "no-store"],
				],
			},
			open: (connection, close) => this.#events.open(connection, close),
		};
	}

	/** The newest reading's bytes, made once for all clients and only where there is one. */
	#readingEvent(): Uint8Array | undefined {
		const { latest, count } = this.#context.store;
		if (latest) this.#event ??= eventBytes("reading", readingToJson(latest), count);
		return this.#event;
	}

	#listen(): void {
		this.#retry = undefined;
		const { network, timers } = this.#context;
		try {
			this.#server = network.serveHttp({
				port: this.#port,
				onConnect: (connection) => this.#accept(connection),
			});
		} catch (error) {
			const wait = this.#backoff.next();
			this.#failures++;
			this.#lastError = `port ${this.#port} cannot be used: ${error instanceof Error ? error.message : error}`;
			// Once, not at every attempt: health counts them.
			if (this.#failures === 1) this.#context.log(`http: ${this.#lastError}; trying again until it is free`);
			this.#retry = timers.set(() => this.#listen(), wait);
			return;
		}
		this.#backoff.reset();
		this.#context.log(`http: listening on port ${this.#server.port}`);
		this.#lastError = null;
	}

	#accept(connection: HttpConnection): void {
		if (this.#exchanges.length >= MOST_CONNECTIONS) {
			this.#refused++;
			connection.close();
			return;
		}
		const exchange = new Exchange(connection, this);
		this.#exchanges.push(exchange);
		exchange.begin();
	}

	#closeStalled(): void {
		const now = this.now();
		for (const exchange of this.#exchanges.slice()) if (exchange.closeIfStalled(now)) this.#stalled++;
	}
}

/** The path without query and, where a proxy sent the absolute form (RFC 9112, 3.2.2), without its origin. */
function pathOf(target: string): string {
	let path = target;
	if (path.startsWith("http://")) {
		const slash = path.indexOf("/", "http://".length);
		path = slash < 0 ? "/" : path.slice(slash);
	}
	const query = path.indexOf("?");
	return query < 0 ? path : path.slice(0, query);
}

// What there is to read: the page, the newest reading, the merged state, health, raw frames, and the events as they come.

import type { OutputContext } from "../output.js";
import {
	type Answer,
	type Call,
	type Responder,
	type Route,
	type RouteAnswer,
	routeTable,
} from "../route.js";
import { partsOf } from "../shared/parts.js";
import { json, problem } from "./answer.js";
import { conditional } from "./conditional.js";
import { DEVICE_ROUTES } from "./device-routes.js";
import type { EventHub } from "./events.js";
import { frameParts } from "./frames.js";
import { pageAnswer } from "./page.js";
import { queryList } from "./query.js";
import { chosenParts, stateParts } from "./state.js";
import { storedAnswer } from "./stored.js";

const ROUTES = routeTable<ReadingResponder>([
	// The page itself tells nothing: it must be there to sign in with.
	{ at: "GET /", need: "open", answer: page },
	{ at: "GET /index.html", need: "open", answer: page },
	{ at: "GET /texts/*", need: "open", answer: (self, call) => stored(self, call, `texts-${call.last}.gz`) },
	{
		...{ at: "GET /api/v1/openapi.json", need: "open" },
		answer: (self, call) => stored(self, call, "openapi.json.gz"),
	},
	{ at: "GET /api/v1/reading", need: "read", answer: reading },
	{ at: "GET /api/v1/state", need: "read", answer: state },
	{
		...{ at: "GET /api/v1/health", need: "read" },
		answer: ({ context }) => json(partsOf((take) => context.writeHealth(take))),
	},
	{
		...{ at: "GET /api/v1/frames", need: "read" },
		answer: ({ context }) => json(frameParts(context.frames(), context.now())),
	},
	{ at: "GET /api/v1/events", need: "read", ownPagesOnly: true, answer: eventStream },
	{ at: "GET /api/v1/ws", need: "read", ownPagesOnly: true, answer: webSocket },
	...DEVICE_ROUTES,
]);

export class ReadingResponder implements Responder {
	readonly context: OutputContext;
	readonly events: EventHub;
	/** Times that all event streams were taken. */
	refused = 0;
	/** Tells this start's readings from those of another one. */
	readonly #start: string;

	constructor(context: OutputContext, events: EventHub) {
		this.context = context;
		this.events = events;
		this.#start = Math.floor(context.random() * 0x7fffffff).toString(36);
	}

	get routes(): readonly Route<ReadingResponder>[] {
		return ROUTES;
	}

	/** Changes with each reading. */
	get tag(): string {
		return `${this.#start}-${this.context.store.count}`;
	}
}

function page({ context }: ReadingResponder, { request }: Call): Answer {
	return pageAnswer(context, request);
}

function stored({ context }: ReadingResponder, { request }: Call, name: string): Answer {
	return storedAnswer(context, request, name);
}

function reading({ context, tag }: ReadingResponder, { request }: Call): Answer {
	const { store } = context;
	if (!store.latest)
		return problem(404, "No reading yet", "The meter has not been heard since the gateway started.");
	const fields = queryList(request.path, "fields");
	return conditional(request, `"${tag}"`, () => json(chosenParts(store, fields) ?? []));
}

function state({ context, tag }: ReadingResponder, { request }: Call): Answer {
	const { gatewayId, store } = context;
	// Weak: an answer of the same readings differs in their ages alone.
	return conditional(request, `W/"${tag}"`, () =>
		json(stateParts(gatewayId, store, context.now(), queryList(request.path, "fields"))),
	);
}

function eventStream(self: ReadingResponder, { request, client }: Call): RouteAnswer {
	const { events } = self;
	if (request.method !== "HEAD" && !events.hasRoom()) return full(self);
	return {
		answer: {
			status: 200,
			headers: [
				["content-type", "text/event-stream"],
				["cache-control", "no-store"],
			],
		},
		open: (link, close) => events.open(link, close, client.address),
	};
}

/** The opening handshake of RFC 6455, 4.2.1. */
function webSocket(self: ReadingResponder, { request, client }: Call): RouteAnswer {
	const { events } = self;
	const { method, headers } = request;
	const has = (name: string, token: string) =>
		`${headers.get(name)}`
			.toLowerCase()
			.split(",")
			.some((each) => each.trim() === token);
	const version = headers.get("sec-websocket-version");
	if (method !== "GET" || !has("upgrade", "websocket") || !has("connection", "upgrade") || version !== "13")
		return problem(426, "Upgrade required", "This address speaks WebSocket, version 13.", [
			["upgrade", "websocket"],
			["sec-websocket-version", "13"],
		]);
	const key = headers.get("sec-websocket-key") ?? "";
	// 16 bytes in base 64.
	if (key.length !== 24 || !key.endsWith("=="))
		return problem(400, "No key", "Sec-WebSocket-Key must be 16 bytes in base 64.");
	if (!events.hasRoom()) return full(self);
	return { key, socket: (link, close) => events.openSocket(link, close, client.address) };
}

function full(self: ReadingResponder): Answer {
	self.refused++;
	const detail = "All event streams are taken. Try again later, or poll /api/v1/state.";
	return problem(503, "Too many listeners", detail, [["retry-after", "10"]]);
}

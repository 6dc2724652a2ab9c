// What there is to read: the page, the newest reading, the merged state, health, raw frames, and the events as they come.

import type { HttpRequest } from "../network.js";
import type { OutputContext } from "../output.js";
import type { Answer, Call, Route, RouteAnswer } from "../route.js";
import { utf8 } from "../shared/text.js";
import { json, problem } from "./answer.js";
import { conditional } from "./conditional.js";
import type { EventHub } from "./events.js";
import { frameParts } from "./frames.js";
import { pageAnswer } from "./page.js";
import { queryList } from "./query.js";
import { chosenParts, stateParts } from "./state.js";
import { storedAnswer } from "./stored.js";

/** `tag` changes with each reading; `refused`: all event streams were taken. */
export function readingRoutes(
	context: OutputContext,
	tag: string,
	events: EventHub,
	refused: () => void,
): readonly Route[] {
	const { store, gatewayId } = context;
	const page = { method: "GET", need: "open" } as const;
	const read = { method: "GET", need: "read" } as const;
	return [
		// The page itself tells nothing: it must be there to sign in with.
		{ ...page, path: "/", answer: ({ request }) => pageAnswer(context, request) },
		{ ...page, path: "/index.html", answer: ({ request }) => pageAnswer(context, request) },
		{
			...page,
			path: "/texts/*",
			answer: ({ request, last }) => storedAnswer(context, request, `texts-${last}.gz`),
		},
		{
			...page,
			path: "/api/v1/openapi.json",
			answer: ({ request }) => storedAnswer(context, request, "openapi.json.gz"),
		},
		{ ...read, path: "/api/v1/reading", answer: ({ request }) => readingAnswer(context, request, tag) },
		{
			...read,
			path: "/api/v1/state",
			// Weak: an answer of the same readings differs in their ages alone.
			answer: ({ request }) =>
				conditional(request, `W/"${tag}"`, () =>
					json(stateParts(gatewayId, store, context.now(), queryList(request.path, "fields"))),
				),
		},
		{ ...read, path: "/api/v1/health", answer: () => json(utf8(context.healthJson())) },
		{ ...read, path: "/api/v1/frames", answer: () => json(frameParts(context.frames(), context.now())) },
		{
			...read,
			path: "/api/v1/events",
			ownPagesOnly: true,
			answer: (call) => eventsAnswer(events, call, refused),
		},
		{
			...read,
			path: "/api/v1/ws",
			ownPagesOnly: true,
			answer: (call) => socketAnswer(events, call, refused),
		},
	];
}

function readingAnswer({ store }: OutputContext, request: HttpRequest, tag: string): Answer {
	if (!store.latest)
		return problem(404, "No reading yet", "The meter has not been heard since the gateway started.");
	const fields = queryList(request.path, "fields");
	return conditional(request, `"${tag}"`, () => json(chosenParts(store, fields) ?? []));
}

function eventsAnswer(events: EventHub, { request, client }: Call, refused: () => void): RouteAnswer {
	if (request.method !== "HEAD" && !events.hasRoom()) return full(refused);
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
function socketAnswer(events: EventHub, { request, client }: Call, refused: () => void): RouteAnswer {
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
	if (!events.hasRoom()) return full(refused);
	return { key, socket: (link, close) => events.openSocket(link, close, client.address) };
}

function full(refused: () => void): Answer {
	refused();
	const detail = "All event streams are taken. Try again later, or poll /api/v1/state.";
	return problem(503, "Too many listeners", detail, [["retry-after", "10"]]);
}

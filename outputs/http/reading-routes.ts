// What there is to read: the page, the newest reading, the merged state, health, and the stream of events.

import type { OutputContext } from "../output.js";
import type { Answer, Route, RouteAnswer } from "../route.js";
import { latestParts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { json, problem } from "./answer.js";
import type { EventHub } from "./events.js";
import { pageAnswer } from "./page.js";
import { stateParts } from "./state.js";

/** `refused`: all event streams were taken. */
export function readingRoutes(
	context: OutputContext,
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
		{ ...read, path: "/api/v1/reading", answer: () => readingAnswer(context) },
		{
			...read,
			path: "/api/v1/state",
			answer: () => json(stateParts(gatewayId, store, context.now())),
		},
		{ ...read, path: "/api/v1/health", answer: () => json(utf8(context.healthJson())) },
		{
			...read,
			path: "/api/v1/events",
			ownPagesOnly: true,
			answer: ({ request }) => eventsAnswer(events, request.method === "HEAD", refused),
		},
	];
}

function readingAnswer({ store }: OutputContext): Answer {
	const parts = latestParts(store);
	if (!parts)
		return problem(404, "No reading yet", "The meter has not been heard since the gateway started.");
	return json(parts);
}

function eventsAnswer(events: EventHub, headOnly: boolean, refused: () => void): RouteAnswer {
	if (!headOnly && !events.hasRoom()) {
		refused();
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
		open: (connection, close) => events.open(connection, close),
	};
}

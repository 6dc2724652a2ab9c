// What a route answers, before it meets a connection: status, headers, body. Errors are problem details (RFC 9457).

import type { Answer, Headers } from "../route.js";
import type { Parts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";

/** Policy of everything but the page: an answer that a browser shows by itself may load and run nothing. */
const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'";

/** Headers of every answer. A connection serves one request, so it says that it closes. */
export const COMMON_HEADERS: Headers = Object.freeze([
	["connection", "close"],
	["x-content-type-options", "nosniff"],
	["x-frame-options", "DENY"],
	["referrer-policy", "no-referrer"],
	["cross-origin-resource-policy", "same-origin"],
] as const);

/** JSON that is already text in bytes. */
export function json(body: Uint8Array | Parts, type = "application/json", status = 200): Answer {
	return {
		status,
		headers: [
			["content-type", type],
			["cache-control", "no-store"],
			["content-security-policy", NOTHING_ALLOWED],
		],
		body,
	};
}

/** A value as JSON; `headers` are added to the usual ones. */
export function jsonOf(value: unknown, status = 200, headers: Headers = []): Answer {
	const answer = json(utf8(JSON.stringify(value)), "application/json", status);
	return headers.length === 0 ? answer : { ...answer, headers: [...answer.headers, ...headers] };
}

/** Done, and nothing to say. */
export function noContent(headers: Headers = []): Answer {
	return { status: 204, headers: [["cache-control", "no-store"], ...headers] };
}

/** An error for programs and people; `headers` are added to the usual ones. Never quotes what was sent. */
export function problem(
	status: number,
	title: string,
	detail: string,
	headers: Headers = [],
	members: Readonly<Record<string, unknown>> = {},
): Answer {
	const body = utf8(JSON.stringify({ type: "about:blank", title, status, detail, ...members }));
	const answer = json(body, "application/problem+json", status);
	return { ...answer, headers: [...answer.headers, ...headers] };
}

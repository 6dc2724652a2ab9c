// What a route answers, before it meets a connection: status, headers, body. Errors are problem details (RFC 9457).

import { utf8 } from "../shared/text.js";

/** `body` is sent as it is; without one nothing follows the headers. */
export interface Answer {
	readonly status: number;
	readonly headers: readonly (readonly [name: string, value: string])[];
	readonly body?: Uint8Array;
}

/** Policy of everything but the page: an answer that a browser shows by itself may load and run nothing. */
const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'";

/** Headers of every answer. A connection serves one request, so it says that it closes. */
export function commonHeaders(): [string, string][] {
	return [
		["connection", "close"],
		["x-content-type-options", "nosniff"],
		["referrer-policy", "no-referrer"],
		["cross-origin-resource-policy", "same-origin"],
	];
}

/** JSON that is already text in bytes. */
export function json(body: Uint8Array, type = "application/json", status = 200): Answer {
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

/** An error for programs and people; `headers` are added to the usual ones. */
export function problem(
	status: number,
	title: string,
	detail: string,
	headers: readonly (readonly [string, string])[] = [],
): Answer {
	const body = utf8(JSON.stringify({ type: "about:blank", title, status, detail }));
	const answer = json(body, "application/problem+json", status);
	return { ...answer, headers: [...answer.headers, ...headers] };
}

// Whole answers to requests that never reach a route: too long, malformed, too slow, too many. Their bytes.

import type { HeadFault } from "./http-head.js";

/** Status of a refusal below the routes. */
export type Refusal = HeadFault | 408 | 413 | 503;

const DETAILS: readonly (readonly [Refusal, string, string])[] = Object.freeze([
	[400, "Bad Request", "The request is malformed or ambiguous."],
	[408, "Request Timeout", "The request was not complete in time."],
	[411, "Length Required", "Send the body with a Content-Length, not in chunks."],
	[413, "Content Too Large", "The body is longer than this server takes."],
	[414, "URI Too Long", "The address is longer than this server takes."],
	[417, "Expectation Failed", "Send the body without waiting for 100 Continue."],
	[431, "Request Header Fields Too Large", "The headers are longer or more than this server takes."],
	[501, "Not Implemented", "This method is not known."],
	[503, "Service Unavailable", "Too many connections. Try again soon."],
	[505, "HTTP Version Not Supported", "This server speaks HTTP/1.1."],
] as const);

/** The reason phrase of statuses that the SDK's server has no name for; `undefined` for others. */
export function reasonOf(status: number): string | undefined {
	switch (status) {
		case 421:
			return "Misdirected Request";
		case 422:
			return "Unprocessable Content";
		case 426:
			return "Upgrade Required";
		case 429:
			return "Too Many Requests";
		default:
			return DETAILS.find(([known]) => known === status)?.[1];
	}
}

/** The whole answer: problem details (RFC 9457). */
export function refusalBytes(status: Refusal): Uint8Array {
	const [, title = "", detail = ""] = DETAILS.find(([known]) => known === status) ?? [];
	const body = JSON.stringify({ type: "about:blank", title, status, detail });
	const lines = [
		`HTTP/1.1 ${status} ${title}`,
		"connection: close",
		"content-type: application/problem+json",
		"cache-control: no-store",
		"x-content-type-options: nosniff",
		`content-length: ${body.length}`,
		...(status === 503 ? ["retry-after: 5"] : []),
		"",
		body,
	];
	return new Uint8Array(ArrayBuffer.fromString(lines.join("\r\n")));
}

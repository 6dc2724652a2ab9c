// The web page as one gzip resource. tools/build-web.mjs makes it, and beside it the Content-Security-Policy that
// fits the script and the style inside it, by their hashes.

import type { HttpRequest } from "../network.js";
import type { OutputContext } from "../output.js";
import type { Answer } from "../route.js";
import { problem } from "./answer.js";
import { isFresh } from "./conditional.js";

const PAGE = "index.html.gz";
const POLICY = "content-security-policy.txt";
/** Without the build's policy nothing inline may run. */
const STRICT_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The page, or 304 where the browser has it already. */
export function pageAnswer(context: OutputContext, request: HttpRequest): Answer {
	const body = context.resource(PAGE);
	if (!body) return problem(404, "No page", "This build holds no web page; /api/v1/reading is served.");
	const tag = entityTag(body);
	const headers: (readonly [string, string])[] = [
		["etag", tag],
		["cache-control", "no-cache"],
		["content-security-policy", policy(context)],
		["vary", "accept-encoding"],
	];
	if (isFresh(request, tag)) return { status: 304, headers };
	headers.push(["content-type", "text/html; charset=utf-8"], ["content-encoding", "gzip"]);
	return { status: 200, headers, body };
}

/** The CRC-32 and length that end a gzip file (RFC 1952, 2.3.1): unique per build, and no pass over the bytes. */
export function entityTag(gzip: Uint8Array): string {
	let tag = '"';
	for (let at = Math.max(0, gzip.length - 8); at < gzip.length; at++) {
		const byte = gzip[at] as number;
		tag += (byte < 0x10 ? "0" : "") + byte.toString(16);
	}
	return `${tag}"`;
}

function policy(context: OutputContext): string {
	const bytes = context.resource(POLICY);
	if (!bytes) return STRICT_POLICY;
	// One line, written by the build; with the line's end it would be no header.
	return String.fromArrayBuffer(new Uint8Array(bytes).buffer).trim();
}

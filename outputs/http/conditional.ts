// Conditional requests (RFC 9110, 13.1.2): who polls and has the newest already gets 304 and no body.

import type { HttpRequest } from "../network.js";
import type { Answer } from "../route.js";

/** `make`'s answer with its entity tag, or 304 where the client has that one. `tag`: with its quotation marks, `W/` before weak ones. */
export function conditional(request: HttpRequest, tag: string, make: () => Answer): Answer {
	if (isFresh(request, tag))
		return {
			status: 304,
			headers: [
				["etag", tag],
				["cache-control", "no-store"],
			],
		};
	const answer = make();
	return answer.status === 200 ? { ...answer, headers: [...answer.headers, ["etag", tag]] } : answer;
}

/** If-None-Match compares weakly; a tag in its quotation marks cannot occur inside another one. */
export function isFresh({ headers }: HttpRequest, tag: string): boolean {
	const given = headers.get("if-none-match");
	return (
		given !== undefined && (given === "*" || given.indexOf(tag.startsWith("W/") ? tag.slice(2) : tag) >= 0)
	);
}

// Files that the build made and compressed: the description of the API, the page's texts. Sent as they lie in flash.

import type { HttpRequest } from "../network.js";
import type { OutputContext } from "../output.js";
import type { Answer } from "../route.js";
import { json, problem } from "./answer.js";
import { conditional } from "./conditional.js";
import { entityTag } from "./page.js";

/**
 * One of them: `openapi.json.gz`, made of outputs/http/openapi.yaml, or `texts-1.gz` and so on, made of
 * web/texts, all by tools/build-web.mjs.
 */
export function storedAnswer(context: OutputContext, request: HttpRequest, name: string): Answer {
	const body = context.resource(name);
	if (!body) return problem(404, "Not found", "This build does not hold it.");
	return conditional(request, entityTag(body), () => {
		const answer = json(body);
		return { ...answer, headers: [...answer.headers, ["content-encoding", "gzip"]] };
	});
}

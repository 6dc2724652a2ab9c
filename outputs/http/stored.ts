// Files that the build made and compressed: the description of the API. Sent as they lie in flash.

import type { HttpRequest } from "../network.js";
import type { OutputContext } from "../output.js";
import type { Answer } from "../route.js";
import { json, problem } from "./answer.js";
import { conditional } from "./conditional.js";
import { entityTag } from "./page.js";

const DESCRIPTION = "openapi.json.gz";

/** The API's description (OpenAPI 3.1), made of outputs/http/openapi.yaml by tools/build-web.mjs. */
export function descriptionAnswer(context: OutputContext, request: HttpRequest): Answer {
	const body = context.resource(DESCRIPTION);
	if (!body) return problem(404, "No description", "This build holds no description of its API.");
	return conditional(request, entityTag(body), () => {
		const answer = json(body);
		return { ...answer, headers: [...answer.headers, ["content-encoding", "gzip"]] };
	});
}

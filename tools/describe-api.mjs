// The API's description as the JSON that GET /api/v1/openapi.json serves: outputs/http/openapi.yaml with the version put in.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";

export function describeApi(root) {
	const description = parse(readFileSync(resolve(root, "outputs/http/openapi.yaml"), "utf8"));
	description.info.version = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")).version;
	return JSON.stringify(description);
}

// Tokens for programs: listed, made, revoked by the admin.

import type { Access } from "../../access/access.js";
import { MOST_TOKENS, problemWithName } from "../../access/tokens.js";
import { type Answer, type Call, type Gate, type Responder, routeTable } from "../route.js";
import { jsonOf, noContent, problem } from "./answer.js";
import { flatTexts } from "./flat-json.js";
import { malformed, SMALL_JSON } from "./session-routes.js";

const MS_PER_S = 1000;

interface TokenResponder extends Responder {
	readonly access: Access;
}

const ROUTES = routeTable<TokenResponder>([
	{ at: "GET /api/v1/tokens", answer: list },
	{ at: "POST /api/v1/tokens", body: SMALL_JSON, answer: create },
	{ at: "DELETE /api/v1/tokens/*", answer: revoke },
]);

export function tokenResponder({ access }: Gate): TokenResponder {
	return { routes: ROUTES, access };
}

function list({ access }: TokenResponder): Answer {
	return jsonOf({ tokens: access.tokens.map((token) => listed(access, token)) });
}

function create({ access }: TokenResponder, { body }: Call): Answer {
	const [name, scope] = flatTexts(body, ["name", "scope"]) ?? [];
	if (name === undefined || (scope !== "read" && scope !== "control"))
		return malformed('{"name": "…", "scope": "read"}, or "control"');
	const wrong = problemWithName(name);
	if (wrong) return problem(422, "Name refused", `The name ${wrong}.`);
	const made = access.createToken(name, scope);
	if (!made) return problem(409, "Too many tokens", `There are ${MOST_TOKENS}: revoke one first.`);
	return jsonOf({ ...listed(access, made.record), token: made.token }, 201);
}

function revoke({ access }: TokenResponder, { last }: Call): Answer {
	return access.revokeToken(last) ? noContent() : problem(404, "No such token", "It may be revoked already.");
}

function listed(access: Access, { id, name, scope }: Access["tokens"][number]): object {
	const unused = access.tokenUnusedFor(id);
	return { id, name, scope, lastUsed: unused === undefined ? null : Math.round(unused / MS_PER_S) };
}

// Tokens for programs: listed, made, revoked by the admin.

import { MOST_TOKENS, problemWithName } from "../../access/tokens.js";
import type { Gate, Route } from "../route.js";
import { jsonOf, noContent, problem } from "./answer.js";
import { flatTexts } from "./flat-json.js";
import { malformed, SMALL_JSON } from "./session-routes.js";

const MS_PER_S = 1000;

export function tokenRoutes({ access }: Gate): readonly Route[] {
	const listed = ({ id, name, scope }: (typeof access.tokens)[number]) => {
		const unused = access.tokenUnusedFor(id);
		return { id, name, scope, lastUsed: unused === undefined ? null : Math.round(unused / MS_PER_S) };
	};
	return [
		{
			method: "GET",
			path: "/api/v1/tokens",
			answer: () => jsonOf({ tokens: access.tokens.map(listed) }),
		},
		{
			method: "POST",
			path: "/api/v1/tokens",
			body: SMALL_JSON,
			answer({ body }) {
				const [name, scope] = flatTexts(body, ["name", "scope"]) ?? [];
				if (name === undefined || (scope !== "read" && scope !== "control"))
					return malformed('{"name": "…", "scope": "read"}, or "control"');
				const wrong = problemWithName(name);
				if (wrong) return problem(422, "Name refused", `The name ${wrong}.`);
				const made = access.createToken(name, scope);
				if (!made) return problem(409, "Too many tokens", `There are ${MOST_TOKENS}: revoke one first.`);
				return jsonOf({ ...listed(made.record), token: made.token }, 201);
			},
		},
		{
			method: "DELETE",
			path: "/api/v1/tokens/*",
			answer: ({ last }) =>
				access.revokeToken(last) ? noContent() : problem(404, "No such token", "It may be revoked already."),
		},
	];
}

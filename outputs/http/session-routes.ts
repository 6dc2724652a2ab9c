// Signing in and out, and the admin password. A sign-in answers with a cookie for the browser and a CSRF token for the
// page; a program uses a token instead (token-routes.ts).

import { holds, type PasswordChange, type SignIn } from "../../access/access.js";
import { SESSION_TIMEOUT_MS } from "../../access/sessions.js";
import { type Answer, type BodyRule, type Call, type Gate, type Responder, routeTable } from "../route.js";
import { jsonOf, noContent, problem } from "./answer.js";
import { sessionCookie } from "./credentials.js";
import { flatTexts } from "./flat-json.js";
import { clientOf } from "./router.js";

const MS_PER_S = 1000;
export const SMALL_JSON: BodyRule = Object.freeze({ most: 1024, type: "application/json" });

export interface SessionResponder extends Responder {
	readonly gate: Gate;
	readonly cookieName: string;
}

const ROUTES = routeTable<SessionResponder>([
	{ at: "GET /api/v1/session", need: "open", answer: whoAmI },
	{ at: "POST /api/v1/session", need: "open", body: SMALL_JSON, answer: signIn },
	{ at: "DELETE /api/v1/session", answer: signOut },
	// Who may is up to `access`: the first password comes from who can have none.
	{ at: "PUT /api/v1/password", need: "open", body: SMALL_JSON, answer: setPassword },
]);

export function sessionResponder(gate: Gate, cookieName: string): SessionResponder {
	return { routes: ROUTES, gate, cookieName };
}

function signIn(self: SessionResponder, call: Call): Answer {
	const { gate } = self;
	const [password] = flatTexts(call.body, ["password"]) ?? [];
	if (password === undefined) return malformed('{"password": "…"}');
	return answerTo(self, gate.access.signIn(password, clientOf(gate, call.client)));
}

function signOut({ gate, cookieName }: SessionResponder, { identity }: Call): Answer {
	if (identity.session !== undefined) gate.access.signOut(identity.session);
	return noContent([sessionCookie(cookieName, "", 0)]);
}

function setPassword(self: SessionResponder, call: Call): Answer {
	const { gate } = self;
	const { access } = gate;
	const texts = flatTexts(call.body, ["password", "current", "setupCode"]);
	const [password, current, code] = texts ?? [];
	if (password === undefined) return malformed('{"password": "…", "current": "…"}');
	if (access.hasPassword && call.identity.by !== "session")
		return problem(401, "Not signed in", "Sign in to change the password.");
	const proof = {
		...(current === undefined ? {} : { current }),
		...(code === undefined ? {} : { code }),
	};
	return answerTo(self, access.setPassword(password, proof, clientOf(gate, call.client)));
}

/** What the page needs to know before it shows anything. */
function whoAmI({ gate }: SessionResponder, { identity, client }: Call): Answer {
	const { access } = gate;
	const { session } = identity;
	return jsonOf({
		right: identity.right,
		by: identity.by,
		csrf: session === undefined ? null : access.csrfToken(session),
		readOpen: access.readOpen,
		passwordSet: access.hasPassword,
		// Tells strangers nothing but that there is something to set up.
		setup: access.setupRight(clientOf(gate, client)),
		mayRead: holds(identity.right, "read"),
	});
}

function answerTo({ gate, cookieName }: SessionResponder, outcome: SignIn | PasswordChange): Answer {
	if ("session" in outcome) {
		const { session } = outcome;
		const cookie = sessionCookie(cookieName, session, SESSION_TIMEOUT_MS / MS_PER_S);
		return jsonOf({ right: "admin", csrf: gate.access.csrfToken(session) }, 200, [cookie]);
	}
	switch (outcome.refused) {
		case "wrong":
			return problem(401, "Wrong", "That is not right.");
		case "unset":
			return problem(409, "No password yet", "The admin password has not been set yet: set it first.");
		case "forbidden":
			return problem(
				403,
				"Not from here",
				"The first password can be set through the gateway's access point, on the computer it runs on, or with its set-up code.",
			);
		case "weak":
			return problem(422, "Password refused", `The password ${outcome.problem}.`);
		case "slowed": {
			const seconds = Math.ceil(outcome.wait / MS_PER_S);
			const detail = `Too many wrong attempts. Try again in ${seconds} s.`;
			return problem(429, "Slowed down", detail, [["retry-after", `${seconds}`]]);
		}
	}
}

/** The body is not what the address takes. */
export function malformed(expected: string): Answer {
	return problem(400, "Malformed body", `The body must be JSON such as ${expected}.`);
}

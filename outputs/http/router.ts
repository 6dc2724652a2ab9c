// Sees to every request before a route does: the name it calls the gateway by, its path and method, where it comes
// from, who sent it, whether that is enough, and its body's size and type. What a route forgets to say is refused.

import { type Client, holds, type Identity } from "../../access/access.js";
import type { HttpRequest } from "../network.js";
import type {
	Answer,
	BodyReceiver,
	BodyRule,
	Call,
	Gate,
	Headers,
	RequestClient,
	Responder,
	Route,
	RouteAnswer,
} from "../route.js";
import { problem } from "./answer.js";
import { bearerOf, cookieOf } from "./credentials.js";
import { isLoopback, isOwnHost, isOwnOrigin, targetOf } from "./host.js";

/** A request that may be answered once its body is there. */
export interface Admitted {
	/** What to do with the body; `undefined`: throw it away. */
	readonly body: BodyRule | undefined;
	readonly receiver: BodyReceiver | undefined;
	answer(body: Uint8Array): RouteAnswer;
	/** Of whatever answer it gets. */
	readonly headers?: Headers;
}

export type Judgement = Admitted | { readonly refusal: Answer };

const METHODS = Object.freeze(["GET", "POST", "PUT", "PATCH", "DELETE"] as const);
const NOTHING = new Uint8Array(0);
const NO_HEADERS: Headers = Object.freeze([]);
const EXPOSED = Object.freeze(["access-control-expose-headers", "etag, retry-after"] as const);
/** What pages of the sites in `http.allowedOrigins` may send; the rights that this needs are another matter. */
const PREFLIGHT: Answer = Object.freeze({
	status: 204,
	headers: Object.freeze([
		["access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE"],
		["access-control-allow-headers", "authorization, content-type, if-none-match"],
		["access-control-max-age", "600"],
	] as const),
});

interface Found {
	readonly route: Route;
	readonly responder: Responder;
}

/** Has the route's answer made when the body is there. */
class Admission implements Admitted {
	readonly body: BodyRule | undefined;
	readonly receiver: BodyReceiver | undefined;
	readonly headers: Headers;
	readonly #found: Found;
	readonly #call: { -readonly [Member in keyof Call]: Call[Member] };

	constructor(found: Found, body: BodyRule | undefined, call: Call, headers: Headers) {
		this.#found = found;
		this.#call = call;
		this.body = body;
		this.headers = headers;
		this.receiver = body?.receive?.(found.responder, call);
	}

	answer(body: Uint8Array): RouteAnswer {
		const { route, responder } = this.#found;
		this.#call.body = body;
		this.#call.receiver = this.receiver;
		return route.answer(responder, this.#call);
	}
}

export class Router {
	/** Grows while outputs are opened. */
	readonly #responders: readonly Responder[];
	readonly #gate: Gate | undefined;
	readonly #cookieName: string;
	/** Sites whose pages may use the API. */
	readonly #origins: readonly string[];

	constructor(
		responders: readonly Responder[],
		gate: Gate | undefined,
		cookieName: string,
		origins: readonly string[] = [],
	) {
		this.#responders = responders;
		this.#gate = gate;
		this.#cookieName = cookieName;
		this.#origins = origins;
	}

	judge(request: HttpRequest, client: RequestClient): Judgement {
		const headers = this.#sharing(request);
		const judgement = this.#judge(request, client, headers);
		if (headers.length === 0 || !("refusal" in judgement)) return judgement;
		const { refusal } = judgement;
		return { refusal: { ...refusal, headers: [...refusal.headers, ...headers] } };
	}

	/** What tells a browser that the page that asks may see the answer (Fetch, 3.2). Cookies it does not send along. */
	#sharing({ headers }: HttpRequest): Headers {
		if (this.#origins.length === 0) return NO_HEADERS;
		const origin = headers.get("origin");
		const vary = ["vary", "origin"] as const;
		if (origin === undefined || !this.#origins.includes(origin.toLowerCase())) return [vary];
		return [vary, ["access-control-allow-origin", origin], EXPOSED];
	}

	/** `headers`: of an answer that is admitted; more than one where the page that asks may see it. */
	#judge(request: HttpRequest, client: RequestClient, headers: Headers): Judgement {
		const intercepted = this.#gate?.intercept?.(request, client);
		if (intercepted) return admitted(intercepted, headers);
		const { path, host } = targetOf(request.path);
		const wrongHost = this.#judgeHost(request, host, client);
		if (wrongHost) return { refusal: wrongHost };
		const isShared = headers.length > 1;
		if (isShared && request.method === "OPTIONS") return admitted(PREFLIGHT, headers);
		// HEAD is answered as GET, without its body.
		const found = this.#find(`${request.method === "HEAD" ? "GET" : request.method} ${path}`);
		if (!found) return { refusal: this.#notFound(path) };
		const { route, responder } = found;
		const foreign = isShared ? undefined : judgeOrigin(request, route);
		if (foreign) return { refusal: foreign };
		const identity = this.#identify(request, client);
		const body = route.bodyFor?.(responder) ?? route.body;
		const refusal = this.#judgeRight(request, route, identity) ?? judgeBody(request, body);
		if (refusal) return { refusal };
		const last = route.at.endsWith("/*") ? path.slice(path.lastIndexOf("/") + 1) : "";
		const call = { request, path, last, identity, client, body: NOTHING, receiver: undefined };
		return new Admission(found, body, call, headers);
	}

	#judgeHost(request: HttpRequest, absolute: string | undefined, client: RequestClient): Answer | undefined {
		const host = request.headers.get("host");
		if (host === undefined) return problem(400, "No host", "The request lacks a Host header.");
		const names = this.#gate?.hostNames() ?? [];
		const near = isLoopback(client.address) && !client.forwarded;
		if (isOwnHost(host, names, near) && (absolute === undefined || isOwnHost(absolute, names, near)))
			return undefined;
		const detail =
			"This gateway is not known by that name. Use its address, or add the name to the setting http.hostNames.";
		return problem(421, "Misdirected request", detail);
	}

	/** What is at `GET /api/v1/state`. */
	#find(address: string): Found | undefined {
		const segment = address.lastIndexOf("/") + 1;
		const pattern = segment < address.length ? `${address.slice(0, segment)}*` : address;
		// Nothing but comparisons for each of sixty routes: on XS an iterator, and each method of a string, makes objects.
		for (let at = 0; at < this.#responders.length; at++) {
			const responder = this.#responders[at] as Responder;
			const { routes } = responder;
			for (let index = 0; index < routes.length; index++) {
				const route = routes[index] as Route;
				if (route.at === address || route.at === pattern) return { route, responder };
			}
		}
		return undefined;
	}

	#notFound(path: string): Answer {
		const allowed = METHODS.filter((method) => this.#find(`${method} ${path}`))
			.map((method) => (method === "GET" ? "GET, HEAD" : method))
			.join(", ");
		return allowed === ""
			? problem(404, "Not found", "There is nothing at this address.")
			: problem(405, "Method not allowed", `This address takes ${allowed}.`, [["allow", allowed]]);
	}

	#identify(request: HttpRequest, requestClient: RequestClient): Identity {
		const gate = this.#gate;
		if (!gate) return { right: "read", by: "nobody" };
		const bearer = bearerOf(request.headers.get("authorization"));
		const session = cookieOf(request.headers.get("cookie"), this.#cookieName);
		return gate.access.identify({ bearer, session }, clientOf(gate, requestClient));
	}

	#judgeRight(request: HttpRequest, { need = "admin", at }: Route, identity: Identity): Answer | undefined {
		if (need !== "open" && !holds(identity.right, need)) {
			if (identity.by === "token")
				return problem(403, "Not allowed", `This token does not give the right "${need}".`);
			const detail =
				request.headers.get("authorization") === undefined
					? "Sign in, or send a token."
					: "This token is not known; it may have been revoked.";
			return problem(401, "Not signed in", detail, [["www-authenticate", 'Bearer realm="meterling"']]);
		}
		const { session } = identity;
		if (session === undefined || isSafe(at) || need === "open") return undefined;
		const token = request.headers.get("x-csrf-token");
		if (token !== undefined && this.#gate?.access.isCsrfToken(session, token)) return undefined;
		return problem(
			403,
			"CSRF token missing",
			"A change needs the X-CSRF-Token that GET /api/v1/session gives.",
		);
	}
}

/** The sites in the setting, as browsers write them: "https://dash.example.org". */
export function originsIn(setting: string): readonly string[] {
	return setting
		.toLowerCase()
		.split(",")
		.map((each) => each.trim())
		.map((each) => (each.endsWith("/") ? each.slice(0, -1) : each))
		.filter((each) => each !== "" && each !== "null");
}

/** Where a request comes from, for `access`. */
export function clientOf(gate: Gate, client: RequestClient): Client {
	return { address: client.address, setup: gate.setupRight(client) };
}

/** Whatever the request's body is. */
function admitted(answer: Answer, headers: Headers): Admitted {
	return { body: undefined, receiver: undefined, answer: () => answer, headers };
}

/** Nothing is changed (RFC 9110, 9.2.1). */
function isSafe(address: string): boolean {
	return address.startsWith("GET ");
}

/** Pages of other sites may change nothing and hold no stream; programs send neither of these headers. */
function judgeOrigin({ headers }: HttpRequest, { at, ownPagesOnly }: Route): Answer | undefined {
	if (isSafe(at) && !ownPagesOnly) return undefined;
	const origin = headers.get("origin");
	const site = headers.get("sec-fetch-site");
	const own = origin === undefined || isOwnOrigin(origin, headers.get("host") ?? "");
	if (own && (site === undefined || site === "same-origin" || site === "none")) return undefined;
	return problem(403, "Foreign page", "Only this gateway's own page may ask for this from a browser.");
}

function judgeBody({ headers }: HttpRequest, rule: BodyRule | undefined): Answer | undefined {
	if (!rule) return undefined;
	const length = headers.get("content-length");
	if (length === undefined)
		return problem(411, "Length required", "Send the body with a Content-Length, not in chunks.");
	if (Number(length) > rule.most)
		return problem(413, "Content too large", `This address takes at most ${rule.most} bytes.`);
	const type = (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
	if (type === rule.type) return undefined;
	return problem(415, "Unsupported media type", `This address takes ${rule.type}.`, [["accept", rule.type]]);
}

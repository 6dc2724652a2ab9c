// Sees to every request before a route does: the name it calls the gateway by, its path and method, where it comes
// from, who sent it, whether that is enough, and its body's size and type. What a route forgets to say is refused.

import { type Client, holds, type Identity } from "../../access/access.js";
import type { HttpRequest } from "../network.js";
import type {
	Answer,
	BodyReceiver,
	BodyRule,
	Gate,
	Headers,
	RequestClient,
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

const NOTHING = new Uint8Array(0);
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

export class Router {
	/** Made for each request and forgotten: forty of them would take a tenth of the device's slots. */
	readonly #routes: () => readonly Route[];
	readonly #gate: Gate | undefined;
	readonly #cookieName: string;
	/** Sites whose pages may use the API. */
	readonly #origins: readonly string[];

	constructor(
		routes: () => readonly Route[],
		gate: Gate | undefined,
		cookieName: string,
		origins: readonly string[] = [],
	) {
		this.#routes = routes;
		this.#gate = gate;
		this.#cookieName = cookieName;
		this.#origins = origins;
	}

	judge(request: HttpRequest, client: RequestClient): Judgement {
		const headers = this.#sharing(request);
		const judgement = this.#judge(request, client, headers.length > 1);
		if (headers.length === 0) return judgement;
		if (!("refusal" in judgement)) return { ...judgement, headers };
		const { refusal } = judgement;
		return { refusal: { ...refusal, headers: [...refusal.headers, ...headers] } };
	}

	/** What tells a browser that the page that asks may see the answer (Fetch, 3.2). Cookies it does not send along. */
	#sharing({ headers }: HttpRequest): Headers {
		if (this.#origins.length === 0) return [];
		const origin = headers.get("origin");
		const vary = ["vary", "origin"] as const;
		if (origin === undefined || !this.#origins.includes(origin.toLowerCase())) return [vary];
		return [vary, ["access-control-allow-origin", origin], EXPOSED];
	}

	#judge(request: HttpRequest, client: RequestClient, shared: boolean): Judgement {
		const intercepted = this.#gate?.intercept?.(request, client);
		if (intercepted) return admitted(() => intercepted);
		const { path, host } = targetOf(request.path);
		const wrongHost = this.#judgeHost(request, host, client);
		if (wrongHost) return { refusal: wrongHost };
		if (shared && request.method === "OPTIONS") return admitted(() => PREFLIGHT);
		const found = this.#find(request, path);
		if ("refusal" in found) return found;
		const { route } = found;
		const foreign = shared ? undefined : judgeOrigin(request, route);
		if (foreign) return { refusal: foreign };
		const identity = this.#identify(request, client);
		const refusal = this.#judgeRight(request, route, identity) ?? judgeBody(request, route.body);
		if (refusal) return { refusal };
		const last = route.path.endsWith("/*") ? path.slice(route.path.length - "*".length) : "";
		const call = { request, path, last, identity, client };
		const receiver = route.body?.receive?.({ ...call, body: NOTHING });
		return { body: route.body, receiver, answer: (body) => route.answer({ ...call, body, receiver }) };
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

	/** The route of path and method; HEAD is answered as GET, without its body. */
	#find({ method }: HttpRequest, path: string): { readonly route: Route } | { readonly refusal: Answer } {
		const there = this.#routes().filter((route) => matches(route.path, path));
		if (there.length === 0)
			return { refusal: problem(404, "Not found", "There is nothing at this address.") };
		const wanted = method === "HEAD" ? "GET" : method;
		const route = there.find((each) => each.method === wanted);
		if (route) return { route };
		const allowed = there.map((each) => (each.method === "GET" ? "GET, HEAD" : each.method)).join(", ");
		const detail = `This address takes ${allowed}.`;
		return { refusal: problem(405, "Method not allowed", detail, [["allow", allowed]]) };
	}

	#identify(request: HttpRequest, requestClient: RequestClient): Identity {
		const gate = this.#gate;
		if (!gate) return { right: "read", by: "nobody" };
		const bearer = bearerOf(request.headers.get("authorization"));
		const session = cookieOf(request.headers.get("cookie"), this.#cookieName);
		return gate.access.identify({ bearer, session }, clientOf(gate, requestClient));
	}

	#judgeRight(
		request: HttpRequest,
		{ need = "admin", method }: Route,
		identity: Identity,
	): Answer | undefined {
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
		if (session === undefined || method === "GET" || need === "open") return undefined;
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

function admitted(answer: () => RouteAnswer): Admitted {
	return { body: undefined, receiver: undefined, answer };
}

function matches(pattern: string, path: string): boolean {
	if (!pattern.endsWith("/*")) return pattern === path;
	const stem = pattern.length - 1;
	return path.length > stem && path.startsWith(pattern.slice(0, stem)) && path.indexOf("/", stem) < 0;
}

/** Pages of other sites may change nothing and hold no stream; programs send neither of these headers. */
function judgeOrigin({ headers }: HttpRequest, { method, ownPagesOnly }: Route): Answer | undefined {
	if (method === "GET" && !ownPagesOnly) return undefined;
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

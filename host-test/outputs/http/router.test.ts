import type { Route } from "../../../outputs/route.js";
import { LOOPBACK, PORTAL, Server } from "./support";

const OWN_ORIGIN = { origin: "http://192.168.1.20" };

/** Every address that changes or tells something not everybody's: [method, path, body]. */
const GUARDED: readonly (readonly [string, string, unknown])[] = [
	["GET", "/api/v1/settings", undefined],
	["PATCH", "/api/v1/settings", {}],
	["GET", "/api/v1/settings/export", undefined],
	["POST", "/api/v1/settings/export", { passphrase: "0123456789" }],
	["POST", "/api/v1/settings/import", { file: {} }],
	["POST", "/api/v1/restart", undefined],
	["POST", "/api/v1/factory-reset", { confirm: "erase everything" }],
	["GET", "/api/v1/tokens", undefined],
	["POST", "/api/v1/tokens", { name: "x", scope: "read" }],
	["DELETE", "/api/v1/tokens/00000000", undefined],
	["DELETE", "/api/v1/session", undefined],
];
const READ = ["/api/v1/reading", "/api/v1/state", "/api/v1/health", "/api/v1/events"];

describe("rights", () => {
	test.each(GUARDED)("%s %s needs signing in, and nothing happens without", (method, path, body) => {
		const server = Server.guarded();
		const answer = server.ask(path, { method, body, headers: OWN_ORIGIN });
		expect(answer.status).toBe(401);
		expect(answer.headers.get("www-authenticate")).toContain("Bearer");
		expect(JSON.parse(answer.text)).toMatchObject({ status: 401 });
		expect(server.admin.calls).toEqual([]);
	});

	test.each(READ)("%s is open where reading is, and needs a right where it is not", (path) => {
		expect(Server.guarded().ask(path).status).not.toBe(401);
		const closed = Server.guarded({ readOpen: false });
		expect(closed.ask(path).status).toBe(401);
		const token = closed.access.createToken("x", "read")?.token;
		expect(closed.ask(path, { headers: { authorization: `Bearer ${token}` } }).status).not.toBe(401);
		expect(closed.ask(path, { headers: { cookie: closed.signIn().cookie } }).status).not.toBe(401);
	});

	test("the page is there to sign in with, even where reading is closed", () => {
		expect(JSON.parse(Server.guarded({ readOpen: false }).ask("/").text).title).toBe("No page");
	});

	test("a token gives its scope: read does not control, control is no admin", () => {
		const server = Server.guarded();
		const bearer = (scope: "read" | "control") => ({
			authorization: `Bearer ${server.access.createToken(scope, scope)?.token}`,
		});
		const [read, control] = [bearer("read"), bearer("control")];
		expect(server.ask("/api/v1/restart", { method: "POST", headers: read }).status).toBe(403);
		expect(server.ask("/api/v1/restart", { method: "POST", headers: control }).status).toBe(204);
		expect(server.ask("/api/v1/settings", { headers: control }).status).toBe(403);
		expect(server.admin.calls).toEqual([["restart"]]);
	});

	test.each(["Bearer nonsense", "Bearer ", "Basic YWRtaW46YWRtaW4=", "mtl_00000000_0"])(
		"%j is told to be wrong, even where reading is open",
		(authorization) => {
			expect(Server.guarded().ask("/api/v1/health", { headers: { authorization } }).status).toBe(401);
		},
	);

	test("a route that says nothing of its need is the admin's", () => {
		const forgotten: Route = {
			at: "GET /api/v1/new",
			answer: () => ({ status: 200, headers: [] }),
		};
		const server = Server.guarded({}, { responders: [{ routes: [forgotten] }] });
		expect(server.ask("/api/v1/new").status).toBe(401);
		expect(server.ask("/api/v1/new", { headers: server.signIn() }).status).toBe(200);
	});

	test("before there is a password the portal's clients are the admin, and nobody else", () => {
		const server = new Server();
		expect(server.ask("/api/v1/settings", { from: PORTAL }).status).toBe(200);
		expect(server.ask("/api/v1/settings", { from: LOOPBACK }).status).toBe(401);
		expect(server.ask("/api/v1/settings").status).toBe(401);
		expect(Server.guarded().ask("/api/v1/settings", { from: PORTAL }).status).toBe(401);
	});
});

describe("other sites' pages", () => {
	const change = { method: "PATCH", body: { mqtt: {} } };

	test("a stolen session's cookie changes nothing without the CSRF token", () => {
		const server = Server.guarded();
		const { cookie, ...csrf } = server.signIn();
		const other = server.signIn();
		const stolen: readonly Record<string, string>[] = [
			{ cookie },
			{ cookie, "x-csrf-token": "" },
			{ cookie, "x-csrf-token": other["x-csrf-token"] },
		];
		for (const headers of stolen)
			expect(server.ask("/api/v1/settings", { ...change, headers }).status).toBe(403);
		expect(server.admin.calls).toEqual([]);
		expect(server.ask("/api/v1/settings", { ...change, headers: { cookie, ...csrf } }).status).toBe(200);
	});

	test.each([
		"http://evil.example",
		"http://192.168.1.20.evil.example",
		"http://192.168.1.20:8080",
		"http://evil.example/http://192.168.1.20",
		"http://user@192.168.1.20",
		"file://192.168.1.20",
		"null",
		"",
	])("Origin %j may change nothing, sign nobody in and hold no stream, whatever else it has", (origin) => {
		const server = Server.guarded();
		const headers = { ...server.signIn(), origin };
		expect(server.ask("/api/v1/settings", { ...change, headers }).status).toBe(403);
		const body = { password: "x" };
		expect(server.ask("/api/v1/session", { method: "POST", body, headers: { origin } }).status).toBe(403);
		expect(server.ask("/api/v1/events", { headers: { origin } }).status).toBe(403);
		expect(server.admin.calls).toEqual([]);
	});

	test.each([["http://192.168.1.20"], ["http://192.168.1.20:80"], ["https://192.168.1.20"]])(
		"Origin %j is the gateway's own page, also behind a proxy that adds TLS",
		(origin) => {
			const server = Server.guarded();
			const headers = { ...server.signIn(), origin };
			expect(server.ask("/api/v1/settings", { ...change, headers }).status).toBe(200);
		},
	);

	test("a browser that tells of another site is believed", () => {
		const server = Server.guarded();
		for (const site of ["cross-site", "same-site"]) {
			const headers = { ...server.signIn(), "sec-fetch-site": site };
			expect(server.ask("/api/v1/settings", { ...change, headers }).status).toBe(403);
		}
		const headers = { ...server.signIn(), "sec-fetch-site": "same-origin" };
		expect(server.ask("/api/v1/settings", { ...change, headers }).status).toBe(200);
	});

	test.each([
		"evil.example",
		"evil.example:80",
		"192.168.1.20.evil.example",
		"localhost.evil.example",
		"meterling-a1b2c3.local.evil.example",
		"localhost",
		"",
		"a b",
		"[::1",
		"192.168.1.20@evil.example",
	])("a request for %j is misdirected: a name that somebody has bent here (DNS rebinding)", (host) => {
		const server = Server.guarded();
		expect(server.ask("/api/v1/reading", { headers: { host } }).status).toBe(421);
		expect(server.ask("/", { headers: { host } }).status).toBe(421);
	});

	test.each([
		"192.168.1.20",
		"192.168.1.20:8080",
		"[fe80::1]:80",
		"meterling-a1b2c3.local",
		"METERLING-A1B2C3.local.",
		"meter.example.org:443",
	])("a request for %j is the gateway's", (host) => {
		expect(Server.guarded().ask("/api/v1/health", { headers: { host } }).status).toBe(200);
	});

	test("localhost is this computer's own, but not through a proxy", () => {
		const server = Server.guarded();
		const headers = { host: "localhost:8080" };
		expect(server.ask("/api/v1/health", { headers, from: LOOPBACK }).status).toBe(200);
		expect(server.ask("/api/v1/health", { headers, from: "::ffff:127.0.0.1" }).status).toBe(200);
		const forwarded = { ...headers, "x-forwarded-for": "192.168.1.9" };
		expect(server.ask("/api/v1/health", { headers: forwarded, from: LOOPBACK }).status).toBe(421);
	});

	test("the absolute form's host counts as Host does", () => {
		const server = Server.guarded();
		expect(server.ask("http://evil.example/api/v1/health").status).toBe(421);
		expect(server.ask("http://192.168.1.20/api/v1/health").status).toBe(200);
		expect(server.ask("http://192.168.1.20?x").status).toBe(404);
	});
});

describe("methods, paths and bodies", () => {
	test("405 names what is allowed", () => {
		const server = Server.guarded();
		const allow = (path: string) => server.ask(path, { method: "OPTIONS" }).headers.get("allow");
		expect(server.ask("/api/v1/health", { method: "DELETE" }).status).toBe(405);
		expect(allow("/api/v1/health")).toBe("GET, HEAD");
		expect(allow("/api/v1/settings")).toBe("GET, HEAD, PATCH");
		expect(allow("/api/v1/tokens/1")).toBe("DELETE");
	});

	test.each([
		"/api/v1/settings/",
		"/api/v1//settings",
		"//api/v1/settings",
		"/api/v1/./settings",
		"/api/v1/x/../settings",
		"/api/v1/%73ettings",
		"/API/v1/settings",
		"/api/v1/settings%00",
		"/api/v1/settings;x=1",
		"/api/v1/settings#x",
		"/api/v1/tokens/",
		"/api/v1/tokens/1/2",
		"/%2e%2e/%2e%2e/etc/passwd",
		"/..%2f..%2fsettings.json",
		"\\api\\v1\\settings",
	])("%s is not found: one address has one spelling", (path) => {
		const server = Server.guarded();
		expect(server.ask(path, { headers: server.signIn() }).status).toBe(404);
	});

	test("a body needs a length, a size and a type", () => {
		const server = Server.guarded();
		const post = (body: string | undefined, headers: Record<string, string> = {}) =>
			server.ask("/api/v1/session", { method: "POST", body, headers });
		expect(post(undefined).status).toBe(411);
		expect(post("x".repeat(1025)).status).toBe(413);
		expect(post("password=x", { "content-type": "application/x-www-form-urlencoded" }).status).toBe(415);
		expect(post('{"password":"x"}', { "content-type": "text/plain" }).status).toBe(415);
		expect(post('{"password":"x"}', { "content-type": "Application/JSON; charset=utf-8" }).status).toBe(401);
		for (const broken of [
			"{",
			"[]",
			'{"password":1}',
			'{"other":"x"}',
			'"x"',
			"null",
			'{"password":"\\u12"}',
		])
			expect([broken, post(broken).status]).toEqual([broken, 400]);
	});

	test("what is refused is not read to its end first", () => {
		const server = Server.guarded();
		const { connection, status, headers } = server.ask("/api/v1/settings", {
			method: "PATCH",
			body: { mqtt: { topic: "x".repeat(3000) } },
		});
		expect(status).toBe(401);
		expect(headers.get("connection")).toBe("close");
		expect(connection.response).toBeUndefined();
		expect(server.output.health()).toMatchObject({ connections: 0 });
	});

	test("a fault in a route is its own: 500, one line without what was sent, and the next is answered", () => {
		const broken: Route = {
			at: "GET /broken",
			need: "open",
			answer() {
				throw new SyntaxError("unexpected s3cret");
			},
		};
		const server = Server.guarded({}, { responders: [{ routes: [broken] }] });
		expect(server.ask("/broken").status).toBe(500);
		expect(server.bench.log.filter((line) => line.includes("could not be answered"))).toHaveLength(1);
		expect(server.bench.log.join() + server.said).not.toContain("s3cret");
		expect(server.ask("/api/v1/health").status).toBe(200);
	});

	test("an answer may take its time, and the client may be gone by then", () => {
		const replies: ((answer: { status: number; headers: [] }) => void)[] = [];
		const slow: Route = {
			at: "GET /slow",
			need: "open",
			answer: () => ({ begin: (reply) => replies.push(reply) }),
		};
		const server = Server.guarded({}, { responders: [{ routes: [slow] }] });
		const { connection } = server.ask("/slow");
		expect(connection.response).toBeUndefined();
		replies[0]?.({ status: 202, headers: [] });
		expect(connection.response?.status).toBe(202);
		replies[0]?.({ status: 500, headers: [] });
		expect(connection.response?.status).toBe(202);
		server.ask("/slow").connection.fail();
		replies[1]?.({ status: 202, headers: [] });
		expect(server.output.health()).toMatchObject({ connections: 1 });
	});

	test("a route may receive a large body as it comes, from who may send it, and in its own time", () => {
		const received: string[] = [];
		let abandoned = 0;
		const upload: Route = {
			at: "POST /upload",
			body: {
				most: 2_000_000,
				type: "application/octet-stream",
				milliseconds: 120_000,
				receive: () => ({
					take: (bytes) => received.push(new TextDecoder().decode(bytes)),
					abandon: () => {
						abandoned++;
					},
				}),
			},
			answer: (_, { body }) => ({ status: 200, headers: [["x-body", `${body.length}`]] }),
		};
		const server = Server.guarded({}, { responders: [{ routes: [upload] }] });
		const body = "0123456789".repeat(50);
		const headers = { "content-type": "application/octet-stream" };
		const stranger = server.ask("/upload", { method: "POST", body, headers });
		expect(stranger.status).toBe(401);
		expect(stranger.connection.peer.allowed).toEqual([]);
		expect(received).toEqual([]);
		const owner = { ...headers, ...server.signIn() };
		const { status, connection } = server.ask("/upload", { method: "POST", body, headers: owner });
		expect(status).toBe(200);
		expect(received.join("")).toBe(body);
		expect(connection.peer.allowed).toEqual([[2_000_000, 120_000]]);
		expect(abandoned).toBe(0);
		const lost = server.bench.network.connect();
		lost.handlers.onRequest?.call(lost, {
			method: "POST",
			path: "/upload",
			headers: new Map(Object.entries({ ...owner, host: "192.168.1.20", "content-length": "500" })),
		});
		lost.fail();
		expect(abandoned).toBe(1);
	});

	test("the captive portal answers before anything is looked at, for whatever host", () => {
		const intercept = ({ path }: { path: string }) =>
			path === "/hotspot-detect.html" ? { status: 302, headers: [] } : undefined;
		const server = Server.guarded({}, { gate: { intercept } });
		const headers = { host: "captive.apple.com" };
		expect(server.ask("/hotspot-detect.html", { headers }).status).toBe(302);
		expect(server.ask("/api/v1/health", { headers }).status).toBe(421);
	});
});

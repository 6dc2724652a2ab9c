import { LOOPBACK, PASSWORD, PORTAL, Server } from "./support";

const signInWith = (server: Server, password: string, from?: string) =>
	server.ask("/api/v1/session", { method: "POST", body: { password }, ...(from ? { from } : {}) });
const session = (server: Server, cookie?: string, from?: string) =>
	JSON.parse(
		server.ask("/api/v1/session", { headers: cookie ? { cookie } : {}, ...(from ? { from } : {}) }).text,
	);

describe("signing in", () => {
	test("gives a cookie that scripts cannot read and other sites cannot send, and a CSRF token", () => {
		const { status, headers, text } = signInWith(Server.guarded(), PASSWORD);
		expect(status).toBe(200);
		expect(headers.get("set-cookie")).toMatch(
			/^meterling-a1b2c3-session=[0-9a-f]{32}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=604800$/,
		);
		expect(headers.get("cache-control")).toBe("no-store");
		expect(JSON.parse(text)).toEqual({ right: "admin", csrf: expect.stringMatching(/^[0-9a-f]{32}$/) });
	});

	test("who one is can be asked, before and after", () => {
		const server = Server.guarded();
		expect(session(server)).toMatchObject({ right: "read", by: "nobody", csrf: null, passwordSet: true });
		const { cookie, ...csrf } = server.signIn();
		expect(session(server, cookie)).toMatchObject({
			right: "admin",
			by: "session",
			csrf: csrf["x-csrf-token"],
		});
		const others = `theme=dark; ${cookie}; a=b`;
		expect(session(server, others).by).toBe("session");
	});

	test("signing out ends the session and takes the cookie back", () => {
		const server = Server.guarded();
		const headers = server.signIn();
		const out = server.ask("/api/v1/session", { method: "DELETE", headers });
		expect(out.status).toBe(204);
		expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
		expect(session(server, headers.cookie).by).toBe("nobody");
	});

	test("twenty wrong passwords: 401, then 429 with the time to wait, even for the right one; then it works again", () => {
		const server = Server.guarded();
		const statuses = Array.from({ length: 20 }, () => signInWith(server, "wrong guess").status);
		expect(statuses).toEqual([...Array(5).fill(401), ...Array(15).fill(429)]);
		const locked = signInWith(server, PASSWORD);
		expect(locked.status).toBe(429);
		expect(locked.headers.get("retry-after")).toBe("2");
		expect(signInWith(server, PASSWORD, "192.168.1.77").status).toBe(200);
		server.world.time += 2000;
		expect(signInWith(server, PASSWORD).status).toBe(200);
	});

	test("members nobody asked for are not kept, and many are refused", () => {
		const server = Server.guarded();
		const few = { a: "1", password: PASSWORD, b: "2" };
		expect(server.ask("/api/v1/session", { method: "POST", body: few }).status).toBe(200);
		const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key${index}`, "x"]));
		expect(server.ask("/api/v1/session", { method: "POST", body: many }).status).toBe(400);
	});
});

describe("the first password", () => {
	const set = (server: Server, from: string, body: Record<string, string> = {}, headers = {}) =>
		server.ask("/api/v1/password", { method: "PUT", body: { password: PASSWORD, ...body }, from, headers });

	test("is set from the access point and from this computer, and signs in at once", () => {
		for (const from of [PORTAL, LOOPBACK]) {
			const server = new Server();
			expect(session(server, undefined, from).setup).toBe(from === PORTAL ? "portal" : "password");
			const { status, headers } = set(server, from);
			expect(status).toBe(200);
			expect(session(server, headers.get("set-cookie")?.split(";")[0], from).by).toBe("session");
		}
	});

	test("is not set from elsewhere, not through a proxy here, and not by another site's page", () => {
		const server = new Server();
		expect(set(server, "192.168.1.50").status).toBe(403);
		expect(set(server, LOOPBACK, {}, { "x-forwarded-for": "192.168.1.50" }).status).toBe(403);
		expect(set(server, LOOPBACK, {}, { origin: "http://evil.example" }).status).toBe(403);
		expect(signInWith(server, PASSWORD).status).toBe(409);
		expect(server.access.hasPassword).toBe(false);
	});

	test("is set from elsewhere with the set-up code", () => {
		const server = new Server({ setupCode: "7K3M-P2QX" });
		expect(session(server).setup).toBe("code");
		expect(set(server, "192.168.1.50").status).toBe(403);
		expect(set(server, "192.168.1.50", { setupCode: "guess" }).status).toBe(401);
		expect(set(server, "192.168.1.50", { setupCode: "7K3M-P2QX" }).status).toBe(200);
	});

	test("too short a one is refused with the reason", () => {
		const { status, text } = set(new Server(), LOOPBACK, { password: "short" });
		expect(status).toBe(422);
		expect(text).toContain("at least 8 characters");
	});

	test("can be set once: after that the current one is needed, and a session", () => {
		const server = Server.guarded();
		expect(set(server, PORTAL).status).toBe(401);
		expect(set(server, LOOPBACK).status).toBe(401);
		expect(set(server, LOOPBACK, { current: PASSWORD }).status).toBe(401);
		const headers = server.signIn();
		expect(set(server, LOOPBACK, { password: "another one", current: "wrong guess" }, headers).status).toBe(
			401,
		);
		expect(set(server, LOOPBACK, { password: "another one", current: PASSWORD }, headers).status).toBe(200);
		expect(session(server, headers.cookie).by).toBe("nobody");
		expect(signInWith(server, "another one").status).toBe(200);
	});
});

describe("tokens", () => {
	test("are made, shown once, listed without themselves, used and revoked", () => {
		const server = Server.guarded({ readOpen: false });
		const headers = server.signIn();
		const made = server.ask("/api/v1/tokens", {
			method: "POST",
			headers,
			body: { name: "Home", scope: "read" },
		});
		expect(made.status).toBe(201);
		const { token, id } = JSON.parse(made.text);
		expect(server.ask("/api/v1/health", { headers: { authorization: `Bearer ${token}` } }).status).toBe(200);
		server.world.time += 61_000;
		const listed = server.ask("/api/v1/tokens", { headers });
		expect(JSON.parse(listed.text)).toEqual({ tokens: [{ id, name: "Home", scope: "read", lastUsed: 61 }] });
		expect(server.ask(`/api/v1/tokens/${id}`, { method: "DELETE", headers }).status).toBe(204);
		expect(server.ask(`/api/v1/tokens/${id}`, { method: "DELETE", headers }).status).toBe(404);
		expect(server.ask("/api/v1/health", { headers: { authorization: `Bearer ${token}` } }).status).toBe(401);
	});

	test.each([
		[{ name: "x", scope: "admin" }, 400],
		[{ name: "x" }, 400],
		[{ name: "", scope: "read" }, 422],
		[{ name: "x".repeat(41), scope: "read" }, 422],
		[{ name: "00112233445566778899AABBCCDDEEFF", scope: "read" }, 422],
	])("%j is refused", (body, status) => {
		const server = Server.guarded();
		const answer = server.ask("/api/v1/tokens", { method: "POST", headers: server.signIn(), body });
		expect(answer.status).toBe(status);
		expect(server.access.tokens).toEqual([]);
	});
});

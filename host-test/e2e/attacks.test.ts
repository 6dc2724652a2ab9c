// What somebody in the house's network, or a page of another site in the house's browser, may try: each is refused with
// the right status, and the gateway goes on reading. On Node always; on the SDK's XS engine where it is built.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Attacker, type Reply } from "./attacker";
import { eventually, Gateway, missingForXs, Program } from "./gateway";

const MINUTE = 60_000;
// A check of the password takes some tenths of a second, and far more where other programs want the processor too.
jest.setTimeout(MINUTE);

const PASSWORD = "correct horse battery";
/** A meter's key, as somebody pastes it where it does not belong. */
const KEY = "5AD84121D9D20B364B7A11F3C1B5827F";

interface Stage {
	readonly gateway: Gateway;
	stop(): Promise<void>;
}

async function onNode(): Promise<Stage> {
	const gateway = await Gateway.start("--speed", "20", "--seed", "7");
	return {
		gateway,
		stop: async () => {
			expect(await gateway.stop()).toBe(0);
		},
	};
}

/** The emulated meter is a program of its own, and ptys of socat's lie between. */
async function onXs(): Promise<Stage> {
	const folder = mkdtempSync(join(tmpdir(), "meterling-attacks-"));
	const [near, far] = [join(folder, "gateway"), join(folder, "meter")];
	const cable = new Program("socat", ["-d", "-d", `pty,rawer,link=${far}`, `pty,rawer,link=${near}`]);
	await cable.line(/starting data transfer loop/);
	const meter = new Program(process.execPath, [
		...["host/cli/meterling.mjs", "emulate", "--meter", "kamstrup-omnipower", "--port", far, "--speed", "20"],
	]);
	const gateway = await Gateway.startOnXs(folder, "dlms", near);
	return {
		gateway,
		stop: async () => {
			await gateway.stop();
			await meter.stop();
			await cable.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

const missing = missingForXs();

describe.each([
	["Node", onNode, undefined],
	["XS", onXs, missing],
] as const)("attacks on the gateway on %s", (name, start, why) => {
	if (why) {
		test.skip(`not run on ${name}: ${why}`, () => {});
		return;
	}

	let stage: Stage;
	let attacker: Attacker;
	let own: string;
	/** Session cookie and CSRF token of the owner. */
	let owner: Record<string, string>;

	const problem = ({ body }: Reply) => JSON.parse(body) as { status: number; title: string };
	const count = async () => (await stage.gateway.health()).readings.count;
	const signIn = (password: string, from?: string) =>
		attacker.ask("POST", "/api/v1/session", { body: { password }, ...(from ? { from } : {}) });
	const cookieOf = ({ headers }: Reply) => /set-cookie: ([^;]*)/i.exec(headers)?.[1] ?? "";

	beforeAll(async () => {
		stage = await start();
		attacker = new Attacker(stage.gateway.url);
		own = stage.gateway.url.replace("http://", "");
		await stage.gateway.reading();
	}, MINUTE);
	afterAll(async () => {
		attacker?.close();
		await stage?.stop();
	}, MINUTE);

	test("the first password is nobody's to set from another site's page; it is set once", async () => {
		const set = (headers: Record<string, string>) =>
			attacker.ask("PUT", "/api/v1/password", { body: { password: PASSWORD }, headers });
		expect((await set({ Origin: "http://evil.example" })).status).toBe(403);
		const answer = await set({ Origin: `http://${own}` });
		expect(answer.status).toBe(200);
		owner = { Cookie: cookieOf(answer), "X-CSRF-Token": JSON.parse(answer.body).csrf };
		expect((await set({})).status).toBe(401);
	});

	test.each([
		["GET", "/api/v1/settings", undefined],
		["PATCH", "/api/v1/settings", { mqtt: { host: "evil.example" } }],
		["GET", "/api/v1/settings/export", undefined],
		["POST", "/api/v1/settings/import", { file: {} }],
		["POST", "/api/v1/restart", undefined],
		["POST", "/api/v1/factory-reset", { confirm: "erase everything" }],
		["GET", "/api/v1/tokens", undefined],
		["POST", "/api/v1/tokens", { name: "mine", scope: "control" }],
	])("without a password %s %s is refused with 401", async (method, path, body) => {
		const answer = await attacker.ask(method, path, { body });
		expect(answer.status).toBe(401);
		expect(problem(answer)).toMatchObject({ status: 401 });
	});

	test("twenty wrong passwords: 401 five times, 429 then; the owner elsewhere still gets in", async () => {
		const statuses: number[] = [];
		for (let guess = 0; guess < 20; guess++)
			statuses.push((await signIn(`guess ${guess}`, "127.0.0.9")).status);
		expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
		expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10);
		expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
		expect((await signIn(PASSWORD, "127.0.0.10")).status).toBe(200);
	});

	test("a stolen cookie changes nothing from another site, nor without its CSRF token", async () => {
		const patch = (headers: Record<string, string>) =>
			attacker.ask("PATCH", "/api/v1/settings", { body: { mqtt: { topic: "stolen" } }, headers });
		const { Cookie = "" } = owner;
		expect((await patch({ ...owner, Origin: "http://evil.example" })).status).toBe(403);
		expect((await patch({ ...owner, Origin: "null" })).status).toBe(403);
		expect((await patch({ Cookie })).status).toBe(403);
		expect((await patch({ Cookie, "X-CSRF-Token": "0".repeat(32) })).status).toBe(403);
		const events = await attacker.ask("GET", "/api/v1/events", {
			headers: { Origin: "http://evil.example" },
		});
		expect(events.status).toBe(403);
		const form = await attacker.ask("GET", "/api/v1/settings", { headers: owner });
		expect(form.status).toBe(200);
		expect(form.body).not.toContain("stolen");
	});

	test.each(["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "evil.example:8080"])(
		"a name that was rebound, %s, is misdirected: 421",
		async (host) => {
			expect((await attacker.ask("GET", "/api/v1/reading", { headers: { Host: host } })).status).toBe(421);
			expect((await attacker.ask("GET", "/", { headers: { Host: host } })).status).toBe(421);
		},
	);

	test.each([
		["a header of 9 KB", { X: "x".repeat(9000) }, 431],
		[
			"a hundred headers",
			Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`X${index}`, "1"])),
			431,
		],
		["chunks", { "Transfer-Encoding": "chunked" }, 411],
		["a negative length", { "Content-Length": "-1" }, 400],
		["a length of 2 GB", { "Content-Length": "2000000000" }, 400],
		["an expectation", { Expect: "100-continue" }, 417],
	])("%s", async (_, headers, status) => {
		expect((await attacker.ask("GET", "/api/v1/health", { headers })).status).toBe(status);
	});

	test("an address of 5 KB is too long: 414", async () => {
		expect((await attacker.ask("GET", `/${"x".repeat(5000)}`)).status).toBe(414);
	});

	test("bodies: too large 413, without a length 411, of another type 415, broken 400", async () => {
		const post = (body: string | undefined, headers: Record<string, string> = {}) =>
			attacker.ask("POST", "/api/v1/session", { body, headers });
		expect((await post("x".repeat(300_000))).status).toBe(413);
		expect((await post(undefined)).status).toBe(411);
		expect((await post("password=x", { "Content-Type": "text/plain" })).status).toBe(415);
		expect((await post('{"password":')).status).toBe(400);
		const large = { mqtt: { topic: "x".repeat(20_000) } };
		expect((await attacker.ask("PATCH", "/api/v1/settings", { body: large, headers: owner })).status).toBe(
			413,
		);
	});

	test.each([
		["GET /../../etc/passwd HTTP/1.1", 404],
		["GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", 404],
		["GET //api/v1/settings HTTP/1.1", 404],
		["GET /api/v1/%73ettings HTTP/1.1", 404],
		["GET /api/v1/settings%00 HTTP/1.1", 404],
		["GET /settings.json HTTP/1.1", 404],
		["GET /access.json HTTP/1.1", 404],
		["GET /api/v1/settings\0 HTTP/1.1", 400],
		["GET http://evil.example/api/v1/health HTTP/1.1", 421],
		["GET api/v1/health HTTP/1.1", 400],
		["GET /api/v1/health HTTP/1.0", 505],
		["GET /api/v1/health HTTP/1.1 x", 400],
		["BREW /api/v1/health HTTP/1.1", 501],
		["DELETE /api/v1/health HTTP/1.1", 405],
		["OPTIONS /api/v1/settings HTTP/1.1", 405],
	])("%j: %i", async (line, status) => {
		expect((await attacker.raw(`${line}\r\nHost: ${own}\r\n\r\n`)).status).toBe(status);
	});

	test("no Host, two Hosts, a line that goes on, a bare line feed: 400", async () => {
		for (const head of [
			"GET / HTTP/1.1\r\n\r\n",
			`GET / HTTP/1.1\r\nHost: ${own}\r\nHost: evil.example\r\n\r\n`,
			`GET / HTTP/1.1\r\nHost: ${own}\r\n evil.example\r\n\r\n`,
			`GET / HTTP/1.1\nHost: ${own}\n\n`,
		])
			expect([head, (await attacker.raw(head)).status]).toEqual([head, 400]);
	});

	test(
		"fifty slow connections: others are served meanwhile, and readings go on",
		async () => {
			const before = await count();
			const slow = Array.from({ length: 50 }, () => attacker.open("127.0.0.66"));
			const drip = setInterval(() => {
				for (const socket of slow) if (!socket.destroyed) socket.write("x");
			}, 200);
			for (const socket of slow) socket.write("GET /api/v1/health HTTP/1.1\r\nX: ");
			try {
				const elsewhere = await attacker.ask("GET", "/api/v1/health", { from: "127.0.0.11" });
				expect(elsewhere.status).toBe(200);
				await eventually(
					"more readings",
					async () => ((await count()) > before + 2 ? true : undefined),
					MINUTE,
				);
				await eventually("an answer for the slow one's own address", async () => {
					const { status } = await attacker.ask("GET", "/api/v1/health", { from: "127.0.0.66" });
					return status === 200 ? true : undefined;
				});
			} finally {
				clearInterval(drip);
				for (const socket of slow) socket.destroy();
			}
		},
		2 * MINUTE,
	);

	test("a key in the wrong place is not taken, and comes back in no answer and no line of the log", async () => {
		const everywhere: readonly (readonly [string, string, unknown])[] = [
			["GET", `/api/v1/reading?key=${KEY}`, undefined],
			["GET", `/${KEY}`, undefined],
			["POST", "/api/v1/session", { password: KEY }],
			["POST", "/api/v1/session", { [KEY]: KEY }],
			["PUT", "/api/v1/password", { password: KEY, current: KEY }],
			["POST", "/api/v1/tokens", { name: KEY, scope: "read" }],
			["DELETE", `/api/v1/tokens/${KEY}`, undefined],
			["PATCH", "/api/v1/settings", { mqtt: { topic: KEY } }],
			["PATCH", "/api/v1/settings", { mqtt: { host: KEY.toLowerCase() } }],
			["PATCH", "/api/v1/settings", { mqtt: { port: KEY } }],
			["PATCH", "/api/v1/settings", { meter: { protocol: KEY } }],
			["PATCH", "/api/v1/settings", { [KEY]: { [KEY]: KEY } }],
			["PATCH", "/api/v1/settings", { mqtt: { [KEY]: 1 } }],
			["PATCH", "/api/v1/settings", `{"mqtt":{"topic":"${KEY}"`],
			["POST", "/api/v1/settings/import", { file: { [KEY]: KEY }, passphrase: KEY }],
		];
		for (const [method, path, body] of everywhere) {
			const { status } = await attacker.ask(method, path, { body, headers: owner });
			if (method !== "GET") expect([method, path, status >= 400]).toEqual([method, path, true]);
		}
		// In its own field it is taken, and is not told either.
		const taken = { dlms: { encryptionKey: KEY } };
		expect((await attacker.ask("PATCH", "/api/v1/settings", { body: taken, headers: owner })).status).toBe(
			200,
		);
		for (const path of ["/api/v1/settings", "/api/v1/settings/export", "/api/v1/health", "/api/v1/tokens"])
			expect((await attacker.ask("GET", path, { headers: owner })).status).toBe(200);
		const { Cookie = "" } = owner;
		const all = `${attacker.heard}\n${stage.gateway.lines.join("\n")}`;
		expect(all.toUpperCase()).not.toContain(KEY);
		expect(all).not.toContain(PASSWORD);
		expect(stage.gateway.lines.join("\n")).not.toContain(Cookie.split("=")[1]);
	});

	test(
		"after all that the gateway reads on, and nothing was changed",
		async () => {
			const before = await count();
			await eventually("another reading", async () => ((await count()) > before ? true : undefined), MINUTE);
			const form = (await attacker.ask("GET", "/api/v1/settings", { headers: owner })).body;
			expect(form).not.toContain("evil.example");
			expect((await attacker.ask("GET", "/api/v1/tokens", { headers: owner })).body).toBe('{"tokens":[]}');
		},
		MINUTE,
	);
});

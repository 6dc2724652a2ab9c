// Every address of the API, asked as a program would and held against the description that the gateway serves; events
// through a WebSocket client that is not ours; twenty clients of which fifteen stall. On Node and on the XS engine.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validate } from "@readme/openapi-parser";
import WebSocket from "ws";
import { type Answered, ApiDescription } from "./api-description";
import { eventually, Gateway, installed, missingForXs, outputHealth, Program } from "./gateway";

const MINUTE = 60_000;
jest.setTimeout(MINUTE);

const PASSWORD = "correct horse battery";
const SITE = "https://dash.example.org";
/** Nobody listens there. */
const NOWHERE = { url: "http://127.0.0.1:9/" };
const SETTINGS = {
	homewizard: { enabled: true },
	http: { allowedOrigins: `${SITE}/` },
	...{ webhook: NOWHERE, influx: NOWHERE, "dsmr-reader": NOWHERE },
};
const METER = ["--meter", "dsmr5", "--speed", "5"];

interface Stage {
	readonly gateway: Gateway;
	stop(): Promise<void>;
}

async function onNode(): Promise<Stage> {
	const folder = mkdtempSync(join(tmpdir(), "meterling-api-"));
	const config = join(folder, "config.json");
	writeFileSync(config, JSON.stringify(SETTINGS));
	const gateway = await Gateway.start(...METER, "--config", config);
	return {
		gateway,
		stop: async () => {
			await gateway.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function onXs(): Promise<Stage> {
	const folder = mkdtempSync(join(tmpdir(), "meterling-api-"));
	const [near, far] = [join(folder, "gateway"), join(folder, "meter")];
	const cable = new Program("socat", ["-d", "-d", `pty,rawer,link=${far}`, `pty,rawer,link=${near}`]);
	await cable.line(/starting data transfer loop/);
	const meter = new Program(process.execPath, ["host/cli/meterling.mjs", "emulate", ...METER, "--port", far]);
	const gateway = await Gateway.startOnXs(folder, "p1", near, 0, SETTINGS);
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

interface Asking {
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** The address, where the description's is a template. */
	readonly at?: string;
}

const missing = missingForXs();

describe.each([
	["Node", onNode, undefined],
	["XS", onXs, missing],
] as const)("the API on %s", (name, start, why) => {
	if (why) {
		test.skip(`not run on ${name}: ${why}`, () => {});
		return;
	}

	let stage: Stage;
	let url: string;
	let api: ApiDescription;
	let owner: Record<string, string> = {};

	/** The answer, after it has been held against the description. */
	async function ask(operation: string, { body, headers = {}, at }: Asking = {}) {
		const [method = "", path = ""] = operation.split(" ");
		const json = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
		const answer = await fetch(url + (at ?? path), {
			method,
			headers: {
				...(json === undefined ? {} : { "content-type": "application/json" }),
				...owner,
				...headers,
			},
			...(json === undefined ? {} : { body: json }),
		});
		const answered: Answered = {
			status: answer.status,
			type: answer.headers.get("content-type") ?? "",
			body: await answer.text(),
		};
		expect(api.problemsWith(operation, answered)).toEqual([]);
		// Every operation may answer with a problem; this one is a fault of the gateway's.
		expect(answered.status).not.toBe(500);
		return { ...answered, headers: answer.headers, json: () => JSON.parse(answered.body) };
	}
	const count = async () => (await stage.gateway.health()).readings.count;
	const http = async () => outputHealth(await stage.gateway.health(), "http");
	/** Until no stream of an earlier test is left. */
	const alone = () =>
		eventually("all clients gone", async () => {
			const report = await http().catch(() => undefined);
			return report?.eventClients === 0;
		});

	beforeAll(async () => {
		stage = await start();
		url = stage.gateway.url;
		await stage.gateway.reading();
		api = new ApiDescription((await (await fetch(`${url}/api/v1/openapi.json`)).json()) as object);
	}, MINUTE);
	afterAll(() => stage?.stop(), MINUTE);

	test("the description is valid OpenAPI 3.1", async () => {
		const served = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as object;
		expect(served).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) });
		// The validator writes into what it is given.
		expect(await validate(structuredClone(served) as Parameters<typeof validate>[0])).toMatchObject({
			valid: true,
			warnings: [],
		});
	});

	test("what there is to read", async () => {
		const reading = await ask("GET /api/v1/reading");
		expect(reading.status).toBe(200);
		expect((await ask("GET /api/v1/state")).status).toBe(200);
		const { devices } = (await ask("GET /api/v1/devices")).json();
		expect(devices.length).toBeGreaterThanOrEqual(2);
		for (const { path, kind } of devices) {
			const device = await ask("GET /api/v1/devices/{name}", { at: path });
			expect(device.status).toBe(200);
			expect(device.json().kind).toBe(kind);
		}
		expect((await ask("GET /api/v1/devices/{name}", { at: "/api/v1/devices/nothing%00" })).status).toBe(404);
		expect((await ask("GET /api/v1/health")).status).toBe(200);
		expect((await ask("GET /api/v1/openapi.json")).status).toBe(200);
		expect((await ask("GET /")).status).toBe(200);
		expect((await ask("GET /texts/{group}", { at: "/texts/1" })).json()).toHaveLength(2);
		expect((await ask("GET /texts/{group}", { at: "/texts/..%2Findex" })).status).toBe(404);
		expect((await ask("GET /index.html")).status).toBe(200);
		const metrics = await ask("GET /metrics");
		expect([metrics.status, metrics.type]).toEqual([200, expect.stringContaining("text/plain")]);
	});

	test("raw frames are what the meter sends", async () => {
		await eventually("a frame", async () => (await ask("GET /api/v1/frames")).json().frames.length > 0);
		const { frames } = (await ask("GET /api/v1/frames")).json();
		for (const { hex, length } of frames) {
			const text = Buffer.from(hex, "hex").toString("latin1");
			expect(text).toHaveLength(length);
			expect(text).toMatch(/^\/[^\r]+\r\n\r\n1-3:0\.2\.8\([\s\S]*![0-9A-F]{4}\r\n$/);
		}
	});

	test("?fields= leaves out the other quantities", async () => {
		const at = "?fields=power_import,energy_import_t1";
		const reading = (await ask("GET /api/v1/reading", { at: `/api/v1/reading${at}` })).json();
		expect(Object.keys(reading.quantities).sort()).toEqual(["energy_import_t1", "power_import"]);
		const state = (await ask("GET /api/v1/state", { at: `/api/v1/state${at}` })).json();
		expect(Object.keys(state.reading.quantities).sort()).toEqual(["energy_import_t1", "power_import"]);
		expect(state.known).toEqual({});
		const meter = await ask("GET /api/v1/devices/{name}", { at: `/api/v1/devices/meter${at}` });
		expect(Object.keys(meter.json().quantities).sort()).toEqual(["energy_import_t1", "power_import"]);
	});

	test("who polls with the ETag gets 304 until there is a new reading", async () => {
		for (const path of ["/api/v1/reading", "/api/v1/state", "/api/v1/devices/meter"]) {
			const operation = path.replace("/meter", "/{name}");
			let fresh = 0;
			for (let turn = 0; turn < 20 && fresh === 0; turn++) {
				const tag = (await ask(`GET ${operation}`, { at: path })).headers.get("etag") as string;
				const again = await ask(`GET ${operation}`, { at: path, headers: { "if-none-match": tag } });
				if (again.status === 304) {
					fresh++;
					expect(again.body).toBe("");
				}
				await eventually("a new reading", async () => {
					const next = await ask(`GET ${operation}`, { at: path, headers: { "if-none-match": tag } });
					return next.status === 200 && next.headers.get("etag") !== tag;
				});
			}
			expect([path, fresh]).toEqual([path, 1]);
		}
	});

	test("curl reads, and is told what is wrong as a problem detail", () => {
		if (!installed("curl")) throw new Error("curl is not installed");
		const curl = (...options: string[]) => execFileSync("curl", ["-s", ...options], { encoding: "utf8" });
		expect(JSON.parse(curl(`${url}/api/v1/reading?fields=power_import`))).toHaveProperty("quantities");
		expect(JSON.parse(curl("--compressed", `${url}/api/v1/openapi.json`))).toHaveProperty("paths");
		for (const path of ["/nothing", "/api/v1/settings", "/api/v1/devices/x", "/api/v1/ws"]) {
			const [head = "", body = ""] = curl("-i", url + path).split("\r\n\r\n");
			expect(head.toLowerCase()).toContain("content-type: application/problem+json");
			expect(JSON.parse(body)).toMatchObject({ type: "about:blank", status: Number(head.slice(9, 12)) });
		}
	});

	test("pages of an allowed site may use the API, others may not", async () => {
		const preflight = (origin: string) =>
			fetch(`${url}/api/v1/state`, {
				method: "OPTIONS",
				headers: { origin, "access-control-request-method": "GET" },
			});
		const allowed = await preflight(SITE);
		expect(allowed.status).toBe(204);
		expect(allowed.headers.get("access-control-allow-origin")).toBe(SITE);
		expect(allowed.headers.get("access-control-allow-headers")).toContain("authorization");
		const got = await ask("GET /api/v1/state", { headers: { origin: SITE } });
		expect(got.headers.get("access-control-allow-origin")).toBe(SITE);
		expect(got.headers.get("access-control-allow-credentials")).toBeNull();
		expect(got.headers.get("vary")).toContain("origin");
		for (const origin of ["https://evil.example", "null", `${SITE}.evil.example`]) {
			expect((await preflight(origin)).status).toBe(405);
			const answer = await ask("GET /api/v1/state", { headers: { origin } });
			expect(answer.headers.get("access-control-allow-origin")).toBeNull();
		}
	});

	test("events come through a WebSocket client; it is pinged and closed as the standard has it", async () => {
		const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/ws`);
		const messages: { event: string; id?: number; data: Record<string, unknown> }[] = [];
		socket.on("message", (data, binary) => {
			expect(binary).toBe(false);
			messages.push(JSON.parse(`${data}`));
		});
		await new Promise((done, fail) => socket.once("open", done).once("error", fail));
		api.seen.set("GET /api/v1/ws", new Set([101]));
		const pong = new Promise((done) => socket.once("pong", (data) => done(`${data}`)));
		socket.ping("are you there");
		expect(await pong).toBe("are you there");
		socket.send("this is ignored");
		const readings = await eventually("five readings", () => {
			const some = messages.filter(({ event }) => event === "reading");
			return some.length >= 5 ? some : undefined;
		});
		const ids = readings.map(({ id }) => id as number);
		expect(ids).toEqual(ids.map((_, index) => (ids[0] as number) + index));
		const body = JSON.stringify(readings[0]?.data);
		expect(api.problemsWith("GET /api/v1/reading", { status: 200, type: "application/json", body })).toEqual(
			[],
		);
		expect(messages.find(({ event }) => event === "health")?.data).toHaveProperty("outputs");
		const closed = new Promise((done) => socket.once("close", (code) => done(code)));
		socket.close(1000, "enough");
		expect(await closed).toBe(1000);
		await alone();
	});

	test.each([
		["an unmasked frame", Buffer.from("8101ff", "hex"), 1002],
		["a reserved bit", Buffer.from("c18000000000", "hex"), 1002],
		["a ping of 126 bytes", Buffer.from(`89fe007e00000000${"00".repeat(126)}`, "hex"), 1002],
		["a frame of 2^63 bytes", Buffer.from("82ffffffffffffffffff00000000", "hex"), 1009],
		[
			"a flood of masked frames",
			Buffer.alloc(60_000, Buffer.from("82820000000000000000".slice(0, 16), "hex")),
			1008,
		],
	])("%s ends the WebSocket with its code", async (_, bytes, code) => {
		const socket = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => {});
		const parts: Buffer[] = [];
		socket.on("data", (data) => parts.push(data));
		const key = Buffer.alloc(16).toString("base64");
		socket.write(
			`GET /api/v1/ws HTTP/1.1\r\nHost: ${new URL(url).host}\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
		);
		const ended = new Promise<void>((done) => socket.once("close", () => done()));
		await eventually("the handshake", () => `${Buffer.concat(parts)}`.includes("\r\n\r\n"));
		await eventually("the first health", () => `${Buffer.concat(parts)}`.includes('"event":"health"'));
		socket.write(bytes);
		await ended;
		// The flood's rest is unread when the gateway closes: the kernel may throw the goodbye away then.
		if (code !== 1008)
			expect(Buffer.concat(parts).subarray(-4).toString("hex")).toBe(
				`8802${code.toString(16).padStart(4, "0")}`,
			);
		expect((await ask("GET /api/v1/health")).status).toBe(200);
		await alone();
	});

	test(
		"clients that leave in the middle of the page leave no connection behind",
		async () => {
			await alone();
			const port = Number(new URL(url).port);
			for (let round = 0; round < 12; round++)
				await new Promise<void>((done) => {
					const client = connect(port, "127.0.0.1").on("error", () => {});
					client.on("close", () => done());
					client.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
					client.once("data", () => client.resetAndDestroy());
				});
			await eventually(
				"one connection, this one",
				async () => (await http())?.connections === 1 || undefined,
			);
		},
		MINUTE,
	);

	test(
		"twenty clients of which fifteen stall: the others are served, and health tells who was cut off",
		async () => {
			const before = await count();
			const port = Number(new URL(url).port);
			const listen = (index: number) => {
				const localAddress = `127.0.0.${30 + (index % 2)}`;
				const socket = connect({ port, host: "127.0.0.1", localAddress }).on("error", () => {});
				const upgrade = `GET /api/v1/ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16, index).toString("base64")}`;
				const request = index % 2 === 0 ? upgrade : "GET /api/v1/events HTTP/1.1";
				socket.write(`${request}\r\nHost: ${new URL(url).host}\r\n\r\n`);
				return socket;
			};
			// They never read: what lies between them and the gateway fills up.
			const idle = new Program("python3", [join(__dirname, "stalling-clients.py"), `${port}`, "15"]);
			await idle.line(/listening to nothing/);
			const slow = await eventually(
				"health to tell of slow ones",
				async () => {
					const report = await http().catch(() => undefined);
					return report && Number(report.slowClients) >= 4 && Number(report.slowFor) >= 5
						? report
						: undefined;
				},
				MINUTE,
			);
			expect(slow.eventClients).toBe(4);
			expect(Number(slow.connections)).toBeLessThanOrEqual(6);
			// Five come that read, again and again until they are served; four places there are.
			const served = new Set<number>();
			const good = new Map<number, Socket>();
			const come = (index: number) => {
				let text = "";
				const socket = listen(index).setEncoding("utf8");
				good.set(index, socket);
				socket.on("data", (some: string) => {
					text = (text + some).slice(-4000);
					if (text.includes('"quantities":{')) served.add(index);
				});
			};
			for (let index = 0; index < 5; index++) come(index);
			await eventually("four of the five served", () => {
				for (const [index, socket] of good) if (socket.destroyed && served.size < 4) come(index);
				return served.size >= 4;
			});
			const after = await eventually("health", () => http().catch(() => undefined));
			expect(Number(after.eventClients)).toBeLessThanOrEqual(4);
			expect(Number(after.replaced) + Number(after.stalled)).toBeGreaterThanOrEqual(4);
			expect(after.cutOff).toMatch(/127\.0\.0\.2\d$/);
			expect(Number(after.cutOffAge)).toBeLessThan(60);
			expect(await count()).toBeGreaterThan(before);
			expect((await ask("GET /api/v1/reading")).status).toBe(200);
			await idle.stop();
			for (const socket of good.values()) socket.destroy();
			await alone();
		},
		2 * MINUTE,
	);

	test("events are what the description says", async () => {
		const stop = new AbortController();
		const events = await fetch(`${url}/api/v1/events`, { signal: stop.signal });
		let text = "";
		for await (const part of events.body as unknown as AsyncIterable<Uint8Array>) {
			text += Buffer.from(part).toString("utf8");
			if (text.includes("event: health")) break;
		}
		const body = /event: reading\ndata: (.*)\n/.exec(text)?.[1] as string;
		expect(api.problemsWith("GET /api/v1/reading", { status: 200, type: "application/json", body })).toEqual(
			[],
		);
		const type = events.headers.get("content-type") ?? "";
		expect(api.problemsWith("GET /api/v1/events", { status: events.status, type, body: text })).toEqual([]);
		stop.abort();
	});

	test("signing in, tokens, settings", async () => {
		const origin = { origin: url };
		expect((await ask("GET /api/v1/session")).json().passwordSet).toBe(false);
		expect((await ask("POST /api/v1/session", { body: { password: "x" }, headers: origin })).status).toBe(
			409,
		);
		expect((await ask("PUT /api/v1/password", { body: { password: "x" }, headers: origin })).status).toBe(
			422,
		);
		const set = await ask("PUT /api/v1/password", { body: { password: PASSWORD }, headers: origin });
		expect(set.status).toBe(200);
		for (const operation of api.operations) {
			const [method = "", path = ""] = operation.split(" ");
			if (method === "GET" || /password|session|update|identify/.test(path)) continue;
			// Nobody is signed in here: whatever changes something is refused, and says so as described.
			expect([operation, (await ask(operation)).status]).toEqual([operation, 401]);
		}
		expect((await ask("POST /api/v1/session", { body: { password: "x" }, headers: origin })).status).toBe(
			401,
		);
		const signedIn = await ask("POST /api/v1/session", { body: { password: PASSWORD }, headers: origin });
		expect(signedIn.status).toBe(200);
		owner = {
			...origin,
			cookie: signedIn.headers.get("set-cookie")?.split(";")[0] ?? "",
			"x-csrf-token": signedIn.json().csrf,
		};
		const made = await ask("POST /api/v1/tokens", { body: { name: "test", scope: "read" } });
		expect(made.status).toBe(201);
		expect((await ask("GET /api/v1/tokens")).json().tokens).toHaveLength(1);
		const authorization = `Bearer ${made.json().token}`;
		expect((await fetch(`${url}/api/v1/state`, { headers: { authorization, origin: SITE } })).status).toBe(
			200,
		);
		const { id } = made.json();
		expect((await ask("DELETE /api/v1/tokens/{id}", { at: `/api/v1/tokens/${id}` })).status).toBe(204);
		expect((await ask("DELETE /api/v1/tokens/{id}", { at: `/api/v1/tokens/${id}` })).status).toBe(404);

		const form = (await ask("GET /api/v1/settings")).json() as { name: string }[];
		const mqtt = await ask("GET /api/v1/settings", { at: "/api/v1/settings?section=mqtt" });
		expect(mqtt.json()).toEqual(form.filter(({ name: section }) => section === "mqtt"));
		expect(mqtt.json()).toHaveLength(1);
		expect((await ask("GET /api/v1/settings", { at: "/api/v1/settings?section=x" })).status).toBe(404);
		expect((await ask("PATCH /api/v1/settings", { body: { mqtt: { topic: "house" } } })).status).toBe(200);
		const refused = await ask("PATCH /api/v1/settings", { body: { mqtt: { port: "x" } } });
		expect(refused.json()).toMatchObject({ status: 422, problems: [{ setting: "mqtt.port" }] });
		const file = (await ask("GET /api/v1/settings/export")).json();
		expect((await ask("POST /api/v1/settings/import", { body: { file } })).status).toBe(200);
		expect((await ask("POST /api/v1/settings/import", { body: {} })).status).toBe(400);
		const sealed = { passphrase: "correct horse battery" };
		expect((await ask("POST /api/v1/settings/export", { body: sealed })).status).toBe(200);
		expect((await ask("GET /api/v1/log")).status).toBe(200);
		expect([200, 404]).toContain((await ask("GET /api/v1/ports")).status);
	});

	test("history, and asking the meter", async () => {
		expect((await ask("GET /api/v1/history")).json()).toHaveProperty("rows");
		const csv = await ask("GET /api/v1/history", { at: "/api/v1/history?format=csv&period=hour" });
		expect(csv.type).toContain("text/csv");
		expect(csv.body).toMatch(/^from,to,/);
		expect((await ask("GET /api/v1/history", { at: "/api/v1/history?period=year" })).status).toBe(400);
		expect((await ask("GET /api/v1/history/power")).json()).toHaveProperty("power");
		expect((await ask("GET /api/v1/history/peaks")).json()).toHaveProperty("days");
		const file = await ask("GET /api/v1/history/export");
		expect(file.status).toBe(200);
		const headers = { "content-type": "text/csv" };
		expect([200, 422]).toContain(
			(await ask("POST /api/v1/history/import", { body: file.body, headers })).status,
		);
		// A P1 meter cannot be asked.
		expect((await ask("POST /api/v1/meter/read", { body: {} })).status).toBe(409);
		expect((await ask("POST /api/v1/meter/read", { body: { register: 7 } })).status).toBe(400);
	});

	test("prices: none are wanted", async () => {
		expect((await ask("GET /api/v1/prices")).json()).toEqual({ model: "off" });
		expect((await ask("PUT /api/v1/prices", { body: { prices: [1] } })).status).toBe(409);
	});

	test("the line as it is, and an output tried", async () => {
		const stop = new AbortController();
		const line = await fetch(`${url}/api/v1/meter/line`, { headers: owner, signal: stop.signal });
		let text = "";
		for await (const part of line.body as unknown as AsyncIterable<Uint8Array>) {
			text += Buffer.from(part).toString("utf8");
			if (/^\d+ = \d+$/m.test(text)) break;
		}
		stop.abort();
		const type = line.headers.get("content-type") ?? "";
		expect(api.problemsWith("GET /api/v1/meter/line", { status: line.status, type, body: text })).toEqual([]);
		const lines = text.trim().split("\n");
		for (const each of lines) expect(each).toMatch(/^\d+ ([<>] ([0-9a-f]{2})+|[=] \d+|[*!] .+)$/);
		expect(lines[0]).toMatch(/^\d+ \* open \d+ 8N1/);
		const tried = await ask("POST /api/v1/outputs/webhook/test");
		expect([tried.status, tried.json()]).toMatchObject([200, { status: 0, problem: expect.any(String) }]);
		for (const name of ["influx", "dsmr-reader"]) {
			const refused = await ask(`POST /api/v1/outputs/${name}/test`);
			// Why it is off: there is no bucket, no key.
			expect([refused.status, refused.json().detail]).toEqual([409, expect.stringMatching(/^there is no/)]);
		}
	});

	test("updates and the compatible API", async () => {
		expect((await ask("GET /api/v1/update")).status).toBe(200);
		const headers = { "content-type": "application/octet-stream" };
		expect((await ask("POST /api/v1/update", { body: "no update", headers })).status).toBeGreaterThanOrEqual(
			400,
		);
		expect((await ask("POST /api/v1/update/fetch", { body: { url: "x" } })).status).toBeGreaterThanOrEqual(
			400,
		);
		for (const path of ["/api", "/api/v1/data", "/api/v1/system"])
			expect([path, (await ask(`GET ${path}`)).status]).toEqual([path, 200]);
		expect([200, 404]).toContain((await ask("GET /api/v1/telegram")).status);
		expect([200, 404]).toContain((await ask("PUT /api/v1/identify")).status);
	});

	test("the set-up", async () => {
		expect((await ask("GET /api/v1/portal/state")).json()).toHaveProperty("meter");
		expect((await ask("GET /api/v1/portal/time-zones")).json()).toContain("Europe/Amsterdam");
		expect([202, 409]).toContain((await ask("POST /api/v1/portal/scan")).status);
		expect((await ask("GET /api/v1/portal/scan")).status).toBe(200);
		expect((await ask("POST /api/v1/portal/connect", { body: { ssid: 7 } })).status).toBeGreaterThanOrEqual(
			400,
		);
		expect((await ask("GET /api/v1/portal/result")).status).toBe(200);
		const key = { encryptionKey: "0".repeat(32) };
		expect((await ask("POST /api/v1/portal/key-check", { body: key })).status).toBe(200);
		expect((await ask("POST /api/v1/portal/key-check", { body: { encryptionKey: "x" } })).status).toBe(422);
		const broker = { host: "127.0.0.1", port: 1 };
		expect((await ask("POST /api/v1/portal/mqtt-test", { body: broker })).status).toBe(202);
		await eventually("the broker's test", async () => {
			const { state } = (await ask("GET /api/v1/portal/mqtt-test")).json();
			return state === "done";
		});
		expect((await ask("POST /api/v1/portal/detect", { body: { listenOnly: true } })).status).toBe(202);
		await eventually("a step of the search", async () => {
			const { steps } = (await ask("GET /api/v1/portal/detect")).json();
			return steps.length > 0;
		});
		expect((await ask("DELETE /api/v1/portal/detect")).status).toBe(200);
		const wrong = { settings: { mqtt: { port: "x" } } };
		expect((await ask("POST /api/v1/portal/finish", { body: wrong })).status).toBe(422);
	});

	test("the end: signing out, erasing, restarting; nothing that is described was left out", async () => {
		expect((await ask("POST /api/v1/factory-reset", { body: { confirm: "no" } })).status).toBe(400);
		expect((await ask("POST /api/v1/restart")).status).toBe(204);
		expect((await ask("DELETE /api/v1/session")).status).toBe(204);
		const never = api.operations.filter((operation) => !api.seen.has(operation));
		expect(never).toEqual([]);
		const seen = [...api.seen.values()].reduce((sum, statuses) => sum + statuses.size, 0);
		expect(seen).toBeGreaterThan(api.operations.length);
		process.stdout.write(
			`API on ${name}: ${api.checked} answers of ${api.operations.length} operations fit the description\n`,
		);
	});
});

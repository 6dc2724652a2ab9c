import { Server } from "./support";

let server: Server;
let headers: Record<string, string>;

beforeEach(() => {
	server = Server.guarded();
	headers = server.signIn();
});

const ask = (method: string, path: string, body?: unknown) => server.ask(path, { method, headers, body });

test("the form is answered, never stored by a cache", () => {
	const { status, text, headers: answered } = ask("GET", "/api/v1/settings");
	expect(status).toBe(200);
	expect(JSON.parse(text)).toEqual([{ name: "mqtt" }]);
	expect(answered.get("cache-control")).toBe("no-store");
});

test("a change is handed on and says what starts again", () => {
	const { status, text } = ask("PATCH", "/api/v1/settings", { mqtt: { host: "broker" } });
	expect(status).toBe(200);
	expect(JSON.parse(text)).toEqual({ restarts: { gateway: false, meter: true, outputs: [] } });
	expect(server.admin.calls).toEqual([["change", { mqtt: { host: "broker" } }]]);
});

test("a refused change tells each field and its reason", () => {
	const problems = [{ setting: "mqtt.port", problem: "must be from 1 to 65535" }];
	server.admin.outcome = { problems };
	const { status, text } = ask("PATCH", "/api/v1/settings", { mqtt: { port: 0 } });
	expect(status).toBe(422);
	expect(JSON.parse(text)).toMatchObject({ title: "Refused", problems });
});

test("what is no JSON is refused without a word of it", () => {
	const { status, text } = ask("PATCH", "/api/v1/settings", '{"mqtt":{"password":"s3cret"');
	expect(status).toBe(400);
	expect(text).not.toContain("s3cret");
	expect(server.admin.calls).toEqual([]);
});

test("settings are exported without secrets, or with them under a passphrase, as a file to save", () => {
	const plain = ask("GET", "/api/v1/settings/export");
	expect(plain.headers.get("content-disposition")).toContain("meterling-settings.json");
	expect(ask("POST", "/api/v1/settings/export", { passphrase: "a long passphrase" }).status).toBe(200);
	expect(ask("POST", "/api/v1/settings/export", { passphrase: "short" }).status).toBe(422);
	expect(ask("POST", "/api/v1/settings/export", {}).status).toBe(400);
	expect(server.admin.calls).toEqual([
		["export", undefined],
		["export", "a long passphrase"],
		["export", "short"],
	]);
});

test("an exported file is imported", () => {
	const file = { kind: "meterling settings", settings: { mqtt: { port: 1883 } } };
	expect(ask("POST", "/api/v1/settings/import", { file, passphrase: "a long passphrase" }).status).toBe(200);
	expect(ask("POST", "/api/v1/settings/import", { file, leaveSecrets: true }).status).toBe(200);
	for (const wrong of [{}, { file: "text" }, { file: null }, [], "null", "x"])
		expect(ask("POST", "/api/v1/settings/import", wrong).status).toBe(400);
	expect(server.admin.calls).toEqual([
		["import", JSON.stringify(file), "a long passphrase", false],
		["import", JSON.stringify(file), undefined, true],
	]);
});

test("restart and factory reset; the latter only when it is meant", () => {
	expect(ask("POST", "/api/v1/restart").status).toBe(204);
	expect(ask("POST", "/api/v1/factory-reset", {}).status).toBe(400);
	expect(ask("POST", "/api/v1/factory-reset", { confirm: "yes" }).status).toBe(400);
	expect(server.admin.calls).toEqual([["restart"]]);
	expect(ask("POST", "/api/v1/factory-reset", { confirm: "erase everything" }).status).toBe(204);
	expect(server.admin.calls).toEqual([["restart"], ["factoryReset"]]);
});

test("nothing secret that was sent comes back in any answer or log line", () => {
	const key = "00112233445566778899AABBCCDDEEFF";
	const everywhere: readonly (readonly [string, string, unknown?])[] = [
		["GET", `/${key}`],
		["GET", `/api/v1/${key}?key=${key}`],
		["POST", "/api/v1/session", { password: key }],
		["POST", "/api/v1/session", { [key]: key }],
		["POST", "/api/v1/session", `{"password":"${key}`],
		["PUT", "/api/v1/password", { password: key, current: key, setupCode: key }],
		["POST", "/api/v1/tokens", { name: key, scope: key }],
		["POST", "/api/v1/tokens", { name: key, scope: "read" }],
		["DELETE", `/api/v1/tokens/${key}`],
		["POST", "/api/v1/settings/export", { passphrase: key }],
		["POST", "/api/v1/settings/import", { file: { [key]: key }, passphrase: key }],
		["POST", "/api/v1/factory-reset", { confirm: key }],
		[key, "/"],
	];
	for (const [method, path, body] of everywhere) {
		server.ask(path, { method, body, headers });
		server.ask(path, { method, body, headers: { ...headers, host: key, origin: key, cookie: key } });
		server.ask(path, { method, body, headers: { authorization: `Bearer ${key}`, "x-csrf-token": key } });
	}
	expect(server.said).toContain("application/problem+json");
	expect(`${server.said}${server.bench.log.join()}`.toUpperCase()).not.toContain(key);
});

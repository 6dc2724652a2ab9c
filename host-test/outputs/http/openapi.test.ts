// The API's description is valid, and has every address that the gateway answers, and none that it does not: routes are
// asked of the whole app as it runs, and of every output with its switches on.

import "../../../host/platform/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { validate } from "@readme/openapi-parser";
import { parse } from "yaml";
import type { App } from "../../../app/app";
import { configuration } from "../../../host/platform/configuration";
import { OUTPUTS } from "../../../outputs/registry";
import type { Responder } from "../../../outputs/route";
import { Bench, respondersOf } from "../fakes";

/** What the web server was given to answer. */
let served: readonly Responder[] = [];

jest.mock("../../../outputs/http/router", () => {
	const actual = jest.requireActual("../../../outputs/http/router");
	class Router extends actual.Router {
		constructor(responders: readonly Responder[], ...more: unknown[]) {
			super(responders, ...more);
			served = responders;
		}
	}
	return { ...actual, Router };
});

const source = readFileSync(resolve(__dirname, "../../../outputs/http/openapi.yaml"), "utf8");
const description = parse(source) as { paths: Record<string, Record<string, { operationId: string }>> };

/** `GET /api/v1/tokens/*`: a parameter stands for the last segment. */
const described = Object.entries(description.paths).flatMap(([path, item]) =>
	Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace(/\{[^}]*\}$/, "*")}`),
);

async function freePort(): Promise<number> {
	return new Promise((done) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address() as { port: number };
			server.close(() => done(port));
		});
	});
}

const addressesOf = (responders: readonly Responder[]) =>
	responders.flatMap(({ routes }) => routes.map(({ at }) => at));

/** Of the whole app on this computer, with the settings that it has at first. */
async function routesOfApp(): Promise<string[]> {
	const folder = mkdtempSync(join(tmpdir(), "meterling-routes-"));
	writeFileSync(join(folder, "settings.json"), JSON.stringify({ http: { port: await freePort() } }));
	configuration.stateFolder = folder;
	configuration.log = () => {};
	const { startApp } = jest.requireActual<typeof import("../../../app/app")>("../../../app/app");
	const { openDevice } = jest.requireActual<typeof import("../../../hardware/this-device")>(
		"../../../hardware/this-device",
	);
	const app: App = startApp(openDevice());
	try {
		return addressesOf(served);
	} finally {
		await new Promise<void>((done) => app.close(done));
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Of outputs that are off at first. */
function routesOfOutputs(): string[] {
	return OUTPUTS.filter(({ name }) => name !== "http").flatMap(({ settings, open }) => {
		const on = settings.filter(({ type }) => type === "switch").map(({ key }) => [key, true]);
		const url = settings.filter(({ key }) => key === "url").map(({ key }) => [key, "http://127.0.0.1:9/"]);
		const output = open(new Bench().context(settings, Object.fromEntries([...on, ...url])));
		output?.close(() => {});
		return addressesOf(respondersOf(output));
	});
}

test("the description is valid OpenAPI 3.1, and every operation has a name of its own", async () => {
	expect(
		await validate(structuredClone(description) as unknown as Parameters<typeof validate>[0]),
	).toMatchObject({
		valid: true,
		warnings: [],
	});
	const names = Object.values(description.paths).flatMap((item) =>
		Object.values(item).map(({ operationId }) => operationId),
	);
	expect(new Set(names).size).toBe(names.length);
});

test("every address that is answered is described, and none besides", async () => {
	const answered = [...new Set([...(await routesOfApp()), ...routesOfOutputs()])].sort();
	expect(answered.length).toBeGreaterThan(40);
	expect(answered).toEqual([...described].sort());
});

test("routes are constants, which lie in flash on a chip: the same each time, and frozen with what their bodies must be", () => {
	expect(served.length).toBeGreaterThan(10);
	for (const responder of served) {
		const { routes } = responder;
		expect(responder.routes).toBe(routes);
		const parts = [routes, ...routes, ...routes.flatMap(({ body }) => body ?? [])];
		expect([routes[0]?.at, parts.every(Object.isFrozen)]).toEqual([routes[0]?.at, true]);
	}
});

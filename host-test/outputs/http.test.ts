import { gzipSync } from "node:zlib";
import { http } from "../../outputs/http/http.js";
import type { Output } from "../../outputs/output.js";
import { decimal } from "../../readings/decimal.js";
import { Bench, type FakeConnection, readingOf } from "./fakes.js";

/** The JSON that `readingOf(watts)` stands for, written out by hand from the command line's contract. */
function expectedJson(watts: number): string {
	return (
		'{"protocol":"dlms","meter":{"manufacturer":"Kamstrup"},"time":"2019-01-31T13:36:10","quantities":{' +
		`"power_import":{"value":${watts},"unit":"W","obis":"1-1:1.7.0"},` +
		'"energy_import":{"value":85823.28,"unit":"kWh"}},"devices":[]}'
	);
}

function start(port = 80): { bench: Bench; output: Output } {
	const bench = new Bench();
	const output = http.open(bench.context(http.settings, { port })) as Output;
	return { bench, output };
}

function take(bench: Bench, output: Output, watts: number): void {
	const reading = readingOf(watts);
	bench.store.add(reading, bench.clock.now);
	output.reading(reading);
}

/** Asks and lets the answer flow through a window of `window` bytes at a time. */
function ask(
	bench: Bench,
	path: string,
	{
		method = "GET",
		headers = {},
		window = 1000,
	}: { method?: string; headers?: Record<string, string>; window?: number } = {},
): FakeConnection {
	const connection = bench.network.connect().request(method, path, headers);
	bench.clock.advance(0);
	for (let turn = 0; turn < 1000 && !connection.done && !connection.closed; turn++) connection.open(window);
	return connection;
}

describe("readings over HTTP", () => {
	test("before the first reading the answer is a problem with status 404", () => {
		const { bench } = start();
		const { response, body } = ask(bench, "/api/v1/reading");
		expect(response?.status).toBe(404);
		expect(response?.headers.get("content-type")).toBe("application/problem+json");
		expect(JSON.parse(body)).toMatchObject({ status: 404, title: "No reading yet" });
	});

	test("the newest reading is answered in pieces no larger than the window", () => {
		const { bench, output } = start();
		take(bench, output, 1);
		take(bench, output, 3771);
		const { response, body, writes } = ask(bench, "/api/v1/reading?from=anything", { window: 50 });
		expect(response?.status).toBe(200);
		expect(body).toBe(expectedJson(3771));
		expect(response?.headers.get("content-length")).toBe(`${body.length}`);
		expect(Math.max(...writes)).toBeLessThanOrEqual(50);
	});

	test("the merged state keeps counters that the newest list has not, with their ages and digits", () => {
		const { bench, output } = start();
		take(bench, output, 10);
		bench.clock.advance(20_000);
		const short = readingOf(20, {
			quantities: [{ name: "power_import", value: decimal(200, -1), unit: "W" }],
		});
		bench.store.add(short, bench.clock.now);
		output.reading(short);
		bench.clock.advance(1500);
		const { body } = ask(bench, "/api/v1/state");
		expect(body).toContain('"quantities":{"power_import":{"value":20.0,"unit":"W"}}');
		expect(Object.keys(JSON.parse(body).known)).not.toContain("power_import");
		expect(body).toContain('"energy_import":{"value":85823.28,"unit":"kWh","age":21.5}');
		expect(JSON.parse(body)).toMatchObject({ gateway: "meterling-a1b2c3", count: 2, age: 1.5 });
	});

	test("the state before the first reading is valid JSON", () => {
		const { bench } = start();
		expect(JSON.parse(ask(bench, "/api/v1/state").body)).toEqual({
			gateway: "meterling-a1b2c3",
			count: 0,
			age: null,
			reading: null,
			known: {},
		});
	});
});

describe("addresses and methods", () => {
	test.each([
		"/nothing",
		"/../etc/passwd",
		"//",
		"/api/v1/",
		"/api/v1/reading/..",
		"/%2e%2e/",
		"*",
		"",
		"/constructor",
	])("%s is not found", (path) => {
		const { bench } = start();
		expect(ask(bench, path).response?.status).toBe(404);
	});

	test("writing methods are refused with the allowed ones", () => {
		const { bench } = start();
		const { response } = ask(bench, "/api/v1/health", { method: "POST" });
		expect(response?.status).toBe(405);
		expect(response?.headers.get("allow")).toBe("GET, HEAD");
	});

	test("HEAD gets the headers alone and the connection is closed", () => {
		const { bench } = start();
		const connection = ask(bench, "/api/v1/health", { method: "HEAD" });
		expect(connection.response?.status).toBe(200);
		expect(connection.body).toBe("");
		expect(connection.closed).toBe(true);
	});

	test("the absolute form of a proxy means the same address", () => {
		const { bench } = start();
		expect(ask(bench, "http://192.168.1.20/api/v1/health").body).toBe('{"fine":true}');
	});

	test("every answer tells browsers to guess nothing and to frame nothing", () => {
		const { bench } = start();
		for (const path of ["/", "/api/v1/health", "/nothing"]) {
			const headers = ask(bench, path).response?.headers;
			expect(headers?.get("x-content-type-options")).toBe("nosniff");
			expect(headers?.get("referrer-policy")).toBe("no-referrer");
			expect(headers?.get("content-security-policy")).toContain("frame-ancestors 'none'");
			expect(headers?.get("connection")).toBe("close");
		}
	});
});

describe("the page", () => {
	const page = gzipSync("<!doctype html><title>Meterling</title>");

	test("is sent compressed with the build's policy, and not again while its tag matches", () => {
		const { bench } = start();
		bench.resources["index.html.gz"] = page;
		bench.resources["content-security-policy.txt"] = new Uint8Array(Buffer.from("default-src 'none'\n"));
		const first = ask(bench, "/");
		expect(first.response?.status).toBe(200);
		expect(first.response?.headers.get("content-encoding")).toBe("gzip");
		expect(first.response?.headers.get("content-security-policy")).toBe("default-src 'none'");
		const tag = first.response?.headers.get("etag") as string;
		expect(tag).toMatch(/^"[0-9a-f]{16}"$/);
		const again = ask(bench, "/", { headers: { "if-none-match": `W/${tag}` } });
		expect(again.response?.status).toBe(304);
		expect(again.body).toBe("");
		expect(again.closed).toBe(true);
		expect(ask(bench, "/", { headers: { "if-none-match": '"0000000000000000"' } }).response?.status).toBe(
			200,
		);
	});

	test("a build without a page says so", () => {
		const { bench } = start();
		expect(JSON.parse(ask(bench, "/").body)).toMatchObject({ status: 404, title: "No page" });
	});
});

describe("event streams", () => {
	function listen(bench: Bench, window = 100_000): FakeConnection {
		const connection = bench.network.connect().request("GET", "/api/v1/events");
		bench.clock.advance(0);
		connection.open(window);
		return connection;
	}

	test("begin with the newest reading and the health, then follow every reading", () => {
		const { bench, output } = start();
		take(bench, output, 1);
		const client = listen(bench);
		expect(client.response?.headers.get("content-type")).toBe("text/event-stream");
		expect(client.response?.headers.has("transfer-encoding")).toBe(false);
		expect(client.response?.headers.has("content-length")).toBe(false);
		expect(client.body).toBe(
			`retry: 2000\n\nid: 1\nevent: reading\ndata: ${expectedJson(1)}\n\nevent: health\ndata: {"fine":true}\n\n`,
		);
		client.body = "";
		take(bench, output, 2);
		expect(client.body).toBe(`id: 2\nevent: reading\ndata: ${expectedJson(2)}\n\n`);
	});

	test("health comes every 10 s", () => {
		const { bench } = start();
		const client = listen(bench);
		client.body = "";
		bench.clock.advance(30_000);
		expect(client.body.split("event: health").length - 1).toBe(3);
	});

	test("a slow client gets whole events, and only the newest of those it missed", () => {
		const { bench, output } = start();
		const client = listen(bench, 20);
		for (let watts = 1; watts <= 5; watts++) take(bench, output, watts);
		expect(output.health()).toMatchObject({ eventsDropped: 4 });
		for (let turn = 0; turn < 100; turn++) client.open(20);
		const names = client.body.split("\n\n").slice(0, -1);
		expect(names).toEqual([
			"retry: 2000",
			'event: health\ndata: {"fine":true}',
			`id: 5\nevent: reading\ndata: ${expectedJson(5)}`,
		]);
	});

	test("a client that takes nothing for 30 s is closed, and the others go on", () => {
		const { bench, output } = start();
		const dead = listen(bench, 0);
		const alive = listen(bench);
		for (let second = 0; second < 40; second += 10) {
			bench.clock.advance(10_000);
			take(bench, output, second);
		}
		expect(dead.closed).toBe(true);
		expect(alive.closed).toBe(false);
		expect(alive.body).toContain(expectedJson(30));
		expect(output.health()).toMatchObject({ stalled: 1, eventClients: 1, connections: 1 });
	});

	test("a fifth client is refused with 503 while the four are well", () => {
		const { bench, output } = start();
		const four = [1, 2, 3, 4].map(() => listen(bench));
		const fifth = ask(bench, "/api/v1/events");
		expect(fifth.response?.status).toBe(503);
		expect(fifth.response?.headers.get("retry-after")).toBe("10");
		expect(four.every((client) => !client.closed)).toBe(true);
		expect(output.health()).toMatchObject({ eventClients: 4, refused: 1 });
	});

	test("a fifth client takes the place of one that has stalled for 5 s", () => {
		const { bench, output } = start();
		const stalled = listen(bench, 0);
		for (let more = 0; more < 3; more++) listen(bench);
		bench.clock.advance(6000);
		const fifth = listen(bench);
		expect(fifth.response?.status).toBe(200);
		expect(stalled.closed).toBe(true);
		expect(output.health()).toMatchObject({ eventClients: 4, connections: 4 });
	});

	test("a client that goes away frees its place", () => {
		const { bench, output } = start();
		listen(bench).fail();
		expect(output.health()).toMatchObject({ eventClients: 0, connections: 0 });
		take(bench, output, 1);
	});
});

describe("the server under stress", () => {
	test("a taken port is told once and tried again until it is free", () => {
		const bench = new Bench();
		bench.network.portTaken = true;
		const output = http.open(bench.context(http.settings, { port: 8080 })) as Output;
		bench.clock.advance(30_000);
		expect(bench.log).toHaveLength(1);
		expect(bench.log[0]).toContain("8080");
		expect(output.health()).toMatchObject({
			listening: false,
			lastError: expect.stringContaining("address in use"),
		});
		bench.network.portTaken = false;
		bench.clock.advance(60_000);
		expect(bench.network.serving).toBe(true);
		expect(output.health()).toMatchObject({ listening: true, lastError: null });
	});

	test("a request that never ends is closed after 10 s", () => {
		const { bench, output } = start();
		const connection = bench.network.connect();
		bench.clock.advance(15_000);
		expect(connection.closed).toBe(true);
		expect(output.health()).toMatchObject({ connections: 0, stalled: 1 });
	});

	test("a large request body ends the connection", () => {
		const { bench } = start();
		const connection = bench.network.connect();
		connection.handlers.onRequest?.call(connection, { method: "POST", path: "/", headers: new Map() });
		for (let part = 0; part < 6; part++) connection.handlers.onReadable?.call(connection, 1000);
		expect(connection.closed).toBe(true);
	});

	test("closing lets go of the port, every client and every timer", () => {
		const { bench, output } = start();
		const client = bench.network.connect().request("GET", "/api/v1/events");
		bench.clock.advance(0);
		client.open(1000);
		const done = jest.fn();
		output.close(done);
		expect(done).toHaveBeenCalledTimes(1);
		expect(client.closed).toBe(true);
		expect(bench.network.serving).toBe(false);
		expect(bench.clock.pending).toBe(0);
	});

	test("port 0 is off", () => {
		const bench = new Bench();
		expect(http.open(bench.context(http.settings, { port: 0 }))).toBeUndefined();
	});
});

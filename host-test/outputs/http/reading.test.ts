// What there is to read beyond the newest reading: by device, by field, again, as raw frames; and who else may serve here.

import "../../../host/platform/globals";
import { json, problem } from "../../../outputs/http/answer";
import { http } from "../../../outputs/http/http";
import type { Output, OutputContext } from "../../../outputs/output";
import type { Route } from "../../../outputs/route";
import { decimal } from "../../../readings/decimal";
import { Bench, readingOf } from "../fakes";
import { Server } from "./support";

const GAS = {
	kind: "gas",
	id: "G0001/1",
	channel: 1,
	time: "2019-01-31T13:00:00",
	quantities: [
		{ name: "gas_volume", value: decimal(123450, -3), unit: "m³", obis: "0-1:24.2.1" },
		{ name: "temperature", value: decimal(-15, -1), unit: "°C" },
	],
};

function serve(more: Partial<OutputContext> = {}, settings = {}) {
	const bench = new Bench();
	const output = http.open({ ...bench.context(http.settings, settings), ...more }) as Output;
	const ask = (path: string, headers: Record<string, string> = {}, method = "GET") => {
		const connection = bench.network.connect().request(method, path, headers);
		bench.clock.advance(0);
		for (let turn = 0; turn < 50 && !connection.done && !connection.closed; turn++) connection.open(500);
		return connection;
	};
	const take = (reading = readingOf(5)) => {
		bench.store.add(reading, bench.clock.now);
		output.reading(reading);
	};
	return { bench, output, ask, take };
}

describe("by device", () => {
	test("meter and sub-meters are listed with their ages, and told one by one, digit for digit", () => {
		const { bench, ask, take } = serve();
		expect(JSON.parse(ask("/api/v1/devices").body)).toEqual({ devices: [] });
		expect(ask("/api/v1/devices/meter").response?.status).toBe(404);
		take(readingOf(5, { devices: [GAS], meter: { manufacturer: "Kamstrup", id: "5706567" } }));
		bench.clock.advance(2000);
		take(readingOf(6, { meter: { id: "5706567" } }));
		bench.clock.advance(1000);
		expect(JSON.parse(ask("/api/v1/devices").body)).toEqual({
			devices: [
				{
					...{ name: "meter", kind: "meter", id: "5706567", time: "2019-01-31T13:36:10", age: 1 },
					path: "/api/v1/devices/meter",
				},
				{
					...{ name: "G0001/1", kind: "gas", id: "G0001/1", channel: 1, time: "2019-01-31T13:00:00", age: 3 },
					path: "/api/v1/devices/G0001%2F1",
				},
			],
		});
		expect(ask("/api/v1/devices/G0001%2F1").body).toBe(
			'{"name":"G0001/1","age":3,"kind":"gas","id":"G0001/1","channel":1,"time":"2019-01-31T13:00:00","quantities":{' +
				'"gas_volume":{"value":123.450,"unit":"m³","obis":"0-1:24.2.1"},"temperature":{"value":-1.5,"unit":"°C"}}}',
		);
		expect(ask("/api/v1/devices/5706567").body).toBe(ask("/api/v1/devices/meter").body);
		expect(ask("/api/v1/devices/meter").body).toContain('"power_import":{"value":6,');
		expect(JSON.parse(ask("/api/v1/devices/G0001%2F1?fields=temperature").body).quantities).toEqual({
			temperature: { value: -1.5, unit: "°C" },
		});
	});

	test("a sub-meter without a number is told by its channel or its kind", () => {
		const { ask, take } = serve();
		const { id: _, ...channelled } = GAS;
		const { channel: __, ...bare } = channelled;
		take(readingOf(5, { devices: [channelled, { ...bare, kind: "water" }] }));
		expect(JSON.parse(ask("/api/v1/devices/channel-1").body).kind).toBe("gas");
		expect(JSON.parse(ask("/api/v1/devices/water-2").body).kind).toBe("water");
	});

	test("a thousand sub-meters take no more room than eight", () => {
		const { bench, ask, take } = serve();
		for (let number = 0; number < 1000; number++)
			take(readingOf(5, { devices: [{ ...GAS, id: `${number}` }] }));
		expect(bench.store.knownDevices).toHaveLength(8);
		expect(JSON.parse(ask("/api/v1/devices").body).devices).toHaveLength(9);
	});

	test.each(["nothing", "%00", "%C3", "constructor", "meter%2F.."])("%s is no device", (name) => {
		const { ask, take } = serve();
		take();
		expect(ask(`/api/v1/devices/${name}`).response?.status).toBe(404);
	});
});

describe("polling", () => {
	test.each([
		"/api/v1/reading",
		"/api/v1/state",
		"/api/v1/devices/meter",
		"/api/v1/reading?fields=power_import",
	])("%s is not sent again before the next reading", (path) => {
		const { bench, ask, take } = serve();
		take();
		const tag = ask(path).response?.headers.get("etag") as string;
		bench.clock.advance(5000);
		const again = ask(path, { "if-none-match": tag });
		expect(again.response?.status).toBe(304);
		expect(again.body).toBe("");
		expect(again.response?.headers.get("etag")).toBe(tag);
		// RFC 9110, 8.8.3.2 and 13.1.2: compared weakly, in a list, or with any.
		const strong = tag.replace("W/", "");
		for (const header of [`"x", ${tag}`, `W/${strong}`, strong, "*"])
			expect(ask(path, { "if-none-match": header }).response?.status).toBe(304);
		for (const header of ['"x"', strong.slice(0, -2), ""])
			expect(ask(path, { "if-none-match": header }).response?.status).toBe(200);
		take();
		const next = ask(path, { "if-none-match": tag });
		expect(next.response?.status).toBe(200);
		expect(next.response?.headers.get("etag")).not.toBe(tag);
	});

	test("another start's readings have other tags", () => {
		const tags = [0.25, 0.5].map((number) => {
			const { ask, take } = serve({ random: () => number });
			take();
			return ask("/api/v1/reading").response?.headers.get("etag");
		});
		expect(tags[0]).not.toBe(tags[1]);
	});
});

describe("raw frames", () => {
	test("are told in base 16, oldest first, with their ages", () => {
		const frames = [
			{ bytes: Uint8Array.of(0x7e, 0xa0, 0x00, 0xff), at: 0 },
			{ bytes: Uint8Array.of(0x2f), at: 2500 },
		];
		const { bench, ask } = serve({ frames: () => frames });
		bench.clock.advance(3000);
		expect(JSON.parse(ask("/api/v1/frames").body)).toEqual({
			frames: [
				{ age: 3, length: 4, hex: "7ea000ff" },
				{ age: 0.5, length: 1, hex: "2f" },
			],
		});
	});

	test("none yet", () => {
		expect(ask0("/api/v1/frames")).toEqual({ frames: [] });
	});
	const ask0 = (path: string) => JSON.parse(serve().ask(path).body);
});

describe("the settings' form", () => {
	test("one section of it, or 404 without naming what was asked for", () => {
		const server = Server.guarded();
		const headers = server.signIn();
		const form = server.ask("/api/v1/settings", { headers });
		expect(form.text).toBe('[{"name":"mqtt"}]');
		expect(server.ask("/api/v1/settings?section=mqtt", { headers }).text).toBe('[{"name":"mqtt"}]');
		const none = server.ask("/api/v1/settings?section=secret-name", { headers });
		expect(none.status).toBe(404);
		expect(none.text).not.toContain("secret-name");
	});
});

describe("addresses of other outputs", () => {
	const routes: Route[] = [
		{
			...{ at: "GET /metrics", need: "read" },
			answer: () => json([new TextEncoder().encode("a 1\n")], "text/plain; version=0.0.4"),
		},
		{ ...{ at: "PUT /api/v1/identify", need: "open" }, answer: () => json(new Uint8Array(2)) },
		{ ...{ at: "GET /broken", need: "open" }, answer: () => problem(503, "Later", "Not yet.") },
	];

	test("plain text is served to who may read, to HEAD without it", () => {
		const server = Server.guarded({}, { responders: [{ routes }] });
		const answer = server.ask("/metrics");
		expect([answer.status, answer.text]).toEqual([200, "a 1\n"]);
		expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4");
		expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
		expect(server.ask("/metrics", { method: "HEAD" }).text).toBe("");
		expect(Server.guarded({ readOpen: false }, { responders: [{ routes }] }).ask("/metrics").status).toBe(
			401,
		);
	});

	test("an open one needs no sign-in, but is nothing for other sites' pages", () => {
		const server = Server.guarded({ readOpen: false }, { responders: [{ routes }] });
		expect(server.ask("/api/v1/identify", { method: "PUT" }).status).toBe(200);
		const headers = { origin: "http://evil.example" };
		expect(server.ask("/api/v1/identify", { method: "PUT", headers }).status).toBe(403);
		expect(server.ask("/broken").status).toBe(503);
	});
});

describe("other sites' pages (CORS)", () => {
	const SITE = "https://dash.example.org";
	const sharing = (path: string, origin: string | undefined, allowed: string, method = "GET") =>
		serve({}, { allowedOrigins: allowed }).ask(path, origin === undefined ? {} : { origin }, method).response;

	test("off by default: no page of another site learns anything, and a preflight is refused", () => {
		expect(sharing("/api/v1/health", SITE, "")?.headers.has("access-control-allow-origin")).toBe(false);
		expect(sharing("/api/v1/health", SITE, "", "OPTIONS")?.status).toBe(405);
		expect(sharing("/api/v1/events", SITE, "")?.status).toBe(403);
	});

	test.each([SITE, `${SITE}/`, `http://other.example, ${SITE}`, "HTTPS://DASH.example.org"])(
		"the setting %j allows that page, errors and streams included",
		(allowed) => {
			for (const path of ["/api/v1/health", "/nothing", "/api/v1/events", "/api/v1/ws"])
				expect(sharing(path, SITE, allowed)?.headers.get("access-control-allow-origin")).toBe(SITE);
			expect(sharing("/api/v1/health", SITE, allowed)?.headers.get("vary")).toBe("origin");
			const preflight = sharing("/api/v1/state", SITE, allowed, "OPTIONS");
			expect(preflight?.status).toBe(204);
			expect(preflight?.headers.get("access-control-allow-headers")).toContain("authorization");
			expect(preflight?.headers.has("access-control-allow-credentials")).toBe(false);
		},
	);

	test.each([
		"https://evil.example",
		"null",
		"http://dash.example.org",
		`${SITE}.evil.example`,
		`${SITE}:8443`,
		"",
	])("the page of %j stays outside", (origin) => {
		for (const allowed of [SITE, "null", "*"]) {
			const answer = sharing("/api/v1/health", origin, allowed);
			expect(answer?.headers.has("access-control-allow-origin")).toBe(false);
			expect(sharing("/api/v1/events", origin, allowed)?.status).toBe(403);
			expect(sharing("/api/v1/health", origin, allowed, "OPTIONS")?.status).toBe(405);
		}
	});
});

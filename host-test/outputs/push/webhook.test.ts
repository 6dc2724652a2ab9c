// The webhook: template, headers, batches, signature. The signature is computed again by Node's own HMAC.

import { createHmac } from "node:crypto";
import type { OutputContext } from "../../../outputs/output";
import { Template } from "../../../outputs/webhook/template";
import { webhook } from "../../../outputs/webhook/webhook";
import { decimal } from "../../../readings/decimal";
import { readingToJson } from "../../../readings/json";
import type { Reading } from "../../../readings/reading";
import type { SettingValues } from "../../../settings/setting";
import { Bench, readingOf, textOf } from "../fakes";

const SETTINGS = { url: "https://hook.example.org/in?token=hunter2" };

function open(settings: SettingValues = {}, wallTime: () => number | undefined = () => 1_772_362_801_999) {
	const bench = new Bench();
	const hmacSha256 = (key: Uint8Array, message: readonly Uint8Array[]) =>
		new Uint8Array(createHmac("sha256", key).update(Buffer.concat(message)).digest());
	const context: OutputContext = {
		...bench.context(webhook.settings, { ...SETTINGS, ...settings }),
		wallTime,
		digests: { hmacSha256 },
	};
	return { bench, network: bench.network, output: webhook.open(context) };
}

test("nothing is open without an address", () => {
	expect(open({ url: "" }).output).toBeUndefined();
});

test("the reading's JSON, byte for byte, unless a template says otherwise", () => {
	const { network, output } = open({ header: "Authorization:  Bearer hunter3" });
	output?.reading(readingOf(7));
	const { asked } = network;
	expect(asked.options).toMatchObject({ method: "POST", host: "hook.example.org", port: 443, tls: {} });
	expect(asked.options.path).toBe("/in?token=hunter2");
	expect(asked.options.headers).toEqual([
		["Content-Type", "application/json"],
		["Authorization", "Bearer hunter3"],
	]);
	expect(asked.text).toBe(readingToJson(readingOf(7)));
});

describe("the template", () => {
	const reading: Reading = {
		...readingOf(3771, { meter: { id: 'a"b' } }),
		devices: [
			{ kind: "gas", time: null, quantities: [{ name: "volume", value: decimal(981443, -3), unit: "m³" }] },
		],
	};
	const bench = new Bench();
	const filled = (text: string, isJson = true) =>
		new Template(text, isJson, "gw").parts(reading, bench.store).map(textOf).join("");

	test.each([
		['{"p":{power_import},"e":{energy_import}}', '{"p":3771,"e":85823.28}'],
		['{"m":{meter},"t":{time},"g":{gateway}}', '{"m":"a\\"b","t":"2019-01-31T13:36:10","g":"gw"}'],
		['{"gas":{gas.volume},"water":{water.volume},"no":{nothing}}', '{"gas":981.443,"water":null,"no":null}'],
		["{}{ }{{protocol}}{", '{}{ }{"dlms"}{'],
		["", ""],
	])("%s", (template, expected) => {
		expect(filled(template)).toBe(expected);
	});

	test("bare texts, and nothing for what is not there, where it is not JSON", () => {
		expect(filled("power={power_import}&m={meter}&x={nothing}", false)).toBe('power=3771&m=a"b&x=');
	});

	test("the whole reading inside more JSON", () => {
		const { site, reading: inside } = JSON.parse(filled('{"site":5,"reading":{reading}}'));
		expect([site, inside]).toEqual([5, JSON.parse(readingToJson(reading))]);
	});
});

describe("how often", () => {
	test("one reading in the time that is set", () => {
		const { bench, network, output } = open({ every: 60 });
		for (let second = 0; second < 300; second += 10) {
			output?.reading(readingOf(second));
			network.asked.answer(200);
			bench.clock.advance(10_000);
		}
		expect(network.requests.map(({ text }) => JSON.parse(text).quantities.power_import.value)).toEqual([
			0, 60, 120, 180, 240,
		]);
	});

	test("several in a JSON array", () => {
		const { network, output } = open({ batch: 3 });
		for (const watts of [1, 2, 3]) output?.reading(readingOf(watts));
		expect(JSON.parse(network.asked.text).map((one: Record<string, never>) => JSON.stringify(one))).toEqual(
			[1, 2, 3].map((watts) => JSON.stringify(JSON.parse(readingToJson(readingOf(watts))))),
		);
	});

	test("or in lines", () => {
		const { network, output } = open({
			batch: 2,
			contentType: "text/csv",
			template: "{time};{power_import}",
		});
		for (const watts of [1, 2]) output?.reading(readingOf(watts));
		expect(network.asked.text).toBe("2019-01-31T13:36:10;1\n2019-01-31T13:36:10;2");
	});
});

describe("the signature", () => {
	const secret = "hunter4, a passphrase longer than one block of SHA-256, which is 64 bytes long";

	test("is of time, point and body, with a new time at each try", () => {
		let wall = 1_772_362_801_999;
		const { bench, network, output } = open({ secret }, () => wall);
		output?.reading(readingOf(7));
		network.asked.answer(503);
		wall += 5000;
		bench.clock.advance(1000);
		expect(network.requests).toHaveLength(2);
		network.requests.forEach((request, index) => {
			const time = `${1_772_362_801 + 5 * index}`;
			expect(request.header("X-Meterling-Timestamp")).toBe(time);
			const hmac = createHmac("sha256", secret)
				.update(`${time}.${readingToJson(readingOf(7))}`)
				.digest("hex");
			expect(request.header("X-Meterling-Signature")).toBe(`sha256=${hmac}`);
			expect(request.text).toBe(readingToJson(readingOf(7)));
		});
	});

	test("waits for the time of day, and the readings with it", () => {
		let wall: number | undefined;
		const { bench, network, output } = open({ secret, every: 0 }, () => wall);
		for (const watts of [1, 2, 3]) output?.reading(readingOf(watts));
		bench.clock.advance(0);
		expect(output?.health()).toMatchObject({
			state: "failing",
			lastError: expect.stringMatching(/time of day/),
		});
		expect(network.requests).toEqual([]);
		wall = 1_772_362_801_999;
		bench.clock.advance(60_000);
		for (let left = 0; left < 3; left++) network.asked.answer(204);
		expect(network.requests.map(({ text }) => JSON.parse(text).quantities.power_import.value)).toEqual([
			1, 2, 3,
		]);
		expect(network.requests.map((request) => request.header("X-Meterling-Late"))).toEqual([
			undefined,
			"1",
			"1",
		]);
	});
});

test.each([
	[{ url: "https://a:hunter2@b/" }, /user/],
	[{ url: "udp://b:1" }, /UDP/],
	[{ header: "hunter2" }, /header/],
	[{ header: "X: a\r\nhunter2: b" }, /header/],
	[{ header: "Content-Length: 3" }, /header/],
	[{ contentType: "a\nb" }, /content type/],
])("stays off with %j", (wrong, reason) => {
	const { bench, network, output } = open(wrong);
	output?.reading(readingOf(1));
	expect(network.requests).toEqual([]);
	expect(output?.health()).toEqual({ state: "off", lastError: expect.stringMatching(reason) });
	expect(JSON.stringify(bench.log)).not.toContain("hunter2");
});

test("no secret in log or health, whatever goes wrong", () => {
	const { bench, network, output } = open({ secret: "hunter4", header: "X: hunter3" });
	for (const status of [401, 500, 404]) {
		output?.reading(readingOf(1));
		network.asked.answer(status, "no");
		bench.clock.advance(60_000);
	}
	expect(JSON.stringify([bench.log, output?.health()])).not.toMatch(/hunter/);
});

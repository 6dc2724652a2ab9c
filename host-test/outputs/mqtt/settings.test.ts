// Settings that keep MQTT off, and those that secure the connection.

import { mqtt } from "../../../outputs/mqtt/mqtt.js";
import { pemText } from "../../../outputs/shared/pem.js";
import type { SettingValues } from "../../../settings/setting.js";
import { Bench } from "../fakes.js";
import { start } from "./support.js";

const off = (settings: Parameters<typeof start>[0], problem: string) => {
	const { bench, output } = start(settings);
	expect(bench.network.clients).toHaveLength(0);
	expect(output.health()).toEqual({ connected: false, lastError: expect.stringContaining(problem) });
};

test("no host is off", () => {
	const bench = new Bench();
	expect(mqtt.open(bench.context(mqtt.settings, {}))).toBeUndefined();
});

test.each([
	"",
	"a/#",
	"+/b",
	"$SYS/x",
	"a/",
	"a\nb",
	"x".repeat(129),
	"{meter}",
	"{",
	"a/{}",
	"{gateway",
	"{Gateway}",
])("the topic %j keeps MQTT off, and health says why", (topic) => off({ topic }, "the topic"));

test.each(["a/#", "+", "{serial}/x", "{topic}/{meter", "x/"])(
	"the topic of readings %j keeps MQTT off",
	(readingTopic) => off({ readingTopic }, "the topic"),
);

test("a wildcard as discovery prefix keeps MQTT off", () =>
	off({ homeAssistant: true, discoveryPrefix: "ha/#" }, "the discovery prefix"));

test("a password without a user is not sent", () => {
	expect(start({ password: "secret" }).bench.network.client.options).not.toHaveProperty("password");
});

describe("TLS", () => {
	const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

	test("off: whatever certificates there are, the connection is in the clear", () => {
		expect(start({ ca: CA }).bench.network.client.options).not.toHaveProperty("tls");
	});

	test("on: own CA, client certificate and key are handed over; without them the public roots are meant", () => {
		expect(start({ tls: true }).bench.network.client.options.tls).toEqual({});
		const tls = {
			ca: CA,
			certificate: CA,
			privateKey: "-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n",
		};
		const { bench } = start({ tls: true, ...tls });
		expect(bench.network.client.options.tls).toEqual(tls);
		expect(bench.log.join()).not.toContain("PRIVATE");
	});

	test.each([{ certificate: CA }, { privateKey: "x" }])(
		"half a client's certificate keeps MQTT off (%j)",
		(half) => off({ tls: true, ...(half as unknown as SettingValues) }, "together"),
	);

	test("a text that a form field has put on one line gets its lines back (RFC 7468)", () => {
		const body = "A".repeat(64);
		const whole = `-----BEGIN CERTIFICATE-----\n${body}\nBBBB\n-----END CERTIFICATE-----\n`;
		for (const separator of ["", " "])
			expect(pemText(whole.trimEnd().split("\n").join(separator))).toBe(whole);
		expect(pemText(whole.repeat(2).split("\n").join(""))).toBe(whole.repeat(2));
		expect(pemText(whole)).toBe(whole);
		for (const odd of ["", "x", "-----BEGIN ", "-----BEGIN X-----", "-----BEGIN X-----AA-----"])
			expect(pemText(odd)).toBe(odd);
	});
});

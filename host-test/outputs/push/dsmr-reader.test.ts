// Telegrams to dsmr-reader: the request of its documented API, the pace, and what is not taken for success. The form is read
// back by URLSearchParams, whose WHATWG rules are Django's too.

import { dsmrReader } from "../../../outputs/dsmr-reader/dsmr-reader";
import type { OutputContext } from "../../../outputs/output";
import type { SettingValues } from "../../../settings/setting";
import { Bench, readingOf } from "../fakes";

/** Every byte that a telegram may have, and some more. */
const TELEGRAM = `/KFM5KAIFA-METER\r\n\r\n1-0:1.8.1(001581.123*kWh)\r\n0-0:96.13.0(a+b&c=d%20~_-.ü)\r\n!6796\r\n`;
const SETTINGS = { url: "http://reader:7777", token: "hunter2" };
const reading = readingOf(1, { protocol: "p1" });

function open(settings: SettingValues = {}, telegram: () => string | undefined = () => TELEGRAM) {
	const bench = new Bench();
	const context: OutputContext = {
		...bench.context(dsmrReader.settings, { ...SETTINGS, ...settings }),
		telegram: () => {
			const text = telegram();
			return text === undefined ? undefined : new TextEncoder().encode(text);
		},
	};
	const output = dsmrReader.open(context);
	return { bench, network: bench.network, output };
}

test("nothing is open without an address", () => {
	expect(open({ url: "" }).output).toBeUndefined();
});

test("the telegram in a form field, with the key", () => {
	const { network, output } = open();
	output?.reading(reading);
	const { asked } = network;
	expect(asked.options).toMatchObject({ method: "POST", host: "reader", port: 7777 });
	expect(asked.options.path).toBe("/api/v1/datalogger/dsmrreading");
	expect(asked.header("Authorization")).toBe("Token hunter2");
	expect(asked.header("Content-Type")).toBe("application/x-www-form-urlencoded");
	expect(asked.text).toMatch(/^telegram=[\w%.-]+$/);
	expect([...new URLSearchParams(asked.text)]).toEqual([["telegram", TELEGRAM]]);
	asked.answer(201);
	expect(output?.health()).toMatchObject({ state: "ok", sent: 1 });
});

test("one telegram in the time that is set, also where readings come a little early", () => {
	const { bench, network, output } = open({ every: 10 });
	for (let second = 0; second < 60; second++) {
		output?.reading(reading);
		network.asked.answer(201);
		bench.clock.advance(997);
	}
	expect(network.requests).toHaveLength(6);
	expect(output?.health()).toMatchObject({ sent: 6, dropped: 0 });
});

test("while the reader is away telegrams wait, and go one by one in order", () => {
	let count = 0;
	const { bench, network, output } = open({ every: 0 }, () => `/x\r\n${count}\r\n!\r\n`);
	output?.reading(reading);
	network.asked.fail();
	for (count = 1; count < 5; count++) output?.reading(reading);
	bench.clock.advance(1000);
	for (let left = 0; left < 5; left++) network.asked.answer(201);
	expect(network.requests.map(({ text }) => new URLSearchParams(text).get("telegram"))).toEqual(
		[0, 0, 1, 2, 3, 4].map((number) => `/x\r\n${number}\r\n!\r\n`),
	);
	expect(output?.health()).toMatchObject({ sent: 5, dropped: 0, lateBytes: 0 });
});

test("another server's page is no success", () => {
	const { network, output } = open();
	output?.reading(reading);
	network.asked.answer(200, "<html>");
	expect(output?.health()).toMatchObject({
		state: "failing",
		sent: 0,
		lastError: expect.stringMatching(/200/),
	});
});

test("nothing is sent before there is a telegram", () => {
	const { network, output } = open({}, () => undefined);
	output?.reading(reading);
	expect(network.requests).toEqual([]);
});

test.each([
	[{ token: "" }, /API key/],
	[{ token: "a\nb" }, /API key/],
	[{ url: "udp://reader:1" }, /UDP/],
	[{ url: "http://a:hunter2@b" }, /user/],
])("stays off with %j", (wrong, reason) => {
	const { bench, output } = open(wrong);
	output?.reading(reading);
	expect(output?.health()).toEqual({ state: "off", lastError: expect.stringMatching(reason) });
	expect(JSON.stringify(bench.log)).not.toContain("hunter2");
});

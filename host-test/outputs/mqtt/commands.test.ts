// Commands by MQTT, and messages that are none: retained ones, too long ones, other topics'.

import { readingOf } from "../fakes.js";
import { type Rig, start } from "./support.js";

/** Connected for longer than retained messages need to come. */
function ready(...options: Parameters<typeof start>): Rig {
	const rig = start(...options);
	rig.bench.network.client.connack(8192);
	rig.bench.clock.advance(3000);
	rig.bench.network.client.open(8192);
	return rig;
}

function answers({ bench }: Rig): unknown[] {
	return bench.network.client.published
		.filter(({ topic }) => topic === "meterling/answer")
		.map(({ text }) => JSON.parse(text));
}

const MEGABYTE = new Uint8Array(1 << 20).fill(0x41);

describe("commands", () => {
	test("are asked for on their topics, without wildcards", () => {
		expect(ready().bench.network.client.subscribed).toEqual([
			"meterling/command/restart",
			"meterling/command/identify",
			"meterling/command/read",
			"meterling/command/register",
		]);
	});

	test("restart, identify, read: done with any payload, and answered", () => {
		const rig = ready();
		const { client } = rig.bench.network;
		client.receive("meterling/command/identify", "PRESS");
		client.receive("meterling/command/read");
		client.receive("meterling/command/restart", "PRESS");
		expect(rig.commanded).toEqual(["identify", "read", "restart: asked for by MQTT"]);
		expect(answers(rig)).toEqual([
			{ command: "identify", done: true },
			{ command: "read", done: false, problem: "the meter sends by itself only" },
			{ command: "restart", done: true },
		]);
	});

	test("register: the reading comes as the answer, later", () => {
		const rig = ready();
		rig.bench.network.client.receive("meterling/command/register", "1003");
		expect(rig.commanded).toEqual(["register 1003"]);
		expect(answers(rig)).toEqual([]);
		rig.answer?.(readingOf(5));
		expect(answers(rig)).toMatchObject([
			{ command: "register", register: "1003", done: true, quantities: { power_import: { value: 5 } } },
		]);
	});

	test("register: why there is none", () => {
		const rig = ready();
		rig.bench.network.client.receive("meterling/command/register", "1-0:1.8.0*255");
		rig.answer?.(undefined, "the meter does not answer");
		expect(answers(rig)).toEqual([
			{ command: "register", register: "1-0:1.8.0*255", done: false, problem: "the meter does not answer" },
		]);
	});

	test.each(["", " ", "1003\n", "x".repeat(33), '"},{', "\u0000", "1;2"])(
		"register %j is no register",
		(name) => {
			const rig = ready();
			rig.bench.network.client.receive("meterling/command/register", name);
			expect(rig.commanded).toEqual([]);
			expect(answers(rig)).toMatchObject([{ command: "register", done: false }]);
		},
	);

	test("unanswered ones do not pile up", () => {
		const rig = ready();
		rig.bench.network.client.open(0);
		for (let count = 0; count < 100; count++) rig.bench.network.client.receive("meterling/command/identify");
		rig.bench.network.client.open(60_000);
		expect(answers(rig)).toHaveLength(4);
	});

	test("a retained command is not obeyed: it would restart the gateway at every connection", () => {
		const rig = start();
		rig.bench.network.client.connack();
		rig.bench.network.client.receive("meterling/command/restart", "PRESS");
		rig.bench.clock.advance(2999);
		rig.bench.network.client.receive("meterling/command/restart", "PRESS");
		expect(rig.commanded).toEqual([]);
		expect(rig.output.health()).toMatchObject({ skipped: 2 });
		expect(rig.bench.log.join()).toContain("retained");
	});

	test("switched off, or where nobody may command: nothing is subscribed", () => {
		expect(ready({ commands: false }).bench.network.client.subscribed).toEqual([]);
	});
});

describe("what is no command", () => {
	test.each([
		["a megabyte", 1460],
		["a megabyte in large parts", 65_536],
		["a megabyte byte by byte", 7],
	])("%s on a command's topic: counted, 256 bytes in memory at a time, and the rest goes on", (_, part) => {
		const rig = ready();
		const { client } = rig.bench.network;
		client.receive("meterling/command/restart", MEGABYTE, part);
		expect(client.mostRead).toBeLessThanOrEqual(256);
		expect(rig.commanded).toEqual([]);
		expect(rig.output.health()).toMatchObject({ connected: true, skipped: 1 });
		client.receive("meterling/command/identify", "PRESS");
		expect(rig.commanded).toEqual(["identify"]);
	});

	test("a megabyte that breaks off: the next connection is a new one", () => {
		const rig = ready();
		const first = rig.bench.network.client;
		const { options } = first;
		first.read = (count = 0) => new ArrayBuffer(count);
		options.onReadable?.call(first, 1000, {
			topic: "meterling/command/restart",
			byteLength: 1 << 20,
			more: true,
		});
		first.fail();
		rig.bench.clock.advance(1000);
		rig.bench.network.client.connack();
		rig.bench.clock.advance(3000);
		rig.bench.network.client.receive("meterling/command/identify");
		expect(rig.commanded).toEqual(["identify"]);
	});

	test("a command in two parts is one", () => {
		const rig = ready();
		rig.bench.network.client.receive("meterling/command/register", "1003", 2);
		expect(rig.commanded).toEqual(["register 1003"]);
	});

	test.each([
		"meterling/command/",
		"meterling/command/format",
		"meterling/command/restart/x",
		"meterling/status",
		"x",
	])("the topic %s means nothing", (topic) => {
		const rig = ready();
		rig.bench.network.client.receive(topic, "PRESS");
		expect(rig.commanded).toEqual([]);
		expect(answers(rig)).toEqual([]);
	});
});

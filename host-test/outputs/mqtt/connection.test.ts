// One connection to a broker that is healthy, in trouble, or left.

import { mqtt } from "../../../outputs/mqtt/mqtt.js";
import { Bench, type FakeMqttClient, readingOf, textOf } from "../fakes.js";
import { messages, start } from "./support.js";

/** Connected, through a small window, and all that is told at the beginning is told. */
function settle(client: FakeMqttClient): void {
	client.connack(110);
	for (let turn = 0; turn < 10; turn++) client.open(110);
}

function readings(bench: Bench, topic = "/reading"): string[] {
	return bench.network.clients
		.flatMap((client) => client.published)
		.filter((message) => message.topic.endsWith(topic))
		.map(({ text }) => `${JSON.parse(text).quantities.power_import.value}`);
}

describe("a healthy broker", () => {
	test("hears online, retained, then each reading", () => {
		const { bench, output } = start();
		bench.network.client.connack();
		output.reading(readingOf(3771));
		expect(messages(bench.network.client)).toMatchObject([
			{ topic: "meterling/status", text: "online", retain: true },
			{ topic: "meterling/reading", retain: true, qos: 0 },
		]);
		expect(messages(bench.network.client)[1]?.text).toContain('"power_import":{"value":3771,"unit":"W"');
		expect(output.health()).toMatchObject({ connected: true, published: 1, dropped: 0, lastError: null });
	});

	test("is given the will, the id and the credentials", () => {
		const { bench } = start({ user: "u", password: "secret", topic: "house/meter", keepAlive: 30 });
		const { options } = bench.network.client;
		expect(options).toMatchObject({
			host: "broker",
			port: 1883,
			id: "meterling-a1b2c3",
			user: "u",
			keepAlive: 30_000,
		});
		expect(options.will).toMatchObject({ topic: "house/meter/status", retain: true });
		expect(textOf(options.will?.message as ArrayBuffer)).toBe("offline");
		expect(textOf(options.password as ArrayBuffer)).toBe("secret");
		// The SDK's client takes text or an ArrayBuffer here, no view.
		expect(options.password).toBeInstanceOf(ArrayBuffer);
	});

	test("gets a message larger than the window in fragments, in order and whole", () => {
		const { bench, output } = start();
		const { client } = bench.network;
		client.connack(110);
		output.reading(readingOf(1));
		for (let turn = 0; turn < 20; turn++) client.open(110);
		const message = messages(client)[1];
		expect(message?.fragments).toBeGreaterThan(1);
		expect(JSON.parse(message?.text as string).quantities.energy_import.value).toBe(85823.28);
		expect(output.health()).toMatchObject({ published: 1 });
	});

	test("while a message is being written only the newest reading waits", () => {
		const { bench, output } = start();
		const { client } = bench.network;
		settle(client);
		for (const watts of [1, 2, 3]) output.reading(readingOf(watts));
		for (let turn = 0; turn < 20; turn++) client.open(110);
		expect(readings(bench)).toEqual(["1", "3"]);
		expect(output.health()).toMatchObject({ dropped: 0, lateWaiting: expect.any(Number) });
		bench.clock.advance(5000);
		for (let turn = 0; turn < 20; turn++) client.open(110);
		expect(readings(bench, "/late")).toEqual(["2"]);
	});

	test("with QoS 1 a reading counts when it is acknowledged", () => {
		const { bench, output } = start({ qos: "1", retain: false });
		const { client } = bench.network;
		client.connack();
		output.reading(readingOf(1));
		expect(messages(client)[1]).toMatchObject({ qos: 1, retain: false });
		expect(output.health()).toMatchObject({ published: 0 });
		client.puback(messages(client)[1]?.id as number);
		expect(output.health()).toMatchObject({ published: 1 });
		bench.clock.advance(60_000);
		expect(bench.network.clients).toHaveLength(1);
	});
});

describe("a broker in trouble", () => {
	test("down: tried again with growing waits up to a minute, told once", () => {
		const { bench, output } = start();
		const attempts: number[] = [];
		for (let turn = 0; turn < 9; turn++) {
			const before = bench.network.clients.length;
			bench.network.client.fail();
			const from = bench.clock.now;
			while (bench.network.clients.length === before) bench.clock.advance(100);
			attempts.push(Math.round((bench.clock.now - from) / 1000));
		}
		expect(attempts).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
		expect(bench.log).toHaveLength(1);
		expect(output.health()).toMatchObject({ connected: false });
	});

	test("silent: given up after 10 s", () => {
		const { bench, output } = start();
		const first = bench.network.client;
		bench.clock.advance(9999);
		expect(first.closed).toBe(false);
		bench.clock.advance(2000);
		expect(first.closed).toBe(true);
		expect(bench.network.clients).toHaveLength(2);
		expect(output.health()).toMatchObject({ connected: false, lastError: "the broker does not answer" });
	});

	test("late answers of a connection that was given up change nothing", () => {
		const { bench, output } = start();
		const first = bench.network.client;
		bench.clock.advance(10_000);
		first.options.onControl?.call(first, { operation: 2, returnCode: 0 });
		first.options.onError?.call(first);
		expect(output.health()).toMatchObject({ connected: false });
		bench.clock.advance(1000);
		expect(bench.network.clients).toHaveLength(2);
	});

	test("refusing: the reason is told in words, without the password", () => {
		const { bench, output } = start({ user: "u", password: "hunter2" });
		const { client } = bench.network;
		// As hardware/mqtt-client.ts tells of return code 4.
		client.options.onControl?.call(client, { operation: 2, returnCode: 4 });
		client.fail("wrong user name or password");
		expect(output.health()).toMatchObject({ connected: false, lastError: "wrong user name or password" });
		expect(bench.log.join()).not.toContain("hunter2");
	});

	test("refusing a subscription: told in health, and the rest goes on", () => {
		const { bench, output } = start();
		const { client } = bench.network;
		client.connack();
		// Granted at QoS 0 first, then refused (MQTT 3.1.1, 3.9.3).
		client.options.onControl?.call(client, { operation: 9, id: 1, payload: [0] });
		expect(output.health()).toMatchObject({ connected: true, lastError: null });
		client.options.onControl?.call(client, { operation: 9, id: 2, payload: [0x80] });
		output.reading(readingOf(9));
		expect(output.health()).toMatchObject({
			connected: true,
			lastError: "the broker refuses a subscription",
		});
		expect(bench.log.join()).toContain("refuses a subscription");
		expect(readings(bench)).toEqual(["9"]);
	});

	test("gone and back: online again, and the newest reading of the gap is sent", () => {
		const { bench, output } = start();
		bench.network.client.connack();
		bench.clock.advance(60_000);
		bench.network.client.fail("connection reset");
		for (const watts of [1, 2, 3]) output.reading(readingOf(watts));
		expect(output.health()).toMatchObject({ connected: false, lastError: "connection reset", dropped: 0 });
		bench.clock.advance(1000);
		bench.network.client.connack();
		expect(messages(bench.network.client).map(({ topic }) => topic)).toEqual([
			"meterling/status",
			"meterling/reading",
		]);
		expect(readings(bench)).toEqual(["3"]);
		expect(output.health()).toMatchObject({ connected: true, reconnects: 1, since: 0 });
	});

	test("dropping in the middle of a message: the reading is sent again whole", () => {
		const { bench, output } = start();
		settle(bench.network.client);
		output.reading(readingOf(7));
		bench.network.client.open(110);
		bench.network.client.fail();
		bench.clock.advance(1000);
		bench.network.client.connack();
		expect(JSON.parse(messages(bench.network.client)[1]?.text as string).quantities.power_import.value).toBe(
			7,
		);
	});

	test("taking no more data: given up after 30 s", () => {
		const { bench, output } = start();
		settle(bench.network.client);
		output.reading(readingOf(1));
		bench.clock.advance(31_100);
		expect(bench.network.clients).toHaveLength(2);
		expect(output.health()).toMatchObject({ lastError: "the broker takes no more data" });
	});

	test("not acknowledging at QoS 1: given up after 10 s although its window opens, and the reading sent again", () => {
		const { bench, output } = start({ qos: "1" });
		const first = bench.network.client;
		first.connack();
		output.reading(readingOf(5));
		for (let second = 0; second < 11; second++) {
			first.open(4096);
			bench.clock.advance(1000);
		}
		bench.network.client.connack();
		expect(output.health()).toMatchObject({ lastError: "the broker does not acknowledge" });
		expect(readings(bench)).toEqual(["5", "5"]);
	});

	test("calling back from inside connectMqtt does no harm", () => {
		const bench = new Bench();
		let calls = 0;
		const connect = bench.network.connectMqtt.bind(bench.network);
		bench.network.connectMqtt = (options) => {
			const client = connect(options);
			if (calls++ === 0) options.onError?.call(client, "no such host");
			return client;
		};
		mqtt.open(bench.context(mqtt.settings, { host: "broker" }));
		expect(bench.network.client.closed).toBe(true);
		bench.clock.advance(1000);
		expect(bench.network.clients).toHaveLength(2);
	});
});

describe("closing", () => {
	test("says offline, disconnects, then is done", () => {
		const { bench, output } = start();
		const { client } = bench.network;
		client.connack();
		const done = jest.fn();
		output.close(done);
		expect(messages(client).map(({ text }) => text)).toEqual(["online", "offline"]);
		expect(messages(client)[1]).toMatchObject({ topic: "meterling/status", retain: true });
		expect(client.disconnected).toBe(true);
		bench.clock.advance(200);
		expect(done).toHaveBeenCalledTimes(1);
		expect(client.closed).toBe(true);
		expect(bench.clock.pending).toBe(0);
	});

	test("finishes a half-written message first", () => {
		const { bench, output } = start();
		const { client } = bench.network;
		settle(client);
		output.reading(readingOf(1));
		client.open(110);
		output.close(() => {});
		for (let turn = 0; turn < 10; turn++) client.open(110);
		expect(messages(client).map(({ topic }) => topic.split("/")[1])).toEqual(["status", "reading", "status"]);
		expect(client.disconnected).toBe(true);
	});

	test("does not wait longer than 1.5 s for a broker that takes nothing", () => {
		const { bench, output } = start();
		bench.network.client.connack(110);
		output.reading(readingOf(1));
		const done = jest.fn();
		output.close(done);
		bench.clock.advance(1500);
		expect(done).toHaveBeenCalledTimes(1);
		expect(bench.clock.pending).toBe(0);
	});

	test("without a broker is done at once and never tries again", () => {
		const { bench, output } = start();
		bench.network.client.fail();
		const done = jest.fn();
		output.close(done);
		expect(done).toHaveBeenCalledTimes(1);
		bench.clock.advance(600_000);
		expect(bench.network.clients).toHaveLength(1);
	});
});

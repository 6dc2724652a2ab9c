// What the payload modes send, and where to.

import { decimal } from "../../../readings/decimal.js";
import type { Reading } from "../../../readings/reading.js";
import type { SettingValues } from "../../../settings/setting.js";
import { readingOf } from "../fakes.js";
import { messages, start } from "./support.js";

const READING: Reading = readingOf(3771, {
	meter: { manufacturer: "Kamstrup", id: "57/06+5", model: "6841121BN243101040", list: "Kamstrup_V0001" },
	time: "2024-12-28T18:46:00+01:00",
	quantities: [
		{ name: "power_import", value: decimal(59), unit: "W" },
		{ name: "power_export", value: decimal(0), unit: "W" },
		{ name: "current_l1", value: decimal(10, -2), unit: "A" },
		{ name: "voltage_l3", value: decimal(22_520, -2), unit: "V" },
		{ name: "energy_import", value: decimal(1_685_334, -3), unit: "kWh" },
		{ name: "reactive_energy_export", value: decimal(1_320_125, -3), unit: "kvarh" },
		{ name: "1-0:99.1.0", value: "text" },
	],
	devices: [
		{
			kind: "gas",
			channel: 1,
			time: "2024-12-28T18:00:00+01:00",
			quantities: [{ name: "volume", value: decimal(2_473_017, -3), unit: "m³" }],
		},
	],
});

function sent(settings: SettingValues, frame?: Uint8Array) {
	const { bench, output } = start(settings, {
		wallTime: () => Date.UTC(2024, 11, 28, 17, 46, 5),
		wifi: () => ({ ssid: "x", rssi: -81 }),
	});
	bench.clock.advance(55_000);
	bench.network.client.connack(60_000);
	bench.store.add(READING, bench.clock.now);
	if (frame) output.frame?.(frame);
	output.reading(READING);
	expect(output.health()).toMatchObject({ dropped: 0 });
	return messages(bench.network.client)
		.filter(({ topic }) => !topic.endsWith("/status") && !topic.startsWith("homeassistant/"))
		.map(({ topic, text }) => [topic, text] as const);
}

describe("payload modes", () => {
	test("json: one message, the reading as everywhere", () => {
		const [[topic, text]] = sent({}) as [readonly [string, string]];
		expect(topic).toBe("meterling/reading");
		expect(JSON.parse(text).quantities.energy_import).toEqual({ value: 1685.334, unit: "kWh" });
	});

	test("values: one message for each, digit for digit, sub-meters below a level of their own", () => {
		expect(sent({ payload: "values" })).toEqual([
			["meterling/value/power_import", "59"],
			["meterling/value/power_export", "0"],
			["meterling/value/current_l1", "0.10"],
			["meterling/value/voltage_l3", "225.20"],
			["meterling/value/energy_import", "1685.334"],
			["meterling/value/reactive_energy_export", "1320.125"],
			["meterling/value/1-0:99.1.0", "text"],
			["meterling/value/gas_1/volume", "2473.017"],
		]);
	});

	test("ams: the members of the public description, of which 2.3.7 sent this example", () => {
		const [[topic, text]] = sent({ payload: "ams" }) as [readonly [string, string]];
		expect(topic).toBe("meterling");
		expect(JSON.parse(text)).toEqual({
			id: "meterling-a1b2c3",
			name: "meterling-a1b2c3",
			up: 55,
			t: 1735407960,
			rssi: -81,
			temp: -127,
			data: {
				lv: "Kamstrup_V0001",
				meterId: "57/06+5",
				type: "6841121BN243101040",
				P: 59,
				PO: 0,
				I1: 0.1,
				U3: 225.2,
				tPI: 1685.334,
				tQO: 1320.125,
				rtc: 1735407960,
			},
		});
	});

	test("raw: the frame's digits and nothing else", () => {
		expect(sent({ payload: "raw" }, Uint8Array.of(0x7e, 0xa0, 0x0f, 0xff))).toEqual([
			["meterling/frame", "7ea00fff"],
		]);
		expect(sent({ payload: "raw" })).toEqual([]);
	});

	test.each(["values", "ams", "raw"])("%s: with Home Assistant its JSON is there too", (payload) => {
		const topics = sent({ payload, homeAssistant: true }, Uint8Array.of(1)).map(([topic]) => topic);
		expect(topics).toContain("meterling/reading");
		expect(topics.length).toBeGreaterThan(1);
	});

	test("QoS 1, one topic per value: each is acknowledged, the reading counts at the last", () => {
		const { bench, output } = start({ payload: "values", qos: "1", retain: false });
		const { client } = bench.network;
		client.connack();
		output.reading(READING);
		for (let count = 1; count <= 8; count++) {
			const values = client.published.filter(({ topic }) => topic.includes("/value/"));
			expect(values).toHaveLength(count);
			expect(values[count - 1]).toMatchObject({ qos: 1, retain: false });
			expect(output.health()).toMatchObject({ published: 0 });
			client.puback(values[count - 1]?.id as number);
		}
		expect(output.health()).toMatchObject({ published: 1 });
	});

	test("QoS 2: the reading counts with PUBCOMP, not before", () => {
		const { bench, output } = start({ qos: "2" });
		const { client } = bench.network;
		client.connack();
		output.reading(READING);
		const message = messages(client)[1];
		expect(message).toMatchObject({ topic: "meterling/reading", qos: 2 });
		client.options.onControl?.call(client, { operation: 5, id: message?.id as number });
		expect(output.health()).toMatchObject({ published: 0 });
		client.options.onControl?.call(client, { operation: 7, id: message?.id as number });
		expect(output.health()).toMatchObject({ published: 1 });
	});
});

describe("topics", () => {
	test.each([
		[{ topic: "house/{gateway}" }, "house/meterling-a1b2c3/reading"],
		[{ readingTopic: "{topic}/{protocol}/{meter}/{list}" }, "meterling/dlms/57_06_5/Kamstrup_V0001"],
		[{ topic: "a/{gateway}", readingTopic: "{topic}/now" }, "a/meterling-a1b2c3/now"],
	])("%j", (settings, topic) => {
		expect(sent(settings).map(([sentTo]) => sentTo)).toEqual([topic]);
	});

	test("what a meter does not say is `unknown`, and it cannot smuggle in levels", () => {
		const { bench, output } = start({ readingTopic: "m/{meter}" });
		bench.network.client.connack();
		for (const id of [undefined, "a/b", "#", "$SYS", "x".repeat(500), "tab\t", "/"])
			output.reading(readingOf(1, { meter: id === undefined ? {} : { id } }));
		const topics = messages(bench.network.client)
			.slice(1)
			.map(({ topic }) => topic);
		expect(topics).toEqual(["m/unknown", "m/a_b", "m/_", "m/_SYS", `m/${"x".repeat(48)}`, "m/tab_", "m/_"]);
	});
});

describe("availability", () => {
	const states = (published: readonly { topic: string; text: string }[]) =>
		published.filter(({ topic }) => topic === "meterling/meter").map(({ text }) => text);

	test("the meter is stale before the first reading, fresh with it, stale after a minute's silence", () => {
		const { bench, output } = start();
		const { client } = bench.network;
		client.connack();
		for (let count = 0; count < 6; count++) {
			output.reading(readingOf(1));
			bench.clock.advance(10_000);
		}
		expect(states(client.published)).toEqual(["stale", "fresh"]);
		bench.clock.advance(45_000);
		expect(states(client.published)).toEqual(["stale", "fresh"]);
		bench.clock.advance(20_000);
		expect(states(client.published)).toEqual(["stale", "fresh", "stale"]);
		output.reading(readingOf(1));
		expect(states(client.published)).toEqual(["stale", "fresh", "stale", "fresh"]);
		expect(client.published.filter(({ topic, retain }) => topic === "meterling/meter" && !retain)).toEqual(
			[],
		);
	});

	test("a meter that is asked every quarter of an hour is fresh until three are missing", () => {
		const { bench, output } = start();
		const { client } = bench.network;
		client.connack(60_000);
		for (let count = 0; count < 4; count++) {
			output.reading(readingOf(1));
			bench.clock.advance(900_000);
		}
		bench.clock.advance(1_700_000);
		expect(states(client.published)).toEqual(["stale", "fresh"]);
		bench.clock.advance(200_000);
		expect(states(client.published)).toEqual(["stale", "fresh", "stale"]);
	});

	test("is told again on a new connection", () => {
		const { bench, output } = start();
		bench.network.client.connack();
		output.reading(readingOf(1));
		bench.network.client.fail();
		bench.clock.advance(1000);
		bench.network.client.connack();
		expect(states(bench.network.client.published)).toEqual(["fresh"]);
	});
});

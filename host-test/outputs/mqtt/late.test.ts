// The broker is away for hours: what comes after its return, in what order, and what it costs in memory and flash.

import { mqtt } from "../../../outputs/mqtt/mqtt.js";
import type { Output } from "../../../outputs/output.js";
import { decimal } from "../../../readings/decimal.js";
import type { Quantity, Reading } from "../../../readings/reading.js";
import { Bench, type FakeMqttClient, readingOf } from "../fakes.js";
import { on, start } from "./support.js";

const HOUR_S = 3600;
const START = Date.UTC(2026, 0, 31, 10, 0, 0);

/** As a Kamstrup Omnipower sends: 13 values every ten seconds, on the hour four counters more, ten seconds late. */
function kamstrup(second: number): Reading {
	const quantity = (name: string, value: number, unit: string, obis: string): Quantity => ({
		...{ name, value: decimal(value, unit === "kWh" || unit === "kvarh" ? -2 : 0), unit, obis },
	});
	const quantities = [
		{ name: "meter_id", value: "5706567274389702", obis: "1-1:0.0.5" },
		quantity("power_import", 1000 + (second % 900), "W", "1-1:1.7.0"),
		quantity("power_export", 0, "W", "1-1:2.7.0"),
		quantity("reactive_power_import", 12, "var", "1-1:3.7.0"),
		quantity("reactive_power_export", 130, "var", "1-1:4.7.0"),
		...[1, 2, 3].flatMap((phase) => [
			quantity(`current_l${phase}`, phase, "A", `1-1:${phase}1.7.0`),
			quantity(`voltage_l${phase}`, 230 + phase, "V", `1-1:${phase}2.7.0`),
		]),
	];
	if (second % HOUR_S === 0)
		quantities.push(
			quantity("energy_import", 8_582_328 + second / HOUR_S, "kWh", "1-1:1.8.0"),
			quantity("energy_export", 0, "kWh", "1-1:2.8.0"),
			quantity("reactive_energy_import", 100 + second / HOUR_S, "kvarh", "1-1:3.8.0"),
			quantity("reactive_energy_export", 200, "kvarh", "1-1:4.8.0"),
		);
	return {
		protocol: "dlms",
		meter: { manufacturer: "Kamstrup", id: "5706567274389702", list: "Kamstrup_V0001" },
		time: new Date(START + second * 1000).toISOString().slice(0, 19),
		quantities,
		devices: [],
	};
}

/** Takes what is written, and acknowledges it. */
function acknowledge(client: FakeMqttClient): void {
	client.open(4096);
	for (const { id, qos } of [...client.published]) if (qos === 1) client.puback(id as number);
}

function energies(texts: readonly string[]): number[] {
	return texts
		.map((text) => JSON.parse(text).quantities.energy_import?.value as number | undefined)
		.filter((value) => value !== undefined);
}

/** Runs the meter from one second to another; `each` after every reading. */
function run(bench: Bench, output: Output, from: number, to: number, each = () => {}): void {
	for (let second = from; second < to; second += 10) {
		output.reading(kamstrup(second));
		each();
		bench.clock.advance(10_000);
	}
}

const wallTime = (bench: Bench) => () => START + bench.clock.now;

describe("six hours without a broker, readings every ten seconds", () => {
	const bench = new Bench();
	const { output } = start({}, { wallTime: wallTime(bench) }, bench);
	bench.network.client.connack();
	run(bench, output, 0, 1800);
	bench.network.client.fail("the broker closed the connection");
	const down = 1800;
	const back = down + 6 * HOUR_S;
	let most = 0;
	run(bench, output, down, back, () => {
		let size = 0;
		for (const bytes of bench.files.contents.values()) size += bytes.length;
		most = Math.max(most, size);
		bench.network.client.fail("no connection to the broker");
	});
	const before = output.health();
	for (let wait = 0; bench.network.client.closed && wait < 700; wait++) bench.clock.advance(100);
	const { client } = bench.network;
	client.connack();
	for (let second = back; second < back + HOUR_S; second += 10) {
		output.reading(kamstrup(second));
		for (let turn = 0; turn < 50; turn++) {
			acknowledge(client);
			bench.clock.advance(200);
		}
	}
	const late = on(bench, "meterling/late");
	const live = client.published.filter(({ topic }) => topic === "meterling/reading");

	test(`every hourly counter value comes once, in order; ${late.length} late messages and ${live.length} live ones checked`, () => {
		expect(energies(late.map(({ text }) => text))).toEqual(
			[1, 2, 3, 4, 5, 6].map((hour) => (8_582_328 + hour) / 100),
		);
		expect(energies(live.map(({ text }) => text))).toEqual([(8_582_328 + 7) / 100]);
	});

	test("all that is late says so, stands in order, and is not retained", () => {
		const times = late.map(({ text }) => JSON.parse(text).time as string);
		expect([...times].sort()).toEqual(times);
		expect(new Set(times).size).toBe(times.length);
		for (const { text, retain, qos } of late) {
			expect({ retain, qos }).toEqual({ retain: false, qos: 1 });
			expect(JSON.parse(text)).toMatchObject({ late: true, protocol: "dlms" });
		}
	});

	test("late ones lie over the whole gap, with the meter's time and the gateway's", () => {
		expect(late.length).toBeGreaterThan(25);
		for (const { text } of late) {
			const { time, received } = JSON.parse(text);
			// The bench's wall time and the meter's are the same clock.
			expect(Math.abs(Date.parse(received) - Date.parse(`${time}Z`))).toBeLessThan(1000);
		}
		const seconds = late.map(({ text }) => (Date.parse(`${JSON.parse(text).time}Z`) - START) / 1000);
		const gaps = seconds.slice(1).map((second, index) => second - (seconds[index] as number));
		expect(Math.max(...gaps)).toBeLessThanOrEqual(1800);
	});

	test("live readings go on meanwhile, and nothing is left at the end", () => {
		expect(live.length).toBeGreaterThanOrEqual(HOUR_S / 10);
		expect(output.health()).toMatchObject({ lateWaiting: 0, lateDelivered: late.length, dropped: 0 });
		expect(bench.files.contents.size).toBe(0);
	});

	test(`flash stays below 64 KB (${most} bytes at most)`, () => {
		expect(most).toBeLessThanOrEqual(65_536);
		expect(Number(before.lateWaiting)).toBeLessThanOrEqual(65_536 + 2048);
	});
});

describe("hourly counters stand in order over all topics", () => {
	const inOrder = (bench: Bench) =>
		energies(
			bench.network.clients
				.flatMap(({ published }) => published)
				.filter(({ topic }) => topic === "meterling/reading" || topic === "meterling/late")
				.map(({ text }) => text),
		);
	const hours = (from: number, to: number) =>
		Array.from({ length: to - from + 1 }, (_, index) => (8_582_328 + from + index) / 100);

	/** Away from half past, for some hours; back when `back` has come. */
	function away(back: number) {
		const bench = new Bench();
		const { output } = start({}, { wallTime: wallTime(bench) }, bench);
		bench.network.client.connack();
		run(bench, output, 0, 1800, () => acknowledge(bench.network.client));
		run(bench, output, 1800, back, () => bench.network.client.fail());
		return { bench, output };
	}

	test("where the newest reading at the broker's return has the counters of an hour", () => {
		const { bench, output } = away(3 * HOUR_S);
		output.reading(kamstrup(3 * HOUR_S));
		while (bench.network.client.closed) bench.clock.advance(100);
		bench.network.client.connack();
		for (let turn = 0; turn < 3000; turn++) {
			acknowledge(bench.network.client);
			bench.clock.advance(100);
		}
		run(bench, output, 3 * HOUR_S + 10, 4 * HOUR_S + 20, () => acknowledge(bench.network.client));
		expect(inOrder(bench)).toEqual(hours(0, 4));
	});

	test("where an hour begins while late readings are being sent", () => {
		const { bench, output } = away(3 * HOUR_S - 20);
		while (bench.network.client.closed) bench.clock.advance(100);
		bench.network.client.connack();
		// One late reading for each live one.
		run(bench, output, 3 * HOUR_S - 20, 5 * HOUR_S + 20, () => acknowledge(bench.network.client));
		expect(inOrder(bench)).toEqual(hours(0, 5));
	});
});

describe("shorter gaps", () => {
	test("a minute: every reading comes, none is written to flash", () => {
		const bench = new Bench();
		const { output } = start({}, { wallTime: wallTime(bench) }, bench);
		bench.network.client.fail();
		output.reading(readingOf(0));
		for (let watts = 1; watts < 8; watts++) output.reading(readingOf(watts));
		bench.clock.advance(1000);
		const { client } = bench.network;
		client.connack();
		for (let turn = 0; turn < 100; turn++) {
			acknowledge(client);
			bench.clock.advance(100);
		}
		const watts = on(bench, "meterling/late").map(
			({ text }) => JSON.parse(text).quantities.power_import.value,
		);
		expect(watts).toEqual([0, 1, 2, 3, 4, 5, 6]);
		expect(bench.files.contents.size).toBe(0);
	});

	test("late readings keep their distance: ten a second at most", () => {
		const bench = new Bench();
		const { output } = start({}, {}, bench);
		for (let watts = 0; watts < 8; watts++) output.reading(readingOf(watts));
		const { client } = bench.network;
		client.connack();
		expect(on(bench, "meterling/late")).toHaveLength(0);
		bench.clock.advance(1000);
		expect(on(bench, "meterling/late")).toHaveLength(1);
		acknowledge(client);
		bench.clock.advance(99);
		expect(on(bench, "meterling/late")).toHaveLength(1);
		bench.clock.advance(1);
		expect(on(bench, "meterling/late")).toHaveLength(2);
	});

	test("one that is not acknowledged comes again on the next connection, and only that one", () => {
		const bench = new Bench();
		const { output } = start({}, {}, bench);
		for (let watts = 0; watts < 4; watts++) output.reading(readingOf(watts));
		bench.network.client.connack();
		bench.clock.advance(1000);
		acknowledge(bench.network.client);
		bench.clock.advance(100);
		bench.network.client.fail();
		bench.clock.advance(1000);
		bench.network.client.connack();
		for (let turn = 0; turn < 50; turn++) {
			acknowledge(bench.network.client);
			bench.clock.advance(100);
		}
		const watts = on(bench, "meterling/late").map(
			({ text }) => JSON.parse(text).quantities.power_import.value,
		);
		expect(watts).toEqual([0, 1, 1, 2]);
	});

	test("without a time of day the meter's own time is all there is", () => {
		const bench = new Bench();
		const { output } = start({}, {}, bench);
		output.reading(readingOf(1));
		output.reading(readingOf(2));
		bench.network.client.connack();
		bench.clock.advance(1000);
		const [late] = on(bench, "meterling/late");
		expect(JSON.parse(late?.text as string)).toMatchObject({ late: true, time: "2019-01-31T13:36:10" });
		expect(late?.text).not.toContain("received");
	});

	test("switched off: nothing is kept, and health counts what is lost", () => {
		const { bench, output } = start({ backlog: false });
		for (let watts = 0; watts < 4; watts++) output.reading(readingOf(watts));
		bench.network.client.connack();
		bench.clock.advance(60_000);
		expect(on(bench, "meterling/late")).toHaveLength(0);
		expect(output.health()).toMatchObject({ dropped: 3, lateWaiting: 0 });
	});
});

describe("a restart during the gap", () => {
	test("in good order: what waited comes from the next life", () => {
		const bench = new Bench();
		const { output } = start({}, {}, bench);
		for (let watts = 0; watts < 4; watts++) output.reading(readingOf(watts));
		output.close(() => {});
		expect(bench.clock.pending).toBe(0);
		start({}, {}, bench);
		const { client } = bench.network;
		client.connack();
		for (let turn = 0; turn < 50; turn++) {
			acknowledge(client);
			bench.clock.advance(100);
		}
		const watts = on(bench, "meterling/late").map(
			({ text }) => JSON.parse(text).quantities.power_import.value,
		);
		expect(watts).toEqual([0, 1, 2, 3]);
	});

	test("by a power cut: what was written comes, no more than two kilobytes or five minutes are missing", () => {
		const bench = new Bench();
		const { output } = start({}, {}, bench);
		bench.network.client.fail();
		run(bench, output, 0, HOUR_S);
		const again = new Bench();
		for (const [name, bytes] of bench.files.contents) again.files.contents.set(name, bytes);
		mqtt.open(again.context(mqtt.settings, { host: "broker", homeAssistant: false }));
		again.network.client.connack();
		for (let turn = 0; turn < 2000; turn++) {
			acknowledge(again.network.client);
			again.clock.advance(100);
		}
		const late = on(again, "meterling/late").map(({ text }) => JSON.parse(text));
		expect(late[0].quantities.energy_import.value).toBe(85823.28);
		const last = (Date.parse(`${late[late.length - 1].time}Z`) - START) / 1000;
		expect(last).toBeGreaterThan(HOUR_S - 300 - 60);
	});
});

// When Home Assistant is told of what, and when it is taken back.

import { wasAnnounced } from "../../../../outputs/mqtt/home-assistant/home-assistant";
import { FRESH, STALE } from "../../../../outputs/mqtt/meter-watch";
import { decimal } from "../../../../readings/decimal";
import type { DeviceReading, Quantity, Reading } from "../../../../readings/reading";
import { Bench, readingOf } from "../../fakes";
import { COMMANDS, Listener } from "./listener";

const TICK = 10_000;
const DAY = 86_400_000;
const GATEWAY = "homeassistant/device/meterling-a1b2c3/config";
const METER = "homeassistant/device/meterling-a1b2c3_meter/config";

const power: Quantity = { name: "power_import", value: decimal(420), unit: "W" };
const energy: Quantity = { name: "energy_import", value: decimal(8582328, -2), unit: "kWh" };
const gas = (id: string, cubic = 1234567): DeviceReading => ({
	kind: "gas",
	id,
	channel: 1,
	time: null,
	quantities: [{ name: "gas_volume", value: decimal(cubic, -3), unit: "m³" }],
});
const withPower = (members: Partial<Reading> = {}) => readingOf(420, { quantities: [power], ...members });
const withGas = (...devices: DeviceReading[]) => withPower({ devices });

/** Connected, and told of everything that the readings have. */
function told(...readings: Reading[]): Listener {
	const listener = new Listener();
	for (const reading of readings) listener.reading(reading);
	listener.homeAssistant.connected();
	listener.bench.clock.advance(TICK);
	listener.take();
	return listener;
}

const topicsOf = (listener: Listener) =>
	listener.take().map(({ topic, text }) => [topic, text === ""] as const);

describe("what is told", () => {
	test("the gateway at once, the meter and its sub-meter when they were read", () => {
		const listener = new Listener();
		listener.homeAssistant.connected();
		expect(listener.discoveries().map(({ topic }) => topic)).toEqual([GATEWAY]);
		listener.reading(withGas(gas("G1")));
		expect(listener.take()).toEqual([]);
		listener.bench.clock.advance(TICK);
		const [gateway, meter, subMeter, ...others] = listener.discoveries();
		expect(others).toEqual([]);
		expect(gateway?.device).toMatchObject({ identifiers: "meterling-a1b2c3", sw_version: "1.2.3" });
		expect(meter?.device).toMatchObject({
			identifiers: "meterling-a1b2c3_meter",
			via_device: "meterling-a1b2c3",
		});
		expect(subMeter?.device).toMatchObject({
			identifiers: "meterling-a1b2c3_G1",
			name: "Gas meter",
			serial_number: "G1",
			via_device: "meterling-a1b2c3_meter",
		});
	});

	test("entities are there while gateway and meter are, in the words of the meter watch", () => {
		const listener = new Listener();
		listener.reading(withPower());
		listener.homeAssistant.connected();
		const [gateway, meter] = listener.take().map(({ text }) => JSON.parse(text));
		expect(gateway).toMatchObject({
			avty_t: "home/status",
			cmps: { meter: { stat_t: "home/meter", pl_on: FRESH, pl_off: STALE } },
		});
		expect(meter).toMatchObject({
			avty_mode: "all",
			avty: [{ t: "home/status" }, { t: "home/meter", pl_avail: FRESH, pl_not_avail: STALE }],
		});
	});

	test("retained, and once: the next tick has nothing new", () => {
		const listener = new Listener();
		listener.reading(withPower());
		listener.homeAssistant.connected();
		listener.bench.clock.advance(TICK);
		expect(listener.take().every(({ topic, retain }) => retain === topic.endsWith("/config"))).toBe(true);
		listener.reading(withPower());
		listener.bench.clock.advance(TICK);
		expect(listener.take()).toEqual([]);
	});

	test("an hourly counter gets its entity when it was read, never before, and no reading makes a 0 of it", () => {
		const listener = new Listener();
		listener.reading(withPower());
		listener.homeAssistant.connected();
		listener.bench.clock.advance(TICK);
		const keys = () => listener.discoveries()[1]?.components.map(({ key }) => key);
		expect(keys()).toEqual(["power_import"]);
		listener.reading(readingOf(421, { quantities: [power, energy] }));
		listener.bench.clock.advance(TICK);
		expect(keys()).toEqual(["power_import", "energy_import"]);
	});

	test("many new quantities of one burst are told once", () => {
		const listener = told(withPower());
		for (let index = 0; index < 5; index++)
			listener.reading(withPower({ quantities: [{ ...power, name: `power_import_l${index}` }] }));
		listener.bench.clock.advance(TICK);
		expect(listener.discoveries().map(({ topic }) => topic)).toEqual([GATEWAY, METER]);
	});

	test("a unit that changes is told, more decimals too, fewer are not", () => {
		const listener = told(readingOf(1, { quantities: [energy] }));
		const next = (value: Quantity) => {
			listener.reading(readingOf(1, { quantities: [value] }));
			listener.bench.clock.advance(7 * TICK);
			listener.reading(readingOf(1, { quantities: [value] }));
			listener.bench.clock.advance(TICK);
			return listener.discoveries()[1]?.components[0];
		};
		expect(next({ ...energy, value: decimal(8582, 1) })).toBeUndefined();
		expect(next({ ...energy, value: decimal(858232, -4) })?.suggested_display_precision).toBe(4);
		expect(next({ ...energy, unit: "GJ", value: decimal(3, -1) })).toMatchObject({
			unit_of_measurement: "GJ",
			suggested_display_precision: 1,
		});
	});

	test("signal strength only where there is a radio, buttons only where commands are", () => {
		const gateway = (listener: Listener) => {
			listener.reading(withPower({ protocol: "kmp" }));
			listener.homeAssistant.connected();
			return listener.discoveries()[0];
		};
		const keysOf = (found: ReturnType<typeof gateway>) => found?.components.map(({ key }) => key);
		const all = gateway(new Listener());
		const [diagnostics, conditional] = [
			["meter", "uptime", "reading_age", "readings", "rejected", "line_errors", "warnings", "version"],
			["signal", "restart", "identify", "read"],
		];
		expect(new Set(keysOf(all))).toEqual(new Set([...diagnostics, ...conditional]));
		expect(all?.removed).toEqual([]);
		const wired = gateway(new Listener({ rssi: null, commands: null }));
		expect(new Set(keysOf(wired))).toEqual(new Set(diagnostics));
		expect(wired?.removed).toEqual(conditional);
	});

	test("a meter that only sends has no button to read it", () => {
		const listener = new Listener({ commands: { ...COMMANDS, canAsk: false } });
		listener.reading(withPower());
		listener.homeAssistant.connected();
		const [gateway] = listener.discoveries();
		expect(gateway?.components.map(({ key }) => key)).toContain("restart");
		expect(gateway?.removed).toEqual(["read"]);
	});

	test("a message of a hundred entities is never in memory as a whole", () => {
		const quantities = Array.from({ length: 100 }, (_, index) => ({
			...power,
			name: `register_${1000 + index}`,
		}));
		const listener = new Listener();
		listener.reading(withPower({ quantities }));
		listener.homeAssistant.connected();
		const message = listener.take().find(({ topic }) => topic === METER);
		expect(Object.keys(JSON.parse(message?.text ?? "{}").cmps)).toHaveLength(100);
		expect(message?.text.length).toBeGreaterThan(20_000);
		expect(message?.largest).toBeLessThanOrEqual(1024);
	});
});

describe("told again", () => {
	test("after a reconnect", () => {
		const listener = told(withPower());
		listener.homeAssistant.connected();
		expect(listener.discoveries().map(({ topic }) => topic)).toEqual([GATEWAY, METER]);
	});

	test("after the birth message, and after nothing else", () => {
		const listener = told(withPower());
		expect(listener.homeAssistant.subscriptions).toEqual(["homeassistant/status"]);
		const hear = (topic: string, text: string) => {
			listener.homeAssistant.received(topic, text);
			listener.bench.clock.advance(TICK);
			return listener.discoveries().length;
		};
		expect(hear("homeassistant/status", "offline")).toBe(0);
		expect(hear("homeassistant/status", "onlinE")).toBe(0);
		expect(hear("home/status", "online")).toBe(0);
		expect(hear("homeassistant/status", "online")).toBe(2);
	});

	test("after a restart from the kept record, before any reading", () => {
		const before = told(readingOf(1, { quantities: [power, energy], devices: [gas("G1")] }));
		before.homeAssistant.close();
		const bench = new Bench();
		for (const [name, bytes] of before.bench.files.contents) bench.files.write(name, bytes);
		const after = new Listener({ bench });
		after.homeAssistant.connected();
		const [, meter, subMeter] = after.discoveries();
		expect(meter?.components.map(({ key }) => key)).toEqual(["power_import", "energy_import"]);
		expect(meter?.device).toMatchObject({ manufacturer: "Kamstrup" });
		expect(subMeter?.components.map(({ key }) => key)).toEqual(["gas_volume"]);
	});
});

describe("what is known though the newest list lacks it", () => {
	const known = (listener: Listener) =>
		listener
			.take()
			.flatMap(({ topic, text, retain }) => (topic === "home/reading/known" ? [{ text, retain }] : []));

	test("is told, not retained, after Home Assistant has started", () => {
		const listener = told(readingOf(1, { quantities: [power, energy] }));
		listener.reading(withPower({ quantities: [{ ...power, value: decimal(77) }] }));
		listener.bench.clock.advance(10 * TICK);
		listener.take();
		listener.homeAssistant.received("homeassistant/status", "online");
		listener.bench.clock.advance(TICK);
		expect(known(listener)).toEqual([]);
		listener.bench.clock.advance(2 * TICK);
		const [message, ...more] = known(listener);
		expect(more).toEqual([]);
		expect(message?.retain).toBe(false);
		expect(JSON.parse(message?.text ?? "").quantities).toMatchObject({
			power_import: { value: 77 },
			energy_import: { value: 85823.28 },
		});
		listener.bench.clock.advance(10 * TICK);
		expect(known(listener)).toEqual([]);
	});

	test("is told when late readings have brought counters, where it is on", () => {
		const listener = told(readingOf(1, { quantities: [power, energy] }));
		listener.bench.clock.advance(10 * TICK);
		listener.take();
		listener.reading(withPower());
		listener.homeAssistant.tellKnown();
		expect(JSON.parse(known(listener)[0]?.text ?? "").quantities).toHaveProperty("energy_import");
	});

	test("is not told where every list has all, or nothing was read", () => {
		const full = told(withPower());
		full.bench.clock.advance(5 * TICK);
		expect(known(full)).toEqual([]);
		const silent = told();
		silent.bench.clock.advance(5 * TICK);
		expect(known(silent)).toEqual([]);
	});

	test("reaches the entities: they listen to both topics", () => {
		const listener = new Listener();
		listener.reading(withPower());
		listener.homeAssistant.connected();
		// MQTT 3.1.1, 4.7.1.2: `home/reading/#` is `home/reading`, too.
		expect(listener.discoveries()[1]?.state_topic).toBe("home/reading/#");
	});
});

describe("taken back", () => {
	test("everything when discovery is switched off, and the record is gone", () => {
		const { bench } = told(withGas(gas("G1")));
		const off = new Listener({ bench, on: false });
		expect(off.homeAssistant.subscriptions).toEqual([]);
		off.homeAssistant.connected();
		off.reading(withGas(gas("G1")));
		expect(wasAnnounced(bench.context([], {}))).toBe(true);
		expect(topicsOf(off)).toEqual([
			[GATEWAY, true],
			[METER, true],
			["homeassistant/device/meterling-a1b2c3_G1/config", true],
		]);
		expect(wasAnnounced(bench.context([], {}))).toBe(false);
		off.bench.clock.advance(DAY);
		expect(off.take()).toEqual([]);
	});

	test("again from the first one that was not sent when the connection broke", () => {
		const { bench } = told(withPower());
		const off = new Listener({ bench, on: false });
		off.homeAssistant.connected();
		expect(off.homeAssistant.next()?.topic).toBe(GATEWAY);
		off.homeAssistant.connected();
		expect(topicsOf(off).map(([topic]) => topic)).toEqual([GATEWAY, METER]);
	});

	test("under the old prefix where another is set", () => {
		const { bench } = told(withPower());
		const other = new Listener({ bench, prefix: "ha" });
		other.homeAssistant.connected();
		expect(topicsOf(other).filter(([topic]) => topic.endsWith("/config"))).toEqual([
			[GATEWAY, true],
			[METER, true],
			["ha/device/meterling-a1b2c3/config", false],
			["ha/device/meterling-a1b2c3_meter/config", false],
		]);
	});

	test("a sub-meter when another took its channel", () => {
		const listener = told(withGas(gas("G1")));
		listener.bench.clock.advance(10 * TICK);
		listener.take();
		listener.reading(withGas(gas("G2")));
		listener.bench.clock.advance(TICK);
		expect(topicsOf(listener).filter(([topic]) => topic.includes("_G"))).toEqual([
			["homeassistant/device/meterling-a1b2c3_G1/config", true],
			["homeassistant/device/meterling-a1b2c3_G2/config", false],
		]);
	});

	test("a sub-meter that has been silent for a day while the meter went on; not one that is heard each hour", () => {
		const listener = told(withGas(gas("G1"), { ...gas("G2"), channel: 2 }));
		for (let hour = 0; hour < 26; hour++) {
			for (let minute = 0; minute < 59; minute++) {
				listener.bench.clock.advance(60_000);
				listener.reading(withPower());
			}
			listener.bench.clock.advance(60_000);
			listener.reading(withGas({ ...gas("G2"), channel: 2 }));
		}
		listener.bench.clock.advance(TICK);
		const empty = listener.take().filter(({ text }) => text === "");
		expect(empty.map(({ topic }) => topic)).toEqual(["homeassistant/device/meterling-a1b2c3_G1/config"]);
	});

	test("no sub-meter because the whole meter is silent", () => {
		const listener = told(withGas(gas("G1")));
		listener.bench.clock.advance(3 * DAY);
		expect(listener.take().filter(({ text }) => text === "")).toEqual([]);
	});

	test("the old meter's entities when the meter speaks another protocol", () => {
		const listener = told(withPower());
		listener.reading({ ...withPower(), protocol: "kmp", quantities: [{ ...energy, name: "heat_energy" }] });
		listener.bench.clock.advance(TICK);
		const sent = topicsOf(listener).filter(([topic]) => topic === METER);
		expect(sent).toEqual([
			[METER, true],
			[METER, false],
		]);
	});
});

describe("bad input", () => {
	test("a damaged record is started anew", () => {
		const bench = new Bench();
		bench.files.write("mqtt-home-assistant.json", new TextEncoder().encode('{"prefix":"homeass'));
		const listener = new Listener({ bench });
		listener.reading(withPower());
		listener.homeAssistant.connected();
		expect(listener.discoveries().map(({ topic }) => topic)).toEqual([GATEWAY, METER]);
	});

	test("a full storage costs the record only, and says so", () => {
		const bench = new Bench();
		bench.files.write = () => {
			throw new Error("no room");
		};
		const listener = new Listener({ bench });
		listener.reading(withPower());
		listener.homeAssistant.connected();
		listener.bench.clock.advance(TICK);
		expect(listener.discoveries()).toHaveLength(2);
		expect(bench.log.join()).toContain("no room");
	});

	test("ids, models and names from the meter cannot leave their places", () => {
		const listener = new Listener();
		const id = `G'}}"\\/+#{{ 1 }}`;
		listener.reading(
			withPower({
				meter: { manufacturer: 'A"\\B', model: "m\n+", id: "{{ 7 }}" },
				quantities: [power, { ...power, name: "bad'name" }, { ...power, name: "a b" }],
				devices: [{ ...gas("x"), id }],
			}),
		);
		listener.homeAssistant.connected();
		const [, meter, subMeter] = listener.discoveries();
		expect([...(meter?.problems ?? ["-"]), ...(subMeter?.problems ?? ["-"])]).toEqual([]);
		expect(meter?.components.map(({ key }) => key)).toEqual(["power_import"]);
		expect(subMeter?.components[0]?.value_template).not.toContain("{{ 1 }}");
	});

	test("more devices and quantities than there is room for are left out", () => {
		const listener = new Listener();
		const quantities = Array.from({ length: 1000 }, (_, index) => ({ ...power, name: `register_${index}` }));
		const devices = Array.from({ length: 40 }, (_, channel) => ({
			...gas(`G${channel}`),
			channel,
			quantities,
		}));
		listener.reading(withPower({ quantities, devices }));
		listener.homeAssistant.connected();
		const found = listener.discoveries();
		expect(found).toHaveLength(10);
		for (const { components } of found) expect(components.length).toBeLessThan(400);
	});
});

import { decimal } from "../../readings/decimal";
import { readingToJson } from "../../readings/json";
import type { Reading } from "../../readings/reading";
import { MOST_QUANTITIES, ReadingStore } from "../../readings/store";
import { canonical } from "../../readings/units";

const reading = (quantities: Reading["quantities"], devices: Reading["devices"] = []): Reading => ({
	protocol: "dlms",
	meter: { manufacturer: "Kamstrup", id: "5706567000000000" },
	time: "2019-01-31T13:36:10",
	quantities,
	devices,
});

describe("a reading as JSON", () => {
	test("is the object of the command line's contract, digit for digit", () => {
		const json = readingToJson(
			reading(
				[
					{ name: "power_import", value: decimal(3771), unit: "W", obis: "1-1:1.7.0" },
					{ name: "energy_import", value: decimal(85823280, -3), unit: "kWh", obis: "1-0:1.8.0" },
					{ name: "register_1002", value: 'a "text"', register: 1002 },
				],
				[
					{
						kind: "gas",
						id: "4730",
						channel: 1,
						time: null,
						quantities: [{ name: "gas_volume", value: decimal(752852, -3), unit: "m³", obis: "0-1:24.3.0" }],
					},
				],
			),
			'"file":"a.hex",',
		);
		expect(json).toBe(
			'{"file":"a.hex","protocol":"dlms","meter":{"manufacturer":"Kamstrup","id":"5706567000000000"},"time":"2019-01-31T13:36:10",' +
				'"quantities":{"power_import":{"value":3771,"unit":"W","obis":"1-1:1.7.0"},' +
				'"energy_import":{"value":85823.280,"unit":"kWh","obis":"1-0:1.8.0"},' +
				'"register_1002":{"value":"a \\"text\\"","register":1002}},' +
				'"devices":[{"kind":"gas","id":"4730","channel":1,"time":null,"quantities":{"gas_volume":{"value":752.852,"unit":"m³","obis":"0-1:24.3.0"}}}]}',
		);
	});

	test("is valid JSON without any quantity", () => {
		expect(JSON.parse(readingToJson(reading([])))).toMatchObject({ quantities: {}, devices: [] });
	});
});

describe("units", () => {
	test.each([
		["kW", "W", 3],
		["Wh", "kWh", -3],
		["kVArh", "kvarh", 0],
		["m3", "m³", 0],
		["m3/h", "L/h", 3],
		["GJ", "GJ", 0],
		["MWh", "MWh", 0],
	])("%s becomes %s", (spelling, unit, power) => {
		expect(canonical(decimal(1), spelling)).toEqual({ value: { mantissa: 1, exponent: power }, unit });
	});
});

describe("the store", () => {
	test("keeps counters of the last long list beside the powers of the newest short one", () => {
		const store = new ReadingStore();
		store.add(reading([{ name: "energy_import", value: decimal(7), unit: "kWh" }]), 1000);
		store.add(reading([{ name: "power_import", value: decimal(420), unit: "W" }]), 11_000);
		expect(store.known.map(({ name }, index) => [name, store.knownAt(index)])).toEqual([
			["energy_import", 1000],
			["power_import", 11_000],
		]);
		expect(store.latest?.quantities).toHaveLength(1);
		expect(store.age(13_500)).toBe(2500);
	});

	test("has no age before the first reading", () => {
		expect(new ReadingStore().age(5)).toBeUndefined();
	});

	test("stays bounded when names never end, and counts what found no room", () => {
		const store = new ReadingStore();
		for (let index = 0; index < MOST_QUANTITIES + 25; index++) {
			store.add(reading([{ name: `register_${index}`, value: decimal(index) }]), index);
		}
		expect(store.known).toHaveLength(MOST_QUANTITIES);
		expect(store.overflow).toBe(25);
	});
});

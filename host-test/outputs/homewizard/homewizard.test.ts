// The HomeWizard-compatible API. Field names, units and the forms of times and ids are those of the interface's public
// documentation; what Home Assistant asks of a discovery is told in INTERFACES.md.

import { homewizard } from "../../../outputs/homewizard/homewizard.js";
import { http } from "../../../outputs/http/http.js";
import type { Output, OutputContext } from "../../../outputs/output.js";
import { parseDecimalText } from "../../../readings/decimal.js";
import type { DeviceReading, Quantity, Reading } from "../../../readings/reading.js";
import { Bench, readingOf, respondersOf } from "../fakes.js";

type Announced = Parameters<NonNullable<OutputContext["announce"]>>[0];

class Stage {
	readonly bench = new Bench();
	readonly announced: Announced[] = [];
	readonly output: Output;
	silenced = 0;
	blinks = true;

	constructor(changes: Partial<OutputContext> = {}) {
		this.output = homewizard.open({
			...this.bench.context(homewizard.settings, { enabled: true }),
			announce: (service) => {
				this.announced.push(service);
				return () => this.silenced++;
			},
			commands: {
				identify: () => this.blinks,
				restart: () => {},
				canAsk: false,
				readNow: () => false,
				readRegister: () => {},
			},
			...changes,
		}) as Output;
		http.open({
			...this.bench.context(http.settings, { port: 80 }),
			responders: respondersOf(this.output),
		});
	}

	take(quantities: readonly Quantity[], members: Partial<Reading> = {}): void {
		const reading = readingOf(0, { quantities, ...members });
		this.bench.store.add(reading, this.bench.clock.now);
		this.output.reading(reading);
	}

	ask(path: string, method = "GET", headers: Record<string, string> = {}) {
		const connection = this.bench.network.connect().request(method, path, headers);
		this.bench.clock.advance(0);
		for (let turn = 0; turn < 1000 && !connection.done && !connection.closed; turn++) connection.open(500);
		return connection;
	}

	/** Without what says how the gateway is connected. */
	data(): Record<string, unknown> {
		const { wifi_ssid, smr_version, ...data } = JSON.parse(this.ask("/api/v1/data").body);
		expect([wifi_ssid, smr_version]).toEqual(["wired", 50]);
		return data;
	}
}

function quantity(name: string, value: string, unit?: string, time?: string): Quantity {
	return {
		name,
		value: parseDecimalText(value) ?? value,
		...(unit === undefined ? {} : { unit }),
		...(time === undefined ? {} : { time }),
	};
}

function device(
	kind: string,
	quantities: readonly Quantity[],
	members: Partial<DeviceReading> = {},
): DeviceReading {
	return { kind, id: "G7", time: "2026-03-12T11:00:00+01:00", quantities, ...members };
}

const GAS = { unique_id: "4737", type: "gas_meter", timestamp: 260312110000, value: 5.5, unit: "m3" };

describe("discovery", () => {
	test("tells all that Home Assistant asks for, until the gateway closes", () => {
		const stage = new Stage({ httpPort: 8080 });
		expect(stage.announced).toEqual([
			{
				type: "_hwenergy._tcp",
				port: 8080,
				txt: [
					"api_enabled=1",
					"path=/api/v1",
					expect.stringMatching(/^serial=[0-9a-f]{12}$/),
					"product_name=Meterling",
					"product_type=HWE-P1",
				],
			},
		]);
		stage.output.close(() => {});
		expect(stage.silenced).toBe(1);
	});

	test("serial and type are the same in /api", () => {
		const stage = new Stage();
		const api = JSON.parse(stage.ask("/api").body);
		expect(api).toEqual({
			product_type: "HWE-P1",
			product_name: "Meterling",
			serial: expect.stringMatching(/^[0-9a-f]{6}a1b2c3$/),
			firmware_version: "1.2.3",
			api_version: "v1",
		});
		expect(stage.announced[0]?.txt).toContain(`serial=${api.serial}`);
	});

	test("off, which is the default, there is neither discovery nor address", () => {
		expect(homewizard.open(new Bench().context(homewizard.settings, {}))).toBeUndefined();
	});
});

describe("/api/v1/data", () => {
	test("before the first reading has no value", () => {
		expect(new Stage().data()).toEqual({ external: [] });
	});

	test("has every field of a three-phase meter, digit for digit", () => {
		const stage = new Stage();
		const phases = (name: string, values: readonly string[], unit?: string) =>
			values.map((value, index) => quantity(`${name}_l${index + 1}`, value, unit));
		stage.take(
			[
				quantity("energy_import_t1", "6978.205", "kWh"),
				quantity("energy_import_t2", "8191.80", "kWh"),
				quantity("energy_export_t1", "0.000", "kWh"),
				quantity("tariff", "2"),
				quantity("power_import", "198", "W"),
				quantity("power_export", "0", "W"),
				...phases("power_import", ["60", "111", "0"], "W"),
				...phases("power_export", ["0", "0", "27"], "W"),
				...phases("voltage", ["230.9", "230.5", "231.3"], "V"),
				...phases("current", ["0.27", "1.0", "2"], "A"),
				...phases("voltage_sags", ["1", "2", "3"]),
				...phases("voltage_swells", ["4", "5", "6"]),
				quantity("power_failures", "4"),
				quantity("long_power_failures", "2"),
				quantity("frequency", "49.98", "Hz"),
				quantity("power_average", "150", "W"),
				quantity("power_peak_month", "3210", "W", "2026-03-02T18:15:00+01:00"),
			],
			{ meter: { manufacturer: "Iskraemeco", model: "M550T", id: "E1", list: "e-MUCS 1.7" } },
		);
		expect(stage.data()).toEqual({
			meter_model: "Iskraemeco M550T",
			unique_id: "4531",
			total_power_import_kwh: 15170.005,
			total_power_import_t1_kwh: 6978.205,
			total_power_import_t2_kwh: 8191.8,
			total_power_export_kwh: 0,
			total_power_export_t1_kwh: 0,
			active_tariff: 2,
			active_power_w: 198,
			active_power_l1_w: 60,
			active_power_l2_w: 111,
			active_power_l3_w: -27,
			active_voltage_l1_v: 230.9,
			active_voltage_l2_v: 230.5,
			active_voltage_l3_v: 231.3,
			active_current_a: 3.27,
			active_current_l1_a: 0.27,
			active_current_l2_a: 1,
			active_current_l3_a: 2,
			active_frequency_hz: 49.98,
			active_power_average_w: 150,
			voltage_sag_l1_count: 1,
			voltage_sag_l2_count: 2,
			voltage_sag_l3_count: 3,
			voltage_swell_l1_count: 4,
			voltage_swell_l2_count: 5,
			voltage_swell_l3_count: 6,
			any_power_fail_count: 4,
			long_power_fail_count: 2,
			montly_power_peak_w: 3210,
			montly_power_peak_timestamp: 260302181500,
			external: [],
		});
	});

	test("what the meter delivers is negative power", () => {
		const stage = new Stage();
		stage.take([quantity("power_export", "1234.5", "W")]);
		expect(stage.data().active_power_w).toBe(-1234.5);
	});

	test("keeps counters that come once an hour beside powers that come every ten seconds", () => {
		const stage = new Stage();
		stage.take([quantity("energy_import", "85823.28", "kWh"), quantity("power_import", "1", "W")]);
		for (let turn = 0; turn < 100; turn++) {
			stage.bench.clock.advance(10_000);
			stage.take([quantity("power_import", "3771", "W")]);
		}
		expect(stage.data()).toMatchObject({ total_power_import_kwh: 85823.28, active_power_w: 3771 });
	});

	test("leaves out a power that is too old, and keeps the counter", () => {
		const stage = new Stage();
		stage.take([quantity("energy_import", "1", "kWh"), quantity("power_import", "1", "W")]);
		stage.bench.clock.advance(1000);
		stage.take([quantity("power_import", "1", "W")]);
		stage.bench.clock.advance(300_001);
		const data = stage.data();
		expect(data).toMatchObject({ total_power_import_kwh: 1 });
		expect(data).not.toHaveProperty("active_power_w");
	});

	test("says which DSMR version the meter has, and how strong the signal is", () => {
		const stage = new Stage({ wifi: () => ({ ssid: "house", rssi: -61 }) });
		stage.take([], { meter: { list: "DSMR 4.2" } });
		expect(JSON.parse(stage.ask("/api/v1/data").body)).toMatchObject({
			wifi_ssid: "house",
			wifi_strength: 78,
			smr_version: 42,
		});
	});
});

describe("sub-meters", () => {
	test("gas is told twice, as the interface does; water and heat once", () => {
		const stage = new Stage();
		stage.take([], {
			devices: [
				device("gas", [quantity("gas_volume", "5.5", "m³")]),
				device("water", [quantity("water_volume", "6", "m³")], { id: "W" }),
				device("warm_water", [quantity("water_volume", "7", "m³")], { id: "V" }),
				device("heat", [quantity("heat_energy", "8.25", "GJ")], { id: "H" }),
			],
		});
		const entry = (type: string, unique_id: string, value: number, unit = "m3") => ({
			...{ unique_id, type, timestamp: 260312110000, value, unit },
		});
		expect(stage.data()).toEqual({
			total_gas_m3: 5.5,
			gas_timestamp: 260312110000,
			gas_unique_id: "4737",
			meter_model: "Kamstrup",
			external: [
				GAS,
				entry("water_meter", "57", 6),
				entry("warm_water_meter", "56", 7),
				entry("heat_meter", "48", 8.25, "GJ"),
			],
		});
	});

	test.each([
		["MWh", "0.5", 1.8],
		["kWh", "1000", 3.6],
	])("heat in %s becomes GJ", (unit, value, gigajoules) => {
		const stage = new Stage();
		stage.take([], { devices: [device("heat", [quantity("heat_energy", value, unit)])] });
		expect(stage.data().external).toMatchObject([{ value: gigajoules, unit: "GJ" }]);
	});

	test("one without id or time is no entry, for clients stumble over it; its gas is still told", () => {
		const stage = new Stage();
		stage.take([], {
			devices: [{ kind: "gas", channel: 1, time: null, quantities: [quantity("gas_volume", "5", "m³")] }],
		});
		expect(stage.data()).toMatchObject({ total_gas_m3: 5, external: [] });
	});

	test("a heat meter that is read itself is one, by its own id", () => {
		const stage = new Stage({ wallTime: () => Date.UTC(2026, 2, 12, 10, 0, 0) });
		stage.take([quantity("heat_energy", "2", "GJ")], { time: null, meter: { id: "4711" } });
		expect(stage.data().external).toEqual([
			{ unique_id: "34373131", type: "heat_meter", timestamp: 260312100000, value: 2, unit: "GJ" },
		]);
	});
});

describe("the other addresses", () => {
	test("the telegram is text, and 404 before the first reading", () => {
		const bytes = new TextEncoder().encode("/X\r\n\r\n!0000\r\n");
		const answer = new Stage({ telegram: () => bytes }).ask("/api/v1/telegram");
		expect(answer.response?.headers.get("content-type")).toBe("text/plain");
		expect(answer.body).toBe("/X\r\n\r\n!0000\r\n");
		expect(new Stage().ask("/api/v1/telegram").response?.status).toBe(404);
	});

	test("there is no cloud", () => {
		expect(JSON.parse(new Stage().ask("/api/v1/system").body)).toEqual({ cloud_enabled: false });
	});

	test("identify blinks, and is 404 where there is no light", () => {
		const stage = new Stage();
		expect(stage.ask("/api/v1/identify", "PUT").response?.status).toBe(200);
		stage.blinks = false;
		expect(stage.ask("/api/v1/identify", "PUT").response?.status).toBe(404);
	});

	test("a page of another site cannot make it blink", () => {
		const answer = new Stage().ask("/api/v1/identify", "PUT", { origin: "http://evil.example" });
		expect(answer.response?.status).toBe(403);
	});

	test("what this gateway does not switch is not there", () => {
		expect(new Stage().ask("/api/v1/state", "PUT").response?.status).toBe(405);
		expect(new Stage().ask("/api/v1/batteries").response?.status).toBe(404);
	});
});

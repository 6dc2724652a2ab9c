// /metrics: names, labels and units, what is left out, both formats, and that it is made in pieces. The expected lines are
// written by hand from Prometheus' naming advice, its text format 0.0.4 and OpenMetrics 1.0.

import { http } from "../../../outputs/http/http.js";
import type { Output } from "../../../outputs/output.js";
import { prometheus } from "../../../outputs/prometheus/prometheus.js";
import { decimal } from "../../../readings/decimal.js";
import type { TakePiece } from "../../../readings/json.js";
import type { Quantity, Reading } from "../../../readings/reading.js";
import { Bench, readingOf, respondersOf } from "../fakes.js";

const OPENMETRICS =
	"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

class Stage {
	readonly bench = new Bench();
	readonly output: Output;
	health = "{}";

	constructor() {
		const context = {
			...this.bench.context(prometheus.settings, {}),
			writeHealth: (take: TakePiece) => take(this.health),
		};
		this.output = prometheus.open(context) as Output;
		http.open({
			...this.bench.context(http.settings, { port: 80 }),
			responders: respondersOf(this.output),
		});
	}

	take(reading: Reading): void {
		this.bench.store.add(reading, this.bench.clock.now);
		this.output.reading(reading);
	}

	scrape({ accept = "", window = 1000 }: { accept?: string; window?: number } = {}) {
		const connection = this.bench.network.connect().request("GET", "/metrics", accept ? { accept } : {});
		this.bench.clock.advance(0);
		for (let turn = 0; turn < 5000 && !connection.done && !connection.closed; turn++) connection.open(window);
		return connection;
	}

	/** The samples, without what describes them. */
	samples(): readonly string[] {
		return this.scrape()
			.body.split("\n")
			.filter((line) => line !== "" && !line.startsWith("#"));
	}
}

function quantity(name: string, value: number | string, unit?: string): Quantity {
	const digits = `${value}`;
	const point = digits.indexOf(".");
	const exponent = point < 0 ? 0 : point + 1 - digits.length;
	return {
		name,
		value:
			typeof value === "string" && !/^-?[\d.]+$/.test(value)
				? value
				: decimal(Number(digits.replace(".", "")), exponent),
		...(unit === undefined ? {} : { unit }),
	};
}

const reading = (quantities: readonly Quantity[], members: Partial<Reading> = {}): Reading =>
	readingOf(0, { meter: { id: "4711" }, quantities, ...members });

test("before the first reading there is no metric of a meter", () => {
	expect(
		new Stage()
			.samples()
			.filter((line) => !line.startsWith("meterling_build_info") && !line.startsWith("meterling_line_open")),
	).toEqual([]);
});

test.each([
	["energy_import", "85823.280", "kWh", 'energy_import_kwh_total{meter="4711"} 85823.280'],
	["energy_import_t1", "1.5", "kWh", 'energy_import_kwh_total{meter="4711",tariff="1"} 1.5'],
	["energy_export_l3", "2", "kWh", 'energy_export_kwh_total{meter="4711",phase="3"} 2'],
	["reactive_energy_export", "3", "kvarh", 'reactive_energy_export_kvarh_total{meter="4711"} 3'],
	["power_import", "420", "W", 'power_watts{meter="4711",direction="import"} 420'],
	["power_export_l1", "0", "W", 'power_watts{meter="4711",direction="export",phase="1"} 0'],
	[
		"reactive_power_import_l2",
		"7",
		"var",
		'reactive_power_vars{meter="4711",direction="import",phase="2"} 7',
	],
	["apparent_power_export", "8", "VA", 'apparent_power_voltamperes{meter="4711",direction="export"} 8'],
	["voltage_l2", "230.5", "V", 'voltage_volts{meter="4711",phase="2"} 230.5'],
	["current_n", "0.25", "A", 'current_amperes{meter="4711",phase="n"} 0.25'],
	["frequency", "49.98", "Hz", 'frequency_hertz{meter="4711"} 49.98'],
	["power_factor_l1", "0.98", undefined, 'power_factor_ratio{meter="4711",phase="1"} 0.98'],
	["power_average", "1", "W", 'power_average_watts{meter="4711"} 1'],
	["power_peak_month", "2", "W", 'power_peak_month_watts{meter="4711"} 2'],
	["tariff", "2", undefined, 'tariff{meter="4711"} 2'],
	["long_power_failures", "3", undefined, 'long_power_failures_total{meter="4711"} 3'],
	["voltage_sags_l3", "4", undefined, 'voltage_sags_total{meter="4711",phase="3"} 4'],
	["heat_energy", "0.256", "MWh", 'heat_energy_joules_total{meter="4711"} 921600000'],
	["heat_energy", "1.5", "GJ", 'heat_energy_joules_total{meter="4711"} 1500000000'],
	["cooling_energy", "2", "kWh", 'cooling_energy_joules_total{meter="4711"} 7200000'],
	["heat_power", "5.1", "kW", 'heat_power_watts{meter="4711"} 5100'],
	["heat_volume", "12.34", "m³", 'heat_volume_cubic_meters_total{meter="4711"} 12.34'],
	["flow", "210", "L/h", 'flow_liters_per_hour{meter="4711"} 210'],
	["temperature_supply", "53.65", "°C", 'temperature_supply_celsius{meter="4711"} 53.65'],
	["temperature_difference", "-1.2", "K", 'temperature_difference_kelvin{meter="4711"} -1.2'],
	["operating_time", "9000", "h", 'operating_time_seconds_total{meter="4711"} 32400000'],
	["gas_volume", "5084.000", "m³", 'gas_cubic_meters_total{meter="4711"} 5084.000'],
	["pulse_count", "12", undefined, 'pulses_total{meter="4711"} 12'],
	["1-0:99.1.0", "7", "x", 'other{meter="4711",name="1-0:99.1.0",unit="x"} 7'],
	["register_1002", "7", undefined, 'other{meter="4711",name="register_1002"} 7'],
	["power_limit", "17", "A", 'other{meter="4711",name="power_limit",unit="A"} 17'],
	["energy_import", "-1", "kWh", 'other{meter="4711",name="energy_import",unit="kWh"} -1'],
] as const)("%s %s %s", (name, value, unit, line) => {
	const stage = new Stage();
	const digits = value as string;
	const point = digits.indexOf(".");
	const exact = decimal(Number(digits.replace(".", "")), point < 0 ? 0 : point + 1 - digits.length);
	stage.take(reading([{ name, value: exact, ...(unit === undefined ? {} : { unit }) }]));
	expect(
		stage.samples().filter((sample) => sample.includes("4711") && !sample.startsWith("meterling_meter_info")),
	).toEqual([`meterling_${line}`]);
});

describe("what is left out", () => {
	test("texts are no metric", () => {
		const stage = new Stage();
		stage.take(reading([{ name: "0-0:96.13.0", value: "hello" }]));
		expect(stage.samples().join("\n")).not.toContain("96.13");
	});

	test("a power that the meter no longer sends goes after five minutes; its counters stay while it is heard", () => {
		const stage = new Stage();
		stage.take(readingOf(3771));
		stage.bench.clock.advance(10_000);
		for (let at = 0; at < 300_000; at += 10_000) {
			expect(stage.samples().join()).toContain('direction="import"} 3771');
			stage.take(reading([quantity("voltage_l1", 230, "V")]));
			stage.bench.clock.advance(10_000);
		}
		const late = stage.samples().join("\n");
		expect(late).not.toContain("power_watts");
		expect(late).toContain("energy_import_kwh_total");
		expect(late).toContain("voltage_volts");
	});

	test("of a meter that has fallen silent nothing is told but how long ago it was", () => {
		const stage = new Stage();
		stage.take(readingOf(1));
		stage.bench.clock.advance(1000);
		stage.take(readingOf(2));
		stage.bench.clock.advance(300_001);
		stage.health = '{"readings":{"count":2,"age":300}}';
		const samples = stage.samples().join("\n");
		expect(samples).not.toContain("kwh");
		expect(samples).not.toContain("watts");
		expect(samples).toContain("meterling_reading_age_seconds 300");
	});

	test("a meter that is asked once an hour is not silent after half an hour", () => {
		const stage = new Stage();
		stage.take(readingOf(1));
		stage.bench.clock.advance(3_600_000);
		stage.take(readingOf(2));
		stage.bench.clock.advance(1_800_000);
		expect(stage.samples().join()).toContain('direction="import"} 2');
	});
});

describe("labels", () => {
	test("sub-meters have their kind, id and channel; two that cannot be told apart are told once", () => {
		const stage = new Stage();
		const water = (value: number, channel?: number) => ({
			kind: "water",
			...(channel === undefined ? {} : { channel }),
			time: null,
			quantities: [quantity("water_volume", value, "m³")],
		});
		stage.take(
			reading([], {
				devices: [
					{ kind: "gas", id: "G1", channel: 1, time: null, quantities: [quantity("gas_volume", 5, "m³")] },
					water(6, 2),
					water(7, 3),
					water(8),
					water(9),
				],
			}),
		);
		expect(stage.samples().filter((line) => line.includes("cubic"))).toEqual([
			'meterling_gas_cubic_meters_total{meter="4711",device="gas",device_id="G1",channel="1"} 5',
			'meterling_water_cubic_meters_total{meter="4711",device="water",channel="2"} 6',
			'meterling_water_cubic_meters_total{meter="4711",device="water",channel="3"} 7',
			'meterling_water_cubic_meters_total{meter="4711",device="water"} 8',
		]);
	});

	test("what would end a value is escaped", () => {
		const stage = new Stage();
		stage.take(reading([quantity('a"b\\c\nd', 1)], { meter: { id: 'x"\\\n' } }));
		expect(stage.scrape().body).toContain('meterling_other{meter="x\\"\\\\\\n",name="a\\"b\\\\c\\nd"} 1\n');
	});

	test("the meter's id stays though short lists do not say it", () => {
		const stage = new Stage();
		stage.take(reading([quantity("power_import", 1, "W")], { meter: { id: "4711", model: "X" } }));
		stage.take(reading([quantity("power_import", 2, "W")], { meter: {} }));
		expect(stage.samples().slice(-2)).toEqual([
			'meterling_meter_info{meter="4711",model="X",protocol="dlms"} 1',
			'meterling_power_watts{meter="4711",direction="import"} 2',
		]);
	});
});

describe("formats", () => {
	const taken = () => {
		const stage = new Stage();
		stage.take(
			reading([
				quantity("energy_import_t1", 1, "kWh"),
				quantity("power_import", 3, "W"),
				quantity("energy_import_t2", 2, "kWh"),
			]),
		);
		return stage;
	};

	test("OpenMetrics for who asks for it: the family without _total, its unit, # EOF", () => {
		const { response, body } = taken().scrape({ accept: OPENMETRICS });
		expect(response?.headers.get("content-type")).toBe(
			"application/openmetrics-text; version=1.0.0; charset=utf-8",
		);
		expect(body).toContain(
			"# TYPE meterling_energy_import_kwh counter\n# UNIT meterling_energy_import_kwh kwh\n# HELP meterling_energy_import_kwh energy import kwh.\n" +
				'meterling_energy_import_kwh_total{meter="4711",tariff="1"} 1\nmeterling_energy_import_kwh_total{meter="4711",tariff="2"} 2\n# TYPE meterling_power_watts gauge\n',
		);
		expect(body.endsWith("\n# EOF\n")).toBe(true);
	});

	test("Prometheus' own for all others: the type names the sample, no unit, no end", () => {
		const { response, body } = taken().scrape();
		expect(response?.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
		expect(body).toContain(
			"# HELP meterling_energy_import_kwh_total energy import kwh.\n# TYPE meterling_energy_import_kwh_total counter\n" +
				'meterling_energy_import_kwh_total{meter="4711",tariff="1"} 1\n',
		);
		expect(body).not.toContain("# UNIT");
		expect(body).not.toContain("# EOF");
	});

	test("is the same whatever the window, in pieces of about a kilobyte", () => {
		const stage = new Stage();
		stage.take(reading(Array.from({ length: 150 }, (_, index) => quantity(`register_${index}`, index))));
		const { body } = stage.scrape();
		const narrow = stage.scrape({ window: 37 });
		expect(narrow.body).toBe(body);
		expect(Math.max(...narrow.writes)).toBeLessThanOrEqual(37);
		expect(Math.max(...stage.scrape({ window: 100_000 }).writes)).toBeLessThan(1024);
		expect(body.match(/^meterling_other/gm)).toHaveLength(150);
	});

	test("a reading that comes while it is sent does not break it", () => {
		const stage = taken();
		const connection = stage.bench.network.connect().request("GET", "/metrics", { accept: OPENMETRICS });
		stage.bench.clock.advance(0);
		for (let turn = 0; turn < 5000 && !connection.closed; turn++) {
			connection.open(50);
			stage.take(reading([quantity(`register_${turn}`, turn)], { devices: [] }));
		}
		expect(connection.body.endsWith("# EOF\n")).toBe(true);
		const families = connection.body.match(/^# TYPE \S+/gm) ?? [];
		expect(new Set(families).size).toBe(families.length);
	});
});

describe("the gateway", () => {
	test("its health in numbers: nulls and texts are left out, yes and no are 1 and 0", () => {
		const stage = new Stage();
		stage.health = JSON.stringify({
			gateway: {
				id: "meterling-a1b2c3",
				version: "1.2.3",
				platform: "esp32",
				uptime: 12.5,
				crashes: 1,
				longestStall: 0.002,
				memory: {
					free: 100,
					lowest: 50,
					largest: null,
					slots: { used: 10, total: 20 },
					chunks: { used: 30, total: 40 },
				},
			},
			meter: { line: "open", opened: 1, failures: 0, bytes: 1000, parity: 0, overflow: 0, framing: 2 },
			readings: { count: 7, age: null },
			rejected: { byLayer: [{ layer: "hdlc", code: "crc", count: 3 }] },
			network: { rssi: -61 },
			outputs: [
				{ name: "dsmr-reader", state: "off" },
				{ name: "mqtt", connected: true, published: 7, lastError: "x", since: null },
				{ name: "log", lines: 9 },
			],
		});
		expect(stage.samples()).toEqual([
			"meterling_uptime_seconds 12.5",
			"meterling_crashes_total 1",
			"meterling_longest_stall_seconds 0.002",
			"meterling_readings_total 7",
			"meterling_line_opened_total 1",
			"meterling_line_failures_total 0",
			"meterling_line_received_bytes_total 1000",
			"meterling_line_parity_errors_total 0",
			"meterling_line_framing_errors_total 2",
			"meterling_line_overflows_total 0",
			"meterling_wifi_signal_dbm -61",
			'meterling_build_info{gateway="meterling-a1b2c3",version="1.2.3",platform="esp32"} 1',
			"meterling_line_open 1",
			'meterling_rejected_frames_total{layer="hdlc",code="crc"} 3',
			'meterling_memory_bytes{kind="free"} 100',
			'meterling_memory_bytes{kind="lowest"} 50',
			'meterling_memory_bytes{kind="used"} 30',
			'meterling_memory_bytes{kind="total"} 40',
			'meterling_memory_slots{kind="used"} 10',
			'meterling_memory_slots{kind="total"} 20',
			'meterling_output{output="mqtt",fact="connected"} 1',
			'meterling_output{output="mqtt",fact="published"} 7',
			'meterling_output{output="log",fact="lines"} 9',
		]);
		expect(stage.scrape().body.split("# TYPE meterling_output ")).toHaveLength(2);
	});
});

test("reading /metrics needs the right to read, as the rest of the API", () => {
	expect(new Stage().output.routes?.map(({ at, need }) => [at, need])).toEqual([["GET /metrics", "read"]]);
});

test("turned off it is not there", () => {
	expect(prometheus.open(new Bench().context(prometheus.settings, { enabled: false }))).toBeUndefined();
});

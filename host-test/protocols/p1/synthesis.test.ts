// Telegrams made of other meters' readings: every line as DSMR 5.0.2 prints it, a CRC that our own P1 session and Home
// Assistant's pattern take, and nothing that the meter did not say. dsmr-parser reads them in host-test/e2e.

import { synthesise, type TelegramSource } from "../../../protocols/p1/synthesis.js";
import { decimal } from "../../../readings/decimal.js";
import type { Quantity } from "../../../readings/reading.js";
import { checksums, decode, shown } from "./support.js";

/** What Home Assistant's `dsmr` looks for in a stream (INTERFACES.md). */
const HOME_ASSISTANT = /\/[^/]+?![A-F0-9]{0,4}\0?\r\n/;
const STAMP = "261121113000W";

const quantity = (name: string, mantissa: number | bigint, exponent: number, unit?: string): Quantity => ({
	name,
	value: decimal(mantissa, exponent),
	...(unit && { unit }),
});

function made(source: Partial<TelegramSource>): string {
	const bytes = synthesise(
		{ meter: {}, known: [], devices: [], time: STAMP, readAt: () => STAMP, ...source },
		checksums,
	);
	return Buffer.from(bytes).toString("latin1");
}

/** Lines between the blank line and `!`. */
function linesOf(source: Partial<TelegramSource>): readonly string[] {
	const [, body = ""] = made(source).split("\r\n\r\n");
	return body.slice(0, body.indexOf("!")).split("\r\n").slice(0, -1);
}

const HAN: readonly Quantity[] = [
	quantity("power_import", 3771, 0, "W"),
	quantity("power_export", 0, 0, "W"),
	quantity("reactive_power_export", 493, 0, "var"),
	quantity("current_l1", 896, -2, "A"),
	quantity("voltage_l1", 225, 0, "V"),
	quantity("energy_import", 7745250, -2, "kWh"),
	quantity("energy_export", 0, -2, "kWh"),
	quantity("reactive_energy_import", 13731, -2, "kvarh"),
	{ name: "1-1:0.0.5", value: "5706567000000000" },
];

describe("a telegram made of a HAN meter's readings", () => {
	const source = {
		meter: { manufacturer: "Kamstrup", model: "6841121BN243101040", id: "5706567000000000" },
		known: HAN,
	};

	test("has the lines of DSMR 5, in its units", () => {
		expect(linesOf(source)).toEqual([
			"1-3:0.2.8(50)",
			`0-0:1.0.0(${STAMP})`,
			"0-0:96.1.1(35373036353637303030303030303030)",
			"1-0:1.7.0(03.771*kW)",
			"1-0:2.7.0(00.000*kW)",
			"1-0:4.7.0(00.493*kvar)",
			"1-0:31.7.0(008.96*A)",
			"1-0:32.7.0(225.0*V)",
			"1-0:1.8.1(077452.500*kWh)",
			"1-0:2.8.1(000000.000*kWh)",
			"1-0:3.8.0(000137.310*kvarh)",
		]);
		expect(made(source)).toMatch(/^\/MLG5\\26841121BN2431010\r\n\r\n/);
	});

	test("is read back by the P1 session, and found by Home Assistant's pattern", () => {
		const telegram = made(source);
		expect(telegram.match(HOME_ASSISTANT)?.[0]).toBe(telegram);
		const { readings, rejections } = decode(Uint8Array.from(Buffer.from(telegram, "latin1")));
		expect(rejections).toEqual([]);
		const [reading] = readings;
		expect(reading?.meter).toMatchObject({ id: "5706567000000000", list: "DSMR 5.0" });
		expect(reading?.time).toBe("2026-11-21T11:30:00+01:00");
		const values = ["power_import", "current_l1", "energy_import_t1"].map((name) => shown(reading, name));
		expect(values).toEqual(["3771 W", "8.96 A", "77452.500 kWh"]);
	});

	test("keeps a meter's tariffs, and leaves out the total that they add up to", () => {
		const known = [
			quantity("energy_import", 30, 0, "kWh"),
			quantity("energy_import_t1", 10, 0, "kWh"),
			quantity("energy_import_t2", 20, 0, "kWh"),
			quantity("tariff", 2, 0),
		];
		expect(linesOf({ known }).slice(2)).toEqual([
			"1-0:1.8.1(000010.000*kWh)",
			"1-0:1.8.2(000020.000*kWh)",
			"0-0:96.14.0(0002)",
		]);
	});
});

describe("a telegram made of a heat, water or gas meter's readings", () => {
	const meter = { manufacturer: "Kamstrup", model: "MULTICAL 403", id: "12345678" };

	test.each([
		["GJ", quantity("heat_energy", 1234, -2, "GJ"), "004", "00012.340*GJ"],
		["MWh", quantity("heat_energy", 256, -3, "MWh"), "004", "00000.921*GJ"],
		["kWh", quantity("heat_energy", 1000, 0, "kWh"), "004", "00003.600*GJ"],
		["cooling", quantity("cooling_energy", 5, 0, "GJ"), "010", "00005.000*GJ"],
		["gas", quantity("gas_volume", 7890123, -3, "m³"), "003", "07890.123*m3"],
		["water", quantity("water_volume", 42, 0, "m³"), "007", "00042.000*m3"],
	])("%s stands on an M-Bus channel of its device type", (_name, counter, type, value) => {
		expect(linesOf({ meter, known: [quantity("flow", 1, 0, "L/h"), counter] })).toEqual([
			"1-3:0.2.8(50)",
			`0-0:1.0.0(${STAMP})`,
			"0-0:96.1.1(3132333435363738)",
			`0-1:24.1.0(${type})`,
			"0-1:96.1.0(3132333435363738)",
			`0-1:24.2.1(${STAMP})(${value})`,
		]);
	});

	test("sub-meters keep their ids and times; one that was never read is left out", () => {
		const water = quantity("water_volume", 1, 0, "m³");
		const devices = [
			{ kind: "gas", id: "G1", time: null, quantities: [quantity("gas_volume", 1, 0, "m³")] },
			{ kind: "warm_water", id: "W1", time: "2026-07-01T10:00:00+02:00", quantities: [water] },
			{
				kind: "electricity",
				time: "2026-07-01T10:00:00+02:00",
				quantities: [quantity("energy_import", 9, 0, "kWh")],
			},
		];
		expect(linesOf({ devices }).slice(2)).toEqual([
			"0-1:24.1.0(006)",
			"0-1:96.1.0(5731)",
			"0-1:24.2.1(260701100000S)(00001.000*m3)",
			"0-2:24.1.0(002)",
			"0-2:24.2.1(260701100000S)(00009.000*kWh)",
		]);
	});
});

describe("nothing is invented", () => {
	test("no meter, no time, no value: version and CRC alone", () => {
		const telegram = made({ time: undefined, readAt: () => undefined });
		expect(telegram).toMatch(/^\/MLG5\\2Meterling\r\n\r\n1-3:0\.2\.8\(50\)\r\n![0-9A-F]{4}\r\n$/);
	});

	test("a counter whose time nobody knows, an unknown unit, a text, a negative value are left out", () => {
		const known = [
			quantity("heat_energy", 1, 0, "GJ"),
			quantity("power_import", 1, 0, "hp"),
			quantity("power_export", -5, 0, "W"),
			{ name: "voltage_l1", value: "high", unit: "V" },
			quantity("water_volume", 1, 0, "imp"),
		];
		expect(linesOf({ known, readAt: () => undefined })).toHaveLength(2);
	});

	test("a name that DSMR has no object for gives no line; an export's total stands in tariff 1 or gives way to it", () => {
		const total = quantity("energy_export", 5, 0, "kWh");
		expect(linesOf({ known: [quantity("voltage", 1, 0, "V"), total] }).slice(2)).toEqual([
			"1-0:2.8.1(000005.000*kWh)",
		]);
		const known = [total, quantity("energy_export_t1", 4, 0, "kWh"), quantity("energy_import", 6, 0, "kWh")];
		expect(linesOf({ known }).slice(2)).toEqual(["1-0:2.8.1(000004.000*kWh)", "1-0:1.8.1(000006.000*kWh)"]);
	});

	test("a counter that stands at nothing is told; a text, a negative one, one in another unit or too long are not", () => {
		const counters = [
			quantity("water_volume", 0, 0, "m³"),
			quantity("water_volume", -1, 0, "m³"),
			quantity("gas_volume", 1, 0, "imp"),
			quantity("gas_volume", 1, 0),
			quantity("gas_volume", 1, 30, "m³"),
			{ name: "gas_volume", value: "much", unit: "m³" },
		];
		const time = "2026-01-01T10:00:00+01:00";
		const devices = counters.map((counter) => ({
			kind: "x",
			time,
			quantities: [quantity("flow", 1, 0), counter],
		}));
		const lines = ["0-1:24.1.0(007)", "0-1:24.2.1(260101100000W)(00000.000*m3)"];
		expect(linesOf({ devices }).slice(2)).toEqual(lines);
		expect(linesOf({ known: counters }).slice(2)).toEqual([lines[0], `0-1:24.2.1(${STAMP})(00000.000*m3)`]);
	});

	test("there are four channels, the sub-meters' first", () => {
		const counter = quantity("gas_volume", 1, 0, "m³");
		const device = { kind: "gas", time: "2026-01-01T10:00:00+01:00", quantities: [counter] };
		const channels = (devices: number, known: number) =>
			linesOf({ devices: Array(devices).fill(device), known: Array(known).fill(counter) })
				.filter((line) => line.includes(":24.1.0"))
				.map((line) => line.slice(0, 3));
		expect(channels(5, 0)).toEqual(["0-1", "0-2", "0-3", "0-4"]);
		expect(channels(0, 5)).toEqual(["0-1", "0-2", "0-3", "0-4"]);
		expect(channels(3, 3)).toEqual(["0-1", "0-2", "0-3", "0-4"]);
		expect(channels(1, 1)).toEqual(["0-1", "0-2"]);
	});

	test("names keep what an identification line may hold, ids their first 48 characters", () => {
		const telegram = made({ meter: { manufacturer: "a ~/b!c\\d\u007f\u001fe", id: "1".repeat(60) } });
		expect(telegram.startsWith("/MLG5\\2a ~bcde\r\n\r\n")).toBe(true);
		expect(telegram).toContain(`0-0:96.1.1(${"31".repeat(48)})\r\n`);
	});

	test("absurd numbers and names keep it bounded and whole", () => {
		const known = Array.from({ length: 160 }, (_, index) =>
			quantity(index % 2 ? "energy_import" : "heat_energy", 7, 60, index % 2 ? "kWh" : "GJ"),
		);
		const telegram = made({ known, meter: { model: "/!\u0000\u00ff\\", id: "x".repeat(1000) } });
		expect(telegram.length).toBeLessThanOrEqual(2048);
		expect(telegram.match(HOME_ASSISTANT)?.[0]).toBe(telegram);
		expect(decode(Uint8Array.from(Buffer.from(telegram, "latin1"))).rejections).toEqual([]);
	});
});

// Programs by other people read the emulated meters over TCP and ptys, and get the load model's numbers: dsmr-parser,
// amshan, PyKMP (PyPI), smartmeter-obis (npm). The expected numbers come from a household stepped here, not from
// anything that was sent.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aidon } from "../../host/meters/aidon";
import { Dsmr5 } from "../../host/meters/dsmr5";
import { Fluvius } from "../../host/meters/fluvius";
import { HeatUse } from "../../host/meters/heat-use";
import { Household } from "../../host/meters/household";
import { Kaifa } from "../../host/meters/kaifa";
import { Kamstrup162 } from "../../host/meters/kamstrup-162";
import { Kamstrup382 } from "../../host/meters/kamstrup-382";
import { KamstrupOmnipower } from "../../host/meters/kamstrup-omnipower";
import { KamstrupOmnipowerEncrypted, OMNIPOWER_KEYS } from "../../host/meters/kamstrup-omnipower-encrypted";
import { LandisGyrZmd } from "../../host/meters/landis-gyr-zmd";
import { LUXEMBOURG_KEY, Luxembourg } from "../../host/meters/luxembourg";
import { MULTICAL_403_SERIAL, multical403 } from "../../host/meters/multical-403";
import { MULTICAL_603_SERIAL, multical603 } from "../../host/meters/multical-603";
import type { PushMeter } from "../../host/meters/push-meter";
import { WaterUse } from "../../host/meters/water-use";
import { WorkingHours } from "../../host/meters/working-hours";
import { fixed } from "../meters/readings";
import { MeterPort, type MeterPortOptions } from "./meter-port";
import { describeInterop, hasSocat, NODE_FOLDER, node, python } from "./programs";

jest.setTimeout(60_000);

/** A Thursday in March, one and a half seconds before eleven. */
const START = Date.UTC(2026, 2, 12, 10, 59, 58, 500);
const SECOND = Math.floor(START / 1000);
/** Seconds that local time is ahead of UTC. */
const WINTER_OFFSET = 3600;
const OPTIONS = { seed: 21, start: START, solarWatts: 0, longListFirst: true };

function house(heatPump: boolean, second: number) {
	return new Household({ seed: 21, start: SECOND, heatPump, solarWatts: 0 }).stepTo(second);
}

let port: MeterPort | undefined;
afterEach(() => port?.close());

async function play(meter: PushMeter, more: Partial<MeterPortOptions> = {}): Promise<MeterPort> {
	port = await MeterPort.open({ meter, start: START, ...more });
	return port;
}

const kWh = (wattSeconds: number) => Number(fixed(Math.floor(wattSeconds / 3600), 3));

interface DsmrTelegram {
	readonly values: Readonly<Record<string, { readonly value: string; readonly unit: string | null }>>;
	readonly devices: readonly Readonly<Record<string, { readonly value: string; readonly time?: string }>>[];
}

describeInterop("dsmr-parser", true, () => {
	test("reads the DSMR 5 meter, CRC and all", async () => {
		const { url } = await play(new Dsmr5(OPTIONS));
		const [telegram] = (await python("dsmr.py", url, "V5", "SERIAL_SETTINGS_V5")) as DsmrTelegram[];
		if (!telegram) throw new Error("no telegram");
		const { values, devices } = telegram;
		// dsmr-parser gives UTC; the meter keeps Central European winter time.
		const stamp = values.P1_MESSAGE_TIMESTAMP?.value ?? "";
		const second = Date.parse(stamp) / 1000 + WINTER_OFFSET;
		expect(second - SECOND).toBeGreaterThan(0);
		expect(second - SECOND).toBeLessThan(30);
		const { counters, power, volts, amperes, watts } = house(false, second);
		const { imported, importedT1 } = counters;
		const number = (name: string) => Number(values[name]?.value);
		expect(number("ELECTRICITY_USED_TARIFF_1")).toBe(kWh(importedT1));
		expect(number("ELECTRICITY_USED_TARIFF_2")).toBe(kWh(imported - importedT1));
		expect(number("CURRENT_ELECTRICITY_USAGE")).toBe(Number(fixed(power, 3)));
		expect(number("INSTANTANEOUS_VOLTAGE_L2")).toBe(Number(fixed(Math.round(volts[1] * 10), 1)));
		expect(number("INSTANTANEOUS_CURRENT_L3")).toBe(Math.round(amperes[2]));
		expect(number("INSTANTANEOUS_ACTIVE_POWER_L1_POSITIVE")).toBe(Number(fixed(watts[0], 3)));
		expect(values.CURRENT_ELECTRICITY_USAGE?.unit).toBe("kW");
		expect(devices.map((device) => Number(device.MBUS_DEVICE_TYPE?.value))).toEqual([3, 7]);
		const [gas, water] = devices.map((device) => device.MBUS_METER_READING);
		const readAt = (reading: typeof gas) => Date.parse(reading?.time ?? "") / 1000 + WINTER_OFFSET;
		const millilitres = house(false, readAt(gas)).counters.gas;
		expect(Number(gas?.value)).toBe(Math.floor(millilitres / 1000) / 1000);
		const drawn = new WaterUse(21, SECOND).stepTo(readAt(water));
		expect(Number(water?.value)).toBe(Math.floor(drawn / 1000) / 1000);
	});

	test("reads the Kamstrup 162", async () => {
		const meter = new Kamstrup162(OPTIONS);
		const second = meter.nextSend(START) / 1000;
		const { url } = await play(meter, { sevenBits: true });
		const [telegram] = (await python("dsmr.py", url, "V2_2", "SERIAL_SETTINGS_V2_2")) as DsmrTelegram[];
		const { counters, power } = house(false, second);
		const values = telegram?.values ?? {};
		expect(values.EQUIPMENT_IDENTIFIER?.value).toBe(
			Buffer.from("KA6U001585575011").toString("hex").toUpperCase(),
		);
		expect(Number(values.ELECTRICITY_USED_TARIFF_1?.value)).toBe(kWh(counters.importedT1));
		expect(Number(values.ELECTRICITY_USED_TARIFF_2?.value)).toBe(
			kWh(counters.imported - counters.importedT1),
		);
		expect(Number(values.CURRENT_ELECTRICITY_USAGE?.value)).toBe(Math.floor(power / 10) / 100);
	});

	test("reads the Belgian meter", async () => {
		const { url } = await play(new Fluvius(OPTIONS));
		const [telegram] = (await python(
			"dsmr.py",
			url,
			"BELGIUM_FLUVIUS",
			"SERIAL_SETTINGS_V5",
		)) as DsmrTelegram[];
		const values = telegram?.values ?? {};
		const second = Date.parse(values.P1_MESSAGE_TIMESTAMP?.value ?? "") / 1000 + WINTER_OFFSET;
		const { counters, power, amperes } = house(false, second);
		expect(Number(values.ELECTRICITY_USED_TARIFF_1?.value)).toBe(
			kWh(counters.imported - counters.importedT1),
		);
		expect(Number(values.ELECTRICITY_USED_TARIFF_2?.value)).toBe(kWh(counters.importedT1));
		expect(Number(values.CURRENT_ELECTRICITY_USAGE?.value)).toBe(Number(fixed(power, 3)));
		expect(Number(values.INSTANTANEOUS_CURRENT_L1?.value)).toBe(
			Number(fixed(Math.round(amperes[0] * 100), 2)),
		);
		expect(telegram?.devices.map((device) => Number(device.MBUS_DEVICE_TYPE?.value))).toEqual([3, 7]);
	});

	test("decrypts the Smarty of Luxembourg and finds its tag right", async () => {
		const meter = new Luxembourg(OPTIONS);
		const second = meter.nextSend(START) / 1000;
		const { url } = await play(meter);
		const [telegram] = (await python(
			"dsmr.py",
			url,
			"MSN",
			"SERIAL_SETTINGS_V4",
			LUXEMBOURG_KEY,
		)) as DsmrTelegram[];
		const values = telegram?.values ?? {};
		const { counters, power } = house(false, second);
		expect(Number(values.ELECTRICITY_IMPORTED_TOTAL?.value)).toBe(kWh(counters.imported));
		expect(Number(values.CURRENT_ELECTRICITY_USAGE?.value)).toBe(Number(fixed(power, 3)));
	});
});

type HanValues = Readonly<Record<string, unknown>>;

describeInterop("amshan", true, () => {
	test("reads the Omnipower's lists", async () => {
		const meter = new KamstrupOmnipower(OPTIONS);
		const second = meter.nextSend(START) / 1000;
		const { port } = await play(meter);
		const [list] = (await python("han_port.py", "127.0.0.1", port, "1")) as HanValues[];
		const { power, counters, volts, amperes } = house(true, second);
		expect(list).toMatchObject({
			valid: true,
			meter_manufacturer: "Kamstrup",
			list_ver_id: "Kamstrup_V0001",
			meter_id: "5706567000000000",
			meter_type: "6841121BN243101040",
			active_power_import: power,
			active_power_export: 0,
			voltage_l1: Math.round(volts[0]),
			active_power_import_total: Math.floor(counters.imported / 36_000) * 10,
		});
		expect(list?.current_l2).toBeCloseTo(Math.round(amperes[1] * 100) / 100, 9);
	});

	test.each([
		["Aidon", (options: typeof OPTIONS) => new Aidon(options), 10],
		["Kaifa", (options: typeof OPTIONS) => new Kaifa(options), 1],
	] as const)("reads the %s meter's long list", async (maker, make, wattHours) => {
		const meter = make(OPTIONS);
		const second = Math.floor(meter.nextSend(START) / 1000);
		const { port } = await play(meter);
		const [list] = (await python("han_port.py", "127.0.0.1", port, "1")) as HanValues[];
		const { power, counters } = house(true, second);
		expect(list).toMatchObject({ valid: true, meter_manufacturer: maker, active_power_import: power });
		expect(list?.active_power_import_total).toBeCloseTo(
			Math.floor(counters.imported / 3600 / wattHours) * wattHours,
			6,
		);
	});
});

describeInterop("dlms-cosem", true, () => {
	test("decrypts the encrypted Omnipower, tag and all, and finds 65 items", async () => {
		const meter = new KamstrupOmnipowerEncrypted(OPTIONS);
		const second = meter.nextSend(START) / 1000;
		const { port } = await play(meter);
		const { encryptionKey, authenticationKey } = OMNIPOWER_KEYS;
		const [list] = await python("glo_port.py", "127.0.0.1", port, encryptionKey, authenticationKey);
		const { power, counters, volts, amperes, watts } = house(true, second);
		expect(list).toMatchObject({
			items: 65,
			list: "Kamstrup_V0001",
			"1.1.1.7.0.255": power,
			"1.1.1.8.0.255": Math.floor(counters.imported / 36_000),
			"1.1.3.8.0.255": Math.floor(counters.reactiveImported / 36_000),
			"1.1.72.7.0.255": Math.round(volts[2]),
			"1.1.31.7.0.255": Math.round(amperes[0] * 100),
			"1.1.41.7.0.255": watts[1],
		});
	});
});

interface KmpAnswers {
	readonly type: string;
	readonly software: string;
	readonly serial: string;
	readonly registers: Readonly<Record<string, { readonly value: string; readonly unit: string }>>;
}

describeInterop("PyKMP", true, () => {
	test.each([
		["403", multical403, "0403", "C1", MULTICAL_403_SERIAL],
		["603", multical603, "0603", "F1", MULTICAL_603_SERIAL],
	] as const)("asks the MULTICAL %s", async (_name, make, type, software, serial) => {
		const opened = await play(make(OPTIONS));
		const [answers] = (await python("kmp_port.py", opened.url, "60", "68", "86", "80", "1")) as KmpAnswers[];
		const second = Math.floor((opened.heardAt.at(-1) ?? 0) / 1000);
		const { counters, supply, power } = new HeatUse(21, SECOND).stepTo(second);
		expect(answers).toEqual({
			type,
			software,
			serial: `${serial}`,
			// Register 1, which no heat meter has, is left out.
			registers: {
				60: { value: fixed(Math.floor(counters.energy / 3_600_000), 3), unit: "MWh" },
				68: { value: fixed(Math.floor(counters.volume / 10_000), 2), unit: "m³" },
				80: { value: fixed(Math.floor(power / 100), 1), unit: "kW" },
				86: { value: fixed(supply, 2), unit: "°C" },
			},
		});
	});
});

type ObisValues = Readonly<
	Record<string, readonly { readonly value: string | number; readonly unit: string }[]>
>;

describeInterop("smartmeter-obis", hasSocat && existsSync(NODE_FOLDER), () => {
	let folder = "";
	let cable: ChildProcess | undefined;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "meterling-interop-"));
	});

	afterEach(async () => {
		const child = cable;
		if (child) await new Promise((done) => child.once("exit", done) && child.kill());
		rmSync(folder, { recursive: true, force: true });
	});

	/** A pty whose other end is the meter's port. */
	async function device(meter: PushMeter): Promise<readonly [string, MeterPort]> {
		const opened = await play(meter, { sevenBits: true, speed: 4 });
		const path = join(folder, "meter");
		const child = spawn("socat", ["-d", "-d", `PTY,rawer,link=${path}`, `TCP:127.0.0.1:${opened.port}`]);
		cable = child;
		await new Promise<void>((done, fail) => {
			child.once("error", fail);
			child.stderr.on("data", (text: Buffer) => {
				if (text.includes("starting data transfer loop")) done();
			});
		});
		return [path, opened];
	}

	/** Value and unit of each id's first value, and the household when the meter was last asked. */
	async function read(meter: PushMeter) {
		const [path, opened] = await device(meter);
		const values = (await node("smartmeter_obis.cjs", NODE_FOLDER, path)) as ObisValues;
		const state = house(false, Math.floor((opened.heardAt.at(-1) ?? 0) / 1000));
		return { state, of: (id: string) => `${values[id]?.[0]?.value} ${values[id]?.[0]?.unit}` };
	}

	test("reads the Landis+Gyr ZMD in mode C", async () => {
		const { state, of } = await read(new LandisGyrZmd(OPTIONS));
		const { counters, power, volts, amperes } = state;
		expect(of("1-0:1.8.0")).toBe(`${kWh(counters.imported)} kWh`);
		expect(of("1-0:1.8.1")).toBe(`${kWh(counters.imported - counters.importedT1)} kWh`);
		expect(of("1-0:1.8.2")).toBe(`${kWh(counters.importedT1)} kWh`);
		expect(of("1-0:3.8.0")).toBe(`${kWh(counters.reactiveImported)} kvarh`);
		expect(of("1-0:1.7.0")).toBe(`${Number(fixed(power, 3))} kW`);
		expect(of("1-0:52.7.0")).toBe(`${Math.round(volts[1])} V`);
		expect(of("1-0:71.7.0")).toBe(`${Number(fixed(Math.round(amperes[2] * 100), 2))} A`);
	});

	test("reads the Kamstrup 382 (its decimal comma it takes for the end of the number)", async () => {
		const { state, of } = await read(new Kamstrup382(OPTIONS));
		const whole = (wattSeconds: number) => `${Math.floor(wattSeconds / 3_600_000)} kWh`;
		const { imported, importedT1 } = state.counters;
		expect(of("1-0:1.20")).toBe(whole(imported));
		expect(of("1-0:1.20.1")).toBe(whole(importedT1));
		expect(of("1-0:1.20.2")).toBe(whole(imported - importedT1));
		expect(of("1-0:1.31")).toBe(`${new WorkingHours(21, SECOND).at(SECOND)} h`);
	});
});

// Every discovery message for every emulated meter and every capture: Home Assistant takes it, and real Jinja2 makes of its
// templates the values that the readings have.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toText } from "../../../../readings/decimal";
import { readingToJson } from "../../../../readings/json";
import type { Quantity, Reading } from "../../../../readings/reading";
import { describeInterop, python } from "../../../interop/programs";
import { readingOf } from "../../fakes";
import { type Discovery, documented, readDiscovery } from "./documented";
import { captures, emulatedMeters, type Source } from "./every-reading";
import { HEALTH, Listener } from "./listener";

const SOURCES: readonly Source[] = [...emulatedMeters(), ...captures()];
const BEFORE = "as it was";

/** The devices of one source, after all its readings. */
function discoveriesOf({ readings }: Source): readonly Discovery[] {
	const listener = new Listener();
	for (const reading of readings) listener.reading(reading);
	listener.homeAssistant.connected();
	return listener.discoveries();
}

const all = SOURCES.map((source) => ({ source, found: discoveriesOf(source) }));
const messages = all.reduce((sum, { found }) => sum + found.length, 0);
const entities = all.flatMap(({ found }) => found.flatMap(({ components }) => components));

describe(`${messages} messages with ${entities.length} entities of ${SOURCES.length} sources`, () => {
	test.each(all.map(({ source, found }) => [source.name, found] as const))("%s", (_, found) => {
		expect(found.flatMap(({ topic, problems }) => problems.map((problem) => `${topic} ${problem}`))).toEqual(
			[],
		);
		expect(found.length).toBeGreaterThan(1);
	});

	test("every quantity of every reading has one entity, and no entity has none", () => {
		for (const { source, found } of all) {
			const [, meter] = found;
			const names = new Set(source.readings.flatMap(({ quantities }) => quantities.map(({ name }) => name)));
			expect([source.name, new Set(meter?.components.map(({ key }) => key))]).toEqual([source.name, names]);
		}
	});

	test("each emulated meter was read", () => {
		for (const { name, readings } of emulatedMeters())
			expect([name, readings.length > 0]).toEqual([name, true]);
	});
});

describe("the check itself refuses", () => {
	const sensor = { p: "sensor", uniq_id: "a", val_tpl: "{{ 1 }}", dev_cla: "energy", unit_of_meas: "kWh" };
	const problemsOf = (component: object, root: object = {}) => {
		const message = { dev: { ids: "x" }, o: { name: "y" }, cmps: { key: component }, ...root };
		return readDiscovery("homeassistant/device/x/config", JSON.stringify(message)).problems;
	};

	test("nothing of a right message", () => {
		expect(problemsOf({ ...sensor, stat_cla: "total_increasing" })).toEqual([]);
		expect(problemsOf({ p: "sensor" })).toEqual([]);
	});

	test.each([
		["a unit that the class does not have", { ...sensor, unit_of_meas: "kW" }],
		["a state class that the class does not have", { ...sensor, stat_cla: "measurement" }],
		["a class that there is not", { ...sensor, dev_cla: "heat" }],
		["a key that there is not", { ...sensor, unit: "kWh" }],
		["no unique id", { ...sensor, uniq_id: undefined }],
		["a sensor that configures", { ...sensor, ent_cat: "config" }],
		["a precision that is no number", { ...sensor, sug_dsp_prc: "2" }],
		["a platform that is not known", { ...sensor, p: "gauge" }],
	])("%s", (_, component) => {
		expect(problemsOf(component)).not.toEqual([]);
	});

	test("a device without identifier, and a message without origin", () => {
		expect(problemsOf(sensor, { dev: { name: "z" } })).not.toEqual([]);
		expect(problemsOf(sensor, { o: undefined })).not.toEqual([]);
	});
});

describe("classes and units", () => {
	/** Unit, device class and state class of a quantity of the meter, or of a sub-meter of that kind. */
	const triple = (quantity: Quantity, kind?: string) => {
		const devices = kind === undefined ? [] : [{ kind, id: "X", time: null, quantities: [quantity] }];
		const quantities = kind === undefined ? [quantity] : [];
		const found = discoveriesOf({ name: "", readings: [readingOf(0, { quantities, devices })] });
		const component = found[kind === undefined ? 1 : 2]?.components[0];
		return [component?.unit_of_measurement, component?.device_class, component?.state_class];
	};
	const number = (name: string, unit?: string): Quantity => ({
		...{ name, value: { mantissa: 15, exponent: -1 } },
		...(unit === undefined ? {} : { unit }),
	});

	// INTERFACES.md, table of Home Assistant.
	test.each([
		["energy_import", "kWh", "energy", "total_increasing"],
		["heat_energy", "GJ", "energy", "total_increasing"],
		["heat_energy", "MWh", "energy", "total_increasing"],
		["heat_energy", "kWh", "energy", "total_increasing"],
		["power_import", "W", "power", "measurement"],
		["heat_power", "kW", "power", "measurement"],
		["reactive_power_import", "var", "reactive_power", "measurement"],
		["reactive_energy_import", "kvarh", "reactive_energy", "total_increasing"],
		["gas_volume", "m³", "gas", "total_increasing"],
		["water_volume", "m³", "water", "total_increasing"],
		["water_volume", "L", "water", "total_increasing"],
		["heat_volume", "m³", "volume", "total_increasing"],
		["flow", "L/h", "volume_flow_rate", "measurement"],
		["flow", "m³/h", "volume_flow_rate", "measurement"],
		["temperature_supply", "°C", "temperature", "measurement"],
		["temperature_difference", "K", "temperature_delta", "measurement"],
		["cost", "EUR", "monetary", "total"],
		["voltage_l1", "V", "voltage", "measurement"],
		["current_l1", "A", "current", "measurement"],
		["frequency", "Hz", "frequency", "measurement"],
		["apparent_power_import", "VA", "apparent_power", "measurement"],
		["operating_time", "h", "duration", "total_increasing"],
		["power_factor", undefined, "power_factor", "measurement"],
		["power_failures", undefined, undefined, "total_increasing"],
		["voltage_sags_l1", undefined, undefined, "total_increasing"],
		["tariff", undefined, undefined, undefined],
		// Net energy goes both ways; what was counted until last month is no counter.
		["1-0:16.8.0", "kWh", "energy", "total"],
		["1-0:1.8.0*1", "kWh", "energy", undefined],
		["apparent_energy", "kVAh", undefined, "total_increasing"],
		["register_91", "unit 91", undefined, "measurement"],
	])("%s in %s", (name, unit, deviceClass, stateClass) => {
		expect(triple(number(name, unit))).toEqual([unit, deviceClass, stateClass]);
	});

	test.each([
		["gas", "gas"],
		["water", "water"],
		["warm_water", "water"],
		["heat", "volume"],
		["device", "volume"],
	])("m³ of a sub-meter for %s", (kind, deviceClass) => {
		expect(triple(number("0-1:24.2.1", "m³"), kind)).toEqual(["m³", deviceClass, "total_increasing"]);
	});

	test("text has no class, no unit and no precision", () => {
		const quantity = { name: "message", value: "hello" };
		expect(triple(quantity)).toEqual([undefined, undefined, undefined]);
		const component = discoveriesOf({ name: "", readings: [readingOf(0, { quantities: [quantity] })] })[1]
			?.components[0];
		expect(component?.suggested_display_precision).toBeUndefined();
	});

	test("what has only a code is there, and switched off", () => {
		const readings = [readingOf(0, { quantities: [number("1-0:99.1.0"), number("power_import", "W")] })];
		const [code, named] = discoveriesOf({ name: "", readings })[1]?.components ?? [];
		expect([code?.enabled_by_default, named?.enabled_by_default]).toEqual([false, undefined]);
		expect([code?.name, named?.name]).toEqual(["1-0:99.1.0", "Power import"]);
	});
});

describe("the Energy dashboard", () => {
	/** What its dialogue offers for a source: class, unit and state class must fit. */
	const offered = (name: string, source: string) => {
		const { classes, units, stateClasses } = documented.energyDashboard[
			source
		] as (typeof documented.energyDashboard)["gas"];
		const { found } = all.find((one) => one.source.name === name) as (typeof all)[number];
		return found.flatMap(({ components }) =>
			components
				.filter(
					({
						device_class: of = "",
						unit_of_measurement: unit = "",
						state_class: state = "",
						enabled_by_default,
					}) =>
						classes.includes(of) &&
						units.includes(unit) &&
						stateClasses.includes(state) &&
						enabled_by_default !== false,
				)
				.map(({ key }) => key),
		);
	};

	test.each([
		["kamstrup-omnipower", "electricity", ["energy_import", "energy_export"]],
		["aidon", "electricity", ["energy_import", "energy_export"]],
		["kaifa", "electricity", ["energy_import", "energy_export"]],
		[
			"dsmr5",
			"electricity",
			["energy_import_t1", "energy_import_t2", "energy_export_t1", "energy_export_t2"],
		],
		["dsmr5", "gas", ["gas_volume"]],
		["fluvius", "gas", ["gas_volume"]],
		["fluvius", "water", ["water_volume"]],
		["kamstrup-382", "electricity", ["energy_import"]],
		["multical-403", "electricity", ["heat_energy"]],
		["multical-603", "gas", ["heat_energy"]],
		["s0", "electricity", ["energy_import"]],
	])("%s for %s", (name, source, expected) => {
		expect(offered(name, source)).toEqual(expect.arrayContaining(expected));
	});
});

describeInterop("templates by Jinja2", true, () => {
	const folder = mkdtempSync(join(tmpdir(), "meterling-templates-"));
	afterAll(() => rmSync(folder, { recursive: true }));

	async function render(jobs: readonly (readonly [string, string, string])[]): Promise<readonly string[]> {
		const file = join(folder, "jobs.json");
		writeFileSync(file, JSON.stringify(jobs));
		return (await python("../outputs/mqtt/home-assistant/templates.py", file))[0] as string[];
	}

	/** The value as the reading has it; nothing where this list lacks it. */
	const expectedOf = (quantity: Quantity | undefined, isText: boolean, absent: string) => {
		if (!quantity) return isText ? absent : "";
		return typeof quantity.value === "string" ? quantity.value.slice(0, 255) : toText(quantity.value);
	};
	const isEqual = (rendered: string, expected: string) =>
		rendered === expected || (rendered !== "" && expected !== "" && Number(rendered) === Number(expected));

	test("every entity shows its value with every reading, and keeps its state where a list lacks it", async () => {
		const jobs: [string, string, string][] = [];
		const expected: string[] = [];
		const add = (devices: Discovery, reading: Reading, quantities: readonly Quantity[] | undefined) => {
			const json = readingToJson(reading);
			for (const { key, value_template, suggested_display_precision } of devices.components) {
				jobs.push([value_template ?? "", json, BEFORE]);
				const quantity = quantities?.find(({ name }) => name === key);
				expected.push(expectedOf(quantity, suggested_display_precision === undefined, BEFORE));
			}
		};
		for (const { source, found } of all) {
			const [, meter, ...subMeters] = found;
			for (const reading of source.readings) {
				if (meter) add(meter, reading, reading.quantities);
				for (const subMeter of subMeters) {
					const { serial_number: id, identifiers } = subMeter.device;
					const device = reading.devices.find((one) =>
						one.id === undefined
							? identifiers.endsWith(`_${one.kind}${one.channel === undefined ? "" : `_${one.channel}`}`)
							: one.id === id,
					);
					add(subMeter, reading, device?.quantities);
				}
			}
		}
		const rendered = await render(jobs);
		process.stdout.write(
			`home assistant: ${messages} messages, ${entities.length} entities, ${rendered.length} values by Jinja2\n`,
		);
		const wrong = rendered.flatMap((text, index) =>
			isEqual(text, expected[index] as string) ? [] : [[jobs[index]?.[0], text, expected[index]]],
		);
		expect(wrong).toEqual([]);
		expect(rendered.filter((text) => text !== "" && text !== BEFORE).length).toBeGreaterThan(500);
	}, 60_000);

	test("the gateway's own, from its health report", async () => {
		const listener = new Listener();
		listener.homeAssistant.connected();
		const sent = listener.take();
		const health = sent.find(({ topic }) => topic === "home/health");
		expect(health?.text).toBe(HEALTH);
		const gateway = readDiscovery(sent[0]?.topic ?? "", sent[0]?.text ?? "");
		const sensors = gateway.components.filter(({ value_template }) => value_template !== undefined);
		const rendered = await render(
			sensors.map(({ value_template }) => [value_template ?? "", HEALTH, ""] as const),
		);
		expect(Object.fromEntries(sensors.map(({ key }, index) => [key, rendered[index]]))).toEqual({
			signal: "-61",
			uptime: "123.4",
			reading_age: "3.2",
			readings: "17",
			rejected: "5",
			line_errors: "7",
			warnings: "2",
			version: "1.2.3",
		});
		expect(gateway.state_topic).toBe("home/health");
	});
});

// DSMR 5, Fluvius and Luxembourg emulations read by P1's own session: every number is the load model's.

import { Demand } from "../../host/meters/demand";
import { Dsmr5 } from "../../host/meters/dsmr5";
import { Fluvius } from "../../host/meters/fluvius";
import { Household } from "../../host/meters/household";
import { LUXEMBOURG_KEY, Luxembourg } from "../../host/meters/luxembourg";
import { WaterUse } from "../../host/meters/water-use";
import { p1 } from "../../protocols/p1/p1";
import { fixed, readingOf, valuesOf } from "./readings";

/** A Thursday in March, before noon. */
const START = Date.UTC(2026, 2, 12, 11, 58, 0);
const SECOND = START / 1000;
const SOLAR = 4000;
const OPTIONS = { seed: 7, start: START, solarWatts: SOLAR };
/** 12:07:10: two readings of the sub-meters later. */
const AT = START + 550_000;

function household(): Household {
	return new Household({ seed: 7, start: SECOND, heatPump: false, solarWatts: SOLAR });
}

const kWh = (wattSeconds: number) => `${fixed(Math.floor(wattSeconds / 3600), 3)} kWh`;
const cubicMetres = (millilitres: number) => `${fixed(Math.floor(millilitres / 1000), 3)} m³`;

describe("a DSMR 5 meter", () => {
	test("sends every second", () => {
		const meter = new Dsmr5(OPTIONS);
		expect(meter.nextSend(START)).toBe(START + 1000);
		expect(meter.nextSend(START + 1)).toBe(START + 1000);
	});

	test("says what the household does", () => {
		const gas = household().stepTo(Date.UTC(2026, 2, 12, 12, 5) / 1000).counters.gas;
		const water = new WaterUse(7, SECOND).stepTo(Date.UTC(2026, 2, 12, 12, 5) / 1000);
		const { counters, power, volts, amperes, watts } = household().stepTo(AT / 1000);
		const reading = readingOf(p1, new Dsmr5(OPTIONS).telegram(AT));
		expect(reading.time).toBe("2026-03-12T12:07:10+01:00");
		expect(reading.meter).toMatchObject({ id: "E0059123456789012", list: "DSMR 5.0" });
		const { imported, importedT1, exported, exportedT1 } = counters;
		expect(valuesOf(reading)).toMatchObject({
			energy_import_t1: kWh(importedT1),
			energy_import_t2: kWh(imported - importedT1),
			energy_export_t1: kWh(exportedT1),
			energy_export_t2: kWh(exported - exportedT1),
			power_import: `${Math.max(power, 0)} W`,
			power_export: `${Math.max(-power, 0)} W`,
			voltage_l1: `${fixed(Math.round(volts[0] * 10), 1)} V`,
			voltage_l3: `${fixed(Math.round(volts[2] * 10), 1)} V`,
			current_l2: `${Math.round(amperes[1])} A`,
			power_import_l1: `${Math.max(watts[0], 0)} W`,
			power_export_l1: `${Math.max(-watts[0], 0)} W`,
		});
		expect(reading.devices).toMatchObject([
			{ kind: "gas", id: "G0099123456789012", channel: 1, time: "2026-03-12T12:05:00+01:00" },
			{ kind: "water", id: "W0029123456789012", channel: 2, time: "2026-03-12T12:05:00+01:00" },
		]);
		expect(reading.devices.map(valuesOf)).toMatchObject([
			{ gas_volume: cubicMetres(gas) },
			{ water_volume: cubicMetres(water) },
		]);
	});

	test("counts what it showed: power over each second is what the counters gained", () => {
		const meter = new Dsmr5({ ...OPTIONS, solarWatts: 0 });
		let wattSeconds = 0;
		let first = 0;
		let last = 0;
		for (let time = START + 1000; time <= START + 600_000; time += 1000) {
			const values = valuesOf(readingOf(p1, meter.telegram(time)));
			last = Number.parseFloat(values.energy_import_t2 as string) * 1000;
			if (first === 0) first = last;
			else wattSeconds += Number.parseFloat(values.power_import as string);
		}
		// Both ends are cut off to a Wh.
		expect(Math.abs(last - first - wattSeconds / 3600)).toBeLessThan(1);
		expect(wattSeconds).toBeGreaterThan(0);
	});

	test("prints summer time from the last Sunday of March", () => {
		const night = Date.UTC(2026, 2, 29, 1, 59, 50);
		const meter = new Dsmr5({ ...OPTIONS, start: night });
		expect(readingOf(p1, meter.telegram(night + 5000)).time).toBe("2026-03-29T01:59:55+01:00");
		expect(readingOf(p1, meter.telegram(night + 3_610_000)).time).toBe("2026-03-29T03:00:00+02:00");
	});
});

describe("a Belgian meter", () => {
	const meter = new Fluvius(OPTIONS);
	/** 12:47:30: past three quarters of an hour. */
	const at = START + 2_970_000;
	const reading = readingOf(p1, meter.telegram(at));

	test("says what the household does, day tariff first", () => {
		const { counters, power, amperes } = household().stepTo(at / 1000);
		expect(reading.time).toBe("2026-03-12T12:47:30+01:00");
		expect(valuesOf(reading)).toMatchObject({
			energy_import_t1: kWh(counters.imported - counters.importedT1),
			energy_import_t2: kWh(counters.importedT1),
			power_import: `${Math.max(power, 0)} W`,
			power_export: `${Math.max(-power, 0)} W`,
			current_l1: `${fixed(Math.round(amperes[0] * 100), 2)} A`,
		});
		expect(reading.devices.map(({ kind }) => kind)).toEqual(["gas", "water"]);
	});

	test("its demand is the counter's gain in the running quarter", () => {
		const house = household();
		const before = house.stepTo(Date.UTC(2026, 2, 12, 12, 45) / 1000).counters.imported;
		const now = house.stepTo(at / 1000).counters.imported;
		const demand = reading.quantities.find(({ obis }) => obis === "1-0:1.4.0");
		expect(demand && valuesOf({ quantities: [{ ...demand, name: "demand" }] })).toEqual({
			demand: `${Math.floor((now - before) / 900)} W`,
		});
	});

	test("keeps thirteen months", () => {
		const history = reading.quantities.find(({ obis }) => obis === "0-0:98.1.0")?.value;
		expect(history).toMatch(
			/^\(13\)\(1-0:1\.6\.0\)\(1-0:1\.6\.0\)(\(\d{12}[SW]\)\(\d{12}[SW]\)\(\d\d\.\d{3}\*kW\)){13}$/,
		);
	});
});

test("a quarter-hour peak is the highest gain of the counter over a quarter", () => {
	const options = { seed: 3, start: SECOND, heatPump: false, solarWatts: 0 };
	const demand = new Demand(new Household(options), 3, SECOND);
	const house = new Household(options);
	let highest = { watts: 900, second: 0 };
	let before = house.stepTo(Date.UTC(2026, 2, 12, 12) / 1000).counters.imported;
	for (let end = Date.UTC(2026, 2, 12, 12, 15) / 1000; end <= SECOND + 86_400; end += 900) {
		const { imported } = house.stepTo(end).counters;
		const watts = Math.floor((imported - before) / 900);
		if (watts > highest.watts) highest = { watts, second: end };
		before = imported;
	}
	demand.stepTo(SECOND + 86_400);
	expect(highest.second).toBeGreaterThan(0);
	expect(demand.month).toEqual(highest);
});

describe("a Smarty of Luxembourg", () => {
	const at = START + 60_000;

	test("says what the household does to those who have its key", () => {
		const { counters, power, reactive } = household().stepTo(at / 1000);
		const bytes = new Luxembourg(OPTIONS).telegram(at);
		const reading = readingOf(p1, bytes, { encryptionKey: LUXEMBOURG_KEY });
		expect(reading.time).toBe("2026-03-12T11:59:00+01:00");
		expect(valuesOf(reading)).toMatchObject({
			energy_import: kWh(counters.imported),
			energy_export: kWh(counters.exported),
			power_import: `${Math.max(power, 0)} W`,
			reactive_power_import: `${Math.max(reactive, 0)} var`,
		});
	});

	test("tells nothing without it, and never repeats a counter", () => {
		const meter = new Luxembourg(OPTIONS);
		const [one, other] = [meter.telegram(at), meter.telegram(at + 10_000)];
		expect(() => readingOf(p1, one)).toThrow("key");
		expect([...one.slice(14, 18)]).not.toEqual([...other.slice(14, 18)]);
	});
});

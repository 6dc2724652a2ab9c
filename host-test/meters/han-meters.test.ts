// Aidon, Kaifa and the encrypted Omnipower read by the DLMS session: every number is the load model's.

import { Aidon } from "../../host/meters/aidon";
import { Household } from "../../host/meters/household";
import { Kaifa } from "../../host/meters/kaifa";
import { KamstrupOmnipowerEncrypted, OMNIPOWER_KEYS } from "../../host/meters/kamstrup-omnipower-encrypted";
import type { PushMeter } from "../../host/meters/push-meter";
import { dlms } from "../../protocols/dlms/dlms";
import { fixed, readingOf, valuesOf } from "./readings";

/** A Thursday in March, five seconds before eleven o'clock. */
const START = Date.UTC(2026, 2, 12, 10, 59, 55);
const SOLAR = 15_000;
const OPTIONS = { seed: 11, start: START, solarWatts: SOLAR };
const HOUR = START + 5000;
const HOURLY = HOUR + 10_000;

function stateAt(time: number) {
	const options = { seed: 11, start: START / 1000, heatPump: true, solarWatts: SOLAR };
	return new Household(options).stepTo(Math.floor(time / 1000));
}

/** Instants up to `until`. */
function instants(meter: PushMeter, until: number): number[] {
	const found: number[] = [];
	for (let time = meter.nextSend(START); time <= until; time = meter.nextSend(time)) found.push(time - HOUR);
	return found;
}

const powers = ({ power, reactive }: ReturnType<typeof stateAt>) => ({
	power_import: `${Math.max(power, 0)} W`,
	power_export: `${Math.max(-power, 0)} W`,
	reactive_power_import: `${Math.max(reactive, 0)} var`,
	reactive_power_export: `${Math.max(-reactive, 0)} var`,
});
const tenWattHours = (wattSeconds: number) => `${fixed(Math.floor(wattSeconds / 36_000), 2)}`;

describe("Aidon", () => {
	test("sends every 2.5 s", () => {
		expect(instants(new Aidon(OPTIONS), HOURLY)).toEqual([-2500, 0, 2500, 5000, 7500, 10_000]);
	});

	test("list 1 is the power alone", () => {
		const time = HOUR + 2500;
		const { power } = stateAt(time);
		const reading = readingOf(dlms, new Aidon(OPTIONS).telegram(time));
		expect(valuesOf(reading)).toEqual({ power_import: `${Math.max(power, 0)} W` });
	});

	test("list 2 has powers, voltages and two currents", () => {
		const state = stateAt(HOUR);
		const values = valuesOf(readingOf(dlms, new Aidon(OPTIONS).telegram(HOUR)));
		expect(values).toMatchObject({
			...powers(state),
			current_l1: `${fixed(Math.round(state.amperes[0] * 10), 1)} A`,
			current_l3: `${fixed(Math.round(state.amperes[2] * 10), 1)} A`,
			voltage_l2: `${fixed(Math.round(state.volts[1] * 10), 1)} V`,
		});
		expect(values).not.toHaveProperty("current_l2");
		expect(values).not.toHaveProperty("energy_import");
	});

	test("list 3 comes ten seconds after the hour, with counters", () => {
		const { counters } = stateAt(HOURLY);
		const reading = readingOf(dlms, new Aidon(OPTIONS).telegram(HOURLY));
		expect(reading.meter).toMatchObject({
			manufacturer: "Aidon",
			id: "7359992890941742",
			list: "AIDON_V0001",
		});
		expect(reading.time).toBe("2026-03-12T11:00:10");
		expect(valuesOf(reading)).toMatchObject({
			energy_import: `${tenWattHours(counters.imported)} kWh`,
			energy_export: `${tenWattHours(counters.exported)} kWh`,
			reactive_energy_import: `${tenWattHours(counters.reactiveImported)} kvarh`,
			reactive_energy_export: `${tenWattHours(counters.reactiveExported)} kvarh`,
		});
	});

	test("sends list 3 first where a page waits for it", () => {
		const meter = new Aidon({ ...OPTIONS, longListFirst: true });
		expect(valuesOf(readingOf(dlms, meter.telegram(meter.nextSend(START))))).toHaveProperty("energy_import");
	});
});

describe("Kaifa", () => {
	test("sends every 2 s", () => {
		expect(instants(new Kaifa(OPTIONS), HOURLY)).toEqual([-4000, -2000, 0, 2000, 4000, 6000, 8000, 10_000]);
	});

	test("one value, thirteen, eighteen", () => {
		const meter = new Kaifa(OPTIONS);
		const short = stateAt(HOUR - 2000);
		expect(valuesOf(readingOf(dlms, meter.telegram(HOUR - 2000)))).toEqual({
			power_import: `${Math.max(short.power, 0)} W`,
		});
		const medium = stateAt(HOUR);
		const values = valuesOf(readingOf(dlms, meter.telegram(HOUR)));
		expect(values).toMatchObject({
			...powers(medium),
			current_l2: `${fixed(Math.round(medium.amperes[1] * 1000), 3)} A`,
			voltage_l3: `${fixed(Math.round(medium.volts[2] * 10), 1)} V`,
		});
		expect(values).not.toHaveProperty("energy_import");
		const { counters } = stateAt(HOURLY);
		const long = readingOf(dlms, meter.telegram(HOURLY));
		expect(long.meter).toMatchObject({ manufacturer: "Kaifa", id: "6970631401753985", model: "MA304H3E" });
		expect(long.time).toBe("2026-03-12T11:00:10");
		expect(valuesOf(long)).toMatchObject({
			energy_import: `${fixed(Math.floor(counters.imported / 3600), 3)} kWh`,
			energy_export: `${fixed(Math.floor(counters.exported / 3600), 3)} kWh`,
			reactive_energy_import: `${fixed(Math.floor(counters.reactiveImported / 3600), 3)} kvarh`,
		});
	});
});

describe("the encrypted Omnipower", () => {
	const bytes = new KamstrupOmnipowerEncrypted(OPTIONS).telegram(HOUR);

	test("says what the household does to those who have its keys", () => {
		const state = stateAt(HOUR);
		const reading = readingOf(dlms, bytes, OMNIPOWER_KEYS);
		expect(reading.meter).toMatchObject({ manufacturer: "Kamstrup", id: "20222083" });
		expect(reading.time).toBe("2026-03-12T11:00:00");
		const { counters, watts, volts } = state;
		expect(valuesOf(reading)).toMatchObject({
			...powers(state),
			energy_import: `${tenWattHours(counters.imported)} kWh`,
			energy_export: `${tenWattHours(counters.exported)} kWh`,
			voltage_l1: `${Math.round(volts[0])} V`,
			power_import_l1: `${Math.max(watts[0], 0)} W`,
			power_export_l2: `${Math.max(-watts[1], 0)} W`,
			current_l3: `${fixed(Math.round(state.amperes[2] * 100), 2)} A`,
		});
	});

	test("counts each phase by itself", () => {
		const house = new Household({ seed: 11, start: START / 1000, heatPump: true, solarWatts: SOLAR });
		let l1 = Math.floor(house.state.counters.imported / 3);
		for (let second = START / 1000 + 1; second <= HOUR / 1000; second++)
			l1 += Math.max(house.stepTo(second).watts[0], 0);
		expect(valuesOf(readingOf(dlms, bytes, OMNIPOWER_KEYS))).toMatchObject({
			energy_import_l1: `${tenWattHours(l1)} kWh`,
		});
	});

	test("has the 65 items of DLMS push 1, and tells nothing without keys", () => {
		expect(() => readingOf(dlms, bytes)).toThrow("key");
		expect(() =>
			readingOf(dlms, bytes, { ...OMNIPOWER_KEYS, encryptionKey: "000102030405060708090A0B0C0D0E0F" }),
		).toThrow("key");
	});
});

// What emulated meters send, read back by the protocols' own sessions and compared with a household of the same seed
// that is stepped here: at the right instants, to the last digit.

import { AskedMeter } from "../../host/meters/asked-meter";
import { Household } from "../../host/meters/household";
import { findMeter, METERS } from "../../host/meters/meters";
import type { MeterOptions } from "../../host/meters/push-meter";
import { nodeCipher } from "../../host/platform/cipher";
import type { Protocol } from "../../protocols/protocol";
import { findProtocol } from "../../protocols/registry";
import { tableChecksums } from "../../protocols/shared/checksums";
import { toText } from "../../readings/decimal";
import { findQuantity, type Reading } from "../../readings/reading";
import { defaultValues } from "../../settings/setting";

/** A Wednesday, 16:58:47.300 local time. */
const START = Date.UTC(2026, 0, 14, 16, 58, 47, 300);
const options: MeterOptions = { seed: 7, start: START, solarWatts: 0 };

/** Everything the meter sends until `end`, as readings with their instants. */
function listen(name: string, end: number, changes: Partial<MeterOptions> = {}) {
	const model = findMeter(name);
	if (!model) throw new Error(name);
	const given = { ...options, ...changes };
	const meter = model.make(given);
	const protocol = findProtocol(model.protocol) as Protocol;
	const session = protocol.open({
		checksums: tableChecksums(),
		cipher: nodeCipher(),
		settings: { ...defaultValues(protocol.settings), ...model.settings },
	});
	const heard: { at: number; reading: Reading; bytes: Uint8Array }[] = [];
	for (let at = meter.nextSend(given.start); at <= end; at = meter.nextSend(at)) {
		const bytes = meter.telegram(at);
		const actions = session.receive(bytes, at).filter((action) => action.do !== "wakeAt");
		expect(actions.map((action) => action.do)).toEqual(["reading"]);
		for (const action of actions)
			if (action.do === "reading") heard.push({ at, reading: action.reading, bytes });
	}
	return heard;
}

function value(reading: { readonly quantities: Reading["quantities"] }, name: string): string {
	const quantity = findQuantity(reading, name);
	if (!quantity) throw new Error(`no ${name}`);
	return typeof quantity.value === "string" ? quantity.value : toText(quantity.value);
}

const clock = (at: number) => new Date(at).toISOString().slice(11, 19);

describe("Kamstrup Omnipower", () => {
	test("a list every ten seconds, the hourly one five seconds past the hour", () => {
		const heard = listen("kamstrup-omnipower", START + 95_000);
		const expected = ["16:58:50", "16:59:00", "16:59:10", "16:59:20", "16:59:30", "16:59:40", "16:59:50"];
		expect(heard.map(({ at }) => clock(at))).toEqual([
			...expected,
			"17:00:00",
			"17:00:05",
			"17:00:10",
			"17:00:20",
		]);
		const hourly = heard.filter(({ reading }) => findQuantity(reading, "energy_import"));
		expect(hourly.map(({ at }) => clock(at))).toEqual(["17:00:05"]);
		expect(hourly[0]?.reading).toMatchObject({
			time: "2026-01-14T17:00:05",
			meter: { manufacturer: "Kamstrup" },
		});
	});

	test("frames are as long as the real meter's: 228 bytes and 302", () => {
		// PROTOCOLS.md 5.1: length field A0 E2 for 25 items, and 5.1 with amsreader's A1 2C for 35; two flags more.
		const heard = listen("kamstrup-omnipower", START + 80_000);
		expect(new Set(heard.map(({ bytes }) => bytes.length))).toEqual(new Set([0xe2 + 2, 0x12c + 2]));
	});

	test.each([0, 9000])("with %i W of solar panels: every value is the household's", (solarWatts) => {
		const start = Date.UTC(2026, 0, 14, 11, 59, 0);
		const household = new Household({ seed: 7, start: start / 1000, heatPump: true, solarWatts });
		const heard = listen("kamstrup-omnipower", start + 120_000, { start, solarWatts });
		for (const { at, reading } of heard.filter((each) => each.at > start)) {
			const { power, reactive, volts, amperes, counters } = household.stepTo(at / 1000);
			expect(value(reading, "power_import")).toBe(`${Math.max(power, 0)}`);
			expect(value(reading, "power_export")).toBe(`${Math.max(-power, 0)}`);
			expect(value(reading, "reactive_power_import")).toBe(`${Math.max(reactive, 0)}`);
			expect(value(reading, "voltage_l2")).toBe(`${Math.round(volts[1])}`);
			expect(value(reading, "current_l3")).toBe(amperes[2].toFixed(2));
			if (!findQuantity(reading, "energy_import")) continue;
			// 10 Wh a count: kWh with two decimals, cut off.
			expect(Number(value(reading, "energy_import"))).toBe(Math.floor(counters.imported / 36_000) / 100);
			expect(Number(value(reading, "energy_export"))).toBe(Math.floor(counters.exported / 36_000) / 100);
		}
		expect(heard.length).toBeGreaterThan(10);
	});

	test("the counter's growth over an hour is the mean of the power, within one count", () => {
		const hours = listen("kamstrup-omnipower", START + 2 * 3_600_000).filter(({ reading }) =>
			findQuantity(reading, "energy_import"),
		);
		const [from, to] = hours;
		if (!from || !to) throw new Error("two hourly lists expected");
		const household = new Household({
			seed: 7,
			start: Math.floor(START / 1000),
			heatPump: true,
			solarWatts: 0,
		});
		household.stepTo(from.at / 1000);
		let wattSeconds = 0;
		for (let second = from.at / 1000 + 1; second <= to.at / 1000; second++)
			wattSeconds += household.stepTo(second).power;
		const grown = Number(value(to.reading, "energy_import")) - Number(value(from.reading, "energy_import"));
		expect(Math.abs(grown - wattSeconds / 3_600_000)).toBeLessThanOrEqual(0.01);
	});

	test("asked to, it begins with the hourly list", () => {
		const [first] = listen("kamstrup-omnipower", START + 4000, { longListFirst: true });
		expect(first && findQuantity(first.reading, "energy_import")).toBeDefined();
	});
});

describe("Kamstrup 162", () => {
	test("every ten seconds, every value the household's", () => {
		const heard = listen("kamstrup-162", START + 60_000);
		expect(heard.map(({ at }) => clock(at)).slice(0, 2)).toEqual(["16:58:50", "16:59:00"]);
		const household = new Household({
			seed: 7,
			start: Math.floor(START / 1000),
			heatPump: false,
			solarWatts: 0,
		});
		for (const { at, reading } of heard) {
			const { power, counters } = household.stepTo(at / 1000);
			const kWh = (wattSeconds: number) => (Math.floor(wattSeconds / 3600) / 1000).toFixed(3);
			expect(value(reading, "energy_import_t1")).toBe(kWh(counters.importedT1));
			expect(value(reading, "energy_import_t2")).toBe(kWh(counters.imported - counters.importedT1));
			// DSMR 2.2 prints 10 W.
			expect(value(reading, "power_import")).toBe(`${Math.floor(power / 10) * 10}`);
			expect(value(reading, "tariff")).toBe("2");
		}
	});

	test("the gas meter is read on the hour, and its value holds until the next", () => {
		const heard = listen("kamstrup-162", START + 3_700_000).filter(
			({ at }) => at >= Date.UTC(2026, 0, 14, 17),
		);
		const household = new Household({
			seed: 7,
			start: Math.floor(START / 1000),
			heatPump: false,
			solarWatts: 0,
		});
		const { counters } = household.stepTo(Date.UTC(2026, 0, 14, 17) / 1000);
		const litres = Math.floor(counters.gas / 1000);
		const [first] = heard[0]?.reading.devices ?? [];
		expect(first).toMatchObject({ kind: "gas", channel: 1, time: "2026-01-14T17:00:00" });
		expect(first && value(first, "gas_volume")).toBe((litres / 1000).toFixed(3));
		const before = heard.filter(({ at }) => at < Date.UTC(2026, 0, 14, 18)).at(-1)?.reading.devices[0];
		expect(before).toEqual(first);
		const after = heard.at(-1)?.reading.devices[0];
		expect(after?.time).toBe("2026-01-14T18:00:00");
		expect(Number(after && value(after, "gas_volume"))).toBeGreaterThan(litres / 1000);
	});

	test("is a telegram as DSMR 2.2 has it: 7-bit, CR LF, no CRC, gas on two lines", () => {
		const [first] = listen("kamstrup-162", START + 10_000);
		const text = Buffer.from(first?.bytes ?? []).toString("latin1");
		expect(text).toMatch(/^\/KMP5 KA6U\d{12}\r\n\r\n/);
		expect(text).toMatch(/\r\n!\r\n$/);
		expect(text).toMatch(/1-0:1\.8\.1\(\d{5}\.\d{3}\*kWh\)\r\n/);
		expect(text).toMatch(/1-0:1\.7\.0\(\d{4}\.\d{2}\*kW\)\r\n/);
		expect(text).toMatch(
			/0-1:24\.3\.0\(\d{12}\)\(08\)\(60\)\(1\)\(0-1:24\.2\.1\)\(m3\)\r\n\(\d{5}\.\d{3}\)\r\n/,
		);
		expect(text.replace(/\r\n/g, "")).toMatch(/^[\x20-\x7e]+$/);
	});
});

// A pulse's record is no reading of its own: s0.test.ts.
const PUSHING = METERS.filter(
	({ make, protocol }) => protocol !== "pulse" && !(make(options) instanceof AskedMeter),
);

test.each(PUSHING.map(({ name }) => name))("%s: same seed and start, same bytes", (name) => {
	const bytes = (seed: number) => listen(name, START + 60_000, { seed }).map((each) => [...each.bytes]);
	expect(bytes(3)).toEqual(bytes(3));
	expect(bytes(4)).not.toEqual(bytes(3));
});

// Emulated meters that are asked, each read by its own protocol's session at the pace of the line: every number is the
// load model's at the second in which the meter heard the request.

import { Demand } from "../../host/meters/demand";
import { HeatUse } from "../../host/meters/heat-use";
import { Household } from "../../host/meters/household";
import { CUSTOMER_NUMBER, Kamstrup382 } from "../../host/meters/kamstrup-382";
import { Kamstrup685382 } from "../../host/meters/kamstrup-685-382";
import { LandisGyrZmd, ZMD_ID, ZMD_PASSWORD } from "../../host/meters/landis-gyr-zmd";
import { MULTICAL_403_SERIAL, multical403 } from "../../host/meters/multical-403";
import { multical603 } from "../../host/meters/multical-603";
import { WorkingHours } from "../../host/meters/working-hours";
import { iec62056 } from "../../protocols/iec62056/iec62056";
import { getSerialNo, METER, setClock } from "../../protocols/kmp/commands";
import { encodeFrame, TO_METER } from "../../protocols/kmp/frame";
import { kmp } from "../../protocols/kmp/kmp";
import { kmp382 } from "../../protocols/kmp382/kmp382";
import { tableChecksums } from "../../protocols/shared/checksums";
import { Dialogue } from "./asked-dialogue";
import { fixed, valuesOf } from "./readings";

/** A Thursday in March, after noon. */
const START = Date.UTC(2026, 2, 12, 12, 0, 30);
const SECOND = START / 1000;
const OPTIONS = { seed: 5, start: START, solarWatts: 100 };
const MINUTE = 60_000;

function house(after: number) {
	const household = new Household({ seed: 5, start: SECOND, heatPump: false, solarWatts: 100 });
	const demand = new Demand(household, 5, SECOND);
	const state = demand.stepTo(SECOND + Math.floor(after / 1000));
	return { ...state, demand };
}

/** When the meter had heard the request that was sent last before a reading: `bits` for each character. */
function heardAt({ sent }: Dialogue, index: number, bits: number): number {
	const { bytes, at, baud } = sent[index] as Dialogue["sent"][number];
	return at + (bytes.length * bits * 1000) / baud;
}

const kWh = (wattSeconds: number) => `${Math.floor(wattSeconds / 3_600_000)} kWh`;

describe("Kamstrup 382", () => {
	const dialogue = new Dialogue({ protocol: iec62056, meter: new Kamstrup382(OPTIONS), start: START });
	dialogue.advance(30_000);

	test("answers /?! with what the household has used", () => {
		expect(dialogue.rejections).toEqual([]);
		expect(dialogue.readings).toHaveLength(1);
		const reading = dialogue.readings[0]?.reading;
		if (!reading) return;
		const { counters, demand } = house(heardAt(dialogue, 0, 10));
		expect(reading.meter).toMatchObject({
			manufacturer: "Kamstrup",
			id: CUSTOMER_NUMBER,
			list: "mode A, BCC sum",
		});
		expect(valuesOf(reading)).toMatchObject({
			energy_import: kWh(counters.imported),
			energy_import_t1: kWh(counters.importedT1),
			energy_import_t2: kWh(counters.imported - counters.importedT1),
			operating_time: `${new WorkingHours(5, SECOND).at(SECOND)} h`,
			power_peak_month: `${Math.floor(demand.month.watts / 100) * 100} W`,
		});
	});

	test("replies 200 ms after the request, at 300 Bd", () => {
		const { heard } = dialogue;
		const first = heard[0]?.at ?? 0;
		const last = heard.at(-1)?.at ?? 0;
		const character = 10_000 / 300;
		expect(first - heardAt(dialogue, 0, 10)).toBeCloseTo(200 + character, 0);
		expect((last - first) / (heard.length - 1)).toBeCloseTo(character, 0);
	});

	test("carries even parity in bit 7, as 7E1 looks on eight bits", () => {
		for (const { byte } of dialogue.heard)
			expect([...byte.toString(2)].filter((bit) => bit === "1").length % 2).toBe(0);
	});

	test("does not answer another's address", () => {
		const settings = { address: "99999999" };
		const other = new Dialogue({
			protocol: iec62056,
			meter: new Kamstrup382(OPTIONS),
			start: START,
			settings,
		});
		other.advance(MINUTE / 2);
		expect(other.heard).toEqual([]);
	});
});

describe("Kamstrup 685-382", () => {
	test.each([false, true])("answers KMP-382; echo of the head: %s", (echo) => {
		const meter = new Kamstrup685382(OPTIONS);
		const dialogue = new Dialogue({ protocol: kmp382, meter, start: START, echo });
		dialogue.advance(MINUTE / 2);
		expect(dialogue.rejections).toEqual([]);
		expect(dialogue.readings).toHaveLength(1);
		const reading = dialogue.readings[0]?.reading;
		if (!reading) return;
		const { counters, power, demand } = house(heardAt(dialogue, 0, 12));
		expect(reading.meter).toMatchObject({ manufacturer: "Kamstrup", model: "685382OK10", id: "9054042" });
		expect(valuesOf(reading)).toMatchObject({
			energy_import: kWh(counters.imported),
			power_import: `${Math.max(power, 0)} W`,
			energy_import_high_resolution: `${fixed(Math.floor(counters.imported / 36_000), 2)} kWh`,
			power_peak_month: `${demand.month.watts} W`,
			energy_import_t1: kWh(counters.importedT1),
			energy_import_t2: kWh(counters.imported - counters.importedT1),
			operating_time: `${new WorkingHours(5, SECOND).at(SECOND)} h`,
			customer_no: "10865272",
			production_no: "268439699",
		});
	});
});

describe("MULTICAL 403", () => {
	const dialogue = new Dialogue({ protocol: kmp, meter: multical403(OPTIONS), start: START, echo: true });
	dialogue.advance(MINUTE / 2);

	test("answers what a poll asks, with an echoing head", () => {
		expect(dialogue.rejections).toEqual([]);
		expect(dialogue.readings).toHaveLength(1);
		const reading = dialogue.readings[0]?.reading;
		if (!reading) return;
		const heat = new HeatUse(5, SECOND).stepTo(SECOND + Math.floor(heardAt(dialogue, 0, 11) / 1000));
		expect(reading.meter).toMatchObject({ manufacturer: "Kamstrup", id: `${MULTICAL_403_SERIAL}` });
		expect(valuesOf(reading)).toEqual({
			heat_energy: `${fixed(Math.floor(heat.counters.energy / 3_600_000), 3)} MWh`,
			heat_volume: `${fixed(Math.floor(heat.counters.volume / 10_000), 2)} m³`,
			flow: `${Math.floor((heat.flow * 3600) / 1000)} L/h`,
			heat_power: `${fixed(Math.floor(heat.power / 100), 1)} kW`,
			temperature_supply: `${fixed(heat.supply, 2)} °C`,
			temperature_return: `${fixed(heat.return, 2)} °C`,
			temperature_difference: `${fixed(heat.supply - heat.return, 2)} K`,
			operating_time: `${new WorkingHours(5, SECOND).at(SECOND)} h`,
		});
	});

	test("begins to reply within 1.6 s, then sends at 1200 Bd 8N2", () => {
		const request = dialogue.sent[0]?.bytes.length ?? 0;
		const reply = dialogue.heard.slice(request);
		const after = (reply[0]?.at ?? 0) - heardAt(dialogue, 0, 11);
		expect(after).toBeGreaterThan(100);
		expect(after).toBeLessThan(1600);
		expect((reply[9]?.at ?? 0) - (reply[0]?.at ?? 0)).toBeCloseTo((9 * 11_000) / 1200, 0);
	});
});

describe("MULTICAL 603", () => {
	test("leaves out registers that it lacks", () => {
		const settings = { registers: "60 1 239 1234 1003 1002 348 266 1001" };
		const dialogue = new Dialogue({ protocol: kmp, meter: multical603(OPTIONS), start: START, settings });
		dialogue.advance(MINUTE / 2);
		expect(dialogue.rejections).toEqual([]);
		const reading = dialogue.readings[0]?.reading;
		const registers = reading?.quantities.map(({ register }) => register);
		expect(registers?.toSorted((a = 0, b = 0) => a - b)).toEqual([60, 239, 266, 348, 1001, 1002, 1003]);
		expect(reading?.time?.slice(0, 16)).toBe("2026-03-12T12:00");
	});

	test("counts exactly what flows: energy and volume over an hour are the sums of power and flow", () => {
		const heat = new HeatUse(5, SECOND);
		const before = heat.state.counters;
		let energy = 0;
		let volume = 0;
		for (let second = SECOND + 1; second <= SECOND + 3600; second++) {
			const { power, flow } = heat.stepTo(second);
			energy += power;
			volume += flow;
		}
		expect(heat.state.counters.energy - before.energy).toBe(energy);
		expect(heat.state.counters.volume - before.volume).toBe(volume);
		expect(energy).toBeGreaterThan(0);
	});

	test("the month's highest flow is an hour's mean of the counter", () => {
		const meter = multical603(OPTIONS);
		const after = 3 * 3600;
		const heat = new HeatUse(5, SECOND);
		const begin = Date.UTC(2026, 2, 12, 13) / 1000;
		const first = heat.stepTo(begin).counters.volume;
		const second = heat.stepTo(begin + 3600).counters.volume;
		const third = heat.stepTo(begin + 7200).counters.volume;
		const means = [second - first, third - second].map((millilitres) => Math.floor(millilitres / 1000));
		const request = { protocol: kmp, meter, settings: { registers: "139" }, start: START + after * 1000 };
		const dialogue = new Dialogue(request);
		dialogue.advance(MINUTE / 2);
		const most = Number(valuesOf(dialogue.readings[0]?.reading as never).register_139?.replace(" L/h", ""));
		// Before the first whole hour the meter knows only what flowed when it began.
		const atStart = Math.floor((new HeatUse(5, SECOND).state.flow * 3600) / 1000);
		expect(most).toBe(Math.max(atStart, ...means));
	});

	test("SetClock is acknowledged and moves the clock", () => {
		const checksums = tableChecksums();
		const meter = multical603(OPTIONS);
		const time = { year: 2027, month: 7, day: 30, hour: 16, minute: 15, second: 57 };
		const answers = meter.heard(encodeFrame(TO_METER, setClock(METER, time), checksums), START);
		expect(answers.map(({ bytes }) => [...bytes])).toEqual([[0x06]]);
		const settings = { registers: "348" };
		const dialogue = new Dialogue({ protocol: kmp, meter, start: START, settings });
		dialogue.advance(MINUTE / 2);
		expect(dialogue.readings[0]?.reading.time).toBe("2027-07-30T16:15:57");
	});

	test("a damaged request and one for a module stay unanswered", () => {
		const checksums = tableChecksums();
		const meter = multical603(OPTIONS);
		const request = encodeFrame(TO_METER, getSerialNo(METER), checksums);
		const damaged = request.map((byte, at) => (at === 3 ? byte ^ 1 : byte));
		expect(meter.heard(damaged, START)).toEqual([]);
		expect(meter.heard(encodeFrame(TO_METER, getSerialNo(0xbf), checksums), START)).toEqual([]);
		// PROTOCOLS.md's own example shows the form: 40 3F 02, four bytes, CRC, 0D.
		const [answer] = meter.heard(request, START);
		expect([...(answer?.bytes.subarray(0, 3) ?? [])]).toEqual([0x40, 0x3f, 0x02]);
	});
});

describe("Landis+Gyr ZMD", () => {
	const dialogue = new Dialogue({ protocol: iec62056, meter: new LandisGyrZmd(OPTIONS), start: START });
	dialogue.advance(MINUTE / 2);
	const energy = (wattSeconds: number) => `${fixed(Math.floor(wattSeconds / 3600), 3)} kWh`;

	test("reads out in mode C what the household has used", () => {
		expect(dialogue.rejections).toEqual([]);
		expect(dialogue.readings).toHaveLength(1);
		const reading = dialogue.readings[0]?.reading;
		if (!reading) return;
		const { counters, power, volts, amperes } = house(heardAt(dialogue, 1, 10));
		const { imported, importedT1, exported } = counters;
		expect(reading.meter).toMatchObject({ manufacturer: "Landis+Gyr", id: ZMD_ID, list: "mode C, BCC XOR" });
		expect(reading.time?.slice(0, 17)).toBe("2026-03-12T12:00:");
		expect(valuesOf(reading)).toMatchObject({
			energy_import: energy(imported),
			energy_import_t1: energy(imported - importedT1),
			energy_import_t2: energy(importedT1),
			energy_export: energy(exported),
			power_import: `${Math.max(power, 0)} W`,
			power_export: `${Math.max(-power, 0)} W`,
			voltage_l1: `${Math.round(volts[0])} V`,
			current_l3: `${fixed(Math.round(amperes[2] * 100), 2)} A`,
		});
	});

	test("identifies itself at 300 Bd and reads out at 9600", () => {
		const { heard } = dialogue;
		const stx = heard.findIndex(({ byte }) => (byte & 0x7f) === 0x02);
		const pace = (from: number, to: number) => ((heard[to]?.at ?? 0) - (heard[from]?.at ?? 0)) / (to - from);
		expect(pace(0, stx - 1)).toBeCloseTo(10_000 / 300, 0);
		expect(pace(stx, heard.length - 1)).toBeCloseTo(10_000 / 9600, 1);
		expect(heard.length - stx).toBeGreaterThan(300);
	});

	test("reads out at 300 Bd where nobody chooses a speed", () => {
		const settings = { highestBaud: "300" };
		const slow = new Dialogue({
			protocol: iec62056,
			meter: new LandisGyrZmd(OPTIONS),
			start: START,
			settings,
		});
		slow.advance(MINUTE);
		expect(slow.readings).toHaveLength(1);
		const meter = new LandisGyrZmd(OPTIONS);
		const [identification, readout] = meter.heard(Uint8Array.from(Buffer.from("/?!\r\n")), START);
		expect(identification?.line.baud).toBe(300);
		expect(readout).toMatchObject({ unlessHeard: true, afterMs: 1500, line: { baud: 300 } });
	});

	test("gives single values in programming mode, to who knows the password", () => {
		const settings = { dialogue: "programming", registers: "1.8.0 32.7.0", password: ZMD_PASSWORD };
		const single = new Dialogue({
			protocol: iec62056,
			meter: new LandisGyrZmd(OPTIONS),
			start: START,
			settings,
		});
		single.advance(MINUTE / 2);
		expect(single.rejections).toEqual([]);
		const values = valuesOf(single.readings[0]?.reading as never);
		// The first R1 is the third message behind the sign-on: select, P1, R1.
		const { counters } = house(heardAt(single, 3, 10));
		expect(values["1.8.0"]).toBe(energy(counters.imported));
		const refused = { ...settings, password: "12345678" };
		const locked = new Dialogue({
			protocol: iec62056,
			meter: new LandisGyrZmd(OPTIONS),
			start: START,
			settings: refused,
		});
		locked.advance(MINUTE / 2);
		expect(locked.readings).toEqual([]);
		expect(locked.rejections.map(({ code }) => code)).toContain("password-refused");
	});
});

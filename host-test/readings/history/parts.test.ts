// The calendar (2025 in Copenhagen, an hour in Chatham) and the table of counters, one case after the other. Numbers worked
// out by hand from docs/history.md.

import "../../../host/platform/globals";
import { isoTime, nextStart, type Period, periodStart, timeOf } from "../../../readings/history/calendar";
import {
	addChannel,
	type Channel,
	channelLines,
	countOf,
	missingTotals,
	overflow,
	placeOf,
	readTable,
	tableOf,
	takeChannel,
} from "../../../readings/history/channel";
import { crc32 } from "../../../settings/crc32";
import { zoneOffsets } from "../../../settings/posix-time-zone";
import { COPENHAGEN, counter } from "./storage";

const at = (iso: string) => Date.parse(iso) / 1000;
const copenhagen = zoneOffsets(COPENHAGEN);
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("the calendar", () => {
	const start = (period: Period, iso: string) =>
		isoTime(periodStart(period, at(iso), copenhagen), copenhagen);
	const next = (period: Period, iso: string) => isoTime(nextStart(period, at(iso), copenhagen), copenhagen);
	test.each([
		["hour", "2025-01-15T12:34:56+01:00", "2025-01-15T12:00:00+01:00", "2025-01-15T13:00:00+01:00"],
		["hour", "2025-03-30T03:30:00+02:00", "2025-03-30T03:00:00+02:00", "2025-03-30T04:00:00+02:00"],
		["day", "2025-01-15T12:34:56+01:00", "2025-01-15T00:00:00+01:00", "2025-01-16T00:00:00+01:00"],
		["day", "2025-03-30T12:00:00+02:00", "2025-03-30T00:00:00+01:00", "2025-03-31T00:00:00+02:00"],
		["day", "2025-03-31T00:00:00+02:00", "2025-03-31T00:00:00+02:00", "2025-04-01T00:00:00+02:00"],
		["day", "2025-10-26T23:59:59+01:00", "2025-10-26T00:00:00+02:00", "2025-10-27T00:00:00+01:00"],
		["month", "2025-01-31T23:59:59+01:00", "2025-01-01T00:00:00+01:00", "2025-02-01T00:00:00+01:00"],
		["month", "2024-02-29T12:00:00+01:00", "2024-02-01T00:00:00+01:00", "2024-03-01T00:00:00+01:00"],
		["month", "2025-03-31T12:00:00+02:00", "2025-03-01T00:00:00+01:00", "2025-04-01T00:00:00+02:00"],
		["month", "2025-10-31T12:00:00+01:00", "2025-10-01T00:00:00+02:00", "2025-11-01T00:00:00+01:00"],
		["month", "2025-12-31T12:00:00+01:00", "2025-12-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"],
	] as const)("the %s of %s", (period, iso, begins, ends) => {
		expect(start(period, iso)).toBe(begins);
		expect(start(period, begins)).toBe(begins);
		expect(next(period, begins)).toBe(ends);
	});

	test("an hour of a zone with three quarters of one", () => {
		const chatham = zoneOffsets("<+1245>-12:45");
		const begins = periodStart("hour", at("2025-06-01T10:00:00+12:45"), chatham);
		expect([isoTime(begins, chatham), nextStart("hour", begins, chatham) - begins]).toEqual([
			"2025-06-01T10:00:00+12:45",
			3600,
		]);
		expect(isoTime(0, zoneOffsets("EST5"))).toBe("1969-12-31T19:00:00-05:00");
	});

	test.each([
		["2025-01-31", "2025-01-31T00:00:00+01:00"],
		["2025-07", "2025-07-01T00:00:00+02:00"],
		["2025-01-31T13:36", "2025-01-31T13:36:00+01:00"],
		["2025-01-31T13:36:10", "2025-01-31T13:36:10+01:00"],
		["2025-01-31T13:36:10.9", "2025-01-31T13:36:10+01:00"],
		["2025-01-31T13:36:10Z", "2025-01-31T13:36:10Z"],
		["2025-01-31T13:36:10-05:00", "2025-01-31T13:36:10-05:00"],
		["2025-01-31T13:36+02:00", "2025-01-31T13:36:00+02:00"],
		// What the clock passes over is the moment of the change.
		["2025-03-30T02:30:00", "2025-03-30T03:30:00+02:00"],
		["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
	])("%s is %s", (text, iso) => expect(timeOf(text, copenhagen)).toBe(at(iso)));

	test.each([
		"",
		"2025",
		"2025-1-31",
		"2025-13-01",
		"2025-01-32",
		"2025-01-31 13:36",
		"2025-01-31T25:00",
		"1969-12-31T23:59:59Z",
		"x025-01-31",
		"2025-01-31Tx3:36:10",
		"20250131T133610",
	])("%j is no time", (text) => expect(timeOf(text, copenhagen)).toBeUndefined());
});

describe("the table of counters", () => {
	const added = (name: string, unit = "kWh", sent = -3) => addChannel([], name, unit, "meter", 0, sent);
	test.each([
		"energy_import",
		"energy_export",
		"energy_import_t1",
		"energy_export_t4",
		"gas_volume",
		"water_volume",
		"heat_energy",
		"cooling_energy",
		"heat_volume",
		"cost_import",
	])("%s has a history", (name) =>
		expect(added(name)).toMatchObject({
			name,
			unit: "kWh",
			kind: "meter",
			bus: 0,
			exponent: -3,
			id: 0,
			offset: 0,
		}),
	);
	test.each([
		"power_import",
		"energy",
		"tariff",
		"energy_importx",
		"xenergy_import",
		"energy_import_l",
		"cost",
		"import",
	])("%s has none", (name) => expect(added(name)).toBeUndefined());

	test("units of counters have one, others none; money has any", () => {
		expect(
			["kWh", "MWh", "GJ", "m³", "Gcal", "kvarh", ""].map((unit) => added("heat_energy", unit)?.unit),
		).toEqual(["kWh", "MWh", "GJ", "m³", "Gcal", "kvarh", ""]);
		expect(["Wh", "imp", "L", "kW"].map((unit) => added("heat_energy", unit))).toEqual(
			Array(4).fill(undefined),
		);
		expect(added("cost_import", "DKK")?.unit).toBe("DKK");
	});

	test("thousandths are kept, or more digits; whole ones of what has no unit; no more than nine", () => {
		expect([0, -2, -3, -4, -9].map((sent) => added("energy_import", "kWh", sent)?.exponent)).toEqual([
			-3, -3, -3, -4, -9,
		]);
		expect([0, 2, -1].map((sent) => added("pulse_count", "", sent)?.exponent)).toEqual([0, 0, -1]);
		expect(added("energy_import", "kWh", -10)).toBeUndefined();
	});

	test("it has twelve places, each found by all that it is", () => {
		const channels: Channel[] = [];
		for (let bus = 0; bus < 14; bus++) addChannel(channels, "gas_volume", "m³", "gas", bus, -3);
		expect(channels).toHaveLength(12);
		const other = addChannel([], "energy_import", "kWh", "meter", 0, -3) as Channel;
		channels[3] = other;
		expect([
			placeOf(channels, "energy_import"),
			placeOf(channels, "energy_import", "kWh"),
			placeOf(channels, "energy_import", "MWh"),
			placeOf(channels, "energy_import", "kWh", "gas"),
			placeOf(channels, "energy_import", "kWh", "meter", 1),
			placeOf(channels, "gas_volume", "m³", "gas", 5),
		]).toEqual([3, 3, -1, -1, -1, 5]);
	});

	test.each([
		[{ mantissa: 12_345, exponent: -3 }, -3, 12_345],
		[{ mantissa: 12_345, exponent: -4 }, -3, 1234],
		[{ mantissa: 12, exponent: 0 }, -3, 12_000],
		[{ mantissa: 12, exponent: 2 }, -3, 1_200_000],
		[{ mantissa: 0, exponent: 0 }, 0, 0],
		[{ mantissa: 2 ** 51 - 1, exponent: 0 }, 0, 2 ** 51 - 1],
		[{ mantissa: 2 ** 51, exponent: 0 }, 0, Number.NaN],
		[{ mantissa: -1, exponent: 0 }, 0, Number.NaN],
		[{ mantissa: 10n ** 20n, exponent: -10 }, -3, 10 ** 13],
	])("%j in units of 10^%d is %d", (value, exponent, count) => expect(countOf(value, exponent)).toBe(count));

	test("its lines come back; a line that is none leaves nothing", () => {
		const line = "channel,0,energy_import,kWh,meter,0,-3,1a2b3c4d,500";
		const channels: Channel[] = [];
		expect(takeChannel(channels, line.split(","))).toBe(true);
		expect(channels).toEqual([
			{
				name: "energy_import",
				unit: "kWh",
				kind: "meter",
				bus: 0,
				exponent: -3,
				id: 0x1a2b3c4d,
				offset: 500,
			},
		]);
		expect(channelLines(channels)).toBe(`${line}\n`);
		for (const other of [
			line,
			line.replace(",0,", ",2,"),
			line.replace("channel,0", "channel,1").concat(",1"),
			line.replace("channel,0", "channel,1").replace(",500", ""),
			line.replace("channel,0", "channel,1").replace("500", "5.5"),
			line.replace("channel,0", "channel,1").replace("meter,0", "meter,x"),
			line.replace("channel,0", "channel,1").replace("energy_import", "tariff"),
			line.replace("channel,0", "channel,1").replace("1a2b3c4d", "x"),
		])
			expect(takeChannel(channels, other.split(","))).toBe(false);
		expect(channels).toHaveLength(1);
	});

	test("its file is read where it is whole", () => {
		const channels: Channel[] = [];
		takeChannel(channels, "channel,0,gas_volume,m³,gas,1,-3,0,0".split(","));
		const file = tableOf(channels, crc32, bytesOf);
		const read = (bytes: Uint8Array | undefined) => {
			const again: Channel[] = [];
			readTable(again, bytes, crc32);
			return again;
		};
		expect(read(file)).toEqual(channels);
		const damaged = file.slice();
		damaged[9] = (damaged[9] as number) ^ 1;
		expect([read(damaged), read(undefined), read(file.subarray(0, 3)), read(file.subarray(0, -1))]).toEqual([
			[],
			[],
			[],
			[],
		]);
	});

	test.each([
		["five digits", 99_999_000, 500, 1, 100_000_000],
		["six digits", 999_999_000, 500, 1, 1_000_000_000],
		["not full", 98_000_000, 500, 1, 0],
		["full, but too far on", 99_999_000, 2_000_000, 1, 0],
		["just full enough", 99_000_000, 1_000_000, 1, 100_000_000],
		["too small a range", 9990, 5, 1, 0],
		["the smallest range", 99_500, 5, 1, 100_000],
		["32 bits", 4_294_967_000, 5, 1, 4_294_967_296],
		["32 bits in tens", 42_949_672_000, 5, 10, 42_949_672_960],
		["above 32 bits by a little", 4_295_000_000, 5, 1, 4_294_967_296],
	])("of %s runs over at what it can show", (_name, was, count, digit, range) =>
		expect(overflow(was, count, digit)).toBe(range),
	);

	test("the sum of tariffs stands for a total that is not sent", () => {
		const [t1, t2, total] = [
			counter("energy_import_t1", 1000),
			counter("energy_import_t2", 2500),
			counter("energy_import", 9),
		];
		expect(missingTotals([t1, t2])).toEqual([counter("energy_import", 3500)]);
		expect(missingTotals([t1, total, t2])).toEqual([]);
		expect(missingTotals([counter("energy_export_t1", 5), { name: "energy_export_t2", value: "x" }])).toEqual(
			[counter("energy_export", 5)],
		);
		expect(missingTotals([counter("gas_volume", 5)])).toEqual([]);
		expect(
			missingTotals([{ name: "energy_import_t1", value: { mantissa: 2, exponent: 0 }, unit: "MWh" }]),
		).toEqual([counter("energy_import", 2000, "MWh")]);
	});
});

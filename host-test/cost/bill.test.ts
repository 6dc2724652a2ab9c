// Bills that were computed by hand: fixed, two tariffs, by the hour and quarter; fees, VAT, feed-in, negative prices, both days
// on which the clock changes, prices that are not known, a restart, a gap, another meter.

import { feesOf } from "../../readings/cost/tariff";
import { Import } from "../../readings/history/import";
import { exportLines } from "../../readings/history/text";
import { at, House, local, tableOf, tariffOf } from "./support";

const MORNING = "2025-10-02T00:00:00+02:00";
const EVENING = "2025-10-02T23:59:59+02:00";

test("one price: 0.30, fee 0.10, VAT 25 % are 0.50; 1.2 kWh an hour cost 0.60, a day 14.40", () => {
	const house = new House({ prices: [0.3], fees: "0.1", vat: 25 });
	house.uses(at("2025-10-01T23:00:00+02:00"), at("2025-10-03T01:00:00+02:00"), () => 1200);
	const hours = house.bill("hour", MORNING, "2025-10-03T00:00:00+02:00");
	expect(hours).toHaveLength(24);
	for (const [, paid, received, marks] of hours) expect([paid, received, marks]).toEqual([0.6, null, ""]);
	expect(house.bill("day", MORNING, "2025-10-03T00:00:00+02:00")).toEqual([
		["2025-10-02T00:00", 14.4, null, ""],
	]);
});

test("no digit is lost: 1 Wh every ten seconds at 0.123456 is 0.360 kWh and 0.044444 an hour, 1.066660 a day", () => {
	const house = new House({ prices: [0.123456] });
	house.uses(at("2025-10-01T23:00:00+02:00"), at("2025-10-03T00:00:00+02:00"), () => 360, 10);
	const [day] = house.bill("day", MORNING, "2025-10-03T00:00:00+02:00");
	// 8.640 kWh × 0.123456 = 1.06665984
	expect(day?.[1]).toBe(1.06666);
	const [hour] = house.bill("hour", MORNING, "2025-10-02T01:00:00+02:00");
	// 0.360 kWh × 0.123456 = 0.04444416
	expect(hour?.[1]).toBe(0.044444);
});

test("two tariffs: 2 kWh at (0.20 + 0.05) × 1.21 and 3 kWh at (0.35 + 0.10) × 1.21 are 0.605 and 1.6335", () => {
	const house = new House({ model: "tariffs", prices: [0.2, 0.35], fees: "0.05 0.10", vat: 21 });
	for (let hour = 0; hour <= 6; hour++)
		house.says(at(MORNING) + hour * 3600, {
			energy_import_t1: 5000 + Math.min(hour, 2) * 1000,
			energy_import_t2: 8000 + Math.max(hour - 2, 0) * 1000,
		});
	expect(house.bill("hour", MORNING, EVENING).map(([from, paid]) => [from.slice(11), paid])).toEqual([
		["00:00", 0.3025],
		["01:00", 0.3025],
		["02:00", 0.5445],
		["03:00", 0.5445],
		["04:00", 0.5445],
		["05:00", 0.5445],
	]);
});

test("fees by the hours of the day: 0.20 + 0.30 by day and 0.20 + 0.12 in the night", () => {
	const house = new House({ prices: [0.2], fees: "6-22 0.30, 22-6 0.12" });
	house.uses(at("2025-10-01T23:00:00+02:00"), at("2025-10-03T00:00:00+02:00"), () => 1000, 900);
	const paid = house.bill("hour", MORNING, "2025-10-03T00:00:00+02:00").map(([, each]) => each);
	expect(paid).toEqual(Array.from({ length: 24 }, (_, hour) => (hour >= 6 && hour < 22 ? 0.5 : 0.32)));
});

test("quarters are weighted by what was used in each: 1 kWh at 0.10, 3 kWh at 0.90, nothing, nothing", () => {
	const table = tableOf(MORNING, 96, (time) => [0.1, 0.9, 5, 7][(time / 900) % 4] as number);
	const house = new House({ model: "market", table });
	house.uses(
		at("2025-10-01T23:00:00+02:00"),
		at("2025-10-02T05:00:00+02:00"),
		(time) => [4000, 12_000, 0, 0][Math.floor(time / 900) % 4] as number,
		10,
	);
	const [hour] = house.bill("hour", MORNING, EVENING);
	expect(hour?.slice(0, 2)).toEqual(["2025-10-02T00:00", 2.8]);
});

test("a counter that is told by the hour has the mean of its quarters: 2 kWh × 0.25", () => {
	const table = tableOf(MORNING, 96, (time) => [0.1, 0.2, 0.3, 0.4][(time / 900) % 4] as number);
	const house = new House({ model: "market", table });
	house.uses(at(MORNING), at("2025-10-02T05:00:00+02:00"), () => 2000, 3600);
	for (const [, paid] of house.bill("hour", MORNING, EVENING)) expect(paid).toBe(0.5);
});

test("negative prices: what is bought then counts as received, and paid less received is right", () => {
	const table = tableOf(MORNING, 96, (time) => (local(time).slice(11, 13) === "03" ? -0.05 : 0.2));
	const house = new House({ model: "market", table, fees: "0.01", vat: 25 });
	house.uses(at(MORNING), at("2025-10-02T05:00:00+02:00"), () => 2000, 600);
	expect(
		house
			.bill("hour", "2025-10-02T02:00:00+02:00", "2025-10-02T05:00:00+02:00")
			.map(([, paid, received]) => [paid, received]),
	).toEqual([
		// 2 × (0.2 + 0.01) × 1.25, and 2 × (−0.05 + 0.01) × 1.25
		[0.525, 0],
		[0, 0.1],
		[0.525, 0],
	]);
});

test("feed-in at a price of its own, and at the market's less 0.02, which may be to be paid", () => {
	const fixed = new House({ prices: [0.3], feedIn: 0.07, vat: 25 });
	fixed.uses(at(MORNING), at("2025-10-02T03:00:00+02:00"), () => 3000, 600, "energy_export");
	expect(fixed.bill("hour", MORNING, EVENING).map(([, paid, received]) => [paid, received])).toEqual([
		[0, 0.21],
		[0, 0.21],
		[0, 0.21],
	]);
	const table = tableOf(MORNING, 96, (time) => (local(time).slice(11, 13) === "01" ? -0.1 : 0.12));
	const market = new House({ model: "market", table, feedIn: -0.02, feedInMarket: true, vat: 25 });
	market.uses(at(MORNING), at("2025-10-02T03:00:00+02:00"), () => 3000, 600, "energy_export");
	expect(market.bill("hour", MORNING, EVENING).map(([, paid, received]) => [paid, received])).toEqual([
		[0, 0.3],
		[0.36, 0],
		[0, 0.3],
	]);
});

test("the day of 25 hours: 1 kWh an hour at 0.01 × its number, both hours of two apart: 0 + … + 24 = 3.00", () => {
	const begin = at("2025-10-26T00:00:00+02:00");
	const table = tableOf("2025-10-26T00:00:00+02:00", 100, (time) => Math.floor((time - begin) / 3600) / 100);
	const house = new House({ model: "market", table });
	house.uses(begin, at("2025-10-27T00:00:00+01:00"), () => 1000, 600);
	const hours = house.bill("hour", "2025-10-26T00:00:00+02:00", "2025-10-27T00:00:00+01:00");
	expect(hours.map(([from, paid]) => [from.slice(11, 13), paid])).toEqual(
		Array.from({ length: 25 }, (_, index) => [
			`${index < 3 ? index : index - 1}`.padStart(2, "0"),
			index / 100,
		]),
	);
	expect(house.bill("day", "2025-10-26T00:00:00+02:00", "2025-10-27T00:00:00+01:00")).toEqual(
		[["2025-10-26T00:00", 3, null, ""]].map(([from, paid]) => [from, paid, 0, ""]),
	);
});

test("the day of 23 hours: 0 + … + 22 = 2.53", () => {
	const begin = at("2026-03-29T00:00:00+01:00");
	const table = tableOf("2026-03-29T00:00:00+01:00", 92, (time) => Math.floor((time - begin) / 3600) / 100);
	const house = new House({ model: "market", table });
	house.uses(begin, at("2026-03-30T00:00:00+02:00"), () => 1000, 600);
	expect(house.bill("day", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00")).toEqual([
		["2026-03-29T00:00", 2.53, 0, ""],
	]);
	expect(house.bill("hour", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00")).toHaveLength(23);
});

test("an hour whose price is not known costs nothing that is known, and the day says that something is missing", () => {
	const table = tableOf(MORNING, 96, (time) => (local(time).slice(11, 13) === "02" ? Number.NaN : 0.25));
	const house = new House({ model: "market", table });
	house.uses(at(MORNING), at("2025-10-03T00:00:00+02:00"), () => 1000, 60);
	const hours = house.bill("hour", MORNING, EVENING);
	expect(hours.slice(0, 5).map(([from, paid]) => [from.slice(11), paid])).toEqual([
		["00:00", 0.25],
		["01:00", 0.25],
		["02:00", null],
		["03:00", expect.closeTo(0.25, 1)],
		["04:00", 0.25],
	]);
	const [day] = house.bill("day", MORNING, "2025-10-03T00:00:00+02:00");
	// 22 hours, and the minute after each end of the third.
	expect(day?.[1]).toBeCloseTo(5.75, 1);
	expect(day?.[3]).toBe("estimated");
});

test("the hour that is not over is not free while its price is not known; once it is, all of it is paid", () => {
	const table = tableOf(MORNING, 96, () => Number.NaN);
	const house = new House({ model: "market", table });
	const total = house.uses(at(MORNING), at("2025-10-02T01:30:00+02:00"), () => 2000, 60);
	expect(house.bill("hour", MORNING, EVENING).map(([, paid, , marks]) => [paid, marks])).toEqual([
		[null, ""],
		[null, "open"],
	]);
	expect(house.bill("day", MORNING, EVENING).map(([, paid]) => paid)).toEqual([null]);
	for (let quarter = 0; quarter < 96; quarter++) table.set(at(MORNING) / 900 + quarter, 0.3);
	house.uses(
		at("2025-10-02T01:31:00+02:00"),
		at("2025-10-02T02:00:00+02:00"),
		() => 2000,
		60,
		"energy_import",
		total,
	);
	const [, second] = house.bill("hour", MORNING, EVENING);
	expect(second?.slice(0, 2)).toEqual(["2025-10-02T01:00", expect.closeTo(0.6, 1)]);
});

test("nothing is known of a currency before: a change of price counts from then on, a change of currency begins another column", () => {
	const house = new House({ prices: [0.3] });
	const total = house.uses(at(MORNING), at("2025-10-02T04:00:00+02:00"), () => 1000, 600);
	const dearer = new House({ prices: [0.5] }, house.files);
	const more = dearer.uses(
		at("2025-10-02T04:10:00+02:00"),
		at("2025-10-02T08:00:00+02:00"),
		() => 1000,
		600,
		"energy_import",
		total,
	);
	expect(dearer.bill("hour", MORNING, EVENING).map(([, paid]) => paid)).toEqual([
		0.3, 0.3, 0.3, 0.3, 0.5, 0.5, 0.5, 0.5,
	]);
	const other = new House({ prices: [4], currency: "DKK" }, house.files);
	other.uses(
		at("2025-10-02T08:10:00+02:00"),
		at("2025-10-02T10:00:00+02:00"),
		() => 1000,
		600,
		"energy_import",
		more,
	);
	expect(other.history.channels.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
		"energy_import kWh",
		"cost_import EUR",
		"cost_import DKK",
	]);
});

test("a restart within the hour costs no money and gives none", () => {
	const table = () => tableOf(MORNING, 96, () => 0.25);
	const house = new House({ model: "market", table: table() });
	house.uses(at(MORNING), at("2025-10-02T02:30:00+02:00"), () => 1000, 60);
	const again = new House({ model: "market", table: table() }, house.files);
	again.uses(
		at("2025-10-02T02:31:00+02:00"),
		at("2025-10-02T04:00:00+02:00"),
		() => 1000,
		60,
		"energy_import",
		1_000_000 + 2516.67,
	);
	expect(again.bill("hour", MORNING, EVENING).map(([, paid]) => paid)).toEqual([
		0.25,
		0.25,
		expect.closeTo(0.25, 3),
		expect.closeTo(0.25, 3),
	]);
});

test("a gap is paid at the mean price of its time, marked as estimated; none where one price is missing", () => {
	const house = new House({
		model: "market",
		table: tableOf(MORNING, 96, (time) => (local(time) < "2025-10-02T06" ? 0.1 : 0.3)),
	});
	house.says(at(MORNING), { energy_import: 1000 });
	house.says(at("2025-10-02T04:00:00+02:00"), { energy_import: 5000 });
	house.says(at("2025-10-02T08:00:00+02:00"), { energy_import: 9000 });
	const hours = house.bill("hour", MORNING, EVENING);
	// 4 kWh at 0.1; 4 kWh at (2 × 0.1 + 2 × 0.3) / 4
	expect(hours.map(([, paid, , marks]) => [paid, marks])).toEqual([
		...Array(4).fill([0.1, "estimated"]),
		...Array(4).fill([0.2, "estimated"]),
	]);
});

test("another meter: its counter is no energy that was bought", () => {
	const house = new House({ prices: [0.3] });
	house.uses(at(MORNING), at("2025-10-02T02:00:00+02:00"), () => 1000, 600, "energy_import", 9_000_000);
	house.uses(
		at("2025-10-02T02:10:00+02:00"),
		at("2025-10-02T05:00:00+02:00"),
		() => 1000,
		600,
		"energy_import",
		12_000,
	);
	const sum = house.bill("hour", MORNING, EVENING).reduce((all, [, paid]) => all + (paid ?? 0), 0);
	expect(sum).toBeGreaterThan(1.3);
	expect(sum).toBeLessThanOrEqual(1.5);
});

test("an export brings costs back, and they go on", () => {
	const house = new House({ prices: [0.3], feedIn: 0.1 });
	const total = house.uses(at(MORNING), at("2025-10-02T04:00:00+02:00"), () => 1000, 600);
	const pieces = exportLines(house.history);
	let text = "";
	for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) text += piece;
	const other = new House({ prices: [0.3], feedIn: 0.1 });
	const taking = new Import(other.history);
	taking.take(new TextEncoder().encode(text));
	expect(taking.end().problem).toBeUndefined();
	other.uses(
		at("2025-10-02T04:10:00+02:00"),
		at("2025-10-02T06:00:00+02:00"),
		() => 1000,
		600,
		"energy_import",
		total,
	);
	expect(other.bill("hour", MORNING, EVENING).map(([, paid, received]) => [paid, received])).toEqual(
		Array(6).fill([0.3, 0]),
	);
});

test.each(["0,32", "0-25 1", "6-22", "a", "1 2 3", "0-6 0-7 1", "--1", "0.1.2"])("no fees: %s", (text) => {
	expect(feesOf(text)).toBeUndefined();
});

test("fees as they are written", () => {
	expect(feesOf("")).toEqual({ always: [], hours: [] });
	expect(feesOf("-0.1")).toEqual({ always: [-0.1], hours: [] });
	expect(feesOf("0.3, 0-6 0.12; 22-24 0.2")).toEqual({
		always: [0.3],
		hours: [
			[0, 6, 0.12],
			[22, 24, 0.2],
		],
	});
	expect(tariffOf({ prices: [1], fees: "0.3 22-6 0.1" }).at(at("2025-10-02T23:00:00+02:00") / 900)).toBe(1.1);
});

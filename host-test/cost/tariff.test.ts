// The table of prices by itself, fees as people write them, and what a kilowatt-hour costs at one time. Worked out by hand.

import { MOST_QUARTERS, PriceTable } from "../../readings/cost/price-table";
import { feesOf } from "../../readings/cost/tariff";
import { crc32 } from "../../settings/crc32";
import { at, tariffOf } from "./support";

const FIRST = 1_955_000;
function table(...prices: readonly (number | undefined)[]): PriceTable {
	const made = new PriceTable();
	made.begin(FIRST);
	prices.forEach((price, index) => {
		if (price !== undefined) made.set(FIRST + index, price);
	});
	return made;
}
const known = (of: PriceTable, from = FIRST) => [0, 1, 2, 3].map((index) => of.at(from + index));

describe("the table of prices", () => {
	test("knows what it was told, to the hundred-thousandth, of its own time alone", () => {
		const prices = table(0.123456, -0.5, Number.NaN);
		expect(known(prices)).toEqual([0.12346, -0.5, Number.NaN, Number.NaN]);
		expect([
			prices.set(FIRST - 1, 1),
			prices.set(FIRST + MOST_QUARTERS, 1),
			prices.set(FIRST + MOST_QUARTERS - 1, 1),
			prices.set(FIRST, 2),
		]).toEqual([false, false, true, true]);
		expect([
			prices.at(FIRST - 1),
			prices.at(FIRST + MOST_QUARTERS),
			prices.at(FIRST + MOST_QUARTERS - 1),
			prices.at(FIRST),
		]).toEqual([Number.NaN, Number.NaN, 1, 2]);
		prices.set(FIRST, Number.NaN);
		expect(prices.at(FIRST)).toBeNaN();
		const empty = new PriceTable();
		expect([empty.first, empty.at(0), empty.at(FIRST)]).toEqual([0, Number.NaN, Number.NaN]);
		prices.begin(FIRST + 10);
		expect([prices.first, prices.at(FIRST + 10), prices.at(FIRST + MOST_QUARTERS - 1)]).toEqual([
			FIRST + 10,
			Number.NaN,
			Number.NaN,
		]);
	});

	test("comes back from its file, whole or not at all", () => {
		const file = table(0.5, undefined, -1).file(crc32).slice();
		expect(file).toHaveLength(8 + 208 * 4);
		const read = (bytes: Uint8Array) => known(new PriceTable(bytes, crc32));
		expect(read(file)).toEqual([0.5, Number.NaN, -1, Number.NaN]);
		const inside = new Uint8Array(file.length + 3);
		inside.set(file, 3);
		expect(read(inside.subarray(3))).toEqual([0.5, Number.NaN, -1, Number.NaN]);
		const damaged = file.slice();
		damaged[9] = (damaged[9] as number) ^ 1;
		for (const other of [damaged, file.subarray(0, -1), new Uint8Array([...file, 0]), new Uint8Array()]) {
			expect(read(other)).toEqual(Array(4).fill(Number.NaN));
			expect(new PriceTable(other, crc32).first).toBe(0);
		}
		expect(new PriceTable(file).first).toBe(0);
		// It is a copy: the file may be used for something else.
		const copy = new PriceTable(file, crc32);
		file.fill(0);
		expect(known(copy)).toEqual([0.5, Number.NaN, -1, Number.NaN]);
	});

	test("takes what is news, and keeps what the other does not know", () => {
		const prices = table(1, 2, 3);
		expect(prices.take(table(1, undefined, 3))).toBe(false);
		expect(known(prices)).toEqual([1, 2, 3, Number.NaN]);
		expect(prices.take(table(1, 5))).toBe(true);
		expect(known(prices)).toEqual([1, 5, 3, Number.NaN]);
		const later = new PriceTable();
		later.begin(FIRST + 1);
		later.set(FIRST + 3, 7);
		expect(prices.take(later)).toBe(true);
		expect([prices.first, known(prices)]).toEqual([FIRST + 1, [Number.NaN, 5, 3, 7]]);
		const last = new PriceTable();
		last.begin(FIRST + 1);
		last.set(FIRST + MOST_QUARTERS, 9);
		expect([prices.take(last), prices.at(FIRST + MOST_QUARTERS)]).toEqual([true, 9]);
	});
});

describe("fees", () => {
	test.each([
		["", { always: [], hours: [] }],
		["0.32", { always: [0.32], hours: [] }],
		["0.32 0.2", { always: [0.32, 0.2], hours: [] }],
		["-0.1", { always: [-0.1], hours: [] }],
		["0.1,", { always: [0.1], hours: [] }],
		[
			"0-6 0.12, 6-22 0.3; 22-24 -0.12",
			{
				always: [],
				hours: [
					[0, 6, 0.12],
					[6, 22, 0.3],
					[22, 24, -0.12],
				],
			},
		],
		["0.05, 22-6 0.1", { always: [0.05], hours: [[22, 6, 0.1]] }],
	])("%j", (text, fees) => expect(feesOf(text)).toEqual(fees));

	test.each([
		"0,32",
		",5",
		"1 2 3",
		"0-6",
		"0-6 0-6",
		"0-25 1",
		"x-6 1",
		"0-6 x",
		"1e3",
		"0.1.2",
		"0-6.5 1",
		"1-2-3 4",
	])("%j are none", (text) => expect(feesOf(text)).toBeUndefined());
});

describe("a kilowatt-hour", () => {
	const quarter = (time: string) => at(`2025-10-02T${time}:00+02:00`) / 900;
	test("costs the price and the fee of its hour, of the local day, with VAT", () => {
		const tariff = tariffOf({ prices: [1], fees: "0.5, 6-8 1, 22-2 2", vat: 25 });
		const costs = (time: string) => tariff.at(quarter(time));
		expect(
			["05:45", "06:00", "07:45", "08:00", "21:45", "22:00", "23:45", "00:00", "01:45", "02:00"].map(costs),
		).toEqual([1.5, 2, 2, 1.5, 1.5, 3, 3, 3, 3, 1.5].map((price) => price * 1.25));
		// Hours that begin where they end are the whole day.
		expect(tariffOf({ prices: [1], fees: "5-5 1" }).at(quarter("12:00"))).toBe(2);
	});

	test("has two prices by tariff, and the first fee where there is no second", () => {
		const both = tariffOf({ model: "tariffs", prices: [1, 2], fees: "0.5 0.25" });
		expect([both.at(1), both.at(1, 0), both.at(1, 1)]).toEqual([1.5, 1.5, 2.25]);
		expect(tariffOf({ model: "tariffs", prices: [1, 2], fees: "0.5" }).at(1, 1)).toBe(2.5);
		expect(tariffOf({ prices: [1, 2], fees: "" }).at(1, 1)).toBe(1);
		expect([
			both.mean("energy_import_t1", 0, 900),
			both.mean("energy_import_t2", 0, 900),
			both.mean("energy_import", 0, 900),
			both.mean("gas_volume", 0, 900),
		]).toEqual([1.5, 2.25, undefined, undefined]);
	});

	test("of the market is not known where its price is not", () => {
		const market = tariffOf({
			model: "market",
			fees: "0.1",
			feedIn: 0.02,
			feedInMarket: true,
			table: table(1, 3),
		});
		expect([market.at(FIRST), market.at(FIRST + 2), market.feedInAt(FIRST + 1), market.hasCredit]).toEqual([
			1.1,
			Number.NaN,
			3.02,
			true,
		]);
		expect(tariffOf({ model: "market" }).at(FIRST)).toBeNaN();
		const time = FIRST * 900;
		expect(market.mean("energy_import", time, time + 900)).toBeCloseTo(1.1);
		expect(market.mean("energy_import", time + 450, time + 1350)).toBeCloseTo(2.1);
		expect(market.mean("energy_import", time + 100, time + 200)).toBeCloseTo(1.1);
		expect(market.mean("energy_import", time + 200, time + 100)).toBeCloseTo(1.1);
		expect(market.mean("energy_import", time, time + 1801)).toBeNaN();
		expect(market.mean("energy_export", time, time + 1799)).toBeCloseTo(2.02);
	});

	test("that is fed in is worth nothing where the settings say so", () => {
		expect([tariffOf({}).hasCredit, tariffOf({ feedIn: 0.1 }).hasCredit]).toEqual([false, true]);
		expect([
			tariffOf({}).mean("energy_export", 0, 900),
			tariffOf({ feedIn: 0.1 }).mean("energy_export", 0, 900),
		]).toEqual([undefined, 0.1]);
	});
});

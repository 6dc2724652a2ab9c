// The picture of a meter that short and long lists make together: places, times, sub-meters, bounds.

import { decimal } from "../../readings/decimal";
import { readingToJson, writeReading } from "../../readings/json";
import { type DeviceReading, findQuantity, type Quantity, type Reading } from "../../readings/reading";
import { MOST_QUANTITIES, ReadingStore } from "../../readings/store";

const quantity = (name: string, value = 1): Quantity => ({ name, value: decimal(value), unit: "W" });
const reading = (quantities: readonly Quantity[], devices: readonly DeviceReading[] = []): Reading => ({
	protocol: "p1",
	meter: {},
	time: null,
	quantities,
	devices,
});
const gas = (id: string, channel = 1, value = 1): DeviceReading => ({
	kind: "gas",
	id,
	channel,
	time: null,
	quantities: [quantity("gas_volume", value)],
});
const names = (store: ReadingStore) => store.known.map(({ name }) => name);

test("is empty before the first reading", () => {
	const store = new ReadingStore();
	expect([store.latest, store.count, store.overflow, store.known, store.devices]).toEqual([
		undefined,
		0,
		0,
		[],
		[],
	]);
	expect(store.rendered(() => [])).toBeUndefined();
	expect(store.isNewest(0)).toBe(false);
});

test("quantities keep their places, whatever order lists have", () => {
	const store = new ReadingStore();
	store.add(reading([quantity("a"), quantity("b"), quantity("c")]), 10);
	store.add(reading([quantity("c", 3), quantity("a", 2), quantity("d")]), 20);
	expect(names(store)).toEqual(["a", "b", "c", "d"]);
	expect(store.known.map(({ value }) => value)).toEqual([decimal(2), decimal(1), decimal(3), decimal(1)]);
	expect([0, 1, 2, 3].map((index) => store.knownAt(index))).toEqual([20, 10, 20, 20]);
	expect([0, 1, 2, 3, 4].map((index) => store.isNewest(index))).toEqual([true, false, true, true, false]);
	expect(store.count).toBe(2);
	expect(store.age(25)).toBe(5);
});

test("a value is the present for five minutes, or for three pauses of a meter that is asked seldom", () => {
	const store = new ReadingStore();
	store.add(reading([]), 0);
	expect([store.isFresh(0, 3 * 3_600_000), store.isFresh(0, 3 * 3_600_000 + 1)]).toEqual([true, false]);
	store.add(reading([]), 1000);
	expect([store.isFresh(1000, 301_000), store.isFresh(1000, 301_001)]).toEqual([true, false]);
	store.add(reading([]), 601_000);
	expect([store.isFresh(0, 1_800_000), store.isFresh(0, 1_800_001)]).toEqual([true, false]);
});

test("who the meter is does not come and go with its lists", () => {
	const store = new ReadingStore();
	const from = (meter: Reading["meter"]) => {
		store.add({ ...reading([]), meter }, 0);
		return store.meter;
	};
	expect(store.meter).toEqual({});
	const long = from({ manufacturer: "Kamstrup", model: "Omnipower", id: "1", list: "long" });
	expect(from({ manufacturer: "Kamstrup" })).toBe(long);
	expect(from({ list: "short" })).toEqual({ ...long, list: "short" });
	expect(from({ id: "2" })).toMatchObject({ id: "2", model: "Omnipower" });
});

test("is rendered once for each reading, for all who want it", () => {
	const store = new ReadingStore();
	let renderings = 0;
	const render = () => {
		renderings++;
		return [Uint8Array.of(renderings)];
	};
	store.add(reading([]), 1);
	expect(store.rendered(render)).toBe(store.rendered(render));
	store.add(reading([]), 2);
	expect(store.rendered(render)).toEqual([Uint8Array.of(2)]);
});

test("sub-meters are told apart by kind, id and channel, and keep their places", () => {
	const store = new ReadingStore();
	const water: DeviceReading = { ...gas("1"), kind: "water" };
	store.add(reading([], [gas("1"), gas("2"), gas("1", 2), water]), 10);
	store.add(reading([], [gas("1", 1, 7)]), 20);
	expect(store.knownDevices.map(({ kind, id, channel }) => [kind, id, channel])).toEqual([
		["gas", "1", 1],
		["gas", "2", 1],
		["gas", "1", 2],
		["water", "1", 1],
	]);
	expect([0, 1, 2, 3].map((index) => store.deviceAt(index))).toEqual([20, 10, 10, 10]);
	expect(store.knownDevices[0]?.quantities[0]?.value).toEqual(decimal(7));
	expect(store.devices).toHaveLength(1);
});

test("eight sub-meters are kept, a ninth is not, and the eight are still renewed", () => {
	const store = new ReadingStore();
	store.add(
		reading(
			[],
			Array.from({ length: 9 }, (_, index) => gas(`${index}`)),
		),
		10,
	);
	expect(store.knownDevices.map(({ id }) => id)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
	store.add(reading([], [gas("7", 1, 5)]), 20);
	expect(store.deviceAt(7)).toBe(20);
});

test("names beyond the bound are counted, and those that are known are still renewed", () => {
	const store = new ReadingStore();
	const many = Array.from({ length: MOST_QUANTITIES + 2 }, (_, index) => quantity(`q${index}`));
	store.add(reading(many), 10);
	expect([store.known.length, store.overflow]).toEqual([MOST_QUANTITIES, 2]);
	store.add(reading([quantity("new"), quantity("q0", 9)]), 20);
	expect([store.overflow, store.knownAt(0), store.known[0]?.value]).toEqual([3, 20, decimal(9)]);
});

test("JSON in pieces is the same text, with every member that a quantity can have", () => {
	const full: Quantity = {
		name: "power_peak_month",
		value: decimal(4250, -3),
		unit: "kW",
		obis: "1-0:1.6.0",
		register: 39,
		time: "2026-01-02T03:15:00",
	};
	const many = reading(
		[full, ...Array.from({ length: 17 }, (_, index) => quantity(`q${index}`, index))],
		[gas("1"), { kind: "heat", time: "2026-01-02T03:00:00+01:00", quantities: [] }],
	);
	const pieces: string[] = [];
	writeReading(many, (piece) => pieces.push(piece));
	expect(pieces.length).toBeGreaterThan(5);
	expect(pieces.join("")).toBe(readingToJson(many));
	const json = JSON.parse(pieces.join(""));
	expect(Object.keys(json.quantities)).toHaveLength(18);
	expect(json.quantities.power_peak_month).toEqual({
		value: 4.25,
		unit: "kW",
		obis: "1-0:1.6.0",
		register: 39,
		time: "2026-01-02T03:15:00",
	});
	expect(json.quantities.q16).toEqual({ value: 16, unit: "W" });
	expect(json.devices).toEqual([
		{ kind: "gas", id: "1", channel: 1, time: null, quantities: { gas_volume: { value: 1, unit: "W" } } },
		{ kind: "heat", time: "2026-01-02T03:00:00+01:00", quantities: {} },
	]);
});

test("a quantity is found by its name", () => {
	const both = reading([quantity("a", 1), quantity("b", 2)]);
	expect(findQuantity(both, "b")?.value).toEqual(decimal(2));
	expect(findQuantity(both, "c")).toBeUndefined();
});

// The load model: a believable household, the same for the same seed, and counters that are the sum of its powers.

import { Household, isLowTariff } from "../../host/meters/household";

/** 2026-01-14, a Wednesday, midnight, as local seconds. */
const MIDNIGHT = Date.UTC(2026, 0, 14) / 1000;
const DAY = 86400;
const options = { seed: 7, start: MIDNIGHT, heatPump: true, solarWatts: 0 };

/** One day, second by second. */
function day(changes: Partial<typeof options> = {}) {
	const household = new Household({ ...options, ...changes });
	const first = household.state;
	const states = Array.from({ length: DAY }, (_, index) => household.stepTo(MIDNIGHT + 1 + index));
	return { first, states };
}

test("counters are exactly the sum of the powers of all seconds, in and out", () => {
	const { first, states } = day({ solarWatts: 9000 });
	const sum = (value: (state: (typeof states)[number]) => number) =>
		states.reduce((total, state) => total + value(state), 0);
	const { counters } = states.at(-1) as (typeof states)[number];
	expect(counters.imported - first.counters.imported).toBe(sum(({ power }) => Math.max(power, 0)));
	expect(counters.exported - first.counters.exported).toBe(sum(({ power }) => Math.max(-power, 0)));
	expect(counters.reactiveImported - first.counters.reactiveImported).toBe(
		sum(({ reactive }) => Math.max(reactive, 0)),
	);
	expect(counters.importedT1 - first.counters.importedT1).toBe(
		sum(({ power, second }) => (isLowTariff(second) ? Math.max(power, 0) : 0)),
	);
	expect(counters.exported).toBeGreaterThan(first.counters.exported);
	expect(states.filter(({ power, watts }) => watts[0] + watts[1] + watts[2] !== power)).toEqual([]);
});

test("stepping far at once gives what stepping by seconds gives", () => {
	const { states } = day();
	expect(new Household(options).stepTo(MIDNIGHT + DAY)).toEqual(states.at(-1));
});

test("same seed and start, same day; another seed, another day", () => {
	const at = (seed: number) => new Household({ ...options, seed }).stepTo(MIDNIGHT + 7 * 3600);
	expect(at(7)).toEqual(at(7));
	expect(at(8).counters).not.toEqual(at(7).counters);
});

test("looks like a household: never below a base load, peaks of kilowatts, 10 to 60 kWh on a winter's day", () => {
	const { states } = day();
	const powers = states.map(({ power }) => power);
	expect(Math.min(...sample(powers))).toBeGreaterThan(80);
	expect(powers.reduce((most, power) => Math.max(most, power), 0)).toBeGreaterThan(3000);
	const kWh = powers.reduce((total, power) => total + power, 0) / 3_600_000;
	expect(kWh).toBeGreaterThan(10);
	expect(kWh).toBeLessThan(60);
});

test("voltage sags under load, and stays within 10 % of 230 V", () => {
	const { states } = day();
	const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
	const volts = (heavy: boolean) =>
		mean(states.filter(({ watts }) => watts[1] > 1500 === heavy).map((state) => state.volts[1]));
	expect(volts(true)).toBeLessThan(volts(false) - 1);
	const far = states.filter((state) => state.volts.some((value) => Math.abs(value - 230) > 23));
	expect(far).toEqual([]);
});

test("current is apparent power by voltage", () => {
	const { watts, vars, volts, amperes } = new Household(options).stepTo(MIDNIGHT + 18 * 3600);
	for (const phase of [0, 1, 2] as const)
		expect(amperes[phase] * volts[phase]).toBeCloseTo(Math.sqrt(watts[phase] ** 2 + vars[phase] ** 2), 6);
});

test("low tariff at night and at the weekend", () => {
	const at = (iso: string) => isLowTariff(Date.parse(iso) / 1000);
	expect(at("2026-01-14T06:59:59Z")).toBe(true);
	expect(at("2026-01-14T07:00:00Z")).toBe(false);
	expect(at("2026-01-14T22:59:59Z")).toBe(false);
	expect(at("2026-01-14T23:00:00Z")).toBe(true);
	expect(at("2026-01-17T12:00:00Z")).toBe(true);
	expect(at("2026-01-18T12:00:00Z")).toBe(true);
	expect(at("2026-01-19T12:00:00Z")).toBe(false);
});

/** Every tenth: Math.min takes no 86,400 arguments. */
function sample(values: readonly number[]): number[] {
	return values.filter((_, index) => index % 10 === 0);
}

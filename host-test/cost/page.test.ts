// What the page makes of prices: points of both days, the extremes that are still to come, months of a bill.

import { extremes, monthsOf, pointsOf, varies } from "../../web/cost/prices";
import { at } from "./support";

const TODAY = {
	from: "2025-10-25T00:00:00+02:00",
	step: 60,
	prices: Array.from({ length: 24 }, (_, hour) => hour),
};
/** 25 hours, by the quarter. */
const TOMORROW = {
	from: "2025-10-26T00:00:00+02:00",
	step: 15,
	prices: Array.from({ length: 100 }, (_, index) => (index === 7 ? null : 50 - index)),
};

test("both days one behind the other, ended by the last price again", () => {
	const points = pointsOf({ today: TODAY, tomorrow: TOMORROW });
	expect(points).toHaveLength(125);
	expect(points[24]).toEqual({ at: at("2025-10-26T00:00:00+02:00"), price: 50 });
	expect(points.at(-1)).toEqual({ at: at("2025-10-27T00:00:00+01:00"), price: -49 });
	expect(pointsOf({ today: null, tomorrow: null })).toEqual([]);
});

test("the lowest and the highest price, the present one included, what is past or unknown left out", () => {
	const points = pointsOf({ today: TODAY, tomorrow: null });
	expect(extremes(points, at("2025-10-25T13:30:00+02:00"))?.map(({ price }) => price)).toEqual([13, 23]);
	expect(
		extremes(pointsOf({ today: TODAY, tomorrow: TOMORROW }), at("2025-10-26T01:46:00+02:00"))?.map(
			({ price }) => price,
		),
	).toEqual([-49, 42]);
	expect(extremes(points, at("2025-10-26T00:00:00+02:00"))).toBeUndefined();
	expect([varies(points), varies(points.slice(3, 4)), varies([])]).toEqual([true, false, false]);
});

test.each([
	["2025-10-01", "2025-11-01", 1],
	["2025-10-01", "2025-10-12", 1],
	["2025-01-01", "2026-01-01", 12],
	["2025-10-15", "2026-02-03", 5],
])("months from %s to %s: %i", (from, to, count) => {
	expect(monthsOf(from, to)).toBe(count);
});

import { freshness } from "../../web/freshness.js";
import type { Snapshot } from "../../web/gateway.js";
import { EMPTY_PICTURE, type Picture, type ReadingJson, withReading, withState } from "../../web/picture.js";

function reading(watts: string): ReadingJson {
	return {
		protocol: "dlms",
		meter: { list: "Kamstrup_V0001" },
		time: null,
		quantities: { power_import: { value: { number: watts }, unit: "W" } },
		devices: [],
	};
}

const STATE = {
	gateway: "meterling-a1b2c3",
	count: 5,
	age: 2,
	reading: reading("100"),
	known: {
		power_import: { value: { number: "100" }, unit: "W", age: 2 },
		energy_import: { value: { number: "1.50" }, unit: "kWh", age: 600 },
	},
};

function snapshot(picture: Picture, link: Snapshot["link"] = "live"): Snapshot {
	return { link, since: 0, picture, health: undefined };
}

describe("the picture", () => {
	test("dates the state's values by their ages", () => {
		const { known, at } = withState(EMPTY_PICTURE, STATE, 1_000_000);
		expect(at).toBe(998_000);
		expect(known.get("energy_import")?.at).toBe(400_000);
	});

	test("a short list leaves the counters as they were", () => {
		const { known } = withReading(withState(EMPTY_PICTURE, STATE, 1_000_000), reading("200"), 6, 1_010_000);
		expect(known.get("power_import")).toMatchObject({ value: { number: "200" }, at: 1_010_000 });
		expect(known.get("energy_import")).toMatchObject({ value: { number: "1.50" }, at: 400_000 });
	});

	test("a reading that is known already changes nothing", () => {
		const picture = withState(EMPTY_PICTURE, STATE, 1_000_000);
		expect(withReading(picture, reading("100"), 5, 1_010_000)).toBe(picture);
	});

	test("the plot keeps an hour", () => {
		let picture = EMPTY_PICTURE;
		for (let count = 1; count <= 500; count++)
			picture = withReading(picture, reading("1000"), count, count * 10_000);
		expect(picture.points).toHaveLength(360);
		expect(picture.points[359]).toEqual({ time: 5000, import: 1, export: null });
	});

	test("a gateway that restarted counts from one again", () => {
		const picture = withState(EMPTY_PICTURE, STATE, 1_000_000);
		const restarted = withState(picture, { ...STATE, count: 1, known: {} }, 2_000_000);
		expect(withReading(restarted, reading("7"), 2, 2_010_000).count).toBe(2);
	});
});

describe("freshness", () => {
	const picture = withState(EMPTY_PICTURE, STATE, 1_000_000);

	test("is live for half a minute, then the meter is silent", () => {
		expect(freshness(snapshot(picture), 1_020_000).level).toBe("live");
		expect(freshness(snapshot(picture), 1_030_000)).toMatchObject({
			level: "old",
			notice: expect.stringContaining("The meter has been silent for 32"),
		});
	});

	test("waits three intervals of a slow meter", () => {
		const slow = withReading(picture, reading("1"), 6, 1_058_000);
		expect(freshness(snapshot(slow), 1_058_000 + 170_000).level).toBe("live");
		expect(freshness(snapshot(slow), 1_058_000 + 181_000).level).toBe("old");
	});

	test("a lost gateway is told after a moment, with the age of the values", () => {
		const lost = { ...snapshot(picture, "lost"), since: 1_002_000 };
		expect(freshness(lost, 1_003_000).notice).toBeUndefined();
		expect(freshness(lost, 1_010_000).notice).toContain("has not answered for 8\u00a0s");
		expect(freshness(lost, 1_010_000).notice).toContain("from 12\u00a0s ago");
	});

	test("before the first reading it says what is waited for", () => {
		expect(freshness(snapshot(EMPTY_PICTURE), 0)).toMatchObject({
			level: "waiting",
			pill: "Waiting for the meter",
		});
		expect(freshness(snapshot(EMPTY_PICTURE, "connecting"), 0)).toMatchObject({ pill: "Connecting" });
	});
});

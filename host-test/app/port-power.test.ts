// A push that stops: when it is noticed, what is said, and how its supply is switched, on a clock that a test moves.

import { MOST_TRIES, OFF_MS, PortPower } from "../../app/port-power";
import { PushWatch } from "../../app/push-watch";
import type { OutputPin } from "../../hardware/pins";
import { FakeTime } from "../fake-timers";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe("the watch", () => {
	/** Readings at these seconds, then a look at `at` seconds. */
	function stopped(readings: readonly number[], at: number): number | undefined {
		const watch = new PushWatch();
		for (const second of readings) watch.reading(second * SECOND);
		const since = watch.stoppedSince(at * SECOND);
		return since === undefined ? undefined : since / SECOND;
	}

	test.each([
		["each 10 s, and none for a minute", [0, 10, 20, 30, 40], 101, 40],
		["not before six periods", [0, 10, 20, 30, 40], 100, undefined],
		["each second: a minute's silence at least", [0, 1, 2, 3, 4], 64, undefined],
		["each second, then a minute and more", [0, 1, 2, 3, 4], 65, 4],
		["each hour: six hours", [0, 3600, 7200, 10_800], 10_800 + 21_600, undefined],
		["each hour, then longer", [0, 3600, 7200, 10_800], 10_800 + 21_601, 10_800],
		["one that has hardly run is not said to have stopped", [0, 10, 20], 100_000, undefined],
		["one that never ran", [], 100_000, undefined],
		["short lists each 2.5 s and others each 10 s", [0, 2.5, 5, 7.5, 10, 20, 22.5], 80, undefined],
	])("%s", (_, readings, at, expected) => {
		expect(stopped(readings, at)).toBe(expected);
	});

	test("the pause of a stop is no pace of the meter", () => {
		const watch = new PushWatch();
		for (const second of [0, 10, 20, 30, 1000, 1010]) watch.reading(second * SECOND);
		expect(watch.period).toBe(10 * SECOND);
	});
});

/** A meter that sends each 10 s while its port has supply and does not hang. */
function harness({ hasPin = true } = {}) {
	const time = new FakeTime();
	const switched: string[] = [];
	const log: string[] = [];
	let supplied = true;
	let hangs = false;
	const output: OutputPin = {
		write: (on) => {
			if (on !== supplied) switched.push(`${on ? "on" : "off"} ${time.now() / SECOND}`);
			supplied = on;
		},
		close: () => {},
	};
	const power = new PortPower({
		output: hasPin ? output : undefined,
		timers: time,
		now: time.now,
		log: (line) => log.push(line),
	});
	time.repeat(() => {
		if (supplied && !hangs) power.reading();
	}, 10 * SECOND);
	return {
		...{ time, power, switched, log },
		hang: (now: boolean) => {
			hangs = now;
		},
		texts: () => power.warnings().map(({ text }) => text),
	};
}

describe("the supply", () => {
	test("is left alone while readings come", () => {
		const { time, switched, texts } = harness();
		time.advance(HOUR);
		expect(switched).toEqual([]);
		expect(texts()).toEqual([]);
	});

	test("is off for ten seconds when they stop; what mends it ends the warning", () => {
		const { time, power, switched, hang, texts, log } = harness();
		time.advance(MINUTE);
		hang(true);
		time.advance(70 * SECOND);
		expect(power.warnings()).toMatchObject([{ code: "stopped", quantity: null, since: MINUTE }]);
		expect(switched).toEqual(["off 125"]);
		hang(false);
		time.advance(OFF_MS + 10 * SECOND);
		expect(switched).toEqual(["off 125", "on 135"]);
		expect(texts()).toEqual([]);
		expect(log).toEqual(["meter: it has stopped sending; its port is switched off and on (try 1 of 5)"]);
	});

	test("a port that stays dead: five tries with growing pauses, then only the warning", () => {
		const { time, switched, hang, texts } = harness();
		time.advance(MINUTE);
		hang(true);
		time.advance(24 * HOUR);
		expect(switched).toEqual([
			...["off 125", "on 135"],
			...["off 245", "on 255"],
			...["off 845", "on 855"],
			...["off 2645", "on 2655"],
			...["off 9845", "on 9855"],
		]);
		expect(switched).toHaveLength(2 * MOST_TRIES);
		expect(texts()[0]).toMatch(/sent about every 10 s.*switched off and on 5 times, in vain/);
	});

	test("the tries begin anew after a reading", () => {
		const { time, switched, hang } = harness();
		time.advance(MINUTE);
		hang(true);
		time.advance(24 * HOUR);
		hang(false);
		time.advance(5 * MINUTE);
		hang(true);
		time.advance(5 * MINUTE);
		expect(switched.filter((line) => line.startsWith("off"))).toHaveLength(MOST_TRIES + 2);
	});

	test("cannot be switched: the warning says to unplug it", () => {
		const { time, hang, texts } = harness({ hasPin: false });
		time.advance(MINUTE);
		hang(true);
		time.advance(HOUR);
		expect(texts()).toEqual([expect.stringMatching(/Unplug it from the meter for ten seconds/)]);
	});

	test("is on when the gateway closes in the middle of a try", () => {
		const { time, power, switched, hang } = harness();
		time.advance(MINUTE);
		hang(true);
		time.advance(67 * SECOND);
		power.close();
		expect(switched).toEqual(["off 125", "on 127"]);
		time.advance(HOUR);
		expect(switched).toHaveLength(2);
	});
});

// `timer`, `time` and the wall clock, and hardware/clock.ts above them.

import { wallClock } from "system-native";
import Time from "time";
import Timer from "timer";
import { Clock, timers } from "../../../hardware/clock.js";
import type { ConformanceCase } from "./conformance.js";

export const timerCases: readonly ConformanceCase[] = [
	{
		name: "timer: a callback comes once, and not from inside the call",
		run(_, done) {
			let inside = true;
			let count = 0;
			Timer.set(() => {
				count++;
				if (inside) done("called from inside set");
			}, 0);
			inside = false;
			Timer.set(() => done(count === 1 ? undefined : `called ${count} times`), 50);
		},
	},
	{
		name: "timer: repeats until it is cleared from its own callback; clearing twice does no harm",
		run(_, done) {
			let count = 0;
			const timer = Timer.repeat(() => {
				count++;
				if (count < 3) return;
				Timer.clear(timer);
				Timer.clear(timer);
				Timer.set(() => done(count === 3 ? undefined : `called ${count} times`), 30);
			}, 5);
		},
	},
	{
		name: "timer: a cleared one never calls, and one that is over may be cleared",
		run(_, done) {
			const cleared = timers.set(() => done("called after clear"), 5);
			timers.clear(cleared);
			timers.clear(undefined);
			const over = timers.set(() => {}, 0);
			timers.set(() => {
				timers.clear(over);
				timers.clear(over);
				done();
			}, 20);
		},
	},
	{
		name: "the wall clock is the engine's own, in whole milliseconds",
		run(_, done) {
			const [before, time, after] = [Date.now(), wallClock(), Date.now()];
			const right = before <= time && time <= after && time % 1 === 0;
			done(right ? undefined : `${time} is not between ${before} and ${after}`);
		},
	},
	{
		name: "time: ticks and the clock grow by the milliseconds that pass",
		run(_, done) {
			const clock = new Clock();
			const start = Time.ticks;
			timers.set(() => {
				const passed = Time.delta(start, Time.ticks);
				const elapsed = clock.now();
				const right = passed >= 19 && elapsed >= 19 && Math.abs(passed - elapsed) < 15;
				done(right ? undefined : `${passed} ms by ticks, ${elapsed} ms by the clock`);
			}, 20);
		},
	},
];

// Timers and the monotonic clock over the SDK's `timer` and `time`. Not the calendar: meters bring their own time.

import Time from "time";
import Timer from "timer";
import type { Timers } from "../outputs/output.js";

type Handle = ReturnType<typeof Timer.set>;

export const timers: Timers = {
	set: (callback, milliseconds) => Timer.set(() => callback(), Math.ceil(milliseconds)),
	repeat: (callback, milliseconds) => Timer.repeat(() => callback(), Math.ceil(milliseconds)),
	clear: (handle) => Timer.clear(handle as Handle | undefined),
};

/** Milliseconds since the clock was made. `Time.ticks` is 32 bits wide and wraps: read it at least every 24 days. */
export class Clock {
	#last = Time.ticks;
	#elapsed = 0;

	now(): number {
		const ticks = Time.ticks;
		this.#elapsed += Time.delta(this.#last, ticks);
		this.#last = ticks;
		return this.#elapsed;
	}
}

// Timers, the monotonic clock over the SDK's `timer` and `time`, and the time of day as far as it is known.

import { wallClock } from "system-native";
import Time from "time";
import Timer from "timer";
import type { Timers } from "../outputs/output.js";

type Handle = ReturnType<typeof Timer.set>;

/** The SDK calls back with the timer itself: callbacks take no arguments. */
export const timers: Timers = {
	set: (callback, milliseconds) => Timer.set(callback, Math.ceil(milliseconds)),
	repeat: (callback, milliseconds) => Timer.repeat(callback, Math.ceil(milliseconds)),
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

/** 2026: no clock of a device that was told the time is behind its firmware; a chip begins in 1970. */
const EARLIEST_MS = 1_767_225_600_000;

/** Milliseconds since 1970, or `undefined` while the device has not been told. For logs: readings bring their own time. */
export function wallTime(): number | undefined {
	const now = wallClock();
	return now < EARLIEST_MS ? undefined : now;
}

/** Sets the chip's clock; a computer's is its own system's business. */
export function clockSetter(platform: string): { readonly setTime?: (seconds: number) => void } {
	return platform === "esp32" ? { setTime: (seconds) => Time.set(seconds) } : {};
}

// Node's timers and clock in the shape that emulated meters are given.

import type { Timers } from "../../outputs/output.js";

export const nodeTimers: Timers = Object.freeze({
	set: (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds),
	repeat: (callback: () => void, milliseconds: number) => setInterval(callback, milliseconds),
	clear: (handle: unknown) => clearTimeout(handle as NodeJS.Timeout | undefined),
});

/** Monotonic milliseconds. */
export const monotonic = (): number => performance.now();

const MILLISECONDS_OF_MINUTE = 60_000;

/** This computer's local time, as milliseconds since 1970 in which local time stands for UTC. */
export function localMilliseconds(): number {
	const now = new Date();
	return now.getTime() - now.getTimezoneOffset() * MILLISECONDS_OF_MINUTE;
}

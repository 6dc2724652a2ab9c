// What the machine says of itself: why it started, how much memory is left, what its last core dump holds, what time it is. And
// the way to start it again: on the chip at once, on Linux by an exit code upon which tools/run-xs.mjs starts it again.

/** Does not return. `orderly`: asked for; otherwise the next start calls it a crash. */
export function restart(orderly) {
	return native("xs_meterling_restart").call(this, orderly);
}

/** One of the words of hardware/lifecycle.ts. */
export function resetReason() {
	return native("xs_meterling_reset_reason").call(this);
}

/** Bytes, or -1 where they are not known; `what` as hardware/lifecycle.ts counts. */
export function memory(what) {
	return native("xs_meterling_memory").call(this, what);
}

/** Milliseconds since 1970 by the system's clock, whether it was set or not. */
export function wallClock() {
	return native("xs_meterling_wall_clock").call(this);
}

/** The core dump in flash as one line; `undefined` where there is none. */
export function coreDump() {
	return native("xs_meterling_core_dump").call(this);
}

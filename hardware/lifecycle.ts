// Starting, ending and starting again: why the device started, how it is started anew, who hears of an error that
// nobody caught, and how much memory is left. Over hardware/system; on Node over host/platform/system-native.ts.
//
// What happens when all else fails, on the ESP32 (sdkconfig: hardware/boards):
// - An exception that nobody catches, or a promise that nobody heeds: XS calls `globalThis.abort`, which `onAbort` sets.
//   The handler may go on (it closes in order, then restarts); otherwise XS restarts the chip. XS calls it at memory
//   exhaustion too, where it may fail, and not at all at a stack overflow: the next start calls both "crash".
// - JavaScript that does not return: the task watchdog. The SDK's main loop feeds it between any two callbacks and at
//   least once each time-out (build/devices/esp32/lib/main/main.c, xs/platforms/esp/xsHost.c, modMessageService), so
//   nothing in JavaScript feeds it, and one callback that takes longer than the time-out ends in a core dump, a
//   restart, and the reason "watchdog". Received bytes of the meter survive a shorter stall in the UART's ring.
// - A fault in C: panic, core dump in flash, restart, "crash". Its summary is told by `crashDetails`.

import { coreDump, memory, resetReason, restart } from "system-native";

/** Why the device started: closed, for health and for the crash record. */
export type ResetReason =
	| "power-on"
	| "reset pin"
	| "restart"
	| "crash"
	| "watchdog"
	| "brown-out"
	| "deep sleep"
	| "host"
	| "unknown";

const REASONS: readonly ResetReason[] = Object.freeze([
	"power-on",
	"reset pin",
	"restart",
	"crash",
	"watchdog",
	"brown-out",
	"deep sleep",
	"host",
]);

/** Bytes; `null` where the platform does not tell. "Used" includes garbage that is not yet collected. */
export interface Memory {
	/** Free now; on a computer of the whole computer. */
	readonly free: number | null;
	/** The least that was ever free. */
	readonly lowest: number | null;
	/** The largest block that is free in one piece. */
	readonly largest: number | null;
	/** XS's own heaps, for objects and for strings and buffers; on Node the one heap, as `chunks`. */
	readonly slots: { readonly used: number | null; readonly total: number | null };
	readonly chunks: { readonly used: number | null; readonly total: number | null };
}

/** What became of an error that nobody caught: `true` where it is in hand, `false` where the machine shall end. */
export type AbortHandler = (message: string, exception: unknown) => boolean;

/** A restart for this reason counts as a crash at the next start. */
export const CRASH = "crash";

export interface Lifecycle {
	readonly resetReason: ResetReason;
	/** What the last core dump says, in one line; only on the ESP32. */
	crashDetails(): string | undefined;
	memory(): Memory;
	/** Restarts the device at once: whatever is open is to be closed before. Returns on Node only. */
	restart(reason: string): void;
	/** Sets who hears of errors that nobody caught. */
	onAbort(handler: AbortHandler): void;
}

export function openLifecycle(): Lifecycle {
	const reason = resetReason();
	return {
		resetReason: REASONS.find((known) => known === reason) ?? "unknown",
		crashDetails: coreDump,
		memory: memoryNow,
		restart: restartFor,
		onAbort: setAbort,
	};
}

function restartFor(why: string): void {
	trace(`restart: ${why}\n`);
	restart(why !== CRASH);
}

function setAbort(handler: AbortHandler): void {
	// XS goes on where the answer is exactly `false`.
	const abort = (message: string, exception: unknown) => (handler(message, exception) ? false : undefined);
	(globalThis as { abort?: typeof abort }).abort = abort;
}

// The numbers of hardware/system/system-native.c.
const FREE = 0;
const LOWEST = 1;
const LARGEST = 2;
const SLOTS_USED = 3;
const SLOTS_TOTAL = 4;
const CHUNKS_USED = 5;
const CHUNKS_TOTAL = 6;

function memoryNow(): Memory {
	return {
		free: known(memory(FREE)),
		lowest: known(memory(LOWEST)),
		largest: known(memory(LARGEST)),
		slots: { used: known(memory(SLOTS_USED)), total: known(memory(SLOTS_TOTAL)) },
		chunks: { used: known(memory(CHUNKS_USED)), total: known(memory(CHUNKS_TOTAL)) },
	};
}

function known(bytes: number): number | null {
	return bytes < 0 ? null : bytes;
}

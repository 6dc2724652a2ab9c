// The firmware's `system-native` (hardware/system) on Node: a restart is what the host's configuration makes of it,
// the reason for the start comes from the program that supervises this one.

import { freemem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { configuration } from "./configuration.js";

const FREE = 0;
const CHUNKS_USED = 5;
const CHUNKS_TOTAL = 6;
const UNKNOWN = -1;

export function restart(orderly: boolean): void {
	configuration.restart(orderly);
}

export function resetReason(): string {
	return process.env.METERLING_RESET ?? "power-on";
}

export function memory(what: number): number {
	switch (what) {
		case FREE:
			return freemem();
		case CHUNKS_USED:
			return getHeapStatistics().used_heap_size;
		case CHUNKS_TOTAL:
			return getHeapStatistics().heap_size_limit;
		default:
			return UNKNOWN;
	}
}

export function wallClock(): number {
	return Date.now();
}

export function coreDump(): string | undefined {
	return undefined;
}

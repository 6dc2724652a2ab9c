// What is remembered of crashes from one start to the next: how many there were, the last one, and how many came in a
// row soon after the start. Pure; app/survival.ts reads and writes it. Bounded, and no secret: texts come redacted.

import type { ResetReason } from "../hardware/lifecycle.js";

/** The last crash. */
export interface Crash {
	/** What went wrong, in at most `LONGEST_MESSAGE` characters. */
	readonly message: string;
	/** The innermost function of the stack, or empty. */
	readonly where: string;
	/** Seconds after the start; `null` where the device could not tell any more. */
	readonly uptime: number | null;
	/** The firmware that crashed. */
	readonly version: string;
}

export interface CrashRecord {
	/** Since the storage was last erased. */
	readonly crashes: number;
	/** Crashes in a row, each within `SETTLED_AFTER_MS` of its start. */
	readonly early: number;
	/** Whether the run that wrote this got as far as `SETTLED_AFTER_MS`. */
	readonly settled: boolean;
	/** Whether the run that wrote this has counted its own crash already. */
	readonly counted: boolean;
	/** Whether the next start is a trial after safe mode: the crashes before it still weigh. */
	readonly trial: boolean;
	/** The firmware that wrote this. */
	readonly version: string;
	readonly last: Crash | null;
}

/**
 * What is started: everything; everything but outputs other than HTTP; or no meter either. The page and health are
 * there in each.
 */
export type RunMode = "full" | "safe" | "page only";

/** A run that lasted so long was no part of a crash loop. */
export const SETTLED_AFTER_MS = 600_000;
export const SAFE_FROM = 3;
export const PAGE_ONLY_FROM = 5;
export const LONGEST_MESSAGE = 200;
const LONGEST_WHERE = 80;
const LONGEST_VERSION = 40;
const LONGEST_RECORD = 2048;
const MOST_COUNTED = 0xffff_ffff;

export const NO_CRASHES: CrashRecord = Object.freeze({
	crashes: 0,
	early: 0,
	settled: true,
	counted: false,
	trial: false,
	version: "",
	last: null,
});

/** The stored record; a missing or damaged one is as good as none. */
export function readRecord(bytes: Uint8Array | undefined): CrashRecord {
	if (!bytes || bytes.length > LONGEST_RECORD) return NO_CRASHES;
	try {
		const stored: unknown = JSON.parse(String.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer));
		return isRecord(stored) ? recordFrom(stored) : NO_CRASHES;
	} catch {
		return NO_CRASHES;
	}
}

/** The record's bytes, at most `LONGEST_RECORD`. */
export function recordBytes(record: CrashRecord): Uint8Array {
	// A copy: XS's JSON marks the objects that it is in, which a preloaded one (`NO_CRASHES`) does not allow.
	return new Uint8Array(ArrayBuffer.fromString(JSON.stringify({ ...record })));
}

/**
 * The record as a new run begins. `details`: what the chip's core dump says, for a crash that nobody has counted.
 */
export function recordAtStart(
	before: CrashRecord,
	reason: ResetReason,
	details: string | undefined,
	version: string,
): CrashRecord {
	const fresh = { ...before, settled: false, counted: false, trial: false, version };
	if (reason === "crash" || reason === "watchdog") {
		if (before.counted) return fresh;
		const crash: Crash = {
			message: bounded(details ?? WITHOUT_REPORT[reason], LONGEST_MESSAGE),
			...{ where: "", uptime: null, version: before.version },
		};
		return { ...fresh, ...counted(before, crash, before.settled) };
	}
	if (reason === "restart" && before.trial) return fresh;
	// The supply is to blame, not the firmware: it neither adds to a loop nor ends one.
	if (reason === "brown-out") return fresh;
	return { ...fresh, early: 0 };
}

const WITHOUT_REPORT = Object.freeze({
	crash:
		"The firmware ended without a report: a stack overflow, exhausted memory, or a fault in its native part.",
	watchdog: "The firmware did not return in time from one piece of work.",
});

/** The record after a crash that was caught at the last moment. */
export function recordOfCrash(record: CrashRecord, crash: Crash, uptimeMs: number): CrashRecord {
	return { ...record, ...counted(record, crash, uptimeMs >= SETTLED_AFTER_MS), counted: true };
}

function counted(record: CrashRecord, crash: Crash, late: boolean): Partial<CrashRecord> {
	return {
		crashes: Math.min(record.crashes + 1, MOST_COUNTED),
		early: late ? 1 : Math.min(record.early + 1, MOST_COUNTED),
		last: crash,
	};
}

/** The record of a run that lasts: earlier crashes no longer weigh, unless it runs in safe mode. */
export function recordWhenSettled(record: CrashRecord): CrashRecord {
	return { ...record, settled: true, early: modeOf(record) === "full" ? 0 : record.early };
}

/** The record before a start with everything, out of safe mode: one more early crash leads back into it. */
export function recordForTrial(record: CrashRecord): CrashRecord {
	return { ...record, early: SAFE_FROM - 1, trial: true };
}

export function modeOf({ early }: CrashRecord): RunMode {
	return early >= PAGE_ONLY_FROM ? "page only" : early >= SAFE_FROM ? "safe" : "full";
}

/** A crash from what XS's abort hook is given; `redact` takes secrets out. */
export function crashOf(
	message: string,
	exception: unknown,
	redact: (text: string) => string,
	uptimeMs: number,
	version: string,
): Crash {
	const told = exception === undefined ? message : `${message}: ${textOf(exception)}`;
	return {
		message: bounded(redact(told), LONGEST_MESSAGE),
		where: bounded(redact(innermost(exception)), LONGEST_WHERE),
		uptime: Math.round(uptimeMs / 1000),
		version,
	};
}

/** Anything may be thrown, also what cannot be made text. */
function textOf(exception: unknown): string {
	try {
		return `${exception}`;
	} catch {
		return "an exception without words";
	}
}

/** XS's stack: the error's words, then one line a function, ` at name (file:line)`. */
function innermost(exception: unknown): string {
	const { stack } = (exception ?? {}) as { readonly stack?: unknown };
	if (typeof stack !== "string") return "";
	const line = stack.split("\n").find((each) => each.trim().startsWith("at "));
	return line === undefined ? "" : line.trim().slice("at ".length);
}

function bounded(text: string, longest: number): string {
	return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

function recordFrom(stored: Record<string, unknown>): CrashRecord {
	return {
		crashes: count(stored.crashes),
		early: count(stored.early),
		settled: stored.settled === true,
		counted: stored.counted === true,
		trial: stored.trial === true,
		version: text(stored.version, LONGEST_VERSION),
		last: isRecord(stored.last) ? lastFrom(stored.last) : null,
	};
}

function lastFrom(stored: Record<string, unknown>): Crash {
	return {
		message: text(stored.message, LONGEST_MESSAGE),
		where: text(stored.where, LONGEST_WHERE),
		uptime: typeof stored.uptime === "number" ? stored.uptime : null,
		version: text(stored.version, LONGEST_VERSION),
	};
}

function count(value: unknown): number {
	return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : 0;
}

function text(value: unknown, longest: number): string {
	return typeof value === "string" ? bounded(value, longest) : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

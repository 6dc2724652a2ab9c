// Staying alive: hears of errors that nobody caught, remembers them over the restart, closes in order and starts the
// device again; after several crashes in a row starts with less. Watches memory and the time that work takes. Reads
// no meter and knows no output.

import { sameBytes } from "../access/bytes.js";
import { CRASH, type Lifecycle, type Memory } from "../hardware/lifecycle.js";
import type { LogLevel, Timers } from "../outputs/output.js";
import {
	type Crash,
	type CrashRecord,
	crashOf,
	modeOf,
	type RunMode,
	readRecord,
	recordAtStart,
	recordBytes,
	recordForTrial,
	recordOfCrash,
	recordWhenSettled,
	SETTLED_AFTER_MS,
} from "./crash-record.js";
import type { Warning } from "./plausibility.js";

export const CRASH_FILE = "crash.json";
/** Safe mode is left for a trial after this. */
const SAFE_MODE_MS = 1_800_000;
const WATCH_EVERY_MS = 1000;
/** Below this the ESP32's network no longer works well; lwIP alone takes some 10 KB for a handful of connections. */
const LEAST_FREE_BYTES = 12 * 1024;
/** So long below it, and it will not come back by itself. */
const LOW_FOR_MS = 60_000;
/** Waits before the restart by crashes in a row: a device that crashes at once must not wear its flash out. */
const RESTART_DELAYS_MS: readonly number[] = Object.freeze([0, 0, 0, 2000, 10_000, 30_000]);
const LONGEST_RESTART_DELAY_MS = 60_000;

const SAFE_TEXT =
	"Safe mode: after several crashes in a row only the meter and this page run. The log and the last crash may tell why; a restart tries everything again.";
const PAGE_ONLY_TEXT =
	"Safe mode: after many crashes in a row only this page runs; the meter is not read. The log and the last crash may tell why; a restart tries everything again.";

interface Files {
	read(name: string): Uint8Array | undefined;
	write(name: string, bytes: Uint8Array): void;
}

export interface SurvivalOptions {
	readonly lifecycle: Lifecycle;
	readonly files: Files;
	readonly timers: Timers;
	/** Monotonic milliseconds. */
	now(): number;
	readonly version: string;
	log(line: string, level: LogLevel): void;
	readonly owner: SurvivalOwner;
}

/** Whose life it is. */
export interface SurvivalOwner {
	/** Takes secrets out of an error's words. */
	redact(text: string): string;
	/** Closes the app in order, then calls back; may be called before the app is whole. */
	shutDown(done: () => void): void;
}

/** The part of health that is told under `gateway`. */
export interface SurvivalHealth {
	readonly resetReason: string;
	readonly crashes: number;
	readonly lastCrash: Crash | null;
	readonly mode: RunMode;
	readonly memory: Memory;
	/** Seconds by which a timer came late at worst since the start: work that held up all else, less up to one second. */
	readonly longestStall: number;
}

export class Survival {
	readonly #options: SurvivalOptions;
	readonly #started: number;
	#record: CrashRecord;
	#stage: "running" | "recording" | "ending" = "running";
	readonly #watch: unknown;
	#settle: unknown;
	#trial: unknown;
	#lastWatch: number;
	#longestStall = 0;
	#lowSince: number | undefined;

	constructor(options: SurvivalOptions) {
		this.#options = options;
		const { lifecycle, files, timers, version } = options;
		this.#started = options.now();
		this.#lastWatch = this.#started;
		const before = readRecord(files.read(CRASH_FILE));
		const reason = lifecycle.resetReason;
		const details = reason === "crash" || reason === "watchdog" ? lifecycle.crashDetails() : undefined;
		this.#record = recordAtStart(before, reason, details && options.owner.redact(details), version);
		this.#store(before);
		this.#tellStart();
		lifecycle.onAbort((message, exception) => this.#abort(message, exception));
		this.#watch = timers.repeat(() => this.#look(), WATCH_EVERY_MS);
		this.#settle = timers.set(() => this.#settled(), SETTLED_AFTER_MS);
		if (this.mode !== "full") this.#trial = timers.set(() => this.#tryAll(), SAFE_MODE_MS);
	}

	/** What this run starts: fixed at its beginning. */
	get mode(): RunMode {
		return modeOf(this.#record);
	}

	health(): SurvivalHealth {
		const { lifecycle } = this.#options;
		return {
			resetReason: lifecycle.resetReason,
			crashes: this.#record.crashes,
			lastCrash: this.#record.last,
			mode: this.mode,
			memory: lifecycle.memory(),
			longestStall: Math.round(this.#longestStall) / 1000,
		};
	}

	/** What a person should know of this run, for health. */
	warnings(): readonly Warning[] {
		if (this.mode === "full") return [];
		const text = this.mode === "safe" ? SAFE_TEXT : PAGE_ONLY_TEXT;
		return [{ code: "safe-mode", quantity: null, value: null, text, since: this.#started }];
	}

	/** Closes everything, then restarts the device; `reason` is for the log. */
	restart(reason: string): void {
		if (this.#stage !== "running") return;
		this.#stage = "ending";
		this.#options.log(`restarting: ${reason}`, "info");
		this.#end(reason, 0);
	}

	close(): void {
		const { timers } = this.#options;
		timers.clear(this.#watch);
		timers.clear(this.#settle);
		timers.clear(this.#trial);
	}

	/** Of XS's abort hook: memory may be exhausted and any object half done. `true`: it is in hand. */
	#abort(message: string, exception: unknown): boolean {
		// An abort while one is being recorded, mostly for want of memory: nothing more can be done in JavaScript.
		if (this.#stage === "recording") return false;
		if (this.#stage === "ending") {
			this.#options.lifecycle.restart(CRASH);
			return true;
		}
		this.#stage = "recording";
		const uptime = this.#options.now() - this.#started;
		const { owner, version } = this.#options;
		this.#crash(
			crashOf(message, exception, (text) => owner.redact(text), uptime, version),
			uptime,
		);
		// After any other kind of abort (memory, keys, a broken invariant) nothing of the machine can be relied on.
		if (!message.startsWith("unhandled")) return false;
		this.#stage = "ending";
		this.#options.timers.set(() => this.#end(CRASH, this.#restartDelay()), 0);
		return true;
	}

	#crash(crash: Crash, uptime: number): void {
		const before = this.#record;
		const mode = this.mode;
		this.#record = recordOfCrash(before, crash, uptime);
		this.#store(before);
		const { message, where } = crash;
		this.#options.log(`crash: ${message}${where === "" ? "" : ` at ${where}`}`, "error");
		if (this.mode !== mode) this.#options.log(`crashes in a row: ${this.#record.early}`, "warning");
	}

	#restartDelay(): number {
		return RESTART_DELAYS_MS[this.#record.early] ?? LONGEST_RESTART_DELAY_MS;
	}

	#end(reason: string, delay: number): void {
		const { owner, timers, lifecycle } = this.#options;
		const restart = () => timers.set(() => lifecycle.restart(reason), delay);
		try {
			owner.shutDown(restart);
		} catch {
			// What cannot even be closed ends with the restart.
			restart();
		}
	}

	#settled(): void {
		this.#settle = undefined;
		const before = this.#record;
		this.#record = recordWhenSettled(before);
		this.#store(before);
	}

	#tryAll(): void {
		this.#trial = undefined;
		const before = this.#record;
		this.#record = recordForTrial(before);
		this.#store(before);
		this.restart("safe mode has lasted long enough: everything is tried again");
	}

	#look(): void {
		const { now, lifecycle } = this.#options;
		const time = now();
		this.#longestStall = Math.max(this.#longestStall, time - this.#lastWatch - WATCH_EVERY_MS);
		this.#lastWatch = time;
		// Only where memory is counted for this firmware alone: a computer's free memory is not its matter.
		const { free, lowest } = lifecycle.memory();
		if (free === null || lowest === null || free >= LEAST_FREE_BYTES) this.#lowSince = undefined;
		else this.#lowSince ??= time;
		if (this.#lowSince === undefined || time - this.#lowSince < LOW_FOR_MS || this.#stage !== "running")
			return;
		this.#stage = "ending";
		const uptime = time - this.#started;
		const message = `${free} bytes of memory were left for a minute`;
		const crash = { message, where: "", uptime: Math.round(uptime / 1000), version: this.#options.version };
		this.#crash(crash, uptime);
		this.#end(CRASH, this.#restartDelay());
	}

	#tellStart(): void {
		const { log, lifecycle, version } = this.#options;
		const { last, early } = this.#record;
		const { resetReason } = lifecycle;
		const crashed = resetReason === "crash" || resetReason === "watchdog";
		log(`version ${version}, started after: ${resetReason}`, crashed ? "warning" : "info");
		if (crashed && last) log(`last crash: ${last.message}`, "warning");
		if (this.mode !== "full") log(`${this.mode} mode after ${early} crashes in a row`, "warning");
	}

	/** Written only where it changed: flash wears. A storage that is full or broken must not end the gateway. */
	#store(before: CrashRecord): void {
		const bytes = recordBytes(this.#record);
		if (sameBytes(bytes, recordBytes(before))) return;
		try {
			this.#options.files.write(CRASH_FILE, bytes);
		} catch {
			// Told by the storage's own health; the crash is still in the log of this run.
		}
	}
}

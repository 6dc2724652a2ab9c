// Auto-detection on a line: listens at one setting after the other, then asks, and ends with one finding. Drives the
// sessions of the registry; knows no protocol's frames. Never sends before listening has found nothing.

import type { Line, LineOptions } from "../hardware/line.js";
import type { Timers } from "../outputs/output.js";
import type { LineSettings, Protocol, SessionOptions } from "../protocols/protocol.js";
import type { Checksums } from "../protocols/shared/checksums.js";
import type { Cipher } from "../protocols/shared/cipher.js";
import { defaultValues, type SettingValues } from "../settings/setting.js";
import type { Finding, StepReport, StepResult } from "./finding.js";
import { Hearing } from "./hearing.js";
import { detectionPlan, detectionSettings, LISTEN_EXTRA_MS, PAUSE_MS, planTime, type Step } from "./plan.js";
import { Trail } from "./trail.js";

export interface DetectorOptions {
	readonly port: string;
	/** In the registry's order. */
	readonly protocols: readonly Protocol[];
	readonly checksums: Checksums;
	readonly cipher: Cipher;
	/** The person's keys and the like, for every protocol that has such a setting. */
	readonly settings: SettingValues;
	/** Nothing is ever sent. */
	readonly listenOnly: boolean;
	/** The UART can invert its receive line. */
	readonly canInvert: boolean;
	/** Speed and parity are another device's (a device server's): only protocols are told apart. */
	readonly fixedLine: boolean;
	openLine(options: LineOptions): Line;
	readonly timers: Timers;
	/** Monotonic milliseconds. */
	now(): number;
	/** A step begins, or has ended. */
	onStep(report: StepReport): void;
	/** Called once; the line is closed then. */
	onFinding(finding: Finding): void;
}

/** How often in all a line that went away is opened again. */
const MOST_LOSSES = 2;
const REOPEN_MS = 1000;
/** Silence after which no frame is under way. */
const QUIET_MS = 1500;
/** A fact may be known by a second protocol a moment later: IEC 62056-21 reads P1's text as well. */
const SETTLE_MS = 400;

export class Detector {
	readonly #options: DetectorOptions;
	readonly #steps: readonly Step[];
	readonly #trail = new Trail();
	#index = 0;
	#number = 0;
	#line: Line | undefined;
	#opened: LineSettings | undefined;
	#hearing: Hearing | undefined;
	#startedAt = 0;
	#lastByteAt = 0;
	#decidedAt = -1;
	#losses = 0;
	#timer: unknown;
	#over = false;

	constructor(options: DetectorOptions) {
		this.#options = options;
		this.#steps = detectionPlan(options);
		this.#after(0, () => this.#begin());
	}

	/** How long it takes at most, and on a line on which nothing comes. Milliseconds. */
	get time(): { readonly mostMs: number; readonly silentMs: number } {
		return planTime(this.#steps);
	}

	/** Ends without a finding. */
	close(): void {
		this.#over = true;
		this.#options.timers.clear(this.#timer);
		this.#drop();
	}

	get #step(): Step | undefined {
		return this.#steps[this.#index];
	}

	#begin(): void {
		while (this.#step && !this.#trail.wants(this.#step)) this.#index++;
		const step = this.#step;
		if (!step) return this.#end(this.#trail.finding(!this.#options.listenOnly));
		const { now } = this.#options;
		this.#number++;
		this.#decidedAt = -1;
		this.#startedAt = now();
		this.#lastByteAt = this.#startedAt - QUIET_MS;
		this.#options.onStep(this.#report(step));
		if (this.#over) return;
		this.#listen(step);
	}

	/** Opens the line, or sets it, and starts the step's sessions. */
	#listen(step: Step): void {
		const { port, openLine } = this.#options;
		try {
			if (!this.#line) {
				this.#line = openLine({
					port,
					settings: step.settings,
					onReadable: () => this.#read(),
					onError: (reason) => this.#lost(reason),
				});
			} else if (this.#opened !== step.settings) this.#line.set(step.settings);
		} catch (error) {
			return this.#failed(error instanceof Error ? error.message : `${error}`);
		}
		this.#opened = step.settings;
		this.#trail.before = { ...this.#line.counters };
		// What still waits was received at the settings before.
		this.#line.read();
		this.#hearing = new Hearing(step, (protocol) => this.#sessionOptions(protocol, step), {
			send: (bytes) => this.#send(bytes),
			set: (settings) => this.#set(settings),
		});
		this.#hearing.begin(this.#options.now());
		this.#await();
	}

	#sessionOptions(protocol: Protocol, { doing }: Step): SessionOptions {
		const { checksums, cipher, settings } = this.#options;
		return {
			checksums,
			cipher,
			settings: { ...defaultValues(protocol.settings), ...settings, ...detectionSettings(protocol, doing) },
		};
	}

	#read(): void {
		const bytes = this.#line?.read();
		if (!bytes || bytes.length === 0 || !this.#hearing) return;
		const now = this.#options.now();
		this.#lastByteAt = now;
		this.#hearing.receive(bytes, now);
		this.#await();
	}

	/** Sleeps until a session is due, the step is over, or a fact has settled. */
	#await(): void {
		const step = this.#step;
		const hearing = this.#hearing;
		if (!step || !hearing) return;
		const now = this.#options.now();
		if (hearing.isDecided && this.#decidedAt < 0) this.#decidedAt = now;
		const due = this.#dueAt(step, hearing);
		const wake = hearing.wakeAt;
		const at = wake >= 0 ? Math.min(due, wake) : due;
		this.#after(Math.max(0, at - now), () => this.#tick());
	}

	#dueAt(step: Step, hearing: Hearing): number {
		const end = this.#startedAt + step.mostMs;
		if (this.#decidedAt >= 0) return Math.min(this.#decidedAt + SETTLE_MS, end + LISTEN_EXTRA_MS);
		if (hearing.isUnanswered) return this.#startedAt;
		if (step.doing === "ask") return end;
		return Math.max(end, Math.min(this.#lastByteAt + QUIET_MS, end + LISTEN_EXTRA_MS));
	}

	#tick(): void {
		const step = this.#step;
		const hearing = this.#hearing;
		if (!step || !hearing) return;
		const now = this.#options.now();
		hearing.tick(now);
		if (now >= this.#dueAt(step, hearing)) this.#finish(step, hearing);
		else this.#await();
	}

	#finish(step: Step, hearing: Hearing): void {
		this.#hearing = undefined;
		const result = this.#result(hearing);
		this.#options.onStep({ ...this.#report(step), result });
		if (this.#over) return;
		const finding = this.#trail.ended(step, hearing, this.#options);
		if (finding) return this.#end(finding);
		this.#next();
	}

	#next(): void {
		this.#index++;
		this.#after(PAUSE_MS, () => this.#begin());
	}

	/** What the step came to; without a hearing the line was lost. */
	#result(hearing?: Hearing): StepResult {
		const { parity = 0, framing = 0 } = (hearing && this.#line?.counters) ?? {};
		const { before } = this.#trail;
		return {
			verdict: hearing?.verdict ?? "lost",
			seconds: (this.#options.now() - this.#startedAt) / 1000,
			bytes: hearing?.evidence.bytes ?? 0,
			parityErrors: hearing ? parity - before.parity : 0,
			framingErrors: hearing ? framing - before.framing : 0,
			printablePercent: hearing?.evidence.printablePercent ?? 0,
			refusals: hearing?.refusals ?? [],
		};
	}

	#report({ doing, protocols, settings, mostMs }: Step): StepReport {
		return {
			number: this.#number,
			doing,
			protocols: protocols.map(({ name }) => name),
			settings,
			mostSeconds: mostMs / 1000,
		};
	}

	#send(bytes: Uint8Array): void {
		try {
			this.#line?.write(bytes);
		} catch {
			// The session asks again, or gives up, by its own time-outs.
		}
	}

	#set(settings: LineSettings): void {
		const { invertReceive = false, invertTransmit = false } = this.#step?.settings ?? {};
		const set = { ...settings, invertReceive, invertTransmit };
		this.#opened = set;
		try {
			this.#line?.set(set);
		} catch (error) {
			this.#failed(error instanceof Error ? error.message : `${error}`);
		}
	}

	/** The line has closed itself. */
	#lost(reason: string): void {
		if (this.#over) return;
		this.#drop();
		this.#losses++;
		if (this.#losses > MOST_LOSSES) return this.#failed(reason);
		const step = this.#step;
		this.#after(REOPEN_MS, () => {
			if (step) this.#listen(step);
		});
	}

	#failed(reason: string): void {
		const step = this.#step;
		if (step) this.#options.onStep({ ...this.#report(step), result: this.#result() });
		this.#end({ kind: "lost", reason });
	}

	#end(finding: Finding): void {
		if (this.#over) return;
		this.close();
		this.#options.onFinding(finding);
	}

	#drop(): void {
		this.#hearing = undefined;
		this.#line?.close();
		this.#line = undefined;
		this.#opened = undefined;
	}

	#after(milliseconds: number, callback: () => void): void {
		const { timers } = this.#options;
		timers.clear(this.#timer);
		this.#timer = timers.set(() => {
			this.#timer = undefined;
			if (!this.#over) callback();
		}, milliseconds);
	}
}

// The path from the line to readings: opens the line, feeds the session, does what the session asks, and opens the
// line again when it is lost. Knows no output; hands on readings and rejections.

import type { Line, LineCounters, LineOptions } from "../hardware/line.js";
import type { TapSettings } from "../outputs/meter-tap.js";
import type { LogLevel, Timers } from "../outputs/output.js";
import { Backoff } from "../outputs/shared/backoff.js";
import type {
	Action,
	LineSettings,
	Protocol,
	Rejection,
	Session,
	SessionOptions,
} from "../protocols/protocol.js";
import type { Reading } from "../readings/reading.js";
import type { LineState } from "./health.js";
import type { KeptFile } from "./kept-file.js";

export interface MeterLinkOptions {
	readonly protocol: Protocol;
	readonly session: SessionOptions;
	readonly port: string;
	readonly settings: LineSettings;
	/** What an earlier session asked to be kept, and what this one does. */
	readonly file?: Pick<KeptFile, "kept" | "keep">;
	readonly timers: Timers;
	now(): number;
	random(): number;
	log(line: string, level: LogLevel): void;
	readonly owner: MeterLinkOwner;
}

/** Who opens the line, and is told of what comes. */
export interface MeterLinkOwner {
	openLine(options: LineOptions): Line;
	/** Bytes that arrived, before the session has them; only borrowed. `false`: they are not for the session. */
	onBytes?(bytes: Uint8Array): boolean | undefined;
	/** What the session has sent; only borrowed. */
	onSent?(bytes: Uint8Array): void;
	/** The line was lost or lent, or is open anew. */
	onInterrupted?(reason: string): void;
	/** The frame whose reading follows; only borrowed. `clear`: the telegram in an encrypted one. */
	onFrame?(bytes: Uint8Array, clear: Uint8Array | undefined): void;
	onReading(reading: Reading): void;
	/** What came of the question that `ask` put. */
	onAnswer?(reading: Reading | undefined, problem: string | undefined): void;
	onRejected(rejection: Rejection): void;
}

export class MeterLink {
	readonly #options: MeterLinkOptions;
	readonly #backoff: Backoff;
	#line: Line | undefined;
	#session: Session | undefined;
	#wake: unknown;
	#retry: unknown;
	readonly #state: LineState;
	#sent = 0;
	/** Settings in force, and those that the session wants. */
	#settings: LineSettings;
	#own: LineSettings;
	/** Another program speaks with the meter. */
	#standsBack = false;
	/** Why the line was lost last, as the log has it; until bytes come. */
	#told: string | undefined;

	constructor(options: MeterLinkOptions) {
		this.#options = options;
		this.#settings = options.settings;
		this.#own = options.settings;
		this.#backoff = new Backoff(options);
		this.#state = { state: "opening", since: options.now(), reason: null, opened: 0, failures: 0 };
		// Not from inside the constructor: the first attempt may already call back.
		this.#retry = options.timers.set(() => this.#open(), 0);
	}

	get state(): LineState {
		return this.#state;
	}

	get counters(): LineCounters | undefined {
		return this.#line?.counters;
	}

	/** Bytes sent since the line was opened. */
	get sent(): number {
		return this.#sent;
	}

	/** In force now; `undefined` while the line is not open. */
	get lineSettings(): LineSettings | undefined {
		return this.#line && this.#settings;
	}

	/** While another program speaks with the meter the session sends nothing and is not called back. */
	standBack(back: boolean): void {
		if (back === this.#standsBack) return;
		this.#standsBack = back;
		if (!back && this.#session) this.#perform(this.#session.tick(this.#options.now()));
	}

	/** Another program's bytes to the meter. */
	write(bytes: Uint8Array): void {
		try {
			this.#line?.write(bytes);
		} catch (error) {
			this.#options.log(`meter: bytes of another program were not sent: ${error}`, "warning");
		}
	}

	/** Another program's settings; `undefined`: the session's own again. */
	setLine(settings: TapSettings | undefined): void {
		try {
			this.#apply(settings ? { ...this.#own, ...settings } : this.#own);
		} catch (error) {
			const reason = error instanceof Error ? error.message : `${error}`;
			// Later: whoever asked is told of the loss.
			this.#options.timers.set(() => this.#line && this.#lost(reason), 0);
		}
	}

	/** The session takes questions: it does not only listen. */
	get canAsk(): boolean {
		return this.#session?.ask !== undefined;
	}

	/**
	 * Has the session put somebody's own question: a register or code, or nothing for a poll now (protocols/protocol.ts).
	 * Why it is not put; `undefined` where it is under way.
	 */
	ask(what: string): string | undefined {
		const session = this.#session;
		if (!session) return "the meter's line is not open";
		if (this.#standsBack) return "another program speaks with the meter";
		const result = session.ask?.(what, this.#options.now()) ?? "the meter sends by itself only";
		if (typeof result === "string") return result;
		this.#perform(result);
		return undefined;
	}

	/** Lets go of the line for a while, as somebody else needs it (detection), or takes it again. */
	pause(paused: boolean): void {
		if (paused === (this.#state.state === "off")) return;
		const { timers } = this.#options;
		this.#drop();
		timers.clear(this.#retry);
		this.#enter(paused ? "off" : "opening", paused ? "the line is lent to the search for the meter" : null);
		if (!paused) this.#retry = timers.set(() => this.#open(), 0);
	}

	close(): void {
		this.#drop();
		this.#options.timers.clear(this.#retry);
		this.#enter("off", null);
	}

	#open(): void {
		this.#retry = undefined;
		const { protocol, session, port, settings, file, owner, now } = this.#options;
		try {
			this.#line = owner.openLine({
				port,
				settings,
				onReadable: () => this.#read(),
				onError: (reason) => this.#lost(reason),
			});
		} catch (error) {
			this.#lost(error instanceof Error ? error.message : `${error}`);
			return;
		}
		this.#state.opened++;
		this.#sent = 0;
		this.#settings = settings;
		this.#own = settings;
		this.#standsBack = false;
		this.#enter("open", null);
		this.#session = protocol.open({ ...session, kept: file?.kept() });
		this.#perform(this.#session.tick(now()));
	}

	#read(): void {
		const bytes = this.#line?.read();
		if (!bytes || bytes.length === 0 || !this.#session) return;
		this.#backoff.reset();
		this.#told = undefined;
		if (this.#options.owner.onBytes?.(bytes) === false) return;
		this.#perform(this.#session.receive(bytes, this.#options.now()));
	}

	#perform(actions: readonly Action[]): void {
		const { owner, file } = this.#options;
		// By index: most pieces of a frame bring no action, and an iterator takes eight slots.
		for (let index = 0; index < actions.length; index++) {
			const action = actions[index] as Action;
			switch (action.do) {
				case "send":
					this.#send(action.bytes);
					break;
				case "setLine":
					this.#set(action.settings);
					break;
				case "reading":
					if (action.frame) owner.onFrame?.(action.frame, action.clear);
					owner.onReading(action.reading);
					break;
				case "answer":
					owner.onAnswer?.(action.reading, action.problem);
					break;
				case "rejected":
					owner.onRejected(action.rejection);
					break;
				case "keep":
					file?.keep(action.bytes);
					break;
				case "wakeAt":
					this.#wakeAt(action.time);
					break;
			}
			if (!this.#line) return;
		}
	}

	#send(bytes: Uint8Array): void {
		// The session's own time-out asks again.
		if (this.#standsBack) return;
		try {
			this.#line?.write(bytes);
			this.#sent += bytes.length;
			this.#options.owner.onSent?.(bytes);
		} catch (error) {
			// The session's own time-out asks again; a full transmit buffer is no reason to give up the line.
			const detail = `${error}`;
			this.#options.owner.onRejected({ rejected: true, layer: "line", code: "write", detail });
		}
	}

	#set(settings: LineSettings): void {
		try {
			this.#own = settings;
			this.#apply(settings);
		} catch (error) {
			this.#lost(error instanceof Error ? error.message : `${error}`);
		}
	}

	#apply(settings: LineSettings): void {
		// Whether the hardware inverts is the wiring's fact, which no session knows.
		const { invertReceive, invertTransmit } = this.#options.settings;
		this.#settings = { ...settings, invertReceive, invertTransmit };
		this.#line?.set(this.#settings);
	}

	#wakeAt(time: number): void {
		const { timers, now } = this.#options;
		timers.clear(this.#wake);
		this.#wake = timers.set(
			() => {
				this.#wake = undefined;
				if (this.#session && !this.#standsBack) this.#perform(this.#session.tick(now()));
			},
			Math.max(0, time - now()),
		);
	}

	#lost(reason: string): void {
		this.#drop();
		this.#state.failures++;
		const wait = this.#backoff.next();
		// Once, not at every attempt: health counts them.
		if (reason !== this.#told) {
			const { port, log } = this.#options;
			const next = `next attempt in ${Math.round(wait / 1000)} s`;
			log(`meter: ${port === "" ? "" : `${port}: `}${reason}; ${next}`, "warning");
		}
		this.#told = reason;
		this.#enter("waiting", reason);
		this.#retry = this.#options.timers.set(() => this.#open(), wait);
	}

	#drop(): void {
		this.#options.timers.clear(this.#wake);
		this.#wake = undefined;
		// What is left of a frame is nobody's reading; what must survive is kept.
		for (const action of this.#session?.end(this.#options.now()) ?? [])
			if (action.do === "keep") this.#options.file?.keep(action.bytes);
		this.#session = undefined;
		this.#line?.close();
		this.#line = undefined;
	}

	#enter(state: LineState["state"], reason: string | null): void {
		this.#state.state = state;
		this.#state.reason = reason;
		this.#state.since = this.#options.now();
		this.#options.owner.onInterrupted?.(reason ?? state);
	}
}

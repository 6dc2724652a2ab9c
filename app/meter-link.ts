// The path from the line to readings: opens the line, feeds the session, does what the session asks, and opens the
// line again when it is lost. Knows no output; hands on readings and rejections.

import type { Line, LineCounters, LineOptions } from "../hardware/line.js";
import type { Timers } from "../outputs/output.js";
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

export interface MeterLinkOptions {
	readonly protocol: Protocol;
	readonly session: SessionOptions;
	readonly port: string;
	readonly settings: LineSettings;
	openLine(options: LineOptions): Line;
	readonly timers: Timers;
	now(): number;
	random(): number;
	log(line: string): void;
	/** Bytes that arrived, before the session has them; only borrowed. */
	onBytes?(bytes: Uint8Array): void;
	/** What an earlier session asked to be kept. */
	kept?(): Uint8Array | undefined;
	/** Keeps it over a restart. */
	keep?(bytes: Uint8Array): void;
	/** The frame whose reading follows; only borrowed. */
	onFrame?(bytes: Uint8Array): void;
	onReading(reading: Reading): void;
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
	/** Why the line was lost last, as the log has it; until bytes come. */
	#told: string | undefined;

	constructor(options: MeterLinkOptions) {
		this.#options = options;
		this.#backoff = new Backoff(options.random);
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
		const { protocol, session, port, settings, now } = this.#options;
		try {
			this.#line = this.#options.openLine({
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
		this.#enter("open", null);
		this.#session = protocol.open({ ...session, kept: this.#options.kept?.() });
		this.#perform(this.#session.tick(now()));
	}

	#read(): void {
		const bytes = this.#line?.read();
		if (!bytes || bytes.length === 0 || !this.#session) return;
		this.#backoff.reset();
		this.#told = undefined;
		this.#options.onBytes?.(bytes);
		this.#perform(this.#session.receive(bytes, this.#options.now()));
	}

	#perform(actions: readonly Action[]): void {
		for (const action of actions) {
			switch (action.do) {
				case "send":
					this.#send(action.bytes);
					break;
				case "setLine":
					this.#set(action.settings);
					break;
				case "reading":
					if (action.frame) this.#options.onFrame?.(action.frame);
					this.#options.onReading(action.reading);
					break;
				case "rejected":
					this.#options.onRejected(action.rejection);
					break;
				case "keep":
					this.#options.keep?.(action.bytes);
					break;
				case "wakeAt":
					this.#wakeAt(action.time);
					break;
			}
			if (!this.#line) return;
		}
	}

	#send(bytes: Uint8Array): void {
		try {
			this.#line?.write(bytes);
			this.#sent += bytes.length;
		} catch (error) {
			// The session's own time-out asks again; a full transmit buffer is no reason to give up the line.
			this.#options.onRejected({ rejected: true, layer: "line", code: "write", detail: `${error}` });
		}
	}

	#set(settings: LineSettings): void {
		// Whether the hardware inverts is the wiring's fact, which no session knows.
		const { invertReceive, invertTransmit } = this.#options.settings;
		try {
			this.#line?.set({ ...settings, invertReceive, invertTransmit });
		} catch (error) {
			this.#lost(error instanceof Error ? error.message : `${error}`);
		}
	}

	#wakeAt(time: number): void {
		const { timers, now } = this.#options;
		timers.clear(this.#wake);
		this.#wake = timers.set(
			() => {
				this.#wake = undefined;
				if (this.#session) this.#perform(this.#session.tick(now()));
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
			log(`meter: ${port === "" ? "" : `${port}: `}${reason}; next attempt in ${Math.round(wait / 1000)} s`);
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
			if (action.do === "keep") this.#options.keep?.(action.bytes);
		this.#session = undefined;
		this.#line?.close();
		this.#line = undefined;
	}

	#enter(state: LineState["state"], reason: string | null): void {
		this.#state.state = state;
		this.#state.reason = reason;
		this.#state.since = this.#options.now();
	}
}

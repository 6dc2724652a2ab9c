// A protocol's session and an emulated meter on one line, both under a clock that only the test moves. Not a test.

import { AskedLine } from "../../host/meters/asked-line";
import type { AskedMeter } from "../../host/meters/asked-meter";
import { characterBits } from "../../host/meters/push-meter";
import type { Action, LineSettings, Protocol, Rejection } from "../../protocols/protocol";
import type { Reading } from "../../readings/reading";
import type { SettingValues } from "../../settings/setting";
import { FakeTime } from "../fake-timers";
import { openSession } from "./readings";

export interface DialogueOptions {
	readonly protocol: Protocol;
	readonly meter: AskedMeter;
	readonly start: number;
	readonly settings?: SettingValues;
	readonly echo?: boolean;
}

export class Dialogue {
	readonly time = new FakeTime();
	readonly readings: { readonly reading: Reading; readonly at: number }[] = [];
	readonly rejections: Rejection[] = [];
	readonly answers: Extract<Action, { do: "answer" }>[] = [];
	/** What the session sent, as text, and when. */
	readonly sent: { readonly bytes: Uint8Array; readonly at: number; readonly baud: number }[] = [];
	/** When each byte of the meter's came. */
	readonly heard: { readonly byte: number; readonly at: number }[] = [];
	readonly #session;
	readonly #line: AskedLine;
	#settings: LineSettings;
	#timer: unknown;

	constructor({ protocol, meter, start, settings, echo = false }: DialogueOptions) {
		this.#session = openSession(protocol, settings);
		this.#settings = protocol.lines[0];
		this.#line = new AskedLine({
			meter,
			start,
			echo,
			speed: 1,
			timers: this.time,
			now: this.time.now,
			sink: { write: (bytes) => this.#hear(bytes.slice()) },
		});
		this.#wake(0);
	}

	advance(milliseconds: number): void {
		this.time.advance(milliseconds);
	}

	/** Somebody's own question; why it was not put, or `undefined`. */
	ask(what: string): string | undefined {
		const result = this.#session.ask?.(what, this.time.now()) ?? "only listens";
		if (typeof result === "string") return result;
		this.#do(result);
		return undefined;
	}

	#hear(bytes: Uint8Array): void {
		for (const byte of bytes) this.heard.push({ byte, at: this.time.now() });
		this.#do(this.#session.receive(bytes, this.time.now()));
	}

	#wake(after: number): void {
		this.time.clear(this.#timer);
		this.#timer = this.time.set(() => this.#do(this.#session.tick(this.time.now())), after);
	}

	#do(actions: readonly Action[]): void {
		for (const action of actions) {
			if (action.do === "reading") this.readings.push({ reading: action.reading, at: this.time.now() });
			else if (action.do === "rejected") this.rejections.push(action.rejection);
			else if (action.do === "setLine") this.#settings = action.settings;
			else if (action.do === "answer") this.answers.push(action);
			else if (action.do === "wakeAt") this.#wake(Math.max(0, action.time - this.time.now()));
			else this.#send(action.bytes);
		}
	}

	/** The meter hears the request when its last bit has arrived. */
	#send(bytes: Uint8Array): void {
		const { baud } = this.#settings;
		this.sent.push({ bytes, at: this.time.now(), baud });
		const takes = (bytes.length * characterBits(this.#settings) * 1000) / baud;
		this.time.set(() => this.#line.receive(bytes), takes);
	}
}

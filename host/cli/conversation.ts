// One session on one line, for the commands that talk to a meter and end: opens the line, does what the session asks,
// and ends with nothing or with the problem in one line. What to do with readings is its caller's.

import type { Line } from "../../hardware/line.js";
import { openSerialLine } from "../../hardware/serial-line.js";
import type { Action, LineSettings, Rejection, Session } from "../../protocols/protocol.js";
import type { Reading } from "../../readings/reading.js";
import type { FrameTrace } from "./frame-trace.js";
import { EchoWatch, portProblem, rejectionAdvice, silenceAdvice } from "./line-advice.js";
import { monotonic } from "./node-time.js";

/** So long without a byte means that what came belongs together. */
const TRACE_SILENCE_MS = 400;

export interface ConversationOptions {
	readonly port: string;
	readonly settings: LineSettings;
	readonly session: Session;
	/** Gives up where no reading comes for so long. */
	readonly timeoutMs: number;
	readonly trace: FrameTrace | undefined;
	/** True when that was the last one wanted. */
	onReading(reading: Reading): boolean;
	onRejected(rejection: Rejection): void;
}

export class Conversation {
	/** Resolves with the problem, or with nothing when all readings came. */
	readonly done: Promise<string | undefined>;
	readonly #options: ConversationOptions;
	readonly #echo = new EchoWatch();
	#finish: (problem: string | undefined) => void = () => {};
	#line: Line | undefined;
	#wake: NodeJS.Timeout | undefined;
	#deadline: NodeJS.Timeout | undefined;
	#silence: NodeJS.Timeout | undefined;
	#ended = false;
	#baud: number;
	#sent = 0;
	#received = 0;
	#refused = 0;
	#readings = 0;
	#rejection: Rejection | undefined;

	constructor(options: ConversationOptions) {
		this.#options = options;
		this.#baud = options.settings.baud;
		this.done = new Promise((finish) => {
			this.#finish = (problem) => {
				this.#ended = true;
				finish(problem);
			};
		});
		const { port, settings } = options;
		try {
			this.#line = openSerialLine({
				port,
				settings,
				onReadable: () => this.#receive(),
				onError: (reason) => this.#finish(portProblem(port, reason)),
			});
		} catch (error) {
			this.#finish(portProblem(port, (error as Error).message));
			return;
		}
		this.#await();
		this.#act(options.session.tick(monotonic()));
	}

	close(): void {
		for (const timer of [this.#wake, this.#deadline, this.#silence]) clearTimeout(timer);
		this.#ended = true;
		this.#options.trace?.flush();
		this.#line?.close();
	}

	#await(): void {
		clearTimeout(this.#deadline);
		this.#deadline = setTimeout(() => this.#finish(this.#advice()), this.#options.timeoutMs);
	}

	#advice(): string {
		return silenceAdvice({
			sent: this.#sent,
			received: this.#received,
			echoOnly: this.#echo.echoOnly,
			baud: this.#baud,
			rejection: this.#rejection,
			refused: this.#refused,
		});
	}

	#receive(): void {
		const bytes = this.#line?.read();
		if (!bytes) return;
		this.#received += bytes.length;
		this.#echo.receive(bytes);
		this.#traceReceived(bytes);
		this.#act(this.#options.session.receive(bytes, monotonic()));
	}

	#traceReceived(bytes: Uint8Array): void {
		const { trace } = this.#options;
		if (!trace) return;
		trace.received(bytes);
		clearTimeout(this.#silence);
		this.#silence = setTimeout(() => trace.flush(), TRACE_SILENCE_MS);
	}

	#act(actions: readonly Action[]): void {
		for (const action of actions) {
			if (this.#ended) return;
			this.#perform(action);
		}
	}

	#perform(action: Action): void {
		const { session, trace } = this.#options;
		switch (action.do) {
			case "send":
				this.#sent += action.bytes.length;
				this.#echo.send(action.bytes);
				trace?.sent(action.bytes);
				this.#write(action.bytes);
				break;
			case "setLine":
				this.#baud = action.settings.baud;
				trace?.note(`line set to ${lineText(action.settings)}`);
				this.#line?.set(action.settings);
				break;
			case "wakeAt":
				clearTimeout(this.#wake);
				this.#wake = setTimeout(
					() => this.#act(session.tick(monotonic())),
					Math.max(0, action.time - monotonic()),
				);
				break;
			case "rejected":
				trace?.flush();
				this.#reject(action.rejection);
				break;
			case "reading":
				trace?.flush();
				this.#readings++;
				this.#await();
				if (this.#options.onReading(action.reading)) this.#finish(undefined);
		}
	}

	/** A full queue is no end: the session's own time-out asks again. */
	#write(bytes: Uint8Array): void {
		try {
			this.#line?.write(bytes);
		} catch (error) {
			this.#reject({ rejected: true, layer: "line", code: "write", detail: (error as Error).message });
		}
	}

	/** A meter that does not answer, or refuses, will not do so before the time is over either. */
	#reject(rejection: Rejection): void {
		if (rejection.code === "no-answer") {
			if (this.#readings === 0) this.#finish(this.#advice());
			return;
		}
		this.#refused++;
		if (this.#rejection === undefined || rejectionAdvice(rejection) !== undefined)
			this.#rejection = rejection;
		this.#options.onRejected(rejection);
	}
}

function lineText({ baud, dataBits, parity, stopBits }: LineSettings): string {
	return `${baud} Bd ${dataBits}${parity[0]?.toUpperCase()}${stopBits}`;
}

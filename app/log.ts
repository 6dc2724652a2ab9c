// The log: the newest lines in a ring of fixed size, each with its level and time, free of secrets; handed on to the
// serial console as well. Read over HTTP and sent by app/syslog.ts; not kept over a restart.

import type { LogLevel } from "../outputs/output.js";
import { isoText } from "../readings/utc.js";
import { redacted } from "./redaction.js";

/** Lines that are kept: with 80 characters each, 5 KB of the ESP32's memory. */
export const MOST_LINES = 64;
/** Characters of a line; longer ones are cut. */
export const LONGEST_LINE = 160;

/** Most urgent first. */
export const LEVELS: readonly LogLevel[] = Object.freeze(["error", "warning", "info", "debug"]);

export interface LogLine {
	/** 1, 2, 3 …: lines that fell out of the ring leave a gap. */
	readonly number: number;
	readonly level: LogLevel;
	/** Monotonic milliseconds since the start. */
	readonly uptime: number;
	/** Milliseconds since 1970, or `undefined` while the time of day is not known. */
	readonly time: number | undefined;
	readonly text: string;
}

export interface LogOptions {
	/** Monotonic milliseconds. */
	now(): number;
	/** Milliseconds since 1970, or `undefined`. */
	wallTime(): number | undefined;
	/** The serial console or standard output. */
	print(line: string, level: LogLevel): void;
}

export class Log {
	readonly #options: LogOptions;
	readonly #started: number;
	// Columns, not objects: on XS an object of five properties costs seven slots.
	readonly #texts: string[] = [];
	readonly #levels = new Uint8Array(MOST_LINES);
	readonly #uptimes = new Float64Array(MOST_LINES);
	/** NaN while the time of day was not known. */
	readonly #times = new Float64Array(MOST_LINES);
	#count = 0;
	#secrets: readonly string[] = [];
	#listener: (() => void) | undefined;

	constructor(options: LogOptions) {
		this.#options = options;
		this.#started = options.now();
	}

	/** Lines written since the start. */
	get count(): number {
		return this.#count;
	}

	/** What must never be seen, from now on: the values of secret settings. */
	keepSecret(secrets: readonly string[]): void {
		this.#secrets = secrets;
	}

	/** The text as the log would show it. */
	redact(text: string): string {
		return redacted(text, this.#secrets);
	}

	/** One line; returns at once and never throws for what the text is. What is "debug" goes to the console alone. */
	write(line: string, level: LogLevel = "info"): void {
		const safe = this.redact(line);
		this.#options.print(safe, level);
		if (level === "debug") return;
		const { now, wallTime } = this.#options;
		const place = this.#count % MOST_LINES;
		this.#texts[place] = cleaned(safe);
		this.#levels[place] = LEVELS.indexOf(level);
		this.#uptimes[place] = now() - this.#started;
		this.#times[place] = wallTime() ?? Number.NaN;
		this.#count++;
		this.#listener?.();
	}

	/** Called after each line, from inside `write`: it must not write itself. */
	onLine(listener: () => void): void {
		this.#listener = listener;
	}

	/** The line of that number, or `undefined` where it is not written yet or has fallen out of the ring. */
	line(number: number): LogLine | undefined {
		if (number < 1 || number > this.#count || number <= this.#count - MOST_LINES) return undefined;
		const place = (number - 1) % MOST_LINES;
		const time = this.#times[place] ?? Number.NaN;
		return {
			number,
			level: LEVELS[this.#levels[place] ?? 0] ?? "info",
			uptime: this.#uptimes[place] ?? 0,
			time: Number.isNaN(time) ? undefined : time,
			text: this.#texts[place] ?? "",
		};
	}

	/** `{"lines":[{"number","level","uptime","time","text"}]}`: newest last, seconds, ISO 8601 or null. */
	json(): string {
		const parts: string[] = [];
		for (let number = Math.max(1, this.#count - MOST_LINES + 1); number <= this.#count; number++) {
			const line = this.line(number);
			if (line) parts.push(lineJson(line));
		}
		return `{"lines":[${parts.join(",")}]}`;
	}
}

function lineJson({ number, level, uptime, time, text }: LogLine): string {
	return JSON.stringify({
		number,
		level,
		uptime: Math.round(uptime / 100) / 10,
		time: time === undefined ? null : isoText(time),
		text,
	});
}

const FIRST_PRINTABLE = 0x20;
const DELETE = 0x7f;

/** One line of bounded length: control characters could end a line of syslog, or drive a terminal. */
function cleaned(text: string): string {
	const cut = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE - 1)}…` : text;
	let clean = "";
	let from = 0;
	for (let index = 0; index < cut.length; index++) {
		const code = cut.charCodeAt(index);
		if (code >= FIRST_PRINTABLE && code !== DELETE) continue;
		clean += `${cut.slice(from, index)} `;
		from = index + 1;
	}
	return from === 0 ? cut : clean + cut.slice(from);
}

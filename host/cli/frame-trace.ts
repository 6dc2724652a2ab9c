// What `-v` shows: everything sent and received, in hexadecimal, taken apart into layers and fields as far as it is
// understood. Bytes that come in a row are shown together. Writes lines; keys are never among them.

import type { Protocol } from "../../protocols/protocol.js";
import { type ExplainOptions, explainBytes } from "../explain/explain.js";
import type { Explanation } from "../explain/explanation.js";

/** More than this is shown in parts. */
const MOST_AT_ONCE = 8192;
const BYTES_A_LINE = 8;
const HEX_WIDTH = 3 * BYTES_A_LINE;
const LAYER_WIDTH = 10;
const SECOND_MS = 1000;

export interface FrameTraceOptions extends Omit<ExplainOptions, "anonymous"> {
	readonly protocol: Protocol;
	/** Monotonic milliseconds. */
	now(): number;
	write(text: string): void;
}

export class FrameTrace {
	readonly #options: FrameTraceOptions;
	readonly #since: number;
	#waiting: number[] = [];
	#waitingSince = 0;

	constructor(options: FrameTraceOptions) {
		this.#options = options;
		this.#since = options.now();
	}

	sent(bytes: Uint8Array): void {
		this.flush();
		this.#show("sent", bytes, this.#options.now());
	}

	received(bytes: Uint8Array): void {
		if (this.#waiting.length === 0) this.#waitingSince = this.#options.now();
		for (const byte of bytes) this.#waiting.push(byte);
		if (this.#waiting.length >= MOST_AT_ONCE) this.flush();
	}

	/** Shows what has come so far: a frame is whole, or the line went silent. */
	flush(): void {
		if (this.#waiting.length === 0) return;
		const bytes = Uint8Array.from(this.#waiting);
		this.#waiting = [];
		this.#show("received", bytes, this.#waitingSince);
	}

	note(text: string): void {
		this.flush();
		this.#options.write(`${this.#time(this.#options.now())} ${text}\n`);
	}

	#time(at: number): string {
		return `${((at - this.#since) / SECOND_MS).toFixed(3).padStart(9)} s`;
	}

	#show(direction: "sent" | "received", bytes: Uint8Array, at: number): void {
		const { protocol, write } = this.#options;
		const { explanation } = explainBytes(bytes, protocol, { ...this.#options, anonymous: false });
		const size = `${bytes.length} ${bytes.length === 1 ? "byte" : "bytes"}`;
		write(`${this.#time(at)} ${direction} ${size}\n${explanationLines(explanation, "  ").join("")}`);
	}
}

function explanationLines(explanation: Explanation, indent: string): string[] {
	const lines: string[] = [];
	for (const { start, end, layer, field, meaning } of explanation.rows) {
		const pairs = hexPairs(explanation, start, end);
		const words = [layer.padEnd(LAYER_WIDTH), field, meaning].filter((word) => word.trim() !== "").join(" ");
		lines.push(`${indent}${(pairs[0] ?? "").padEnd(HEX_WIDTH)}${words}`.trimEnd().concat("\n"));
		for (const more of pairs.slice(1)) lines.push(`${indent}${more}\n`);
	}
	for (const { title, content } of explanation.sections)
		lines.push(`${indent}${title}:\n`, ...explanationLines(content, `${indent}  `));
	return lines;
}

/** Bytes as pairs of digits, a line for each eight; XX for what must not be shown. */
function hexPairs({ source, hidden }: Explanation, start: number, end: number): string[] {
	const lines: string[] = [];
	for (let from = start; from < end; from += BYTES_A_LINE) {
		const pairs: string[] = [];
		for (let at = from; at < Math.min(end, from + BYTES_A_LINE); at++)
			pairs.push(hidden[at] ? "XX" : (source[at] as number).toString(16).toUpperCase().padStart(2, "0"));
		lines.push(pairs.join(" "));
	}
	return lines;
}

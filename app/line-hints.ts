// What the line's own counters say while no reading comes, as a hint for a person: the wrong way round, upside down,
// another speed. Counts only, and what detection's evidence makes of the bytes; finding out protocol and speed is
// detection's part. Time is an argument.

import { Evidence } from "../detection/evidence.js";
import type { LineCounters } from "../hardware/line.js";
import type { Protocol, Rejection } from "../protocols/protocol.js";
import type { Warning } from "./plausibility.js";

/** Nothing is said before: meters send every 1 to 10 s. */
const PATIENCE_MS = 60_000;
/** Errors that are no accident, and their share of all characters. */
const LEAST_ERRORS = 16;
const FRAMING_SHARE = 0.25;
const PARITY_SHARE = 0.2;
const LEAST_BYTES = 64;
const MOST_EVIDENCE = 4096;
/** Codes that say no more than "no frame". */
const EMPTY_CODES: readonly string[] = Object.freeze([
	"noise",
	"rubbish",
	"start",
	"no-frame",
	"unknown",
	"garbage",
	"truncated",
	"length",
	"overflow",
]);

/** The line as it is now. */
export interface LineFacts {
	readonly counters: LineCounters | undefined;
	/** Bytes sent since it was opened. */
	readonly sent: number;
	/** Since when it is open; `undefined` while it is not. */
	readonly openSince: number | undefined;
}

export class LineHints {
	readonly #protocol: Protocol;
	/** Counters at the newest reading, and when that was. */
	#from: LineCounters | undefined;
	#sentBefore = 0;
	#readAt: number | undefined;
	#unanswered = 0;
	/** Of the bytes since the newest reading: more than that many say no more. */
	#evidence = new Evidence();
	/** A refusal that tells more than these hints could. */
	#telling = false;

	constructor(protocol: Protocol) {
		this.#protocol = protocol;
	}

	reading({ counters, sent }: LineFacts, now: number): void {
		this.#from = counters && { ...counters };
		this.#sentBefore = sent;
		this.#readAt = now;
		this.#unanswered = 0;
		this.#telling = false;
		if (this.#evidence.bytes > 0) this.#evidence = new Evidence();
	}

	/** Bytes that arrived; only borrowed. While readings come nobody needs to look at them. */
	bytes(bytes: Uint8Array, now: number): void {
		const quiet = this.#readAt === undefined || now - this.#readAt > PATIENCE_MS / 2;
		if (quiet && this.#evidence.bytes < MOST_EVIDENCE) this.#evidence.add(bytes);
	}

	rejected({ code }: Rejection): void {
		if (code === "no-answer") this.#unanswered++;
		else if (!EMPTY_CODES.includes(code)) this.#telling = true;
	}

	/** The hint that fits best, if any does. */
	warnings({ counters, sent, openSince }: LineFacts, now: number): readonly Warning[] {
		if (!counters || openSince === undefined) return [];
		const since = Math.max(openSince, this.#readAt ?? 0);
		if (now - since < PATIENCE_MS) return [];
		// A line that was opened again counts from 0.
		const from = this.#readAt !== undefined && this.#readAt >= openSince ? this.#from : undefined;
		const text = this.#hint({
			bytes: counters.bytes - (from?.bytes ?? 0),
			parity: counters.parity - (from?.parity ?? 0),
			framing: counters.framing - (from?.framing ?? 0),
			sent: sent - (from ? this.#sentBefore : 0),
		});
		return text === undefined ? [] : [{ code: "line", quantity: null, value: null, text, since }];
	}

	#hint({ bytes, parity, framing, sent }: Counted): string | undefined {
		const characters = bytes + framing;
		if (framing >= LEAST_ERRORS && framing >= FRAMING_SHARE * characters) return this.#inverted();
		if (parity >= LEAST_ERRORS && parity >= PARITY_SHARE * characters) return PARITY;
		if (this.#unanswered > 0 && bytes <= sent) return bytes > 0 ? ECHO_ONLY : NO_ANSWER;
		const { look } = this.#evidence;
		if (look === "inverted") return this.#inverted();
		if (look === "parity-even" || look === "parity-odd") return PARITY;
		if (this.#telling) return undefined;
		if (bytes >= LEAST_BYTES && bytes > sent) return NO_FRAME;
		// Meters that are asked are silent between the questions, and a contact may stay open for days.
		if (bytes > 0 || sent > 0 || this.#protocol.source || this.#readAt !== undefined) return undefined;
		return this.#protocol.name === "p1" ? SILENT_P1 : this.#protocol.name === "dlms" ? SILENT_HAN : undefined;
	}

	#inverted(): string {
		return this.#protocol.lines[0].invertReceive ? INVERTED_P1 : INVERTED;
	}
}

interface Counted {
	readonly bytes: number;
	readonly parity: number;
	readonly framing: number;
	readonly sent: number;
}

const INVERTED =
	"The signal looks inverted, or the speed is another: try Receive inverted in the board's settings, then another speed.";
const INVERTED_P1 =
	"The signal looks upside down, or the speed is another. A bare P1 port needs Receive inverted, an adapter with a transistor or gate does not.";
const PARITY =
	"Many characters have wrong parity: try 8N1 in place of 7E1, or the other way round; a loose ground does the same.";
const ECHO_ONLY =
	"Only what was sent comes back: the optical head works, the meter does not answer. Turn the head by 180 degrees, and press the meter's button if it has one.";
const NO_ANSWER =
	"The meter does not answer, and not even an echo comes back: is the head on its window, and supplied? At a module port: are data in and data out swapped?";
const NO_FRAME =
	"Bytes arrive but no frame: another protocol, speed, or a loose ground. Detection finds out which.";
const SILENT_P1 =
	"Not one byte: is Data Request wired and high, and the P1 port switched on by the grid company?";
const SILENT_HAN =
	"Not one byte: is the HAN port switched on by the grid company, and the M-Bus chip wired to the pair with the voltage?";

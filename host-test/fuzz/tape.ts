// Collects what a session wants done, and checks each of it on the way. Runs on XS, too.

import type { Action, LineSettings, Rejection } from "../../protocols/protocol.js";
import { readingToJson } from "../../readings/json.js";
import type { Reading } from "../../readings/reading.js";
import { check } from "./target.js";

const LAYERS =
	" hdlc mbus llc gbt ciphering apdu list p1 iec62056 kmp kmp382 pulse data-notification axdr kmp-register ";
const BAUDS = " 300 600 1200 2400 4800 9600 19200 38400 57600 115200 ";
const LONGEST_DETAIL = 200;
const LONGEST_SENT = 1024;
const MOST_QUANTITIES = 600;
/** Readings that were found right; the same come again and again. */
const MOST_KNOWN = 64;
const known = new Set<string>();
/** XS keeps every name of a parsed object for ever: there JSON is not parsed. */
export const strictness = { parses: true };
const CODE_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-";

export class Tape {
	/** JSON of readings and rejections, in their order. */
	readonly told: string[] = [];
	readings = 0;
	rejections = 0;
	answers = 0;
	readonly sent: Uint8Array[] = [];
	line: LineSettings | undefined;
	/** When the session wants to be called; -1: it does not. */
	wakeAt = -1;
	/** Bytes given to the session so far. */
	fed = 0;
	readonly #secrets: readonly string[];
	#reserve: number;

	/** `secrets`: in no message. `reserve`: so many actions are right without any byte. */
	constructor(secrets: readonly string[], reserve = 64) {
		this.#secrets = secrets;
		this.#reserve = reserve;
	}

	take(actions: readonly Action[]): void {
		// Bounded by what has come: nobody can make the gateway do much by little.
		for (const action of actions) if (action.do !== "wakeAt") this.#reserve--;
		check(this.#reserve + 2 * this.fed >= 0, "more actions than bytes");
		for (const action of actions) this.#action(action);
	}

	#action(action: Action): void {
		switch (action.do) {
			case "reading":
				this.readings++;
				this.told.push(this.#json(action.reading));
				if (action.frame) check(action.frame.length <= 16_384, "a frame beyond all bounds");
				break;
			case "rejected":
				this.rejections++;
				this.told.push(this.#rejection(action.rejection));
				break;
			case "answer":
				this.answers++;
				check((action.reading === undefined) !== (action.problem === undefined), "an answer is one thing");
				if (action.reading) this.#json(action.reading);
				break;
			case "send":
				check(action.bytes.length > 0 && action.bytes.length <= LONGEST_SENT, "sends too much");
				this.sent.push(action.bytes.slice());
				break;
			case "setLine":
				check(BAUDS.includes(` ${action.settings.baud} `), `sets ${action.settings.baud} Bd`);
				this.line = action.settings;
				break;
			case "keep":
				check(action.bytes.length > 0 && action.bytes.length <= 256, "keeps too much");
				break;
			case "wakeAt":
				check(Number.isFinite(action.time) && action.time >= 0, `wakes at ${action.time}`);
				this.wakeAt = action.time;
				break;
		}
	}

	#json(reading: Reading): string {
		const text = readingToJson(reading);
		if (known.has(text)) return text;
		if (strictness.parses) JSON.parse(text);
		this.#isSecretFree(text);
		const { time, quantities, devices } = reading;
		for (const each of [{ time, quantities }, ...devices]) {
			check(each.time === null || isTime(each.time), `a time that is none: ${each.time}`);
			check(each.quantities.length <= MOST_QUANTITIES, `${each.quantities.length} quantities`);
			for (const { name, value } of each.quantities) {
				check(name.length > 0 && name.length <= 80, `a quantity named ${name}`);
				if (typeof value === "string") check(value.length <= 4096, "a text beyond all bounds");
				else check(Number.isInteger(value.exponent), `an exponent that is none: ${value.exponent}`);
			}
		}
		if (known.size >= MOST_KNOWN) known.clear();
		known.add(text);
		return text;
	}

	#rejection(rejection: Rejection): string {
		const { layer, code, offset, detail = "", expected = 0, actual = 0 } = rejection;
		check(LAYERS.includes(` ${layer} `), `an unknown layer: ${layer}`);
		check(code.length > 0 && code.length <= 24, `an unknown code: ${code}`);
		for (const character of code) check(CODE_CHARACTERS.includes(character), `an unknown code: ${code}`);
		check(detail.length <= LONGEST_DETAIL, `a detail of ${detail.length} characters`);
		if (offset !== undefined) {
			check(Number.isInteger(offset) && offset >= 0, `an offset that is none: ${offset}`);
			check(offset <= this.fed, `an offset beyond the end: ${offset} of ${this.fed}`);
		}
		for (const fact of [expected, actual])
			check(
				typeof fact === "string" ? fact.length <= LONGEST_DETAIL : Number.isFinite(fact),
				`a fact: ${fact}`,
			);
		const text = JSON.stringify(rejection);
		this.#isSecretFree(text);
		return text;
	}

	#isSecretFree(text: string): void {
		const upper = text.toUpperCase();
		for (const secret of this.#secrets) check(!upper.includes(secret), "a secret in a message");
	}
}

/** ISO 8601, and of a calendar: `2025-02-29T00:00:00` is none. */
function isTime(text: string): boolean {
	if (text.length < 16 || text.charAt(4) !== "-" || text.charAt(10) !== "T") return false;
	const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
	return (
		!Number.isNaN(date.getTime()) &&
		date.toISOString().slice(0, 10) === text.slice(0, 10) &&
		!Number.isNaN(Date.parse(text))
	);
}

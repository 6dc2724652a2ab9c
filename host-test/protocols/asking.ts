// Shared by the tests of the protocols in which the gateway asks: sessions, corpora, and a line with a fake clock.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Action, LineSettings, Protocol, Rejection, Session } from "../../protocols/protocol.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import type { Cipher } from "../../protocols/shared/cipher.js";
import { compare, parseDecimalText, toText } from "../../readings/decimal.js";
import type { Quantity, Reading } from "../../readings/reading.js";
import { canonical } from "../../readings/units.js";
import { defaultValues, type SettingValues } from "../../settings/setting.js";

export const checksums = tableChecksums();
/** None of these protocols is ciphered. */
const cipher = {} as Cipher;

export function open(protocol: Protocol, settings: SettingValues = {}): Session {
	return protocol.open({
		checksums,
		cipher,
		settings: { ...defaultValues(protocol.settings), ...settings },
	});
}

/** Readings and rejections of actions. */
export interface Outcome {
	readonly readings: readonly Reading[];
	readonly rejections: readonly Rejection[];
}

export function outcome(actions: readonly Action[]): Outcome {
	return {
		readings: actions.flatMap((action) => (action.do === "reading" ? [action.reading] : [])),
		rejections: actions.flatMap((action) => (action.do === "rejected" ? [action.rejection] : [])),
	};
}

/** Feeds a fresh session, in one piece or in pieces of `size` bytes, and ends it. */
export function decode(protocol: Protocol, bytes: Uint8Array, size = bytes.length || 1): Outcome {
	const session = open(protocol);
	const actions: Action[] = [];
	for (let at = 0; at < bytes.length; at += size)
		actions.push(...session.receive(bytes.subarray(at, at + size), at));
	actions.push(...session.end(bytes.length));
	return outcome(actions);
}

/** `name value unit` of each quantity: short enough to be written down as an expectation. */
export function lines(reading: Reading | undefined): readonly string[] {
	return (reading?.quantities ?? []).map(line);
}

export function line({ name, value, unit }: Quantity): string {
	const text = typeof value === "string" ? value : toText(value);
	return unit === undefined ? `${name} ${text}` : `${name} ${text} ${unit}`;
}

export function hex(text: string): Uint8Array {
	return Uint8Array.from(text.replace(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function ascii(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
	return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A megabyte of bytes that look random and are the same in every run (xorshift32). */
export function rubbish(length: number): Uint8Array {
	let state = 0x2545f491;
	return Uint8Array.from({ length }, () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state & 0xff;
	});
}

/** Every copy of `bytes` in which one bit differs. */
export function* flipped(
	bytes: Uint8Array,
): Generator<{ readonly bytes: Uint8Array; readonly at: number; readonly bit: number }> {
	for (let at = 0; at < bytes.length; at++) {
		for (let bit = 0; bit < 8; bit++) {
			const copy = bytes.slice();
			copy[at] = (copy[at] as number) ^ (1 << bit);
			yield { bytes: copy, at, bit };
		}
	}
}

const CORPORA = path.resolve(__dirname, "../../../shared/corpora");

/** One case of the collected captures; see the head of score.py beside them. */
export interface CorpusCase {
	readonly corpus: string;
	readonly id: string;
	readonly file: string;
	readonly protocol: string;
	readonly kind: "reading" | "reject" | "framing-only" | "skip";
	readonly may_reject?: string;
	readonly meter_id?: readonly string[];
	readonly expect?: readonly {
		readonly obis?: string;
		readonly register?: number;
		readonly name?: string;
		readonly value: string;
		readonly unit: string | null;
	}[];
}

/** The cases of a protocol; `undefined` where the captures are not on this machine. */
export function corpusCases(protocol: string): readonly CorpusCase[] | undefined {
	const file = path.join(CORPORA, "normalized.json");
	if (!existsSync(file)) return undefined;
	const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: readonly CorpusCase[] };
	return cases.filter((entry) => entry.protocol === protocol && existsSync(path.join(CORPORA, entry.file)));
}

export function corpusBytes(entry: CorpusCase): Uint8Array {
	const bytes = readFileSync(path.join(CORPORA, entry.file));
	return entry.file.endsWith(".hex") ? hex(bytes.toString("latin1")) : new Uint8Array(bytes);
}

/** A test for each case: as many readings as expected, and every value exact. */
export function testCorpus(protocol: Protocol): void {
	const cases = corpusCases(protocol.name);
	if (cases === undefined || cases.length === 0) {
		test.skip("captures: ../shared/corpora is not on this machine", () => undefined);
		return;
	}
	test.each(cases.map((entry) => [`${entry.corpus}/${entry.id}`, entry] as const))("%s", (_name, entry) => {
		const { readings } = decode(protocol, corpusBytes(entry));
		if (entry.kind === "reject") expect(readings).toEqual([]);
		if (entry.kind !== "reading") return;
		if (readings.length === 0 && entry.may_reject !== undefined) return;
		expect(readings).toHaveLength(1);
		const [reading] = readings;
		if (entry.meter_id) expect(entry.meter_id).toContain(reading?.meter.id);
		for (const wanted of entry.expect ?? []) {
			const found = reading?.quantities.find((quantity) =>
				wanted.obis !== undefined
					? quantity.obis === wanted.obis
					: wanted.register !== undefined
						? quantity.register === wanted.register
						: quantity.name === wanted.name,
			);
			expect(found && sameValue(found, wanted)).toBe(true);
			if (wanted.name) expect(found?.name).toBe(wanted.name);
		}
	});
}

/** Exactly equal once both are in canonical units; a wanted unit of null means any. */
function sameValue(
	found: Quantity,
	wanted: { readonly value: string; readonly unit: string | null },
): boolean {
	const value = parseDecimalText(wanted.value);
	if (value === undefined || typeof found.value === "string") return found.value === wanted.value;
	if (wanted.unit === null) return compare(found.value, value) === 0;
	const one = canonical(found.value, found.unit ?? "");
	const other = canonical(value, wanted.unit);
	return one.unit === other.unit && compare(one.value, other.value) === 0;
}

/**
 * A session on a line, under a fake clock: what it sends goes to `meter`, whose answers come `after` milliseconds
 * later; ticks happen when the session asked for them.
 */
export class FakeLine {
	readonly sent: { readonly bytes: Uint8Array; readonly at: number; readonly baud: number }[] = [];
	readonly readings: Reading[] = [];
	readonly rejections: Rejection[] = [];
	readonly settings: LineSettings[] = [];
	/** What came of somebody's questions: the reading's lines, or what the problem is. */
	readonly answers: (readonly string[] | string)[] = [];
	baud: number;
	now = 0;
	#wakeAt: number | undefined = 0;
	#answers: { readonly bytes: Uint8Array; readonly at: number }[] = [];

	constructor(
		readonly session: Session,
		readonly meter: (bytes: Uint8Array, line: FakeLine) => readonly (readonly [number, Uint8Array])[],
		baud = 300,
	) {
		this.baud = baud;
	}

	/** Lets the clock run to `until`, event by event. */
	run(until: number): void {
		for (;;) {
			const answer = this.#answers[0];
			const next = Math.min(answer?.at ?? Infinity, this.#wakeAt ?? Infinity);
			if (next > until) break;
			this.now = Math.max(this.now, next);
			if (answer && answer.at <= next) {
				this.#answers.shift();
				this.#take(this.session.receive(answer.bytes, this.now));
			} else {
				this.#wakeAt = undefined;
				this.#take(this.session.tick(this.now));
			}
		}
		this.now = until;
	}

	/** Puts a question; what is wrong with it, if it is not taken. */
	ask(what: string): string | undefined {
		const actions = this.session.ask?.(what, this.now) ?? "";
		if (typeof actions === "string") return actions;
		this.#take(actions);
		return undefined;
	}

	#take(actions: readonly Action[]): void {
		for (const action of actions) {
			if (action.do === "send") {
				this.sent.push({ bytes: action.bytes, at: this.now, baud: this.baud });
				for (const [after, bytes] of this.meter(action.bytes, this))
					this.#answers.push({ bytes, at: this.now + after });
				this.#answers.sort((one, other) => one.at - other.at);
			} else if (action.do === "setLine") {
				this.settings.push(action.settings);
				this.baud = action.settings.baud;
			} else if (action.do === "reading") this.readings.push(action.reading);
			else if (action.do === "rejected") this.rejections.push(action.rejection);
			else if (action.do === "answer") this.answers.push(action.problem ?? lines(action.reading));
			else if (action.do === "wakeAt") this.#wakeAt = action.time;
		}
	}
}

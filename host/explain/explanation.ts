// What is known about each byte of a source: rows in any order, no byte in two of them, and sections for bytes that
// the source only implies (the plaintext of a ciphered message). It knows no protocol and prints nothing.

import type { View } from "./view.js";

/** What one range of bytes is. A row without bytes is a remark at its place. */
export interface Row {
	readonly start: number;
	readonly end: number;
	/** `hdlc`, `axdr`, `p1`, …; empty for what belongs to no layer. */
	readonly layer: string;
	readonly field: string;
	readonly meaning: string;
}

/** What a row hides: an `identity` (a meter's number) on request only, a `secret` (a password) always. */
export type Hidden = "identity" | "check" | "secret";

/** Bytes made from others, explained in a dump of their own behind source byte `anchor`. */
export interface Section {
	readonly anchor: number;
	readonly title: string;
	readonly content: Explanation;
}

/** Layer of bytes that nothing explained. */
export const RUBBISH = "-";

export class Explanation {
	readonly rows: Row[] = [];
	readonly sections: Section[] = [];
	/** Texts of meter numbers that were met: they are looked for everywhere else too. */
	readonly identities: Set<string>;
	/** Source bytes that must not be shown. */
	readonly hidden: Uint8Array;
	/** Bytes of messages that were recognised, damaged ones included. */
	recognised = 0;
	/** Messages whose check was right. */
	sound = 0;
	readonly #taken: Uint8Array;

	constructor(
		readonly source: Uint8Array,
		/** Meter numbers are to be hidden. */
		readonly anonymous: boolean,
		identities = new Set<string>(),
	) {
		this.#taken = new Uint8Array(source.length);
		this.hidden = new Uint8Array(source.length);
		this.identities = identities;
	}

	/** Whether something was recognised that is no accident: in much noise anything may look like a damaged frame. */
	get isRecognised(): boolean {
		return this.recognised > 0 && (this.sound > 0 || this.recognised * LEAST_SHARE >= this.source.length);
	}

	/** Explains `view[start, end)`; parts of it that stand apart become rows of their own. */
	add(
		view: View,
		start: number,
		end: number,
		layer: string,
		field: string,
		meaning: string,
		hidden?: Hidden,
	): void {
		let text = meaning;
		for (const span of view.spans(start, end)) {
			if (hidden && this.hides(hidden)) this.hidden.fill(1, span.start, span.end);
			for (const free of this.#free(span.start, span.end)) {
				this.rows.push({ ...free, layer, field, meaning: text });
				this.#taken.fill(1, free.start, free.end);
				text = "(goes on)";
			}
		}
	}

	/** A remark before the byte at `index` of the view. */
	note(view: View, index: number, layer: string, field: string, meaning: string): void {
		const at = view.sourceAt(index);
		this.rows.push({ start: at, end: at, layer, field, meaning });
	}

	/** Bytes made from the source, to be explained behind source byte `anchor`. */
	derive(anchor: number, title: string, bytes: Uint8Array): Explanation {
		const content = new Explanation(bytes, this.anonymous, this.identities);
		this.sections.push({ anchor, title, content });
		return content;
	}

	/** Whether things of that kind are hidden. */
	hides(kind: Hidden): boolean {
		return kind === "secret" || this.anonymous;
	}

	/** A meter's number as it may be shown: X for each character where it is to be hidden. */
	identity(text: string): string {
		const plain = text.trim();
		if (plain.length >= SHORTEST_IDENTITY && !ONE_CHARACTER.test(plain)) this.identities.add(plain);
		return this.anonymous ? crossedOut(text) : text;
	}

	/** A text of which only long runs of digits can be a number. */
	withoutNumbers(text: string): string {
		return text.replace(LONG_NUMBER, (digits) => this.identity(digits));
	}

	/** Hides the long runs of digits among these bytes. */
	hideNumbers(view: View, start: number, end: number): void {
		if (!this.anonymous) return;
		for (let at = start; at < end; ) {
			let stop = at;
			while (stop < end && isDigit(view.at(stop))) stop++;
			if (stop - at >= LONG_DIGITS)
				for (const span of view.spans(at, stop)) this.hidden.fill(1, span.start, span.end);
			at = Math.max(stop, at + 1);
		}
	}

	/** Every byte without a row gets one, and the rows their order. */
	finish(what: string): void {
		for (const free of this.#free(0, this.source.length)) {
			const digits = longestDigits(this.source, free.start, free.end);
			if (this.anonymous && digits) this.#hideDigits(free.start, free.end);
			const length = free.end - free.start;
			this.rows.push({
				...free,
				layer: RUBBISH,
				field: what,
				meaning: `${length} ${length === 1 ? "byte" : "bytes"}${printable(this, free.start, free.end)}`,
			});
			this.#taken.fill(1, free.start, free.end);
		}
		const size = ({ start, end }: Row) => Math.min(end - start, 1);
		this.rows.sort((a, b) => a.start - b.start || size(a) - size(b));
		this.sections.sort((a, b) => a.anchor - b.anchor);
		for (const { content } of this.sections) content.finish("not explained");
	}

	#hideDigits(start: number, end: number): void {
		for (let at = start; at < end; ) {
			let stop = at;
			while (stop < end && isDigit(this.source[stop] as number)) stop++;
			if (stop - at >= LONG_DIGITS) this.hidden.fill(1, at, stop);
			at = Math.max(stop, at + 1);
		}
	}

	/** The parts of `[start, end)` that no row has. */
	#free(start: number, end: number): readonly { start: number; end: number }[] {
		const parts: { start: number; end: number }[] = [];
		for (let at = start; at < end; at++) {
			if (this.#taken[at]) continue;
			const from = at;
			while (at < end && !this.#taken[at]) at++;
			parts.push({ start: from, end: at });
		}
		return parts;
	}
}

/** One byte in so many must be recognised where no check is right. */
const LEAST_SHARE = 50;
/** Shorter texts are no meter's number, and would be found by chance in other values. */
const SHORTEST_IDENTITY = 5;
/** `00000000` is nobody's number. */
const ONE_CHARACTER = /^(.)\1*$/;
/** So many digits in a row may be a meter's number. */
const LONG_DIGITS = 6;
const LONG_NUMBER = /\d{6,}/g;
const LONGEST_QUOTE = 32;
const FEWEST_CHARACTERS = 4;

/** X for every character but blanks and marks. */
export function crossedOut(text: string): string {
	return text.replace(/[\p{L}\p{N}]/gu, "X");
}

function isDigit(byte: number): boolean {
	return byte >= 0x30 && byte <= 0x39;
}

function longestDigits(bytes: Uint8Array, start: number, end: number): boolean {
	let run = 0;
	for (let at = start; at < end; at++) {
		run = isDigit(bytes[at] as number) ? run + 1 : 0;
		if (run >= LONG_DIGITS) return true;
	}
	return false;
}

/** `: "text"` where the bytes are all printable; empty otherwise. */
function printable(explanation: Explanation, start: number, end: number): string {
	const { source } = explanation;
	let text = "";
	for (let at = start; at < Math.min(end, start + LONGEST_QUOTE); at++) {
		const byte = source[at] as number;
		if (byte === 0x0d || byte === 0x0a) text += " ";
		else if (byte < 0x20 || byte > 0x7e) return "";
		else text += explanation.hidden[at] ? "X" : String.fromCharCode(byte);
	}
	return text.trim().length < FEWEST_CHARACTERS
		? ""
		: `: "${text.trim()}${end - start > LONGEST_QUOTE ? "…" : ""}"`;
}

// P1 telegrams line by line: identification, objects with name and value, CRC; and the encrypted envelope around one.
// Values are read by protocols/p1; what is a telegram is decided as its session does it.

import { makerOf } from "../../protocols/dlms/makers.js";
import { LF, MeasuredReader, octetText, timeStamp } from "../../protocols/p1/bytes.js";
import {
	CRC_DIGITS,
	crcDigitsAt,
	EXCLAMATION,
	hasEvenParity,
	hex4,
	restoredArc,
	SLASH,
} from "../../protocols/p1/checks.js";
import { obisOf } from "../../protocols/p1/codes.js";
import { kindOfType } from "../../protocols/p1/devices.js";
import {
	COUNTER_LENGTH,
	ENVELOPE_TAG,
	type EnvelopeLayout,
	EnvelopeOpener,
	envelopeAt,
	GCM_TAG_LENGTH,
} from "../../protocols/p1/envelope.js";
import { identification } from "../../protocols/p1/identity.js";
import { ObjectReader } from "../../protocols/p1/objects.js";
import { textOf } from "../../protocols/shared/text.js";
import { toText } from "../../readings/decimal.js";
import { obisText } from "../../readings/obis.js";
import type { ExplainOptions } from "./explain.js";
import type { Explanation } from "./explanation.js";
import { isIdentity, obisName } from "./obis-words.js";
import { securityWords } from "./security.js";
import { View } from "./view.js";
import { plural, shownText } from "./words.js";

const LAYER = "p1";
const CR = 0x0d;
const SEVEN_BITS = 0x7f;
const SLASH_EVEN = 0xaf;
const MAKER_LETTERS = 3;
const LONGEST_VALUE = 120;
const LONGEST_IDENTIFICATION = 100;
/** Characters of an identification that need not be printable: Iskra's Irish meters print a 02. */
const MOST_ODD = 2;

export function explainP1(source: Uint8Array, out: Explanation, options: ExplainOptions): void {
	const view = View.of(source);
	for (let at = 0; at < view.length; ) {
		const envelope = mayBeEnvelope(view, at) ? envelopeAt(source, at, source.length) : null;
		if (envelope) {
			explainEnvelope(view, at, envelope, out, options);
			at = envelope.end;
		} else if (beginsTelegram(view, at)) at = explainTelegram(view, at, out, options);
		else at++;
	}
}

/** DB, or an empty title at a line start (Poland, behind a clear identification). */
function mayBeEnvelope(view: View, at: number): boolean {
	return view.at(at) === ENVELOPE_TAG || (view.at(at) === 0 && view.at(at - 1) === LF);
}

/** `/` at a line start with a maker's letters behind it. */
function beginsTelegram(view: View, at: number): boolean {
	const first = view.at(at);
	if (first !== SLASH && first !== SLASH_EVEN) return false;
	const before = at === 0 ? LF : view.at(at - 1);
	if (before > 0x20 && before < SEVEN_BITS) return false;
	let letters = 0;
	while (letters < MAKER_LETTERS && isLetter(view.at(at + 1 + letters) & SEVEN_BITS)) letters++;
	return letters === MAKER_LETTERS && isLine(view, at);
}

/** Whether printable characters go on to a line end: an identification, not noise. */
function isLine(view: View, start: number): boolean {
	const parity = view.at(start) === SLASH_EVEN;
	const end = Math.min(view.length, start + LONGEST_IDENTIFICATION);
	let odd = 0;
	for (let at = start; at < end; at++) {
		const character = view.at(at) & SEVEN_BITS;
		if (character === CR || character === LF) return true;
		const fits = parity ? hasEvenParity(view.at(at)) : view.at(at) < SEVEN_BITS;
		if ((character < 0x20 || !fits) && ++odd > MOST_ODD) return false;
	}
	return end === view.length;
}

/** Explains the telegram at `start`; index behind it. */
function explainTelegram(raw: View, start: number, out: Explanation, options: ExplainOptions): number {
	const parity = raw.at(start) === SLASH_EVEN;
	const view = parity ? raw.map((byte) => byte & SEVEN_BITS) : raw;
	const bang = bangAt(view, start);
	const bodyEnd = bang < 0 ? cutAt(view, start) : bang;
	if (parity) out.note(view, start, LAYER, "remark", "bit 7 is even parity: a 7E1 line read with eight bits");
	let headEnd = start;
	while (headEnd < bodyEnd && view.at(headEnd) !== CR && view.at(headEnd) !== LF) headEnd++;
	const head = skipLineEnds(view, headEnd, bodyEnd);
	const { manufacturer, model } = identification(view.bytes, start + 1, headEnd);
	const who = `${manufacturer ?? "unknown maker"}${model ? `, "${out.withoutNumbers(model)}"` : ""}`;
	out.add(view, start, head, LAYER, "identification", who);
	out.hideNumbers(view, start, headEnd);
	const understood = explainObjects(view, head, bodyEnd, out);
	if (bang < 0) {
		out.note(view, bodyEnd, LAYER, "fault", "CUT: no ! at a line start before the bytes end");
		if (understood > 0) out.recognised += bodyEnd - start;
		return Math.max(bodyEnd, start + 1);
	}
	const end = explainEnd(view, start, bang, out, options);
	if (understood > 0 || bodyEnd === head) out.recognised += end - start;
	return end;
}

/** Index of the `!` at a line start, before another telegram begins; -1 where there is none. */
function bangAt(view: View, start: number): number {
	for (let at = start + 1; at < view.length; at++) {
		const before = view.at(at - 1);
		if (before !== LF && before !== CR) continue;
		if (view.at(at) === EXCLAMATION) return at;
		if (view.at(at) === SLASH) return -1;
	}
	return -1;
}

/** Where a telegram without end stops: before the next one, or at the first byte that is no character. */
function cutAt(view: View, start: number): number {
	for (let at = start + 1; at < view.length; at++) {
		const byte = view.at(at);
		const before = view.at(at - 1);
		if (byte === SLASH && (before === LF || before === CR)) return at;
		if (byte >= SEVEN_BITS || (byte < 0x20 && byte !== CR && byte !== LF)) return at;
	}
	return view.length;
}

/** `!`, CRC and line end; index behind them. */
function explainEnd(
	view: View,
	start: number,
	bang: number,
	out: Explanation,
	{ checksums }: ExplainOptions,
): number {
	const digits = crcDigitsAt(view.bytes, bang + 1);
	const crcEnd = bang + 1 + digits;
	const end = skipLineEnds(view, crcEnd, Math.min(view.length, crcEnd + 2));
	out.add(view, bang, bang + 1, LAYER, "end", "end of the telegram");
	if (digits === 0) {
		out.add(view, crcEnd, end, LAYER, "line end", "");
		out.note(view, crcEnd, LAYER, "CRC", "none (before DSMR 4, and some makers): nothing was checked");
		return end;
	}
	const actual = Number.parseInt(textOf(view.bytes, bang + 1, crcEnd), 16);
	const telegram = view.bytes.slice(start, bang + 1);
	const expected = checksums.arc(telegram, 0, telegram.length);
	const restored = expected !== actual && restoredArc(checksums, telegram, telegram.length) === actual;
	const right = expected === actual || restored;
	if (right) out.sound++;
	const short = digits < CRC_DIGITS ? `, ${digits} digits only` : "";
	const wrong = out.anonymous ? "WRONG" : `WRONG: expected ${hex4(expected)}, is ${hex4(actual)}`;
	const words = right ? `right${restored ? " once each LF has its CR back" : ""}${short}` : wrong;
	out.add(view, bang + 1, crcEnd, LAYER, "CRC", words, "check");
	out.add(view, crcEnd, end, LAYER, "line end", "");
	return end;
}

/** How many objects were understood. */
function explainObjects(view: View, start: number, end: number, out: Explanation): number {
	let understood = 0;
	const objects = new ObjectReader();
	const bytes = view.bytes;
	objects.open(bytes, start, end);
	let cursor = start;
	for (let found = objects.next(); found !== "end"; found = objects.next()) {
		if (found === "object") {
			const behind = skipLineEnds(view, objects.end, end);
			explainObject(view, cursor, behind, objects, out);
			understood++;
			cursor = behind;
		} else {
			let lineEnd = objects.start;
			while (lineEnd < end && view.at(lineEnd) !== LF) lineEnd++;
			const behind = skipLineEnds(view, lineEnd, end);
			const text = shownText(bytes, cursor, Math.min(lineEnd, cursor + LONGEST_VALUE));
			out.add(view, cursor, behind, LAYER, "NOT UNDERSTOOD", out.withoutNumbers(text));
			out.hideNumbers(view, cursor, lineEnd);
			cursor = behind;
		}
	}
	if (cursor < end) {
		const blank = skipLineEnds(view, cursor, end) === end;
		out.add(view, cursor, end, LAYER, blank ? "blank line" : "not decoded", "");
	}
	return understood;
}

function explainObject(
	view: View,
	start: number,
	end: number,
	objects: ObjectReader,
	out: Explanation,
): void {
	const obis = obisOf(objects.key);
	const values: string[] = [];
	const identity = isIdentity(obis) || (obis.a === 0 && obis.b > 0 && obis.c === 96 && obis.d === 1);
	for (let index = 0; index < Math.min(objects.count, objects.starts.length); index++) {
		const from = objects.starts[index] as number;
		const to = objects.ends[index] as number;
		values.push(valueWords(view.bytes, from, to, obis.c, obis.d, identity, out));
		if (identity && out.anonymous)
			for (const span of view.spans(from, to)) out.hidden.fill(1, span.start, span.end);
	}
	const more = objects.count > values.length ? `, and ${objects.count - values.length} more` : "";
	const name = obisName(obis);
	out.add(view, start, end, LAYER, obisText(obis), `${name}${name ? ": " : ""}${values.join(", ")}${more}`);
}

function valueWords(
	bytes: Uint8Array,
	start: number,
	end: number,
	c: number,
	d: number,
	identity: boolean,
	out: Explanation,
): string {
	if (start === end) return "empty";
	const text = textOf(bytes, start, end);
	if (identity) {
		const readable = octetText(bytes, start, end);
		out.identity(readable);
		const shown = out.identity(text);
		return readable === text ? shown : `${shown} = "${out.identity(readable)}"`;
	}
	if (c === 24 && d === 1) return `${Number(text)} (${kindOfType(Number(text))})`;
	const time = timeStamp(bytes, start, end);
	if (time !== undefined) return time ?? `${text} (no time)`;
	if (c === 96 && d === 13) return `"${octetText(bytes, start, end).slice(0, LONGEST_VALUE)}"`;
	const number = new MeasuredReader().read(bytes, start, end);
	if (!number) return shownText(bytes, start, Math.min(end, start + LONGEST_VALUE));
	return `${toText(number.value)}${number.unit ? ` ${number.unit}` : ""}`;
}

function explainEnvelope(
	view: View,
	start: number,
	layout: EnvelopeLayout,
	out: Explanation,
	options: ExplainOptions,
): void {
	const { titleStart, titleLength, securityAt, end } = layout;
	const { bytes } = view;
	const titleEnd = titleStart + titleLength;
	const textStart = securityAt + 1 + COUNTER_LENGTH;
	const control = view.at(securityAt);
	const authenticated = (control & 0x10) !== 0;
	const textEnd = authenticated ? end - GCM_TAG_LENGTH : end;
	const whole = end <= view.length;
	out.recognised += Math.min(end, view.length) - start;
	if (view.at(start) === ENVELOPE_TAG)
		out.add(view, start, start + 1, "cipher", "tag", "general-glo-ciphering");
	out.add(view, titleStart - 1, titleStart, "cipher", "title length", plural(titleLength, "byte"));
	const maker = makerOf(bytes, titleStart);
	const letters = shownText(bytes, titleStart, titleStart + MAKER_LETTERS);
	if (titleLength > 0) {
		out.add(
			view,
			titleStart,
			titleStart + 3,
			"cipher",
			"system title",
			maker ? `${letters}: ${maker}` : "no maker's letters",
		);
		const number = hexOf(bytes, titleStart + 3, titleEnd);
		out.add(
			view,
			titleStart + 3,
			titleEnd,
			"cipher",
			"system title",
			`number ${out.identity(number)}`,
			"identity",
		);
	}
	out.add(view, titleEnd, securityAt, "cipher", "length", plural(end - securityAt, "byte"));
	out.add(view, securityAt, securityAt + 1, "cipher", "security", securityWords(control));
	const counter = Number.parseInt(hexOf(bytes, securityAt + 1, textStart), 16);
	out.add(view, securityAt + 1, textStart, "cipher", "invocation counter", `${counter}`);
	const cut = whole ? "" : `, CUT: ${plural(end - view.length, "byte")} missing`;
	out.add(view, textStart, textEnd, "cipher", "ciphertext", `${plural(textEnd - textStart, "byte")}${cut}`);
	if (authenticated)
		out.add(view, textEnd, end, "cipher", "tag", `GCM tag, ${plural(GCM_TAG_LENGTH, "byte")}`);
	if (whole) openEnvelope(view, start, layout, out, options);
}

function openEnvelope(
	view: View,
	start: number,
	layout: EnvelopeLayout,
	out: Explanation,
	options: ExplainOptions,
): void {
	const { cipher, encryptionKey, authenticationKey } = options;
	const opener = new EnvelopeOpener(cipher, { encryptionKey, authenticationKey });
	const opened = opener.open(view.bytes, layout, start);
	if ("rejected" in opened) {
		const needed = opened.code === "key-needed";
		const why = needed ? "a key is needed: --encryption-key" : "WRONG KEY, or bytes changed on the wire";
		out.note(view, layout.end, "cipher", "not opened", why);
		return;
	}
	const { plaintext, verified } = opened;
	const readable = plaintext.every((byte) => byte < SEVEN_BITS);
	if (!verified && !readable) {
		out.note(view, layout.end, "cipher", "not opened", "WRONG KEY: what it gives is no telegram");
		return;
	}
	out.note(view, layout.end, "cipher", "opened", verified ? "tag right" : "tag not checked");
	if (verified) out.sound++;
	const inner = out.derive(layout.end, "plaintext of the telegram above", plaintext);
	if (plaintext[0] === SLASH) explainP1(plaintext, inner, options);
	else explainObjects(View.of(plaintext), 0, plaintext.length, inner);
}

function skipLineEnds(view: View, from: number, limit: number): number {
	let at = from;
	while (at < limit && (view.at(at) === CR || view.at(at) === LF)) at++;
	return at;
}

function isLetter(byte: number): boolean {
	const upper = byte & ~0x20;
	return upper >= 0x41 && upper <= 0x5a;
}

function hexOf(bytes: Uint8Array, start: number, end: number): string {
	let text = "";
	for (let at = start; at < end; at++) text += (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, "0");
	return text;
}

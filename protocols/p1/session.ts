// P1's state machine: finds telegrams and encrypted envelopes in the bytes of a line, checks them, and hands over
// readings. The meter pushes by itself: nothing is sent, no time is needed. One bounded buffer serves all.
// Source: DSMR 5.0.2 P1 companion standard, 6.2; IEC 62056-21, mode D.

import { type Action, NO_ACTIONS, type Rejection, type Session, type SessionOptions } from "../protocol.js";
import type { Checksums } from "../shared/checksums.js";
import { hexDigit } from "../shared/text.js";
import { wordsOf } from "../shared/words.js";
import { CR, LF, LOW_SEVEN, SPACE } from "./bytes.js";
import {
	CRC_DIGITS,
	crcDigitsAt,
	EXCLAMATION,
	hasEvenParity,
	headEnd,
	hex4,
	isLineEnd,
	isPrintable,
	restoredArc,
	SLASH,
	SLASH_EVEN,
	startsAgain,
	telegramEnd,
	textEnd,
} from "./checks.js";
import {
	ENVELOPE_TAG,
	type EnvelopeLayout,
	EnvelopeOpener,
	envelopeAt,
	TITLE_LENGTH,
	wrongKey,
} from "./envelope.js";
import { TelegramParser } from "./telegram.js";

/** Largest telegram or envelope taken. The longest of a specification (2048 hexadecimal digits of text) has 4 KB. */
export const LARGEST_TELEGRAM = 8192;

/** The buffer, and what it grows by: it stays as long as the longest telegram so far needs. */
const BUFFER_STEP = 1024;

/** Bytes that are looked through in one go: what begins telegram after telegram is looked through to its end each time. */
const MOST_AT_ONCE = 512;

/** What follows `!`: the CRC, CR and LF. */
const TAIL = CRC_DIGITS + 2;

/** So often in a row what an envelope swallowed is looked through for another one: a line may be made to nest them for ever. */
const MOST_ROUNDS = 16;

/** Between telegrams; in one; in its CRC behind `!`; in an envelope. */
enum State {
	Hunt,
	Text,
	Crc,
	Envelope,
}

export class P1Session implements Session {
	readonly #checksums: Checksums;
	readonly #opener: EnvelopeOpener;
	readonly #parser = new TelegramParser();
	#buffer = new Uint8Array(BUFFER_STEP);
	/** The buffer's bytes, four at a time. */
	#words = wordsOf(this.#buffer);
	#length = 0;
	#state: State = State.Hunt;
	/** The byte before: tells line starts. A session starts like a line. */
	#previous = LF;
	/** Bytes received since the session's first, and where the telegram in hand began. */
	#received = 0;
	#offset = 0;
	/** The telegram in hand carries even parity in bit 7, and whether some byte's did not fit. */
	#parity = false;
	#parityError = false;
	#crc = 0;
	#crcDigits = 0;
	/** Index of the envelope in the buffer: behind a clear identification line, where there is one (Poland). */
	#envelopeStart = 0;
	#layout: EnvelopeLayout | undefined;
	/** No data line yet, so that an envelope may follow the identification. */
	#headOnly = false;
	/** How many of the last bytes are to be looked at again, because a wrong envelope length swallowed them. */
	#again = 0;
	/** How often that was, since the newest reading. */
	#rounds = 0;
	#actions: Action[] | undefined;
	/** A frame in the buffer was handed out during this call: what begins now needs a buffer of its own. */
	#lent = false;

	constructor({ checksums, cipher, settings }: SessionOptions) {
		this.#checksums = checksums;
		this.#opener = new EnvelopeOpener(cipher, settings);
	}

	receive(bytes: Uint8Array, _now: number): readonly Action[] {
		this.#lent = false;
		if (bytes.length <= MOST_AT_ONCE) this.#piece(bytes);
		else
			for (let from = 0; from < bytes.length; from += MOST_AT_ONCE)
				this.#piece(bytes.subarray(from, from + MOST_AT_ONCE));
		return this.#taken();
	}

	#piece(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; at++) {
			this.#byte(bytes[at] as number);
			if (this.#again > 0) this.#replay();
			if (this.#state === State.Text) at = this.#run(bytes, at + 1) - 1;
		}
	}

	tick(_now: number): readonly Action[] {
		return NO_ACTIONS;
	}

	end(_now: number): readonly Action[] {
		this.#lent = false;
		while (this.#state === State.Envelope) {
			this.#failEnvelope("truncated");
			this.#replay();
		}
		if (this.#state === State.Crc) this.#finishText();
		else if (this.#state === State.Text) this.#reject("truncated");
		this.#state = State.Hunt;
		this.#previous = LF;
		return this.#taken();
	}

	#taken(): readonly Action[] {
		const actions = this.#actions;
		this.#actions = undefined;
		return actions ?? NO_ACTIONS;
	}

	#byte(byte: number): void {
		this.#received++;
		switch (this.#state) {
			case State.Text:
				this.#text(byte);
				break;
			case State.Hunt:
				this.#hunt(byte);
				break;
			case State.Crc:
				this.#checksum(byte);
				break;
			case State.Envelope:
				this.#envelope(byte);
				break;
		}
	}

	#hunt(byte: number): void {
		const previous = this.#previous;
		this.#previous = byte;
		// A telegram starts a line, or follows noise that is no text (EasyMeter's FF bytes).
		const fresh = previous <= SPACE || previous >= LOW_SEVEN;
		if (fresh && (byte === SLASH || byte === SLASH_EVEN)) this.#begin(byte);
		else if (byte === ENVELOPE_TAG) {
			this.#offset = this.#received - 1;
			this.#keepLent();
			this.#length = 0;
			this.#beginEnvelope(byte);
		}
	}

	/** Two frames in one chunk are rare: the first one keeps its buffer. */
	#keepLent(): void {
		if (this.#lent) this.#take(new Uint8Array(this.#buffer.length));
		this.#lent = false;
	}

	#begin(byte: number): void {
		this.#state = State.Text;
		this.#offset = this.#received - 1;
		this.#parity = byte === SLASH_EVEN;
		this.#parityError = false;
		this.#headOnly = true;
		this.#keepLent();
		this.#buffer[0] = SLASH;
		this.#length = 1;
		this.#previous = SLASH;
	}

	#take(buffer: Uint8Array<ArrayBuffer>): void {
		this.#buffer = buffer;
		this.#words = wordsOf(buffer);
	}

	/** The fast path: what cannot end the telegram is only copied. Returns where `#byte` goes on. */
	#run(bytes: Uint8Array, from: number): number {
		const start = this.#length;
		if (this.#parity || from === bytes.length || start >= LARGEST_TELEGRAM) return from;
		if (this.#previous > LOW_SEVEN || (this.#headOnly && isLineEnd(this.#previous))) return from;
		// Not for all of the bytes: another telegram may begin in them.
		this.#makeRoom(1);
		const buffer = this.#buffer;
		const count = Math.min(bytes.length - from, Math.min(buffer.length, LARGEST_TELEGRAM) - start);
		buffer.set(from === 0 && count === bytes.length ? bytes : bytes.subarray(from, from + count), start);
		const limit = start + count;
		const end = this.#headOnly ? headEnd(buffer, start, limit) : textEnd(buffer, this.#words, start, limit);
		if (end === start) return from;
		this.#length = end;
		this.#received += end - start;
		this.#previous = buffer[end - 1] as number;
		return from + end - start;
	}

	#text(byte: number): void {
		let character = byte;
		const lineStart = isLineEnd(this.#previous);
		if (this.#parity) {
			character = byte & LOW_SEVEN;
			if (!hasEvenParity(byte)) this.#parityError = true;
		} else if (this.#headOnly && lineStart && (byte === ENVELOPE_TAG || byte === 0)) {
			this.#beginEnvelope(byte);
			return;
		}
		if (!this.#parity && byte === TITLE_LENGTH && this.#buffer[this.#length - 1] === ENVELOPE_TAG) {
			// DB 08 is no text: an envelope begins in what was taken for a telegram.
			this.#reject("truncated");
			this.#length = 0;
			this.#offset = this.#received - 2;
			this.#beginEnvelope(ENVELOPE_TAG);
			this.#envelope(byte);
			return;
		}
		if (lineStart && (character === SLASH || byte === SLASH_EVEN)) {
			// The last `/` at a line start counts: what was before it was cut off.
			this.#reject("truncated");
			this.#begin(byte);
			return;
		}
		if (lineStart && character !== CR && character !== LF) this.#headOnly = false;
		if (this.#length >= LARGEST_TELEGRAM) {
			this.#reject("overflow", { expected: LARGEST_TELEGRAM });
			this.#state = State.Hunt;
			this.#hunt(byte);
			return;
		}
		this.#makeRoom(1);
		this.#buffer[this.#length++] = character;
		this.#previous = character;
		if (lineStart && character === EXCLAMATION) {
			this.#state = State.Crc;
			this.#crc = 0;
			this.#crcDigits = 0;
			this.#makeRoom(TAIL);
		}
	}

	#checksum(byte: number): void {
		const character = this.#parity ? byte & LOW_SEVEN : byte;
		if (this.#parity && !hasEvenParity(byte)) this.#parityError = true;
		this.#previous = character;
		const digit = hexDigit(character);
		if (digit >= 0) {
			this.#crc = this.#crc * 16 + digit;
			this.#buffer[this.#length + this.#crcDigits] = character;
			if (++this.#crcDigits === CRC_DIGITS) this.#finishText();
		} else if (character === CR || character === LF || character === 0) this.#finishText();
		else if (character !== SPACE) {
			this.#reject("malformed-crc", { actual: character });
			this.#state = State.Hunt;
			this.#previous = LF;
			this.#hunt(byte);
		}
	}

	/** The telegram in the buffer, its `!` included, and its CRC, are complete. */
	#finishText(): void {
		this.#state = State.Hunt;
		if (this.#parityError) {
			this.#reject("parity");
			return;
		}
		const digits = this.#crcDigits;
		const end = this.#length + digits;
		// The line's end may still be on its way; what it will be is known.
		this.#buffer[end] = CR;
		this.#buffer[end + 1] = LF;
		const frame = this.#buffer.subarray(0, end + 2);
		this.#check(this.#buffer, this.#length, digits > 0 ? this.#crc : undefined, digits, false, frame);
	}

	/**
	 * Checks and reads `bytes[0, length)`, from `/` to `!`, which came in `frame`. `trusted`: a tag has vouched for it.
	 */
	#check(
		bytes: Uint8Array,
		length: number,
		crc: number | undefined,
		digits: number,
		trusted: boolean,
		frame: Uint8Array,
	): void {
		if (crc !== undefined) {
			const own = this.#checksums.arc(bytes, 0, length);
			if (own !== crc && restoredArc(this.#checksums, bytes, length) !== crc) {
				this.#reject("crc", { expected: hex4(own), actual: hex4(crc).slice(CRC_DIGITS - digits) });
				return;
			}
		} else if (!trusted && !isPrintable(this.#buffer, this.#words, length)) {
			// What has neither CRC nor tag came in the clear: `bytes` is the buffer (`#finishEnvelope`).
			this.#reject("characters");
			return;
		}
		const parsed = this.#parser.parse(bytes, 0, length - 1);
		const unsure = crc === undefined && !trusted;
		// Without a CRC a line that cannot be read says that the line was disturbed: nothing of it is believed.
		if (unsure && parsed.objects + parsed.malformed === 0) this.#reject("empty");
		else if (parsed.malformed > 0)
			this.#reject("malformed-line", { actual: parsed.malformed, detail: parsed.firstMalformed });
		if (unsure && (parsed.malformed > 0 || parsed.objects === 0)) return;
		if (parsed.dropped > 0) this.#reject("too-many-objects", { actual: parsed.dropped });
		this.#lent = true;
		this.#rounds = 0;
		const clear = bytes === this.#buffer ? undefined : withLineEnd(bytes.subarray(0, length + digits));
		this.#act({ do: "reading", reading: parsed.reading, frame, clear });
	}

	#beginEnvelope(byte: number): void {
		this.#state = State.Envelope;
		this.#envelopeStart = this.#length;
		this.#layout = undefined;
		this.#envelope(byte);
	}

	#envelope(byte: number): void {
		if (this.#length >= LARGEST_TELEGRAM) {
			this.#failEnvelope("overflow");
			return;
		}
		this.#makeRoom(1);
		const buffer = this.#buffer;
		buffer[this.#length++] = byte;
		if (this.#layout === undefined) {
			const layout = envelopeAt(buffer, this.#envelopeStart, this.#length);
			if (layout === undefined) return;
			if (layout === null || layout.end > LARGEST_TELEGRAM) {
				// In the middle of noise DB is nothing worth counting; behind an identification line it is.
				this.#failEnvelope(layout || this.#envelopeStart > 0 ? "malformed-envelope" : undefined);
				return;
			}
			this.#layout = layout;
		}
		if (this.#length === this.#layout.end) this.#finishEnvelope(this.#layout);
	}

	#finishEnvelope(layout: EnvelopeLayout): void {
		const opened = this.#opener.open(this.#buffer, layout, this.#offset);
		if ("rejected" in opened) this.#failEnvelope(opened);
		else {
			const telegram = this.#withHead(opened.plaintext);
			const end = telegramEnd(telegram);
			if (end > 0 && (opened.verified || crcDigitsAt(telegram, end) > 0)) {
				this.#state = State.Hunt;
				this.#previous = LF;
				this.#inner(telegram, end, opened.verified, layout);
			} else if (opened.verified) {
				this.#state = State.Hunt;
				this.#previous = LF;
				this.#reject("malformed-plaintext");
			} else this.#failEnvelope(wrongKey(this.#buffer, layout, this.#offset));
		}
	}

	#inner(telegram: Uint8Array, end: number, verified: boolean, layout: EnvelopeLayout): void {
		const digits = crcDigitsAt(telegram, end);
		let crc: number | undefined;
		for (let at = end; at < end + digits; at++) crc = (crc ?? 0) * 16 + hexDigit(telegram[at] as number);
		// Without a tag that fits, only the telegram's own CRC tells a right key from a wrong one.
		if (!verified && crc !== undefined && this.#checksums.arc(telegram, 0, end) !== crc)
			this.#failEnvelope(wrongKey(this.#buffer, layout, this.#offset));
		else this.#check(telegram, end, crc, digits, verified, this.#buffer.subarray(0, layout.end));
	}

	/** The plaintext with the clear identification line in front, where it has none of its own. */
	#withHead(plaintext: Uint8Array): Uint8Array {
		if (plaintext[0] === SLASH || this.#envelopeStart === 0) return plaintext;
		const whole = new Uint8Array(this.#envelopeStart + plaintext.length);
		whole.set(this.#buffer.subarray(0, this.#envelopeStart));
		whole.set(plaintext, this.#envelopeStart);
		return whole;
	}

	/** The envelope came to nothing: says so, and looks for a start in the bytes that it swallowed. */
	#failEnvelope(reason: string | Rejection | undefined): void {
		if (typeof reason === "string") this.#reject(reason);
		else if (reason) this.#act({ do: "rejected", rejection: reason });
		this.#state = State.Hunt;
		this.#previous = LF;
		this.#again = 0;
		for (let at = this.#envelopeStart + 1; at < this.#length && this.#again === 0; at++)
			if (startsAgain(this.#buffer, this.#envelopeStart, at, this.#length)) this.#again = this.#length - at;
		if (this.#again === 0 || ++this.#rounds <= MOST_ROUNDS) return;
		this.#again = 0;
		this.#rounds = 0;
	}

	/** Takes the last `#again` bytes of the buffer a second time; each round is shorter, so it comes to an end. */
	#replay(): void {
		const bytes = this.#buffer.slice(this.#length - this.#again, this.#length);
		this.#received -= this.#again;
		this.#again = 0;
		for (let at = 0; at < bytes.length; at++) {
			this.#byte(bytes[at] as number);
			at -= this.#again;
			this.#received -= this.#again;
			this.#again = 0;
		}
	}

	/** `count` bytes more fit, up to `LARGEST_TELEGRAM` and its tail in all. */
	#makeRoom(count: number): void {
		let size = this.#buffer.length;
		while (size < this.#length + count) size = Math.min(size + BUFFER_STEP, LARGEST_TELEGRAM + TAIL);
		if (size === this.#buffer.length) return;
		const larger = new Uint8Array(size);
		larger.set(this.#buffer.subarray(0, this.#length));
		this.#take(larger);
	}

	#reject(code: string, facts: Omit<Rejection, "rejected" | "layer" | "code" | "offset"> = {}): void {
		this.#act({
			do: "rejected",
			rejection: { rejected: true, layer: "p1", code, offset: this.#offset, ...facts },
		});
	}

	#act(action: Action): void {
		this.#actions ??= [];
		this.#actions.push(action);
	}
}

/** Some envelopes end with the CRC. */
function withLineEnd(telegram: Uint8Array): Uint8Array {
	const whole = new Uint8Array(telegram.length + 2);
	whole.set(telegram);
	whole[telegram.length] = CR;
	whole[telegram.length + 1] = LF;
	return whole;
}

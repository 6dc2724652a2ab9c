// Finds IEC 62056-21 messages in a stream of characters: identifications, readouts with and without check
// character, programming commands, MULTICAL's `/#` tables. It interprets none of them. Requests and echoes are
// passed over. After a damaged message it looks for the next one inside the damaged one.
// Source: IEC 62056-21:2002, clauses 6.3 and 6.4.

import type { Checksums } from "../shared/checksums.js";
import { textOf } from "../shared/text.js";
import { wordsOf } from "../shared/words.js";
import {
	ACK,
	BANG,
	BLANK,
	blockCheck,
	CLOSE,
	CR,
	clearParity,
	EOT,
	ETX,
	HASH,
	hexadecimal,
	isDigit,
	isLineEnd,
	LF,
	NAK,
	QUESTION,
	SEVEN_BITS,
	SLASH,
	SOH,
	STX,
} from "./characters.js";
import { readDataSets } from "./data-set.js";
import {
	type Identification,
	LONGEST_IDENTIFICATION,
	mayUseSum,
	readIdentification,
} from "./identification.js";
import type { MessageSink, Protection } from "./message.js";
import { isTableCharacter, isTableLine } from "./table-line.js";

/** Longest readout taken; a Landis+Gyr ZMD with stored months has about 6 kB. */
const LONGEST_MESSAGE = 16 * 1024;
const FIRST_BUFFER = 1024;
const LONGEST_REQUEST = 40;
const LONGEST_SELECTION = 8;
const LONGEST_TABLE_LINE = 300;
const CRC_DIGITS = 4;
/** Damaged messages are looked through again: so many times as many characters as have come, and so many at once. */
const LOOKS = 8;
const MOST_LOOKS = 4 * LONGEST_MESSAGE;

enum State {
	Idle,
	Start,
	Request,
	Identification,
	Identified,
	Selection,
	Plain,
	PlainEnd,
	PlainAfter,
	Block,
	Check,
	TableRequest,
	TableLine,
}

export class MessageFramer {
	readonly #sink: MessageSink;
	readonly #checksums: Checksums;
	#bytes = new Uint8Array(FIRST_BUFFER);
	/** The buffer's characters, four at a time. */
	#words = wordsOf(this.#bytes);
	#length = 0;
	#at = 0;
	/** First character of the message under way, and of its data. */
	#mark = 0;
	#body = 0;
	/** Stream position of `#bytes[0]`. */
	#base = 0;
	#state = State.Idle;
	#identification: Identification | undefined;
	#command = false;
	#readout = false;
	#table: string | undefined;
	/** Up to here lies a damaged readout: inside it only an identification begins anything. */
	#damagedTo = 0;
	/** Line feeds since the identification; how many make a blank line; what the line behind `!` said. */
	#lineFeeds = 0;
	#blankAt = 0;
	#protection: Protection = "none";
	/** How many characters may be looked at again: a line may be made to nest messages for ever. */
	#looks = MOST_LOOKS;
	/** How far in the stream a message has failed. */
	#furthest = 0;
	/** Characters in the buffer were handed out during this `push`. */
	#lent = false;

	constructor(checksums: Checksums, sink: MessageSink) {
		this.#checksums = checksums;
		this.#sink = sink;
	}

	push(bytes: Uint8Array): void {
		this.#lent = false;
		for (let from = 0; from < bytes.length; ) {
			this.#makeRoom();
			const count = Math.min(bytes.length - from, this.#bytes.length - this.#length);
			const piece = count === bytes.length ? bytes : bytes.subarray(from, from + count);
			this.#bytes.set(piece, this.#length);
			clearParity(this.#words, this.#length, this.#length + count);
			this.#length += count;
			from += count;
			this.#run();
		}
	}

	/** No further character comes: what is whole is taken, the rest rejected. */
	end(): void {
		do {
			if (this.#state === State.PlainEnd) this.#plainEnd(this.#length);
			this.settle();
		} while (this.#giveUp());
	}

	/** Rejects a message under way, and reads on behind its beginning; false where there was none. */
	#giveUp(): boolean {
		if (this.#state === State.Idle || this.#state === State.Identified) return false;
		if (this.#isMessage()) this.#fail("truncated");
		else this.#state = State.Idle;
		this.#run();
		return true;
	}

	/** Whether a telegram is whole unless an ETX follows: `settle` after a moment's silence takes it. */
	get unsettled(): boolean {
		return this.#state === State.PlainAfter;
	}

	/** Takes a telegram that waited for what follows. */
	settle(): void {
		if (this.#state === State.PlainAfter) this.#finishPlain();
	}

	/** Forgets a message under way, and says whether there was one: the line is about to be used anew. */
	reset(): boolean {
		const lost = this.#state > State.Identified && this.#isMessage();
		this.#state = State.Idle;
		this.#at = this.#length;
		this.#identification = undefined;
		this.#compact();
		return lost;
	}

	/** Whether a readout has begun: in a block, or in lines without one. */
	get inData(): boolean {
		return this.#state >= State.Plain && this.#state <= State.Check && !this.#command;
	}

	#isMessage(): boolean {
		return this.#state !== State.Start && this.#state !== State.Request && this.#state < State.TableRequest;
	}

	/** The message's characters up to the one read last. */
	#frame(): Uint8Array {
		this.#lent = true;
		return this.#bytes.subarray(this.#mark, this.#at);
	}

	#makeRoom(): void {
		this.#compact();
		if (this.#length < this.#bytes.length) return;
		if (this.#bytes.length < LONGEST_MESSAGE) {
			const wider = new Uint8Array(this.#bytes.length * 2);
			wider.set(this.#bytes);
			this.#take(wider);
		} else {
			this.#fail("length");
			this.#run();
			this.#makeRoom();
		}
	}

	#take(bytes: Uint8Array<ArrayBuffer>): void {
		this.#bytes = bytes;
		this.#words = wordsOf(bytes);
	}

	#compact(): void {
		const from = this.#state === State.Idle ? this.#at : this.#mark;
		if (from === 0) return;
		if (this.#lent) this.#take(this.#bytes.slice());
		this.#lent = false;
		this.#bytes.copyWithin(0, from, this.#length);
		this.#length -= from;
		this.#at -= from;
		this.#mark -= from;
		this.#body -= from;
		this.#damagedTo = Math.max(this.#damagedTo - from, 0);
		this.#base += from;
	}

	#run(): void {
		while (this.#at < this.#length) {
			if (this.#state === State.Block) this.#skip();
			const at = this.#at;
			if (at === this.#length) return;
			this.#at = at + 1;
			this.#character(this.#bytes[at] as number, at);
		}
	}

	/** Passes over what is nothing but data in a block: all but a few controls, and the `/` that might begin another message. */
	#skip(): void {
		const bytes = this.#bytes;
		const end = this.#length;
		let at = this.#at;
		for (; at < end; at++) {
			const character = bytes[at] as number;
			if (character <= EOT || character === SLASH) break;
		}
		this.#at = at;
	}

	#character(character: number, at: number): void {
		switch (this.#state) {
			case State.Idle:
				return this.#idle(character, at);
			case State.Start:
				return this.#start(character, at);
			case State.Request:
				if (character === SLASH) this.#begin(State.Start, at);
				else if (character === BANG || at - this.#mark > LONGEST_REQUEST) this.#state = State.Idle;
				return;
			case State.Identification:
				return this.#inIdentification(character, at);
			case State.Identified:
				return this.#afterIdentification(character, at);
			case State.Selection:
				if (character === STX) this.#beginBlock(at, true);
				else if (character === LF || at - this.#body > LONGEST_SELECTION) this.#state = State.Identified;
				return;
			case State.Plain:
				return this.#inPlain(character, at);
			case State.PlainEnd:
				if (isLineEnd(character)) this.#plainEnd(at);
				else if (at - this.#body > CRC_DIGITS) this.#fail("syntax", this.#dataStart());
				return;
			case State.PlainAfter:
				return this.#afterPlain(character, at);
			case State.Block:
				return this.#inBlock(character, at);
			case State.Check:
				return this.#check(character, at);
			case State.TableRequest:
				this.#table = String.fromCharCode(character);
				this.#state = State.Idle;
				return;
			case State.TableLine:
				return this.#inTableLine(character, at);
		}
	}

	#begin(state: State, at: number): void {
		this.#state = state;
		this.#mark = at;
		this.#body = at + 1;
		this.#command = false;
		this.#readout = false;
	}

	#idle(character: number, at: number): void {
		if (character === SLASH) this.#begin(State.Start, at);
		else if (at < this.#damagedTo) return;
		else if (character === STX) {
			this.#mark = at;
			this.#beginBlock(at, false);
		} else if (character === SOH) {
			this.#begin(State.Block, at);
			this.#command = true;
		} else if (character === ACK || character === NAK) this.#sink.control(character);
		else if (isDigit(character)) this.#begin(State.TableLine, at);
	}

	#start(character: number, at: number): void {
		if (character === QUESTION) this.#state = State.Request;
		else if (character === HASH) this.#state = State.TableRequest;
		else if (character === SLASH) this.#begin(State.Start, at);
		else {
			this.#state = State.Identification;
			this.#inIdentification(character, at);
		}
	}

	#inIdentification(character: number, at: number): void {
		if (character === SLASH) {
			this.#interrupted(at);
		} else if (isLineEnd(character) || character === STX) {
			const identification = readIdentification(this.#bytes, this.#mark, at);
			if (identification === undefined) return this.#fail("identification");
			this.#identification = identification;
			this.#lineFeeds = 0;
			this.#blankAt = character === CR ? 2 : 1;
			this.#sink.identified(identification);
			if (character === STX) this.#beginBlock(at, true);
			else this.#state = State.Identified;
		} else if (at - this.#mark > LONGEST_IDENTIFICATION) this.#fail("identification");
	}

	#afterIdentification(character: number, at: number): void {
		if (character === SLASH) this.#begin(State.Start, at);
		else if (character === STX) this.#beginBlock(at, true);
		else if (character === ACK) {
			this.#state = State.Selection;
			this.#body = at;
		} else if (character === SOH) {
			this.#begin(State.Block, at);
			this.#command = true;
		} else if (character > BLANK && character !== SEVEN_BITS) {
			this.#state = State.Plain;
			this.#body = at;
			this.#inPlain(character, at);
		} else if (character === LF) this.#lineFeeds++;
		else if (at - this.#mark > LONGEST_MESSAGE / 2) this.#state = State.Idle;
	}

	#inPlain(character: number, at: number): void {
		const before = at > this.#body ? this.#bytes[at - 1] : LF;
		if (character === BANG && (isLineEnd(before) || before === CLOSE)) {
			const sets = readDataSets(this.#bytes, this.#body, at, true);
			if (sets === undefined || sets.length === 0) return this.#fail("syntax");
			this.#state = State.PlainEnd;
			this.#body = at;
		} else if (character === SLASH && isLineEnd(before)) {
			this.#interrupted(at);
		} else if (character === STX) this.#fail("truncated");
	}

	/** `!` was read at `#body`; up to `end` stands a P1 CRC or nothing. */
	#plainEnd(end: number): void {
		const bang = this.#body;
		const digits = textOf(this.#bytes, bang + 1, end);
		let protection: Protection = "none";
		if (digits.length > 0) {
			const actual = hexadecimal(digits);
			if (actual < 0) return this.#fail("syntax", this.#dataStart());
			const expected = this.#checksums.arc(this.#bytes, this.#mark, bang + 1);
			if (actual !== expected) return this.#fail("crc", this.#dataStart(), expected, actual);
			protection = "crc";
		}
		this.#protection = protection;
		this.#state = State.PlainAfter;
		// Mode D puts a blank line behind the identification. Without one, or with the STX of a block turned into
		// something else on the way, an ETX will follow.
		if (protection === "crc" || this.#lineFeeds >= this.#blankAt) this.#finishPlain();
	}

	#afterPlain(character: number, at: number): void {
		if (isLineEnd(character)) return;
		if (character === ETX) return this.#fail("syntax", this.#dataStart());
		this.#at = at;
		this.#finishPlain();
	}

	#finishPlain(): void {
		const sets = readDataSets(this.#bytes, this.#dataStart(), this.#body, true) ?? [];
		const offset = this.#base + this.#mark;
		this.#state = State.Idle;
		const frame = this.#frame();
		this.#sink.data({ sets, protection: this.#protection, last: true, readout: true, offset, frame });
	}

	/** Where the data of a telegram without STX begin: behind the identification line. */
	#dataStart(): number {
		let at = this.#mark;
		while (!isLineEnd(this.#bytes[at])) at++;
		return at;
	}

	#beginBlock(at: number, readout: boolean): void {
		this.#state = State.Block;
		this.#body = at + 1;
		this.#command = false;
		this.#readout = readout;
	}

	#inBlock(character: number, at: number): void {
		if (character === ETX || character === EOT) this.#state = State.Check;
		else if (character === SLASH && isLineEnd(this.#bytes[at - 1])) {
			this.#interrupted(at);
		} else if (!this.#readout && (character === SOH || (character === STX && !this.#isCommandData(at))))
			this.#fail("truncated");
	}

	/** The STX of `SOH P1 STX …`. */
	#isCommandData(at: number): boolean {
		return this.#command && at === this.#body + 2;
	}

	#check(actual: number, at: number): void {
		const xor = blockCheck("xor", this.#bytes, this.#body, at);
		const isXor = actual === xor;
		const isSum = !isXor && mayUseSum(this.#identification);
		if (!isXor && !(isSum && blockCheck("sum", this.#bytes, this.#body, at) === actual))
			return this.#fail("bcc", this.#body, xor, actual);
		const protection = isXor ? "xor" : "sum";
		const last = this.#bytes[at - 1] === ETX;
		this.#state = State.Idle;
		if (this.#command) return this.#sink.command(textOf(this.#bytes, this.#body, this.#body + 2));
		this.#finishBlock(at - 1, protection, last);
	}

	#finishBlock(etx: number, protection: Protection, last: boolean): void {
		let end = etx;
		while (end > this.#body && isLineEnd(this.#bytes[end - 1])) end--;
		const closed = end > this.#body && this.#bytes[end - 1] === BANG;
		// A readout ends with `!`; a reply in programming mode and a block with more to come do not.
		if (this.#readout && last && !closed) return this.#fail("syntax");
		const frame = this.#frame();
		if (this.#readout && last && this.#sink.again(frame, this.#words, protection)) return;
		const sets = readDataSets(this.#bytes, this.#body, closed ? end - 1 : end, false);
		if (sets === undefined || sets.length === 0) return this.#fail("syntax");
		const offset = this.#base + this.#mark;
		this.#sink.data({ sets, protection, last, readout: this.#readout, offset, frame });
	}

	#inTableLine(character: number, at: number): void {
		if (character === CR) {
			const line = textOf(this.#bytes, this.#mark, at);
			this.#state = State.Idle;
			if (isTableLine(line))
				this.#sink.table(line.trim(), this.#table, this.#base + this.#mark, this.#frame());
		} else if (!isTableCharacter(character) || at - this.#mark > LONGEST_TABLE_LINE) {
			this.#state = State.Idle;
			this.#at = at;
			if (isDigit(character)) this.#at++;
		}
	}

	/** Another message begins at `at`, where the one under way goes on. */
	#interrupted(at: number): void {
		this.#fail("truncated", at);
		this.#at = at + 1;
		this.#begin(State.Start, at);
	}

	/** Rejects the message under way and looks for another one from `from` on, its data by default. */
	#fail(code: string, from = this.#body, expected?: number, actual?: number): void {
		const check = expected === undefined || actual === undefined ? {} : { expected, actual };
		const offset = this.#base + this.#mark;
		// A character that became an STX inside a readout must not begin a block: its check character might fit.
		if (this.#state === State.Check && this.#readout) this.#damagedTo = this.#at;
		this.#state = State.Idle;
		const to = Math.max(from, this.#mark + 1);
		const back = this.#at - to;
		const fresh = Math.max(this.#base + this.#at - this.#furthest, 0);
		this.#furthest += fresh;
		this.#looks = Math.min(this.#looks + LOOKS * fresh, MOST_LOOKS);
		if (back <= this.#looks) {
			this.#looks -= back;
			this.#at = to;
		}
		this.#sink.rejected({ rejected: true, layer: "iec62056", code, offset, ...check });
	}
}

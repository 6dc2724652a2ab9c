// IEC 62056-21 messages: requests, identifications, option selection, data blocks with their check character, commands
// of programming mode, mode D telegrams, MULTICAL's tables. Passwords are hidden always.

import {
	ACK,
	BANG,
	blockCheck,
	CR,
	EOT,
	ETX,
	HASH,
	isLetter,
	isLineEnd,
	LF,
	NAK,
	QUESTION,
	SEVEN_BITS,
	SLASH,
	SOH,
	STX,
} from "../../protocols/iec62056/characters.js";
import {
	baudOf,
	type Identification,
	LONGEST_IDENTIFICATION,
	makerText,
	mayUseSum,
	modeOf,
	readIdentification,
} from "../../protocols/iec62056/identification.js";
import { isTableCharacter, isTableLine } from "../../protocols/iec62056/table-line.js";
import { hasEvenParity } from "../../protocols/p1/checks.js";
import { textOf } from "../../protocols/shared/text.js";
import { explainSets } from "./data-sets.js";
import type { ExplainOptions } from "./explain.js";
import type { Explanation } from "./explanation.js";
import { commandWords, isTableName, selectionWords } from "./iec62056-words.js";
import { View } from "./view.js";
import { hex, plural } from "./words.js";

const LAYER = "62056-21";
const LONGEST_REQUEST = 40;
/** Characters Z of the standard's modes, of P1, and the blank of Kamstrup's. */
const SPEEDS = "0123456789ABCDEFGHI ";
/** This share of a damaged block must be characters, all with or all without parity. */
const DAMAGED_SHARE = 0.8;
const SHORTEST_BLOCK = 4;
const SELECTION_BYTES = 6;
/** So many zeros are a wake-up, not noise. */
const WAKE_UP = 8;
const LONGEST_BLOCK = 16 * 1024;

export function explainIec62056(source: Uint8Array, out: Explanation, options: ExplainOptions): void {
	new Conversation(View.of(source), out, options).explain();
}

class Conversation {
	readonly view: View;
	#identification: Identification | undefined;
	/** The identification was the message before, so that data may follow without STX. */
	#identifiedAt = -1;

	constructor(
		readonly raw: View,
		readonly out: Explanation,
		readonly options: ExplainOptions,
	) {
		this.view = raw.map((byte) => byte & SEVEN_BITS);
	}

	explain(): void {
		for (let at = 0; at < this.view.length; ) at += Math.max(this.#message(at), 1);
	}

	/** Bytes of the message at `at`; 0 where none begins. */
	#message(at: number): number {
		switch (this.view.at(at)) {
			case SLASH:
				return this.#slash(at);
			case STX:
				return this.#block(at, at + 1, "STX", false);
			case SOH:
				return this.#command(at);
			case ACK:
			case NAK:
				return this.#control(at);
			case 0:
				return this.#wakeUp(at);
			default:
				return this.#text(at);
		}
	}

	#slash(at: number): number {
		const { view, out } = this;
		const second = view.at(at + 1);
		if (second === HASH && isTableName(view.at(at + 2))) {
			out.add(view, at, at + 3, LAYER, "table request", `/#${textOf(view.bytes, at + 2, at + 3)}: MULTICAL`);
			return this.#recognised(3);
		}
		if (second === QUESTION) return this.#request(at);
		let end = at;
		const limit = Math.min(view.length, at + LONGEST_IDENTIFICATION + 1);
		while (end < limit && !isLineEnd(view.at(end)) && view.at(end) !== STX) end++;
		if (end - at > LONGEST_IDENTIFICATION) return 0;
		const found = readIdentification(view.bytes, at, end);
		if (!found || !SPEEDS.includes(found.speed) || this.#textShare(at, end) < 1) return 0;
		this.#identification = found;
		const behind = this.#lineEnd(end);
		this.#identifiedAt = behind;
		out.add(view, at, at + 4, LAYER, "maker", `${found.maker}: ${makerText(found)}`);
		const mode = modeOf(found);
		const rate = mode === "A" ? "mode A, 300 baud" : `mode ${mode}, ${baudOf(found.speed)} baud`;
		out.add(view, at + 4, at + 5, LAYER, "speed", `"${found.speed}": ${rate}`);
		const enhanced = at + 5 + 2 * found.enhanced.length;
		out.add(view, at + 5, enhanced, LAYER, "enhanced", `\\${found.enhanced}`);
		out.add(view, enhanced, end, LAYER, "identification", `"${out.withoutNumbers(found.model)}"`);
		out.hideNumbers(view, enhanced, end);
		out.add(view, end, behind, LAYER, "line end", "");
		this.#parity(at, behind);
		return this.#recognised(behind - at);
	}

	#request(at: number): number {
		const { view, out } = this;
		let end = at + 2;
		while (end < view.length && end - at < LONGEST_REQUEST && view.at(end) !== BANG) end++;
		if (view.at(end) !== BANG) return 0;
		const address = textOf(view.bytes, at + 2, end);
		if (!/^\w*$/.test(address)) return 0;
		const behind = this.#lineEnd(end + 1);
		out.add(view, at, at + 2, LAYER, "request", "asks a meter to identify itself");
		out.add(view, at + 2, end, LAYER, "device address", out.identity(address), "identity");
		out.add(view, end, behind, LAYER, "end", "");
		return this.#recognised(behind - at);
	}

	#control(at: number): number {
		const { view, out } = this;
		const isSelection = view.at(at) === ACK && view.at(at + 4) === CR && view.at(at + 5) === LF;
		if (isSelection && at + SELECTION_BYTES <= view.length) {
			const [v, z, y] = [1, 2, 3].map((index) => String.fromCharCode(view.at(at + index)));
			out.add(view, at, at + 1, LAYER, "ACK", "option selection");
			out.add(
				view,
				at + 1,
				at + 2,
				LAYER,
				"V",
				v === "0" ? "normal procedure" : v === "2" ? "HDLC" : `procedure ${v}`,
			);
			out.add(view, at + 2, at + 3, LAYER, "Z", `${baudOf(z ?? "")} baud`);
			out.add(view, at + 3, at + 4, LAYER, "Y", selectionWords(y));
			out.add(view, at + 4, at + 6, LAYER, "line end", "");
			return this.#recognised(SELECTION_BYTES);
		}
		const behind = view.at(at + 1);
		if (this.#identification === undefined && view.length > 1) return 0;
		if (at + 1 < view.length && behind !== SLASH && behind !== SOH && behind !== STX) return 0;
		out.add(
			view,
			at,
			at + 1,
			LAYER,
			view.at(at) === ACK ? "ACK" : "NAK",
			view.at(at) === ACK ? "accepted" : "not understood",
		);
		return this.#recognised(1);
	}

	#wakeUp(at: number): number {
		let end = at;
		while (end < this.view.length && this.view.at(end) === 0) end++;
		if (end - at < WAKE_UP) return end - at;
		this.out.add(
			this.view,
			at,
			end,
			LAYER,
			"wake-up",
			`${plural(end - at, "NUL character")} for a sleeping meter`,
		);
		return end - at;
	}

	#command(at: number): number {
		const { view, out } = this;
		const letter = view.at(at + 1);
		const digit = view.at(at + 2);
		if (!isLetter(letter) || digit < 0x30 || digit > 0x39) return 0;
		const name = textOf(view.bytes, at + 1, at + 3);
		const data = view.at(at + 3) === STX ? at + 4 : at + 3;
		const used = this.#block(at, data, "SOH", name.startsWith("P"));
		if (used > 0) out.add(view, at + 1, at + 3, LAYER, "command", `${name}: ${commandWords(name)}`);
		return used;
	}

	/** STX or SOH at `at`, data from `data` on up to ETX or EOT and the check character. `secret`: not to be shown. */
	#block(at: number, data: number, opening: "STX" | "SOH", secret: boolean): number {
		const { view, out } = this;
		let end = data;
		const limit = Math.min(view.length, data + LONGEST_BLOCK);
		while (end < limit && view.at(end) !== ETX && view.at(end) !== EOT && !this.#startsAnew(end)) end++;
		const closed = end < limit && (view.at(end) === ETX || view.at(end) === EOT);
		const checked = closed && end + 1 < view.length;
		const kind = checked ? this.#fittingCheck(at + 1, end) : undefined;
		const share = this.#textShare(at + 1, end);
		if (opening === "STX" && end - data < SHORTEST_BLOCK) return 0;
		// Without an identification before it, only a block that is whole and right is one.
		if (this.#identification === undefined && (kind === undefined || share < 1)) return 0;
		if (share < DAMAGED_SHARE) return 0;
		if (!closed && this.#identifiedAt < 0) return 0;
		out.add(view, at, at + 1, LAYER, opening, opening === "STX" ? "data begin" : "command");
		if (data - at === 4) out.add(view, data - 1, data, LAYER, "STX", "data begin");
		const bang = this.#bang(data, end);
		if (secret) out.add(view, data, end, LAYER, "password", "not shown", "secret");
		else explainSets(view, data, bang, this.#isKamstrup, out, LAYER);
		if (!secret && bang < end) out.add(view, bang, end, LAYER, "!", "end of the data");
		if (!closed) {
			out.note(view, end, LAYER, "fault", "CUT: no ETX before the bytes end or another message begins");
			return this.#recognised(end - at);
		}
		const more = view.at(end) === EOT;
		out.add(
			view,
			end,
			end + 1,
			LAYER,
			more ? "EOT" : "ETX",
			more ? "more blocks follow" : "end of the block",
		);
		if (checked) this.#checkRow(at + 1, end, kind, secret);
		else out.note(view, end + 1, LAYER, "fault", "CUT: the check character is missing");
		if (kind !== undefined) out.sound++;
		this.#parity(at, end);
		return this.#recognised(Math.min(end + 2, view.length) - at);
	}

	/** Share of `[start, end)` that is printable, with even parity in bit 7 or without any, whichever is more. */
	#textShare(start: number, end: number): number {
		let clear = 0;
		let even = 0;
		for (let at = start; at < end; at++) {
			const character = this.view.at(at);
			if (character < 0x20 && !isLineEnd(character) && character !== STX) continue;
			if (this.raw.at(at) <= SEVEN_BITS) clear++;
			if (hasEvenParity(this.raw.at(at))) even++;
		}
		return end > start ? Math.max(clear, even) / (end - start) : 1;
	}

	/** Another message begins at `at`: what is under way was cut. */
	#startsAnew(at: number): boolean {
		if (this.view.at(at) === STX || this.view.at(at) === SOH) return true;
		return this.view.at(at) === SLASH && isLineEnd(this.view.at(at - 1)) && isLetter(this.view.at(at + 1));
	}

	#fittingCheck(start: number, end: number): "xor" | "sum" | undefined {
		const { bytes } = this.view;
		const actual = this.view.at(end + 1);
		if (blockCheck("xor", bytes, start, end + 1) === actual) return "xor";
		if (!mayUseSum(this.#identification)) return undefined;
		return blockCheck("sum", bytes, start, end + 1) === actual ? "sum" : undefined;
	}

	#checkRow(start: number, end: number, kind: "xor" | "sum" | undefined, secret: boolean): void {
		const { view, out } = this;
		const expected = blockCheck("xor", view.bytes, start, end + 1);
		const sum = mayUseSum(this.#identification)
			? ` (XOR) or ${hex(blockCheck("sum", view.bytes, start, end + 1))} (7-bit sum)`
			: " (XOR)";
		const numbers =
			out.anonymous || secret ? "" : `: expected ${hex(expected)}${sum}, is ${hex(view.at(end + 1))}`;
		const words =
			kind === "xor"
				? "right: XOR"
				: kind === "sum"
					? "right: 7-bit sum (Kamstrup), not XOR"
					: `WRONG${numbers}`;
		out.add(view, end + 1, end + 2, LAYER, "BCC", words, secret ? "secret" : "check");
	}

	/** Lines behind an identification without STX (mode D), or a line of a MULTICAL table. */
	#text(at: number): number {
		if (at === this.#identifiedAt || this.#onlyBlank(this.#identifiedAt, at)) return this.#plain(at);
		return this.#table(at);
	}

	#onlyBlank(from: number, to: number): boolean {
		if (from < 0 || to < from || to - from > 4) return false;
		for (let at = from; at < to; at++) if (!isLineEnd(this.view.at(at))) return false;
		return true;
	}

	#plain(at: number): number {
		const { view, out } = this;
		if (isLineEnd(view.at(at))) {
			const behind = this.#lineEnd(at);
			out.add(view, at, behind, LAYER, "blank line", "");
			return behind - at;
		}
		let end = at;
		while (end < view.length && this.#isPlain(end)) end++;
		const bang = view.at(end) === BANG && end < view.length;
		if (end === at) return 0;
		explainSets(view, at, end, this.#isKamstrup, out, LAYER);
		this.#identifiedAt = -1;
		if (!bang) {
			out.note(view, end, LAYER, "fault", "CUT: no ! ends the data");
			return this.#recognised(end - at);
		}
		let behind = end + 1;
		while (behind < view.length && behind - end < 6 && !isLineEnd(view.at(behind))) behind++;
		behind = this.#lineEnd(behind);
		out.add(view, end, behind, LAYER, "!", "end of the data; mode D has no check character");
		return this.#recognised(behind - at);
	}

	#isPlain(at: number): boolean {
		const character = this.view.at(at);
		if (character === BANG) return !(isLineEnd(this.view.at(at - 1)) || this.view.at(at - 1) === 0x29);
		return (character >= 0x20 && character < SEVEN_BITS && !this.#startsAnew(at)) || isLineEnd(character);
	}

	#table(at: number): number {
		const { view, out } = this;
		let end = at;
		while (end < view.length && isTableCharacter(view.at(end))) end++;
		const line = textOf(view.bytes, at, end);
		if (end === at || !isTableLine(line)) return Math.max(end - at, 1);
		let from = at;
		for (const [index, field] of line.split(" ").entries()) {
			const customer = field.length > 7;
			const text = customer ? out.identity(field) : field;
			out.add(
				view,
				from,
				Math.min(from + field.length + 1, end),
				LAYER,
				`field ${index + 1}`,
				text,
				customer ? "identity" : undefined,
			);
			from += field.length + 1;
		}
		const behind = this.#lineEnd(end);
		out.add(view, end, behind, LAYER, "line end", "");
		return this.#recognised(behind - at);
	}

	get #isKamstrup(): boolean {
		return this.#identification?.maker.toUpperCase() === "KAM";
	}

	/** Where the data end: before the closing `!` and the line ends around it. */
	#bang(start: number, end: number): number {
		let at = end;
		while (at > start && isLineEnd(this.view.at(at - 1))) at--;
		return at > start && this.view.at(at - 1) === BANG ? at - 1 : end;
	}

	#lineEnd(at: number): number {
		let end = at;
		if (end < this.view.length && this.view.at(end) === CR) end++;
		if (end < this.view.length && this.view.at(end) === LF) end++;
		return end;
	}

	#parity(start: number, end: number): void {
		for (let at = start; at < end; at++)
			if (this.raw.at(at) > SEVEN_BITS)
				return this.out.note(
					this.raw,
					start,
					LAYER,
					"remark",
					"bit 7 is parity: a 7E1 line read with eight bits",
				);
	}

	#recognised(count: number): number {
		this.out.recognised += count;
		return count;
	}
}

// KMP frames of either direction: start, unstuffed address, command, registers, CRC, stop. The stuffing is undone here
// once more, because a dump must know which wire bytes each byte came from; the framer keeps no such thing.

import * as commands from "../../protocols/kmp/commands.js";
import {
	ACKNOWLEDGE,
	CRC_BYTES,
	FROM_METER,
	isStuffed,
	LONGEST_FRAME,
	STOP,
	STUFFING,
	TO_METER,
} from "../../protocols/kmp/frame.js";
import type { ExplainOptions } from "./explain.js";
import type { Explanation } from "./explanation.js";
import { explainReply, explainRequest } from "./kmp-contents.js";
import { commandName, destinationName } from "./kmp-words.js";
import { View } from "./view.js";
import { checkWords, hex } from "./words.js";

const LAYER = "kmp";
/** Destination and CID. */
const DATA = 2;

interface Found {
	/** Destination, CID, data and CRC. */
	readonly content: View;
	/** Index of the stop byte, or where the frame breaks off. */
	readonly end: number;
	readonly stopped: boolean;
	/** First stuffing that stands for a byte that needs none; -1 for none. */
	readonly badStuffing: number;
}

export function explainKmp(source: Uint8Array, out: Explanation, options: ExplainOptions): void {
	const view = View.of(source);
	for (let at = 0; at < view.length; ) {
		const byte = view.at(at);
		if (byte === ACKNOWLEDGE && stands(view, at)) {
			out.add(view, at, at + 1, LAYER, "acknowledge", "the meter has understood");
			if (view.length === 1 || out.recognised > 0) out.recognised++;
		}
		if (byte !== TO_METER && byte !== FROM_METER) at++;
		else at = new Frame(view, at, out, options).explain();
	}
}

/** Whether the bytes behind the start byte at `start` are the meter's address and a command that exists. */
function isPlausible(view: View, start: number): boolean {
	return view.at(start + 1) === commands.METER && commandName(view.at(start + 2)) !== undefined;
}

/** A lone 06 is an acknowledgement only between frames. */
function stands(view: View, at: number): boolean {
	const before = view.at(at - 1);
	const behind = view.at(at + 1);
	const opens = at + 1 === view.length || behind === TO_METER || behind === FROM_METER;
	return (at === 0 || before === STOP) && opens;
}

class Frame {
	readonly #found: Found;

	constructor(
		readonly view: View,
		readonly start: number,
		readonly out: Explanation,
		readonly options: ExplainOptions,
	) {
		this.#found = unstuffed(view, start);
	}

	/** Index of the byte to go on with. */
	explain(): number {
		const { view, start, out, options } = this;
		const { content, end, stopped } = this.#found;
		const length = content.length - CRC_BYTES;
		const expected = length >= DATA ? options.checksums.xmodem(content.bytes, 0, length) : -1;
		const actual = (content.at(length) << 8) | content.at(length + 1);
		const right = stopped && expected === actual;
		// A damaged frame is one only where its beginning is right: rubbish has many start bytes.
		const isClosed = stopped || end === view.length || isPlausible(view, end);
		const known = isClosed && isPlausible(view, start);
		if (content.length < DATA || (!right && !known)) return start + 1;
		const behind = stopped ? end + 1 : end;
		out.recognised += behind - start;
		if (right) out.sound++;
		const request = view.at(start) === TO_METER;
		out.add(view, start, start + 1, LAYER, "start", request ? "to the meter" : "from the meter");
		out.add(content, 0, 1, LAYER, "destination", destinationName(content.at(0)) ?? "unknown address");
		const command = commandName(content.at(1)) ?? "unknown command";
		out.add(content, 1, 2, LAYER, "CID", `${hex(content.at(1))}: ${command}`);
		const dataEnd = stopped ? Math.max(length, DATA) : content.length;
		if (request) explainRequest(content, dataEnd, out);
		else explainReply(content, dataEnd, out);
		if (this.#found.badStuffing >= 0)
			out.note(
				view,
				this.#found.badStuffing,
				LAYER,
				"fault",
				"STUFFING WRONG: this byte needs none, or lacks it",
			);
		if (!stopped) {
			out.note(view, end, LAYER, "fault", "CUT: no stop byte before the bytes end or another frame begins");
			return behind;
		}
		const words = checkWords(out.anonymous, expected, actual, 4);
		if (length >= DATA) out.add(content, length, content.length, LAYER, "CRC", words, "check");
		out.add(view, end, behind, LAYER, "stop", "");
		return behind;
	}
}

function unstuffed(view: View, start: number): Found {
	const parts: { byte: number; start: number; end: number }[] = [];
	let badStuffing = -1;
	let at = start + 1;
	for (; at < view.length && parts.length < LONGEST_FRAME; at++) {
		const byte = view.at(at);
		if (byte === STOP) return { content: View.from(parts), end: at, stopped: true, badStuffing };
		if (byte === TO_METER || byte === FROM_METER) break;
		if (byte !== STUFFING || at + 1 >= view.length || isEdge(view.at(at + 1))) {
			if ((byte === ACKNOWLEDGE || byte === STUFFING) && badStuffing < 0) badStuffing = at;
			parts.push({ byte, start: at, end: at + 1 });
			continue;
		}
		const original = view.at(at + 1) ^ 0xff;
		if (!isStuffed(original) && badStuffing < 0) badStuffing = at;
		parts.push({ byte: original, start: at, end: at + 2 });
		at++;
	}
	return { content: View.from(parts), end: Math.min(at, view.length), stopped: false, badStuffing };
}

function isEdge(byte: number): boolean {
	return byte === STOP || byte === TO_METER || byte === FROM_METER;
}

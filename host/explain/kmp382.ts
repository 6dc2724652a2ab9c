// KMP-382 frames: pairs of hexadecimal characters between `@` or `H` and CR, with what the known replies hold.

import { checkByte, type Direction, LONGEST_FRAME, REPLY, REQUEST } from "../../protocols/kmp382/frame.js";
import {
	ACTUAL_VALUES,
	ADDRESS,
	DATA,
	ENERGY_REGISTERS,
	HELLO,
	READ_MEMORY,
	readActual,
	readEnergyRegisters,
	readIdentity,
} from "../../protocols/kmp382/messages.js";
import { toText } from "../../readings/decimal.js";
import type { Quantity } from "../../readings/reading.js";
import type { Explanation } from "./explanation.js";
import { View } from "./view.js";
import { checkWords, hex, plural } from "./words.js";

const LAYER = "kmp382";
const CARRIAGE_RETURN = 0x0d;
const WORD = 4;
const TYPE_CHARACTERS = 10;
const METER_ID = 29;
const CUSTOMER_NUMBER = 33;
/** The fourth word of a reply to 90 gives two quantities. */
const WORDS_OF_ACTUAL = [0, 1, 2, 3, 3, 4, 5, 6, 7, 8] as const;

export function explainKmp382(source: Uint8Array, out: Explanation): void {
	const view = View.of(source);
	for (let at = 0; at < view.length; ) {
		const byte = view.at(at);
		at = byte === REQUEST || byte === REPLY ? explainFrame(view, at, byte, out) : at + 1;
	}
}

/** Index of the byte to go on with. */
function explainFrame(view: View, start: number, direction: Direction, out: Explanation): number {
	const parts: { byte: number; start: number; end: number }[] = [];
	let at = start + 1;
	for (; at + 1 < view.length && parts.length < LONGEST_FRAME; at += 2) {
		const high = digitOf(view.at(at));
		const low = digitOf(view.at(at + 1));
		if (high < 0 || low < 0) break;
		parts.push({ byte: high * 16 + low, start: at, end: at + 2 });
	}
	const content = View.from(parts);
	const stopped = view.at(at) === CARRIAGE_RETURN && at < view.length;
	const length = stopped ? content.length - 1 : content.length;
	if (content.length < DATA || content.at(0) !== ADDRESS) return start + 1;
	const end = stopped ? at + 1 : at;
	out.recognised += end - start;
	out.add(view, start, start + 1, LAYER, "start", direction === REQUEST ? "request" : "reply");
	out.add(content, 0, 1, LAYER, "address", hex(content.at(0)));
	out.add(
		content,
		1,
		Math.min(2, length),
		LAYER,
		"command",
		`${hex(content.at(1))}: ${commandName(content.at(1))}`,
	);
	if (direction === REQUEST) explainRequest(content, length, out);
	else explainReply(content, length, out);
	if (!stopped) {
		const why = at < view.length ? `${hex(view.at(at))} is no hexadecimal digit` : "the bytes end";
		out.note(view, at, LAYER, "fault", `BREAKS OFF: ${why}, and the frame has no end`);
		return end;
	}
	const expected = checkByte(content.bytes, length);
	const actual = content.at(length);
	if (expected === actual) out.sound++;
	const words = checkWords(out.anonymous, expected, actual, 2);
	out.add(content, length, length + 1, LAYER, "check byte", words, "check");
	out.add(view, at, end, LAYER, "end", "CR");
	return end;
}

function explainRequest(content: View, length: number, out: Explanation): void {
	if (length <= DATA) return;
	if (content.at(1) === READ_MEMORY && length === DATA + 4) {
		out.add(
			content,
			DATA,
			DATA + 2,
			LAYER,
			"first address",
			hex(content.at(DATA) * 256 + content.at(DATA + 1), 4),
		);
		out.add(
			content,
			DATA + 2,
			length,
			LAYER,
			"last address",
			hex(content.at(DATA + 2) * 256 + content.at(DATA + 3), 4),
		);
	} else out.add(content, DATA, length, LAYER, "data", plural(length - DATA, "byte"));
}

function explainReply(content: View, length: number, out: Explanation): void {
	const { bytes } = content;
	const identity = content.at(1) === READ_MEMORY ? readIdentity(bytes, length) : undefined;
	const actual = content.at(1) === ACTUAL_VALUES ? readActual(bytes, length) : undefined;
	const energies = content.at(1) === ENERGY_REGISTERS ? readEnergyRegisters(bytes, length) : undefined;
	if (identity) {
		out.add(content, DATA, DATA + TYPE_CHARACTERS, LAYER, "meter type", identity.type);
		const id = DATA + METER_ID;
		const customer = DATA + CUSTOMER_NUMBER;
		out.add(content, DATA + TYPE_CHARACTERS, id, LAYER, "memory", "meaning unknown");
		out.add(content, id, customer, LAYER, "meter id", out.identity(identity.id), "identity");
		out.add(
			content,
			customer,
			customer + WORD,
			LAYER,
			"customer number",
			out.identity(identity.customer),
			"identity",
		);
		out.add(content, customer + WORD, length, LAYER, "memory", "meaning unknown");
	} else if (actual) {
		actual.forEach((quantity, index) => {
			wordRow(content, DATA + (WORDS_OF_ACTUAL[index] ?? 0) * WORD, quantity, out);
		});
	} else if (energies) {
		out.add(content, DATA, DATA + 1, LAYER, "mark", hex(content.at(DATA)));
		energies.forEach((quantity, index) => {
			wordRow(content, DATA + 1 + index * WORD, quantity, out);
		});
	} else if (length > DATA) out.add(content, DATA, length, LAYER, "data", plural(length - DATA, "byte"));
}

function wordRow(content: View, at: number, { name, value, unit }: Quantity, out: Explanation): void {
	const identity = name === "customer_no_2" || name === "production_no";
	const text = typeof value === "string" ? value : toText(value);
	const words = `${identity ? out.identity(text) : text} ${unit ?? ""}`.trim();
	out.add(content, at, at + WORD, LAYER, name, words, identity ? "identity" : undefined);
}

function commandName(command: number): string {
	switch (command) {
		case HELLO:
			return "hello";
		case READ_MEMORY:
			return "read memory";
		case ACTUAL_VALUES:
			return "actual values";
		case ENERGY_REGISTERS:
			return "energy registers";
		case 0x92:
			return "log in";
		default:
			return "unknown command";
	}
}

/** 0–15, or -1. */
function digitOf(byte: number): number {
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	return byte >= 0x41 && byte <= 0x46 ? byte - 0x37 : -1;
}

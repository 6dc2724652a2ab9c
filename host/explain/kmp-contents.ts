// What KMP commands and replies hold: registers, clock, log, serial number. Contents of frames that kmp.ts has found;
// passwords are hidden always, meter numbers where that is asked for.

import * as commands from "../../protocols/kmp/commands.js";
import { decodeValue, type RegisterFormat } from "../../protocols/kmp/register-value.js";
import { readEventStatus, readLog, readSerialNo, readType } from "../../protocols/kmp/replies.js";
import { kmpUnit } from "../../protocols/kmp/units.js";
import { toText } from "../../readings/decimal.js";
import type { Explanation } from "./explanation.js";
import { CLEAR_EVENT_STATUS, isIdentityRegister, PUT_REGISTER, registerWords } from "./kmp-words.js";
import type { View } from "./view.js";
import { hex, plural } from "./words.js";

const LAYER = "kmp";
/** Destination and CID. */
const DATA = 2;
const FORMAT_BYTES = 3;
const ID_BYTES = 2;

export function explainRequest(content: View, end: number, out: Explanation): void {
	const cid = content.at(1);
	if (end <= DATA) return;
	if (cid === commands.GET_REGISTER) return registerList(content, DATA, end, out);
	if (cid === commands.SET_CLOCK && end === DATA + 8) {
		out.add(
			content,
			DATA,
			DATA + 4,
			LAYER,
			"date",
			`YYMMDD in decimal digits: ${six(number(content, DATA, 4))}`,
		);
		out.add(
			content,
			DATA + 4,
			end,
			LAYER,
			"time",
			`hhmmss in decimal digits: ${six(number(content, DATA + 4, 4))}`,
		);
		return;
	}
	if (cid === PUT_REGISTER) return putRegister(content, end, out);
	if (cid >= commands.GET_LOG_TIME_PRESENT && cid <= commands.GET_LOG_TIME_PAST) {
		out.add(content, DATA, DATA + 1, LAYER, "log", `log ${content.at(DATA)}`);
		const listEnd = Math.min(DATA + 2 + content.at(DATA + 1) * ID_BYTES, end);
		registerList(content, DATA + 1, listEnd, out);
		out.add(content, listEnd, end, LAYER, "what of the log", "records, longest reply, and from where");
		return;
	}
	out.add(content, DATA, end, LAYER, "data", plural(end - DATA, "byte"));
}

/** PutRegister begins with a password, which is never shown. */
function putRegister(content: View, end: number, out: Explanation): void {
	out.add(content, DATA, Math.min(DATA + 2, end), LAYER, "password", "not shown", "secret");
	out.add(
		content,
		DATA + 2,
		Math.min(DATA + 4, end),
		LAYER,
		"register",
		registerWords(number(content, DATA + 2, 2)),
	);
	const register = number(content, DATA + 2, 2);
	const hidden = isIdentityRegister(register) ? "identity" : undefined;
	out.add(content, DATA + 4, end, LAYER, "value", "unit, format and value", hidden);
}

function registerList(content: View, at: number, end: number, out: Explanation): void {
	out.add(content, at, at + 1, LAYER, "count", plural(content.at(at), "register"));
	for (let id = at + 1; id < end; id += ID_BYTES) {
		const words = id + 1 < end ? registerWords(number(content, id, ID_BYTES)) : "CUT";
		out.add(content, id, Math.min(id + ID_BYTES, end), LAYER, "register", words);
	}
}

export function explainReply(content: View, end: number, out: Explanation): void {
	const { bytes } = content;
	if (end <= DATA) return;
	switch (content.at(1)) {
		case commands.GET_TYPE: {
			const type = readType(bytes, end);
			return out.add(content, DATA, end, LAYER, "type", type ?? "WRONG LENGTH: four bytes are due");
		}
		case commands.GET_SERIAL_NO: {
			const serial = readSerialNo(bytes, end);
			const words = serial === undefined ? "WRONG LENGTH: four bytes are due" : out.identity(serial);
			return out.add(content, DATA, end, LAYER, "serial number", words, "identity");
		}
		case commands.GET_EVENT_STATUS:
		case CLEAR_EVENT_STATUS: {
			const status = readEventStatus(bytes, end);
			return out.add(
				content,
				DATA,
				end,
				LAYER,
				"event status",
				`${status?.value ?? "WRONG LENGTH: four bytes are due"}`,
			);
		}
		case commands.GET_REGISTER:
			return explainRegisters(content, end, out);
		default:
			return explainOther(content, end, out);
	}
}

function explainOther(content: View, end: number, out: Explanation): void {
	const cid = content.at(1);
	const isLog = cid >= commands.GET_LOG_TIME_PRESENT && cid <= commands.GET_LOG_TIME_PAST;
	const log = isLog ? readLog(content.bytes, end) : undefined;
	if (!log) return out.add(content, DATA, end, LAYER, "data", plural(end - DATA, "byte"));
	out.add(content, DATA, DATA + 1, LAYER, "log", `log ${log.log}`);
	out.add(
		content,
		DATA + 1,
		end - 1,
		LAYER,
		"records",
		`${plural(log.records.length, "record")}, newest ${log.newest}`,
	);
	out.add(content, end - 1, end, LAYER, "info", hex(log.info));
	for (const { record, registers } of log.records)
		for (const { register, value, unit } of registers) {
			const text = typeof value === "string" ? value : toText(value);
			const shown = isIdentityRegister(register) ? out.identity(text) : text;
			out.note(
				content,
				end - 1,
				LAYER,
				`record ${record}`,
				`${registerWords(register)}: ${shown} ${unit ?? ""}`.trim(),
			);
		}
	if (
		log.records.some(({ registers }) => registers.some(({ register }) => isIdentityRegister(register))) &&
		out.anonymous
	)
		for (const span of content.spans(DATA + 2, end)) out.hidden.fill(1, span.start, span.end);
}

function explainRegisters(content: View, end: number, out: Explanation): void {
	for (let at = DATA; at < end; ) {
		const value = at + ID_BYTES + FORMAT_BYTES;
		const format: RegisterFormat = {
			unit: content.at(at + ID_BYTES),
			length: content.at(at + ID_BYTES + 1),
			signExponent: content.at(at + ID_BYTES + 2),
		};
		const valueEnd = value + format.length;
		if (value > end || valueEnd > end || format.length === 0) {
			return out.add(content, at, end, LAYER, "not decoded", "CUT: the register is longer than the frame");
		}
		const register = number(content, at, ID_BYTES);
		const identity = isIdentityRegister(register);
		out.add(content, at, at + ID_BYTES, LAYER, "register", registerWords(register));
		const { unit } = kmpUnit(format.unit);
		out.add(content, at + 2, at + 3, LAYER, "unit", `${format.unit}: ${unit ?? "none, or a date or text"}`);
		out.add(content, at + 3, at + 4, LAYER, "length", plural(format.length, "byte"));
		out.add(content, at + 4, value, LAYER, "sign, exponent", exponentWords(format.signExponent));
		const decoded = decodeValue(content.bytes, value, format);
		const text = typeof decoded.value === "string" ? decoded.value : toText(decoded.value);
		const words = `${identity ? out.identity(text) : text} ${decoded.unit ?? ""}`.trim();
		out.add(content, value, valueEnd, LAYER, "value", words, identity ? "identity" : undefined);
		at = valueEnd;
	}
}

function exponentWords(signExponent: number): string {
	const power = signExponent & 0b0011_1111;
	const sign = signExponent & 0b1000_0000 ? "negative, " : "";
	return `${sign}times 10^${signExponent & 0b0100_0000 ? -power : power}`;
}

function number(content: View, at: number, length: number): number {
	let value = 0;
	for (let index = at; index < at + length; index++) value = value * 0x100 + content.at(index);
	return value;
}

function six(value: number): string {
	return `${value}`.padStart(6, "0");
}

// Kamstrup's KMP frames (5512-447): escapes undone, commands by name, registers with their values. Pure.

import { registerName } from "../../protocols/kmp/registers.js";
import { kmpUnit } from "../../protocols/kmp/units.js";
import { type Cell, type Cells, decimalText, Reader } from "./cells.js";

const COMMANDS: Readonly<Record<number, string>> = { 1: "GetType", 2: "GetSerialNo", 16: "GetRegister" };
const GET_SERIAL = 2;
const GET_REGISTER = 16;
const ACKNOWLEDGE = 0x06;
const FROM_METER = 0x40;
const TO_METER = 0x80;
const STOP = 0x0d;
const STUFFING = 0x1b;

export function explainKmp(wire: Reader): void {
	while (wire.left > 0) {
		const start = wire.byte();
		if (start === ACKNOWLEDGE) wire.take(1, "acknowledge");
		else if (start === FROM_METER || start === TO_METER) {
			wire.take(1, start === FROM_METER ? "from the meter" : "to the meter");
			let end = 0;
			while (end < wire.left && wire.byte(end) !== STOP) end++;
			const content = unstuffed(wire.inner(end, "").cells);
			explainContent(new Reader(wire.rows, wire.source, content, "KMP"), start === TO_METER);
			wire.take(1, "stop");
		} else wire.take(wire.left, "");
	}
}

/** 1B and the inverted byte are one byte of content (chapter 3.2). */
function unstuffed(wire: Cells): Cells {
	const cells: Cell[] = [];
	for (let at = 0; at < wire.length; at++) {
		const cell = wire[at] as Cell;
		const next = wire[at + 1];
		if (cell.value !== STUFFING || !next) cells.push(cell);
		else {
			cells.push({ value: next.value ^ 0xff, at: cell.at, size: 2 });
			at++;
		}
	}
	return cells;
}

function explainContent(content: Reader, asks: boolean): void {
	const check = xmodem(content.peek(content.left - 2));
	content.take(1, "destination");
	const command = content.byte();
	content.take(1, "command", COMMANDS[command]);
	const data = content.inner(content.left - 2, "KMP");
	const register = () => data.take(2, "register", data.number(2), { name: registerName(data.number(2)) });
	if (command === GET_REGISTER && asks) {
		data.take(1, "registers", data.byte());
		while (data.left > 1) register();
	}
	// Register, unit, length, sign and exponent, value; one behind the other (chapter 4.2).
	while (command === GET_REGISTER && !asks && data.left > 4) {
		const name = registerName(data.number(2));
		register();
		const [code = 0, length = 0, exponent = 0] = data.peek(3);
		const { unit = "", power } = kmpUnit(code);
		data.take(1, "unit", unit);
		data.take(1, "length", length);
		data.take(1, "sign, exponent");
		const integer = data.peek(length).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
		const tens = exponent & 0x40 ? -(exponent & 0x3f) : exponent & 0x3f;
		const text = decimalText(exponent & 0x80 ? -integer : integer, tens + power);
		data.take(length, "value", `${text} ${unit}`.trim(), { name });
	}
	data.take(data.left, "data", command === GET_SERIAL ? data.number(4) : "");
	content.check(2, "CRC", content.number(2), check);
}

/** CRC-16 with 0x1021 from 0, high bit first. */
function xmodem(bytes: readonly number[]): number {
	return bytes.reduce((sum, byte) => {
		let rest = sum ^ (byte << 8);
		for (let bit = 0; bit < 8; bit++) rest = (rest << 1) ^ (rest & 0x8000 ? 0x11021 : 0);
		return rest;
	}, 0);
}

// DLMS push: HDLC (IEC 62056-46) and M-Bus (EN 13757-2) frames, whose segments are put together; ciphered messages as far
// as they are open, and the A-XDR values of data-notifications (IEC 62056-5-3, IEC 62056-6-2). Pure.

import { cosemUnit } from "../../protocols/dlms/cosem-units.js";
import { quantityName } from "../../readings/obis.js";
import { ascii, type Cells, crc, decimalText, hexText, Reader } from "./cells.js";

const FLAG = 0x7e;
const STOP = 0x16;

export function explainDlms(wire: Reader): void {
	/** Segments so far, and blocks of general block transfer. */
	let message: Cells = [];
	let blocks: Cells = [];
	const of = (cells: Cells, layer: string) => new Reader(wire.rows, wire.source, cells, layer);
	const segment = ({ cells, at }: Reader, isLast: boolean) => {
		message = [...message, ...cells.slice(at)];
		if (!isLast) return;
		const whole = of(message, "LLC");
		message = [];
		if (whole.byte() === 0xe6) whole.take(3, "header");
		if (whole.byte() !== 0xe0) return explainApdu(whole.inner(whole.left, ""));
		const block = whole.inner(whole.left, "GBT");
		const isEnd = block.byte(1) > 0x7f;
		block.take(7, "header");
		blocks = [...blocks, ...block.cells.slice(7)];
		if (!isEnd) return;
		explainApdu(of(blocks, ""));
		blocks = [];
	};
	while (wire.left > 0) {
		const [first, second = 0, third = 0] = wire.peek(3);
		if (first === FLAG) {
			wire.take(1, "flag");
			if (second >> 4 !== 0xa) continue;
			const frame = wire.inner(((second & 7) << 8) | third, "HDLC");
			hdlcFrame(frame);
			segment(frame.inner(frame.left - 2, ""), (second & 8) === 0);
			hdlcCheck(frame, "FCS");
		} else if (first === 0x68) {
			// The length of long frames is written modulo 256.
			const long = wire.byte(second + 5) !== STOP && wire.byte(second + 0x105) === STOP ? 0x100 : 0;
			const frame = wire.inner(second + 6 + long, "M-Bus");
			frame.take(4, "length", second);
			const isLast = (frame.byte(2) & 0x10) !== 0;
			const sum = frame.peek(frame.left - 2).reduce((total, byte) => (total + byte) & 0xff, 0);
			frame.take(5, "C, A, CI, STSAP, DTSAP");
			segment(frame.inner(frame.left - 2, ""), isLast);
			frame.check(1, "checksum", frame.byte(), sum);
			frame.take(1, "stop");
		} else wire.take(wire.left, "");
	}
	of(message, "").take(message.length, "");
}

/** Up to the frame's information. */
function hdlcFrame(frame: Reader): void {
	frame.take(2, "format", frame.cells.length);
	for (const field of ["destination", "source"]) {
		// Bit 0 ends an address.
		let count = 1;
		while (count < 4 && !(frame.byte(count - 1) & 1)) count++;
		frame.take(
			count,
			field,
			frame
				.peek(count)
				.map((byte) => byte >> 1)
				.join(),
		);
	}
	frame.take(1, "control");
	if (frame.left > 2) hdlcCheck(frame, "HCS");
}

function hdlcCheck(frame: Reader, field: string): void {
	const before = frame.cells.slice(0, frame.at).map(({ value }) => value);
	const [low = 0, high = 0] = frame.peek(2);
	frame.check(2, field, low | (high << 8), crc(before, 0x8408, 0xffff) ^ 0xffff);
}

export function explainApdu(apdu: Reader): void {
	const tag = apdu.byte();
	if (tag === 0x0f) explainNotification(apdu.inner(apdu.left, "APDU"));
	else if (tag === 0xdb) explainCiphered(apdu.inner(apdu.left, "cipher"));
	else apdu.take(apdu.left, "");
}

function explainNotification(apdu: Reader): void {
	apdu.take(1, "data-notification");
	apdu.take(4, "invoke-id");
	// 09 before the length does not belong here, but some meters have it.
	apdu.take(apdu.byte() === 9 ? 2 : 1, "length");
	if (apdu.byte(-1) === 12) apdu.take(12, "date-time", dateTime(apdu.peek(12)));
	const tree = apdu.inner(apdu.left, "A-XDR");
	explainValue(tree, 0, {});
	tree.take(tree.left, "");
}

/** general-glo-ciphering; P1's encrypted telegrams are the same. */
function explainCiphered(apdu: Reader): void {
	apdu.take(1, "general-glo-ciphering");
	const title = takeLength(apdu, "length");
	apdu.take(title, "system title", ascii(apdu.peek(3)));
	const length = takeLength(apdu, "length");
	const control = apdu.byte();
	apdu.take(1, "security");
	apdu.take(4, "invocation counter", apdu.number(4));
	const tag = control & 0x10 ? 12 : 0;
	apdu.take(length - 5 - tag, control & 0x20 ? "ciphertext" : "text");
	apdu.take(tag, "GCM tag");
	apdu.take(apdu.left, "");
}

/** Bytes that a length takes (BER), and what it says. */
function lengthAt(reader: Reader, ahead: number): readonly [size: number, length: number] {
	const first = reader.byte(ahead);
	if (first < 0x80) return [1, Math.max(first, 0)];
	const size = 1 + (first & 0x7f);
	return [
		size,
		reader
			.peek(ahead + size)
			.slice(ahead + 1)
			.reduce((sum, byte) => sum * 256 + byte, 0),
	];
}

function takeLength(reader: Reader, field: string): number {
	const [size, length] = lengthAt(reader, 0);
	reader.take(size, field, length);
	return length;
}

/** By tag, and the bytes of those with a fixed size, as hexadecimal digits. */
const TAGS =
	"null,array,structure,boolean,bit-string,int32,uint32,,,octet-string,visible-string,,utf8-string,bcd,,int8,int16,uint8,uint16,,int64,uint64,enum,float32,float64,date-time".split(
		",",
	);
const SIZES = "0  1 44      1 1212 88148C";
const DEEPEST = 12;

/** `before`: the code that stands before a value among its neighbours. */
function explainValue(tree: Reader, depth: number, before: { name?: string | undefined }): void {
	const tag = tree.byte();
	const name = TAGS[tag];
	if (!name || depth > DEEPEST) return;
	const fixed = Number.parseInt(SIZES[tag] ?? "", 16);
	const [head, length] = Number.isNaN(fixed) ? lengthAt(tree, 1) : [0, fixed];
	const field = "· ".repeat(depth) + name;
	if (tag === 1 || tag === 2) {
		tree.take(1 + head, field, length);
		const inside = {};
		for (let member = 0; member < length && tree.left > 0; member++) explainValue(tree, depth + 1, inside);
		return;
	}
	const size = 1 + head + (tag === 4 ? (length + 7) >> 3 : length);
	const bytes = tree.peek(size).slice(1 + head);
	if (tag === 9 && length === 6) {
		const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
		before.name = quantityName({ a, b, c, d, e, f });
		tree.take(size, field, `${a}-${b}:${c}.${d}.${e}.${f}`, before);
	} else tree.take(size, field, valueText(tree, tag, bytes, size), before);
}

function valueText(tree: Reader, tag: number, bytes: readonly number[], size: number): string {
	if (tag === 25 || (tag === 9 && bytes.length === 12)) return dateTime(bytes);
	if (tag > 8 && tag < 13) return /\./.test(ascii(bytes)) ? "" : ascii(bytes);
	const kind = TAGS[tag] ?? "";
	if (!/int|enum/.test(kind)) return "";
	const unsigned = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
	const integer = kind.startsWith("int") ? BigInt.asIntN(8 * bytes.length, unsigned) : unsigned;
	// Behind it a structure of two, scaler (int8) and unit (enum).
	const [structure, two, int8, scaler = 0, enumeration, unit = 0] = tree.peek(size + 6).slice(size);
	if (structure !== 2 || two !== 2 || int8 !== 15 || enumeration !== 22) return `${integer}`;
	return `${integer} = ${decimalText(integer, (scaler << 24) >> 24)} ${cosemUnit(unit) ?? ""}`.trim();
}

/** COSEM's date-time (IEC 62056-6-2, 4.1.6.1): year, month, day, weekday, hour, minute, second, …; as bytes where it is none. */
function dateTime(bytes: readonly number[]): string {
	const [high = 255, low = 255, month = 0, day = 0, , ...time] = bytes;
	if (month > 12 || day > 31) return hexText(bytes);
	const two = (value: number) => `${value}`.padStart(2, "0");
	return `${high * 256 + low}-${two(month)}-${two(day)} ${time.slice(0, 3).map(two).join(":")}`;
}

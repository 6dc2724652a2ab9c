// Numbers that are printed as before are read by their digits alone, four in one look: that must come to what reading them
// character by character comes to, and nothing that is printed otherwise may pass for them.

import { UnitBook } from "../../../protocols/p1/bytes.js";
import { Columns } from "../../../protocols/p1/codes.js";
import { NumberReader } from "../../../protocols/p1/numbers.js";
import { latin1 } from "./support.js";

const CODE = "1-0:1.8.1(";
const NEXT = "1-0:1.8.2(0)\r\n";

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A reader that knows how `printed` is printed, and what it learned. */
function learned(printed: string) {
	const reader = new NumberReader(new UnitBook());
	const columns = new Columns(1);
	const bytes = latin1(`${CODE}${printed})\r\n${NEXT}`);
	expect(reader.read(bytes, CODE.length, bytes.length)).toBe(true);
	reader.learn(columns, 0, viewOf(bytes), CODE.length, CODE.length + printed.length + 3);
	return { reader, columns, bytes };
}

function fieldsOf({ mantissa, exponent, unit, end }: NumberReader) {
	return { mantissa, exponent, unit, end };
}

// Numbers of DSMR 5.0.2, table 6-1, and of meters of docs/protocols/p1.md.
test.each([
	["006978.200*kWh", "191817.163*kWh", 191_817_163, -3],
	["00012345.678*kWh", "99999999.999*kWh", 99_999_999_999, -3],
	["00000000.0*kWh", "12345678.9*kWh", 123_456_789, -1],
	["02.221*kW", "99.999*kW", 99_999, -3],
	["232.2*V", "101.9*V", 1019, -1],
	["003*A", "016*A", 16, 0],
	["00002", "65535", 65_535, 0],
	["0", "7", 7, 0],
	["000280.000*kvarh", "000281.125*kvarh", 281_125, -3],
	[".25*kW", ".75*kW", 75, -2],
])("after %s, %s is %d × 10^%d by its digits alone", (before, after, mantissa, exponent) => {
	const { reader, columns, bytes } = learned(before);
	const { unit, end } = reader;
	bytes.set(latin1(after), CODE.length);
	const next = reader.readAsBefore(columns, 0, viewOf(bytes), CODE.length, bytes.length);
	expect(next).toBe(bytes.length - NEXT.length);
	expect(fieldsOf(reader)).toEqual({ mantissa, exponent, unit, end });
});

test.each([
	"006978.200*kWh",
	"00012345.678*kWh",
	"02.221*kW",
	"232.2*V",
	"003*A",
	"00002",
	"000280.000*kvarh",
])("%s with any other byte in any place is read as character by character, or not at all", (printed) => {
	const { reader, columns, bytes } = learned(printed);
	const slow = new NumberReader(new UnitBook());
	let alike = 0;
	const behind = CODE.length + printed.length + 3;
	for (let at = CODE.length; at <= behind; at++)
		for (let byte = 0; byte < 256; byte++) {
			const other = bytes.slice();
			other[at] = byte;
			const next = reader.readAsBefore(columns, 0, viewOf(other), CODE.length, other.length);
			if (next === 0) continue;
			alike++;
			expect(next).toBe(behind);
			expect(slow.read(other, CODE.length, other.length)).toBe(true);
			const { mantissa, exponent, end } = fieldsOf(slow);
			expect(fieldsOf(reader)).toMatchObject({ mantissa, exponent, end });
			// Nothing but digits may be other ones; behind a long ending the next line's first character is any but a bracket.
			if (at < behind) expect(byte === bytes[at] || (byte >= 0x30 && byte <= 0x39)).toBe(true);
			else expect(byte === bytes[at] || (printed.length > 14 && byte > 0x28)).toBe(true);
		}
	// Each digit may be each of ten, all other characters are themselves.
	const digits = printed.split("*")[0]?.replace(".", "").length ?? 0;
	const long = behind - CODE.length - (printed.split("*")[0]?.length ?? 0) > 8;
	expect(alike).toBe(10 * digits + (printed.length + 3 - digits) + (long ? 256 - 0x29 : 1));
});

test.each([
	["a number cut off by the end", "232.2*V", 8],
	["one whose ending reaches over it", "232.2*V", 12],
])("%s is not read", (_, printed, length) => {
	const { reader, columns, bytes } = learned(printed);
	const limit = CODE.length + length;
	expect(reader.readAsBefore(columns, 0, viewOf(bytes), CODE.length, limit)).toBe(0);
});

test.each(["123456789.0*kWh", "0.1234*kWh", "1*impuls", "12345678901"])(
	"%s is too long to be known again",
	(printed) => {
		const { reader, columns, bytes } = learned(printed);
		expect(reader.readAsBefore(columns, 0, viewOf(bytes), CODE.length, bytes.length)).toBe(0);
	},
);

test("more units than the book holds are left to the slower reader", () => {
	const reader = new NumberReader(new UnitBook());
	const results = Array.from({ length: 20 }, (_, index) => {
		const bytes = latin1(`1*u${String.fromCharCode(0x61 + index)})`);
		return reader.read(bytes, 0, bytes.length);
	});
	expect(results).toEqual(results.map((_, index) => index < 12));
});

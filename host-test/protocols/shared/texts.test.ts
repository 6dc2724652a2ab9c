// What all protocols share of texts and checks: CRCs against the catalogue's check values and worked frames, ISO 8601 from
// calendar parts, lines in short, tables in a text, hexadecimal digits and keys.

import { tableChecksums } from "../../../protocols/shared/checksums.js";
import { isoDate, isoDateTime, isoMonthDay, isoTime } from "../../../protocols/shared/iso-time.js";
import { joined } from "../../../protocols/shared/joined.js";
import { lineOf, linesOf } from "../../../protocols/shared/lines.js";
import { makerName } from "../../../protocols/shared/makers.js";
import { lookUp } from "../../../protocols/shared/table.js";
import { hexDigit, hexText, keyBytes, textOf } from "../../../protocols/shared/text.js";
import { ascii, hex } from "../asking.js";

describe("checksums", () => {
	const checksums = tableChecksums();
	const digits = ascii("123456789");

	// Catalogue of parametrised CRC algorithms.
	test.each([
		["arc", 0xbb3d],
		["x25", 0x906e],
		["xmodem", 0x31c3],
	] as const)("CRC-16 %s of 123456789, alone and inside other bytes", (name, check) => {
		expect(checksums[name](digits, 0, 9)).toBe(check);
		expect(checksums[name](ascii("0123456789 "), 1, 10)).toBe(check);
	});

	test("of worked frames: SNRM's FCS, a KMP request, a P1 telegram", () => {
		const snrm = hex("A0 08 02 23 21 93");
		// On the wire low byte first: BD 64.
		expect(checksums.x25(snrm, 0, snrm.length)).toBe(0x64bd);
		expect(checksums.xmodem(hex("3F 01"), 0, 2)).toBe(0x058a);
		const telegram = ascii("/TEST\r\n\r\n1-3:0.2.8(50)\r\n!");
		expect(checksums.arc(telegram, 0, telegram.length)).toBe(0x2a99);
	});

	test("of nothing is the initial value", () => {
		expect([
			checksums.arc(digits, 3, 3),
			checksums.x25(digits, 3, 3),
			checksums.xmodem(digits, 3, 3),
		]).toEqual([0, 0, 0]);
	});
});

describe("ISO 8601", () => {
	test.each([
		[2024, 2, 29, "2024-02-29"],
		[2023, 2, 29, undefined],
		[2100, 2, 29, undefined],
		[2000, 2, 29, "2000-02-29"],
		[2023, 2, 28, "2023-02-28"],
		[2023, 4, 30, "2023-04-30"],
		[2023, 4, 31, undefined],
		[2023, 6, 31, undefined],
		[2023, 9, 31, undefined],
		[2023, 11, 31, undefined],
		[2023, 12, 31, "2023-12-31"],
		[2023, 1, 31, "2023-01-31"],
		[2023, 8, 32, undefined],
		[2023, 13, 1, undefined],
		[2023, 0, 1, undefined],
		[2023, 1, 0, undefined],
		[1900, 1, 1, "1900-01-01"],
		[1899, 12, 31, undefined],
		[9999, 10, 10, "9999-10-10"],
		[10000, 1, 1, undefined],
		[Number.NaN, 1, 1, undefined],
	])("date %d %d %d", (year, month, day, expected) => expect(isoDate(year, month, day)).toBe(expected));

	test.each([
		[2, 29, "--02-29"],
		[2, 30, undefined],
		[8, 24, "--08-24"],
		[12, 31, "--12-31"],
		[4, 31, undefined],
		[0, 1, undefined],
		[13, 1, undefined],
		[1, 0, undefined],
		[1, 1, "--01-01"],
	])("month and day %d %d", (month, day, expected) => expect(isoMonthDay(month, day)).toBe(expected));

	test.each([
		[0, 0, 0, "00:00:00"],
		[23, 59, 59, "23:59:59"],
		[9, 10, 9, "09:10:09"],
		[24, 0, 0, undefined],
		[0, 60, 0, undefined],
		[0, 0, 60, undefined],
		[-1, 0, 0, undefined],
		[0, -1, 0, undefined],
		[0, 0, -1, undefined],
		[Number.NaN, 0, 0, undefined],
	])("time %d %d %d", (hour, minute, second, expected) =>
		expect(isoTime(hour, minute, second)).toBe(expected),
	);

	test("date and time together, with an offset, and not without one of them", () => {
		expect(isoDateTime("2007-07-30", "16:15:57")).toBe("2007-07-30T16:15:57");
		expect(isoDateTime("2007-07-30", "16:15:57", "+02:00")).toBe("2007-07-30T16:15:57+02:00");
		expect(isoDateTime(undefined, "16:15:57")).toBeUndefined();
		expect(isoDateTime("2007-07-30", undefined)).toBeUndefined();
	});
});

describe("lines in short", () => {
	test.each([
		["300 7E1", { baud: 300, dataBits: 7, parity: "even", stopBits: 1, invertReceive: false }],
		["1200 8N2", { baud: 1200, dataBits: 8, parity: "none", stopBits: 2, invertReceive: false }],
		["9600 8O1 inverted", { baud: 9600, dataBits: 8, parity: "odd", stopBits: 1, invertReceive: true }],
	])("%s", (text, expected) => expect(lineOf(text)).toEqual({ ...expected, invertTransmit: false }));

	test("several, the usual one first", () => {
		expect(
			linesOf("115200 8N1 inverted, 9600 7E1").map(({ baud, invertReceive }) => [baud, invertReceive]),
		).toEqual([
			[115_200, true],
			[9600, false],
		]);
	});
});

describe("tables", () => {
	const TABLE = "\n1 one\n11 eleven times two\n2 two\n";

	test("the whole key is compared, and the whole line is its value", () => {
		expect([lookUp(TABLE, 1), lookUp(TABLE, "11"), lookUp(TABLE, 2)]).toEqual([
			"one",
			"eleven times two",
			"two",
		]);
		expect([lookUp(TABLE, 3), lookUp(TABLE, "one"), lookUp(TABLE, "")]).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});

	// Letters of the FLAG Association's list.
	test.each([
		["KAM", "Kamstrup"],
		["LGZ", "Landis+Gyr"],
		["SAG", "Sagemcom"],
		["ISK", "Iskraemeco"],
		["AUX", undefined],
	])("maker %s", (letters, expected) => expect(makerName(letters)).toBe(expected));
});

describe("bytes as text", () => {
	test.each([0, 1, 31, 32, 33, 64, 65, 200])("%d characters", (length) => {
		const letters = Array.from({ length }, (_, index) => String.fromCharCode(0x41 + (index % 26))).join("");
		expect(textOf(ascii(`<${letters}>`), 1, 1 + length)).toBe(letters);
	});

	test("hexadecimal digits, of all or of some", () => {
		expect(hexText(hex("00 09 A0 FF"))).toBe("0009A0FF");
		expect(hexText(hex("00 09 A0 FF"), 1, 3)).toBe("09A0");
	});

	test("a digit of either case has its value, its neighbours have none", () => {
		expect([..."0123456789abcdefABCDEF"].map((digit) => hexDigit(digit.charCodeAt(0)))).toEqual([
			0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 10, 11, 12, 13, 14, 15,
		]);
		for (const other of "/:@G`g ") expect(hexDigit(other.charCodeAt(0))).toBe(-1);
	});

	test("a key has 32 digits, no more, no less, and nothing else", () => {
		expect(keyBytes("000102030405060708090A0B0c0d0e0f")).toEqual(hex("000102030405060708090A0B0C0D0E0F"));
		expect(keyBytes("F0E1D2C3B4A5968778695A4B3C2D1E0F")?.[0]).toBe(0xf0);
		for (const wrong of [
			"",
			"000102030405060708090A0B0C0D0E0",
			"000102030405060708090A0B0C0D0E0F0",
			"G00102030405060708090A0B0C0D0E0F",
			"0G0102030405060708090A0B0C0D0E0F",
			"000102030405060708090A0B0C0D0EXX",
			undefined,
			12345678901234567890123456789012,
		])
			expect(keyBytes(wrong)).toBeUndefined();
	});

	test("pieces put together", () => {
		expect(joined(hex("01"), hex(""), hex("02 03"))).toEqual(hex("01 02 03"));
		expect(joined()).toEqual(new Uint8Array());
	});
});

// The parts that DLMS pushes are read with, one by one: units and measures (IEC 62056-6-2 and -61), makers, lengths
// (IEC 61334-6), texts, times, frames. Expected values by those documents and PROTOCOLS.md 5, 6 and 8; worked out by hand.

import { notificationHeader } from "../../../protocols/dlms/apdu.js";
import { cosemTime } from "../../../protocols/dlms/cosem-time.js";
import { baseUnit, cosemUnit, measureOf } from "../../../protocols/dlms/cosem-units.js";
import { hdlcFrames } from "../../../protocols/dlms/encode/frames.js";
import { gbtBlock } from "../../../protocols/dlms/gbt.js";
import { HdlcReader } from "../../../protocols/dlms/hdlc.js";
import { readLength } from "../../../protocols/dlms/length.js";
import { isLlc } from "../../../protocols/dlms/llc.js";
import { makerOf } from "../../../protocols/dlms/makers.js";
import { MbusReader } from "../../../protocols/dlms/mbus.js";
import { startsWith, textAt } from "../../../protocols/dlms/text.js";
import { FRAME_10_S } from "./frames.js";
import { checksums, hex, joined } from "./support.js";

const ascii = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));

describe("units", () => {
	test("codes of scaler-unit have the table's spellings; 254 and 255 are pure numbers; the others are none", () => {
		const known = Array.from({ length: 256 }, (_, code) => [code, cosemUnit(code)] as const).filter(
			([, unit]) => unit !== undefined,
		);
		expect(known.map(([code, unit]) => `${code} ${unit}`)).toEqual(
			"4 d,5 h,6 min,7 s,8 °,9 °C,13 m³,14 m³,15 m³/h,16 m³/h,19 L,20 kg,23 Pa,24 bar,25 J,26 J/h,27 W,28 VA,29 var,30 Wh,31 VAh,32 varh,33 A,35 V,38 Ω,44 Hz,45 imp/Wh,46 imp/varh,52 K,56 %,57 Ah,254 ,255 ".split(
				",",
			),
		);
	});

	const unit = (c: number, d: number, a = 1) => {
		const obis = { a, b: 0, c, d, e: 0, f: 255 };
		const measure = measureOf(obis);
		return `${measure} ${baseUnit(obis, measure)}`.trim();
	};
	test("instantaneous groups 1 to 20, of the sum and of each phase", () => {
		const expected =
			"power W,power W,power var,power var,power var,power var,power var,power var,power VA,power VA,current A,voltage V,factor,frequency Hz,power W,power W,power W,power W,power W,power W".split(
				",",
			);
		for (const phase of [0, 20, 40, 60])
			expect(Array.from({ length: 20 }, (_, index) => unit(index + 1 + phase, 7))).toEqual(expected);
		expect([unit(81, 7), unit(91, 7), unit(82, 7), unit(92, 7), unit(1, 7, 0)]).toEqual([
			"angle °",
			"current A",
			"none",
			"none",
			"none",
		]);
	});

	test("energies are what group D 8, 9 and 29 say, powers 4 to 7", () => {
		expect([1, 2, 3, 8, 9, 10, 15, 21, 63].map((c) => unit(c, 8))).toEqual(
			"energy Wh,energy Wh,energy varh,energy varh,energy VAh,energy VAh,energy Wh,energy Wh,energy varh".split(
				",",
			),
		);
		expect([3, 4, 5, 6, 7, 8, 9, 10, 28, 29, 30].map((d) => unit(1, d))).toEqual(
			"none,power W,power W,power W,power W,energy Wh,energy Wh,none,none,energy Wh,none".split(","),
		);
		expect([11, 12, 13, 14, 91].map((c) => unit(c, 8))).toEqual(Array(5).fill("none"));
	});
});

test("a maker is three capital letters: his name, or the letters", () => {
	expect(
		["KAM\x01", "KFM", "AAA", "ZZZ", "xKAM"].map((text, index) => makerOf(ascii(text), index === 4 ? 1 : 0)),
	).toEqual(["Kamstrup", "Kaifa", "AAA", "ZZZ", "Kamstrup"]);
	for (const text of ["kam", "KA@", "KA[", "@AM", "[AM", "K1M", "KA", ""])
		expect(makerOf(ascii(text))).toBeUndefined();
});

describe("lengths", () => {
	test.each([
		["00", 0, 1],
		["03 414243", 3, 1],
		[`7F ${"00".repeat(127)}`, 127, 1],
		["81 03 414243", 3, 2],
		[`81 80 ${"00".repeat(128)}`, 128, 2],
		["82 0003 414243", 3, 3],
		[`82 0100 ${"00".repeat(256)}`, 256, 3],
	])("%s", (text, length, at) => {
		const bytes = hex(`FF ${text}`);
		const cursor = { at: 1 };
		expect([readLength(bytes, cursor, bytes.length), cursor.at]).toEqual([length, 1 + at]);
		expect(readLength(bytes, { at: 1 }, bytes.length - 1)).toBe(-1);
	});

	test.each(["", "80", "80 00", "83 000001 41", "81", "82 00", "FF"])("%s is none", (text) =>
		expect(readLength(hex(text), { at: 0 }, hex(text).length)).toBe(-1),
	);
});

test("an LLC header is E6 E7 00 or E6 E6 00, whole", () => {
	const known = ["E6E700", "E6E600", "E6E70001", "E7E700", "E6E500", "E6E701", "E6E7", ""].map((text) => {
		const bytes = hex(`00 ${text}`);
		return isLlc(bytes, 1, bytes.length);
	});
	expect(known).toEqual([true, true, true, false, false, false, false, false]);
	expect(isLlc(hex("E6E700"), 0, 2)).toBe(false);
});

describe("texts", () => {
	test.each([
		["KAM", "KAM"],
		[" K~M ", "K~M"],
		["\0\0KAM\0 ", "KAM"],
		["\0 \0", ""],
		["", ""],
		["K\x1fM", "4B1F4D"],
		["K\x7fM", "4B7F4D"],
		["K\0M", "4B004D"],
		["x".repeat(300), "x".repeat(256)],
		[`${"x".repeat(256)}\x01`, "x".repeat(256)],
		[`\x01${"x".repeat(299)}`, `01${"78".repeat(255)}`],
	])("%j is %j", (text, expected) => expect(textAt(ascii(`a${text}b`), 1, text.length)).toBe(expected));

	test("begin as they do", () => {
		const begins = (text: string, letters: string) => startsWith(ascii(`x${text}`), 1, text.length, letters);
		expect([
			begins("KFM_001", "KFM_"),
			begins("KFM_", "KFM_"),
			begins("KFM", "KFM_"),
			begins("KFN_", "KFM_"),
			begins("", ""),
		]).toEqual([true, true, false, false, true]);
	});
});

describe("times", () => {
	test.each([
		["07B20101FF000000FF800000", "1970-01-01T00:00:00"],
		["07B10101FF000000FF800000", undefined],
		["08970101FF000000FF800000", "2199-01-01T00:00:00"],
		["08980101FF000000FF800000", undefined],
		["07E8060AFF0A0A0AFF0000", "2024-06-10T10:10:10+00:00"],
		["07E80601FF090909FFFDF6", "2024-06-01T09:09:09+08:42"],
		["07E80601FF090909FFFCB8", "2024-06-01T09:09:09+14:00"],
		["07E80601FF090909FF0348", "2024-06-01T09:09:09-14:00"],
		["07E80601FF090909FFFCB7", "2024-06-01T09:09:09"],
		["07E80601FF090909FF0349", "2024-06-01T09:09:09"],
		["07E80601FF090909FF7FFF", "2024-06-01T09:09:09"],
		["07E80601FF090909FF8001", "2024-06-01T09:09:09"],
	])("%s is %s", (bytes, text) => expect(cosemTime(hex(bytes), 0)).toBe(text));

	test("a header's time may be tagged and empty; it must be whole", () => {
		const time = "07E3011F040D240AFF800000";
		const header = (text: string) => notificationHeader(hex(`FF${text}`), 1, hex(text).length + 1);
		expect(header("0F40000000 0900 0201")).toEqual({ time: -1, body: 8 });
		expect(header(`0F40000000 0C ${time}`)).toEqual({ time: 7, body: 19 });
		expect(header(`0F40000000 0C ${time.slice(2)}`)).toBe("truncated");
		expect([header("0F40000000"), header("0F40000000 00")]).toEqual(["truncated", { time: -1, body: 7 }]);
	});
});

test("a block of general block transfer is number, data and whether it is the last, or not whole", () => {
	const block = (text: string) => gbtBlock(hex(`FF${text}`), 1, hex(text).length + 1);
	expect(block("E0 40 0102 0000 03 414243")).toEqual({
		number: 0x102,
		last: false,
		dataStart: 8,
		dataEnd: 11,
	});
	expect(block("E0 C0 0001 0000 00")).toEqual({ number: 1, last: true, dataStart: 8, dataEnd: 8 });
	expect(block("E0 C0 0001 0000 8101 41")).toEqual({ number: 1, last: true, dataStart: 9, dataEnd: 10 });
	for (const text of ["E0 C0 0001 0000", "E0 C0 0001 0000 03 4142", "E0"])
		expect(block(text)).toBeUndefined();
});

describe("an HDLC frame", () => {
	const read = (bytes: Uint8Array, from = 0) => {
		const reader = new HdlcReader(checksums);
		const all = joined(new Uint8Array(from), bytes);
		return [reader.read(all, from, all.length), reader] as const;
	};
	test("is not decided before it is there; then its fields say where its parts are", () => {
		for (let length = 1; length < FRAME_10_S.length; length++)
			expect(read(FRAME_10_S.subarray(0, length))[0]).toBe("more");
		const [verdict, fields] = read(FRAME_10_S, 5);
		expect(verdict).toBe("good");
		expect(fields).toMatchObject({
			length: 226,
			segmented: false,
			sourceAt: 9,
			controlAt: 10,
			infoStart: 13,
			infoEnd: 5 + 225,
		});
	});

	test.each([1, 2, 4])("has addresses of %d bytes", (size) => {
		const address = Array.from({ length: size }, (_, index) => (index === size - 1 ? 0x03 : 0x02));
		const frame = hdlcFrames(new Uint8Array(0), checksums, { destination: address, source: address });
		expect(read(frame)[0]).toBe("good");
		for (let length = 1; length < frame.length; length++)
			expect(read(frame.subarray(0, length))[0]).toBe("more");
		expect(read(frame)[1]).toMatchObject({ sourceAt: 3 + size, controlAt: 3 + 2 * size });
	});

	test.each([
		["7E 9007 0321 13 0000 7E", "none"],
		["7E B007 0321 13 0000 7E", "none"],
		["7E A006 0321 13 0000 7E", "length"],
		["7E A007 020321 13 00 7E", "length"],
		["7E A008 020321 13 00 00 7E", "fcs"],
		["7E A00A 0321 13 0000 0000 00 7E", "hcs"],
		["7E A00A 0202020221 0000 0000 7E", "length"],
		["7E A00A 0302020202 0000 0000 7E", "length"],
	])("%s: %s", (text, verdict) => expect(read(hex(text))[0]).toBe(verdict));

	test("that does not end where it says is told with what stands there", () => {
		const frame = FRAME_10_S.slice();
		frame[frame.length - 1] = 0x7f;
		const [verdict, { expected, actual }] = read(frame);
		expect([verdict, expected, actual]).toEqual(["flag", 0x7e, 0x7f]);
	});
});

describe("an M-Bus frame", () => {
	const read = (bytes: Uint8Array, final = false, from = 0) => {
		const reader = new MbusReader();
		const all = joined(new Uint8Array(from), bytes);
		return [reader.read(all, from, all.length, final), reader] as const;
	};
	const framed = (ci: number, data: number[], length = 5 + data.length) => {
		const body = [0x53, 0xff, ci, 0x01, 0x67, ...data];
		const sum = body.reduce((total, byte) => total + byte, 0);
		return Uint8Array.of(0x68, length & 0xff, length & 0xff, 0x68, ...body, sum & 0xff, 0x16);
	};

	test("is not decided before it is there; then its fields say where its data are", () => {
		const frame = framed(0x10, [1, 2, 3]);
		for (let length = 1; length < frame.length; length++) {
			expect(read(frame.subarray(0, length))[0]).toBe("more");
			expect(read(frame.subarray(0, length), true)[0]).toBe("more");
		}
		const [verdict, fields] = read(frame, false, 3);
		expect(verdict).toBe("good");
		expect(fields).toMatchObject({
			size: 14,
			isSegment: true,
			controlInformation: 0x10,
			number: 0,
			last: true,
			dataStart: 12,
			dataEnd: 15,
		});
	});

	test.each([
		[0x00, true, 0, false],
		[0x01, true, 1, false],
		[0x0f, true, 15, false],
		[0x12, true, 2, true],
		[0x1f, true, 15, true],
		[0x20, false, 0, false],
		[0x72, false, 2, true],
		[0x80, false, 0, false],
	])("CI %d: segment %s, number %d, last %s", (ci, isSegment, number, last) =>
		expect(read(framed(ci, []))[1]).toMatchObject({ isSegment, number, last, size: 11 }),
	);

	test("whose length is over 255 tells its rest; below 5 it can be nothing else", () => {
		const data = Array.from({ length: 252 }, () => 7);
		const frame = framed(0x10, data);
		expect([frame[1], read(frame)[0], read(frame)[1].size]).toEqual([1, "good", 4 + 257 + 2]);
		expect(read(frame.subarray(0, 200))[0]).toBe("more");
		expect(read(frame.subarray(0, 200), true)[0]).toBe("more");
		const wide = framed(
			0x10,
			Array.from({ length: 261 }, () => 7),
		);
		expect([wide[1], read(wide)[0]]).toEqual([10, "good"]);
	});

	test("with another sum or end is damaged as soon as it cannot be a long one any more", () => {
		for (const at of [4, -2, -1]) {
			const frame = framed(0x10, [1, 2, 3]);
			const place = (at + frame.length) % frame.length;
			frame[place] = (frame[place] as number) ^ 1;
			expect(read(frame)[0]).toBe("more");
			const [verdict, { size }] = read(frame, true);
			expect([verdict, size]).toEqual(["checksum", 14]);
			expect(read(joined(frame, new Uint8Array(256)))[0]).toBe("checksum");
		}
		const frame = framed(0x10, [1, 2, 3]);
		frame[12] = 0;
		expect(read(frame, true)[1]).toMatchObject({
			expected: 0x53 + 0xff + 0x10 + 0x01 + 0x67 + 6 - 0x100,
			actual: 0,
		});
	});

	test.each(["68 06 07", "68 06 06 69", "68 06 07 68", "68 06 05 68 00"])("%s is none", (text) =>
		expect(read(hex(text))[0]).toBe("none"),
	);
});

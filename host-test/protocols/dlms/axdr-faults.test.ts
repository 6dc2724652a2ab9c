// A-XDR at its edges: where each fault lies, compact arrays, makers' slips that look like data, what an item is taken for.
// From IEC 61334-6 and the table of data types of IEC 62056-6-2.

import { AxdrItems, MOST_ITEMS } from "../../../protocols/dlms/axdr.js";
import { DEEPEST, descriptionEnd, fixedSize, isVariable, Tag } from "../../../protocols/dlms/axdr-tags.js";
import {
	type AxdrValue,
	array,
	axdrValue,
	encodeAxdr,
	int16,
	scalerUnit,
	structure,
	text,
	uint32,
} from "../../../protocols/dlms/encode/axdr-value.js";
import { toText } from "../../../readings/decimal.js";
import { hex, joined } from "./support.js";

/** Parsed between other bytes: the fault, and where it lies counted from the value's first byte. */
function parsed(body: string | Uint8Array, lenient = false) {
	const value = typeof body === "string" ? hex(body) : body;
	const bytes = joined(hex("FFFF"), value, hex("0101010101010101"));
	const items = new AxdrItems();
	const fault = items.parse(bytes, 2, 2 + value.length, lenient);
	return { fault, at: items.end - 2, items };
}
const fault = (body: string | Uint8Array, lenient = false) => {
	const { fault, at } = parsed(body, lenient);
	return fault && `${fault} ${at}`;
};

describe("a fault lies", () => {
	test.each([
		["07", "type 0"],
		["02 01 07", "type 2"],
		["02 01 02 01 07", "type 4"],
		["02 02 11 01 22 00", "type 4"],
		["", "truncated 0"],
		["02", "truncated 1"],
		["02 02 11 01", "truncated 4"],
		["11", "truncated 1"],
		["06 000000", "truncated 1"],
		["09 05 01", "truncated 2"],
		["04 09 01", "truncated 2"],
		["09", "truncated 1"],
		["09 80", "truncated 2"],
		["09 81", "truncated 2"],
		["09 85 0000000001 41", "truncated 2"],
		["09 83 010000 41", "truncated 5"],
	])("of %s where it should: %s", (body, expected) => expect(fault(body)).toBe(expected));

	test.each([
		["09 00", undefined],
		["04 00", undefined],
		["04 08 80", undefined],
		["04 09 8080", undefined],
		["09 83 000001 41", undefined],
		["09 84 00000001 41", undefined],
		["02 00", undefined],
	])("nowhere in %s", (body, expected) => expect(fault(body)).toBe(expected));

	test("where there are more items, or containers in containers, than are kept", () => {
		const wide = (count: number) =>
			joined(Uint8Array.of(1, 0x82, count >> 8, count & 255), new Uint8Array(count));
		expect(fault(wide(MOST_ITEMS - 1))).toBeUndefined();
		expect(fault(wide(MOST_ITEMS))).toBe(`items ${4 + MOST_ITEMS}`);
		expect(fault(wide(MOST_ITEMS + 1))).toBe("items 4");
		const full = joined(hex("02 02"), wide(MOST_ITEMS - 2), hex("02 00"));
		expect(fault(full)).toBe(`items ${full.length}`);
		const deep = (count: number) => joined(...Array.from({ length: count }, () => hex("02 01")), hex("00"));
		expect(fault(deep(DEEPEST))).toBeUndefined();
		expect(fault(deep(DEEPEST + 1))).toBe(`depth ${2 * DEEPEST + 1}`);
	});
});

describe("compact arrays", () => {
	const tree = (body: string) => {
		const { fault, items } = parsed(body);
		const shown = (item: number): unknown => {
			if (!items.isContainer(item))
				return items.isText(item) ? `t${items.length(item)}` : Number(items.integer(item));
			const members: unknown[] = [];
			for (let member = item + 1; member < items.next(item); member = items.next(member))
				members.push(shown(member));
			return members;
		};
		return fault ?? shown(0);
	};
	test.each([
		["13 11 03 010203", [1, 2, 3]],
		["13 11 00", []],
		["13 12 04 0001 0002", [1, 2]],
		["13 09 05 01 41 02 4142", ["t1", "t2"]],
		["13 0A 02 01 41", ["t1"]],
		["13 0C 02 01 41", ["t1"]],
		[
			"13 02 02 12 0F 06 0102FF 030401",
			[
				[258, -1],
				[772, 1],
			],
		],
		[
			"13 02 02 02 01 11 11 04 01020304",
			[
				[[1], 2],
				[[3], 4],
			],
		],
		[
			"13 01 0002 11 04 01020304",
			[
				[1, 2],
				[3, 4],
			],
		],
		["13 02 02 01 0002 11 11 03 010203", [[[1, 2], 3]]],
		["13 01 0101 11 82 0101".concat("07".repeat(257)), [Array(257).fill(7)]],
	])("%s", (body, expected) => expect(tree(body)).toEqual(expected));

	test("of bit strings too", () => {
		const { items } = parsed("13 04 02 09 8080".replace("02 09", "03 09"));
		expect([items.length(0), items.tag(1), items.length(1)]).toEqual([1, Tag.bitString, 9]);
	});

	test.each([
		["13 07 01 00", "type 1"],
		["13 13 11 01 00", "type 1"],
		["13", "type 1"],
		["13 01 00", "type 1"],
		["13 02 02 11", "type 1"],
		["13 02 01 07 01 00", "type 1"],
		["13 11", "truncated 2"],
		["13 11 03 0102", "truncated 3"],
		["13 12 03 000102", "truncated 5"],
		["13 00 01 00", "type 3"],
		["13 02 00 01 00", "type 4"],
		["13 09 03 05 4142", "truncated 4"],
		["13 01 01FF 11 01 07", "truncated 7"],
	])("%s is none: %s", (body, expected) => expect(fault(body)).toBe(expected));

	test("describe what is too deep, or too many, as such", () => {
		const nested = (count: number) =>
			joined(hex("13"), ...Array.from({ length: count }, () => hex("02 01")), hex("11 01 07"));
		expect(fault(nested(DEEPEST - 2))).toBeUndefined();
		expect(fault(nested(DEEPEST))).toBe("type 1");
		const many = joined(
			hex("13 11 82"),
			Uint8Array.of(MOST_ITEMS >> 8, MOST_ITEMS & 255),
			new Uint8Array(MOST_ITEMS),
		);
		expect(fault(many)).toBe(`items ${5 + MOST_ITEMS - 1}`);
	});

	test("a description ends behind its members, or nowhere", () => {
		const end = (text: string, limit = hex(text).length) => descriptionEnd(hex(text), 0, limit, 0);
		expect([end("11"), end("09"), end("01 0002 11"), end("02 02 11 12"), end("02 00")]).toEqual([
			1, 1, 4, 4, 2,
		]);
		expect([
			end("07"),
			end("01 0002"),
			end("02 02 11"),
			end("02 02 11 12", 3),
			end(""),
			end("02 01 07"),
		]).toEqual(Array(6).fill(-1));
	});
});

test("types have their sizes; texts and bit strings have a length of their own", () => {
	const sizes = Array.from({ length: 256 }, (_, tag) => [tag, fixedSize(tag)] as const).filter(
		([, size]) => size >= 0,
	);
	expect(sizes.map(([tag, size]) => `${tag}:${size}`).join(" ")).toBe(
		"0:0 3:1 5:4 6:4 13:1 15:1 16:2 17:1 18:2 20:8 21:8 22:1 23:4 24:8 25:12 26:5 27:4 28:1 29:2 30:4 31:1 32:2 33:4 255:0",
	);
	expect(Array.from({ length: 256 }, (_, tag) => tag).filter(isVariable)).toEqual([4, 9, 10, 12]);
});

describe("makers' slips", () => {
	const kinds = (body: string) => {
		const { fault, items } = parsed(body, true);
		return fault ?? Array.from({ length: items.count }, (_, item) => items.tag(item)).join();
	};
	test.each([
		["02 02 06 09 01001F0700FF 11 05", `${[Tag.structure, Tag.octetString, Tag.uint8]}`],
		["02 02 06 09 00001F0700FF 11 05", `${[Tag.structure, Tag.octetString, Tag.uint8]}`],
		["02 01 06 09 01001F0700FF", `${[Tag.structure, Tag.uint32]}`],
		["02 01 06 09 02001F0700FF 11 05", `${[Tag.structure, Tag.uint32]}`],
		["02 01 06 09 01001F0700FE 11 05", `${[Tag.structure, Tag.uint32]}`],
		["02 01 06 0A 01001F0700FF 11 05", `${[Tag.structure, Tag.uint32]}`],
		["06 09 02001F07", `${Tag.uint32}`],
		["06 08 01001F", `${Tag.uint32}`],
		["02 02 06 09 01001F 11 05", `${[Tag.structure, Tag.uint32, Tag.uint8]}`],
		["02 03 06 09 020007 11 00 11 FF", `${[Tag.structure, Tag.uint32, Tag.uint8, Tag.uint8]}`],
	])("an OBIS code with tag and length swapped, or a number: %s", (body, expected) =>
		expect(kinds(body)).toBe(expected),
	);

	const DESCRIPTOR = "0003 0100010700FF 02";
	test("an attribute descriptor without tags", () => {
		expect(kinds(`02 02 ${DESCRIPTOR} 11 05`)).toBe([Tag.structure, Tag.descriptor, Tag.uint8].join());
		expect(kinds("02 02 0003 0F00010700FF 0F 11 05")).toBe([Tag.structure, Tag.descriptor, Tag.uint8].join());
		expect(kinds("02 02 00 11 05")).toBe([Tag.structure, Tag.null, Tag.uint8].join());
		// One byte of each that cannot be in a descriptor: the first null-data is then a value like any other.
		for (const other of [
			"0103 0100010700FF 02",
			"0000 0100010700FF 02",
			"0003 1000010700FF 02",
			"0003 0100010700FE 02",
			"0003 0100010700FF 00",
			"0003 0100010700FF 10",
		])
			expect(kinds(`02 02 ${other} 11 05`)).not.toContain(`${Tag.descriptor}`);
		expect(kinds(`02 01 ${DESCRIPTOR}`)).not.toContain(`${Tag.descriptor}`);
	});
});

describe("an item", () => {
	test("is an OBIS code where it has six bytes of which the first is a medium", () => {
		const isObis = (body: string) => parsed(body).items.isObis(0);
		expect(
			[
				"09 06 0100010700FF",
				"09 06 0F00010700FF",
				"09 06 1000010700FF",
				"09 05 0100010700",
				"0A 06 0100010700FF",
				"11 01",
			].map(isObis),
		).toEqual([true, true, false, false, false, false]);
		expect(parsed("09 06 0100010700FF").items.isObis(1)).toBe(false);
	});

	test("is a text of three kinds, a structure of so many members", () => {
		expect(["09 00", "0A 00", "0C 00", "04 00", "0D 00"].map((body) => parsed(body).items.isText(0))).toEqual(
			[true, true, true, false, false],
		);
		const { items } = parsed("02 02 11 01 01 02 00 00");
		expect([
			items.isStructure(0, 2),
			items.isStructure(0, 1),
			items.isStructure(2, 2),
			items.isStructure(1, 1),
		]).toEqual([true, false, false, false]);
	});

	test("beyond the last is none", () => {
		const { items } = parsed("11 01");
		expect([
			items.tag(600),
			items.offset(600),
			items.length(600),
			items.next(600),
			items.integer(600),
			items.number(600),
		]).toEqual([Tag.dontCare, 0, 0, 1, undefined, undefined]);
	});

	test("is scaled exactly, also beyond 2^53 and from a float", () => {
		const number = (body: string, power: number) => {
			const value = parsed(body).items.number(0, power);
			return value && toText(value);
		};
		expect(number("12 0929", -1)).toBe("234.5");
		expect(number("15 0020000000000001", -3)).toBe("9007199254740.993");
		expect(number("17 43660000", -1)).toBe("23.0");
		expect(number("18 3FB999999999999A", 1)).toBe("1");
		expect(number("17 7F800000", 0)).toBeUndefined();
	});
});

test("values that emulated meters send come back as they are", () => {
	const sent: AxdrValue = structure(
		text("KFM_001"),
		array(uint32(0xffff_ffff), int16(-2), uint32(0)),
		scalerUnit(-3, 35),
		{ tag: Tag.bitString, content: Uint8Array.of(0x80, 0x80), bits: 9 },
		{ tag: Tag.visibleString, content: new Uint8Array(200).fill(0x41) },
		{ tag: Tag.octetString, content: new Uint8Array(300).fill(0x42) },
	);
	const bytes = encodeAxdr(sent);
	expect(bytes.subarray(0, 31)).toEqual(
		hex("0206 0907 4B464D5F303031 0103 06FFFFFFFF 10FFFE 0600000000 0202 0FFD 16".replace(/\s/g, "")),
	);
	expect(axdrValue(parsed(bytes).items)).toEqual(sent);
	expect(encodeAxdr({ tag: Tag.bitString, content: Uint8Array.of(1, 2) })).toEqual(hex("04 10 0102"));
	expect(encodeAxdr({ tag: Tag.octetString, content: new Uint8Array(128) }).subarray(0, 3)).toEqual(
		hex("09 81 80"),
	);
	expect(encodeAxdr({ tag: Tag.octetString, content: new Uint8Array(256) }).subarray(0, 4)).toEqual(
		hex("09 82 0100"),
	);
	let deep: AxdrValue = uint32(1);
	for (let depth = 0; depth <= DEEPEST; depth++) deep = structure(deep);
	expect(() => encodeAxdr(deep)).toThrow("A-XDR value is nested too deeply");
});

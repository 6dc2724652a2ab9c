// A-XDR: every type, bounds, damaged bodies, and the round trip of any value.

import fc from "fast-check";
import { AxdrItems, MOST_ITEMS } from "../../../protocols/dlms/axdr.js";
import { DEEPEST, Tag } from "../../../protocols/dlms/axdr-tags.js";
import { type AxdrValue, axdrValue, encodeAxdr } from "../../../protocols/dlms/encode/axdr-value.js";
import { toText } from "../../../readings/decimal.js";
import { hex } from "./support.js";

function parsed(bytes: Uint8Array): AxdrItems {
	const items = new AxdrItems();
	expect(items.parse(bytes, 0, bytes.length)).toBeUndefined();
	expect(items.end).toBe(bytes.length);
	return items;
}

const numberIn = (text: string) => {
	const number = parsed(hex(text)).number(0);
	return number && toText(number);
};

describe("numbers", () => {
	it.each([
		["03 01", "1"],
		["05 FFFFFFFE", "-2"],
		["06 FFFFFFFF", "4294967295"],
		["0D 42", "42"],
		["0F 80", "-128"],
		["10 FF38", "-200"],
		["11 FF", "255"],
		["12 FFFF", "65535"],
		["14 FFFFFFFFFFFFFFFF", "-1"],
		["14 8000000000000000", "-9223372036854775808"],
		["15 FFFFFFFFFFFFFFFF", "18446744073709551615"],
		["15 00000000075BCD15", "123456789"],
		["16 1E", "30"],
		["17 43660000", "230"],
		["17 3DCCCCCD", "0.1"],
		["18 3FB999999999999A", "0.1"],
		["18 7E37E43C8800759C", "1e300"],
	])("%s is %s", (bytes, value) => {
		const sent = numberIn(bytes);
		expect(sent === value || Number(sent) === Number(value)).toBe(true);
		if (Number.isSafeInteger(Number(value)) || value.length > 16)
			expect(BigInt(sent ?? "")).toBe(BigInt(value));
	});

	it("are none where the item is text, null or not a number", () => {
		for (const bytes of ["00", "09 02 3132", "17 7FC00000", "FF"]) expect(numberIn(bytes)).toBeUndefined();
	});
});

describe("structure", () => {
	it("keeps members in order and knows where each ends", () => {
		const items = parsed(hex("02 03  01 02 11 01 11 02  09 06 0100010700FF  00"));
		expect(items.count).toBe(6);
		expect([1, 4, 5].map((item) => items.tag(item))).toEqual([Tag.array, Tag.octetString, Tag.null]);
		expect(items.next(0)).toBe(6);
		expect(items.next(1)).toBe(4);
		expect(items.isObis(4)).toBe(true);
	});

	it("takes lengths of one, two and three bytes", () => {
		for (const length of ["81 03", "82 0003", "03"])
			expect(parsed(hex(`09 ${length} 414243`)).length(0)).toBe(3);
	});

	it("shows a compact array as an array of its elements", () => {
		// Description: structure of uint16 and int8; contents of two elements.
		const items = parsed(hex("13 02 02 12 0F  06  0102 FF  0304 01"));
		expect(items.tag(0)).toBe(Tag.array);
		expect(items.length(0)).toBe(2);
		expect([2, 3, 5, 6].map((item) => items.integer(item))).toEqual([0x0102, -1, 0x0304, 1]);
	});

	it("reads an array inside a compact array's description", () => {
		const items = parsed(hex("13 01 0002 11  04  01 02 03 04"));
		expect(items.length(0)).toBe(2);
		expect([2, 3, 5, 6].map((item) => items.integer(item))).toEqual([1, 2, 3, 4]);
	});
});

describe("bounds", () => {
	const fault = (bytes: Uint8Array) => new AxdrItems().parse(bytes, 0, bytes.length);

	it("stops at unknown types, ends that come too early, and too much depth or number", () => {
		expect(fault(hex("02 01 07"))).toBe("type");
		expect(fault(hex("02 02 11 01"))).toBe("truncated");
		expect(fault(hex("09 05 01"))).toBe("truncated");
		expect(fault(hex("09 84 FFFFFFFF"))).toBe("truncated");
		expect(fault(new Uint8Array(0))).toBe("truncated");
		const deep = new Uint8Array(2 * DEEPEST + 3).map((_, index) => (index % 2 === 0 ? 2 : 1));
		expect(fault(deep)).toBe("depth");
		const wide = new Uint8Array(4 + MOST_ITEMS);
		wide.set([1, 0x82, MOST_ITEMS >> 8, MOST_ITEMS & 0xff]);
		expect(fault(wide)).toBe("items");
		expect(fault(hex("13 00 02 0000"))).toBe("type");
	});

	it("never throws, reads beyond its end or adds items without end, whatever the bytes", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, lenient) => {
				const items = new AxdrItems();
				items.parse(bytes, 0, bytes.length, lenient);
				return items.end <= bytes.length && items.count <= MOST_ITEMS;
			}),
			{ numRuns: 3000 },
		);
	});
});

describe("makers' slips", () => {
	it("are taken only where asked for: an OBIS code with tag and length swapped", () => {
		const bytes = hex("02 02 06 09 01001F0700FF 10 00F4");
		const items = new AxdrItems();
		expect(items.parse(bytes, 0, bytes.length)).toBe("type");
		expect(items.parse(bytes, 0, bytes.length, true)).toBeUndefined();
		expect(items.isObis(1)).toBe(true);
		expect(items.integer(2)).toBe(244);
	});

	it("and an attribute descriptor without tags", () => {
		const bytes = hex("02 02 0003 0100010700FF 02 06 00000003");
		const items = new AxdrItems();
		expect(items.parse(bytes, 0, bytes.length, true)).toBeUndefined();
		expect(items.tag(1)).toBe(Tag.descriptor);
		expect(items.integer(2)).toBe(3);
	});
});

const FIXED: readonly (readonly [number, number])[] = [
	[Tag.null, 0],
	[Tag.boolean, 1],
	[Tag.bcd, 1],
	[Tag.int8, 1],
	[Tag.uint8, 1],
	[Tag.enum, 1],
	[Tag.int16, 2],
	[Tag.uint16, 2],
	[Tag.int32, 4],
	[Tag.uint32, 4],
	[Tag.float32, 4],
	[Tag.time, 4],
	[Tag.date, 5],
	[Tag.int64, 8],
	[Tag.uint64, 8],
	[Tag.float64, 8],
	[Tag.dateTime, 12],
];

const leaf: fc.Arbitrary<AxdrValue> = fc.oneof(
	fc
		.constantFrom(...FIXED)
		.chain(([tag, size]) =>
			fc.uint8Array({ minLength: size, maxLength: size }).map((content) => ({ tag, content })),
		),
	fc
		.tuple(
			fc.constantFrom(Tag.octetString, Tag.visibleString, Tag.utf8String),
			fc.uint8Array({ maxLength: 300 }),
		)
		.map(([tag, content]) => ({ tag, content })),
	fc
		.uint8Array({ maxLength: 20 })
		.chain((content) =>
			fc
				.integer({ min: Math.max(0, content.length * 8 - 7), max: content.length * 8 })
				.map((bits) => ({ tag: Tag.bitString as number, content, bits })),
		),
);

const { value } = fc.letrec<{ value: AxdrValue }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: DEEPEST - 1, depthSize: "small" },
		leaf,
		fc
			.tuple(fc.constantFrom(Tag.array, Tag.structure), fc.array(tie("value"), { maxLength: 6 }))
			.map(([tag, members]) => ({ tag: tag as number, members })),
	),
}));

it("any value survives encoding, and any encoding decodes to the bytes it came from", () => {
	fc.assert(
		fc.property(value, (sent) => {
			const bytes = encodeAxdr(sent);
			const items = new AxdrItems();
			if (items.parse(bytes, 0, bytes.length) === "items") return;
			expect(items.end).toBe(bytes.length);
			const received = axdrValue(items);
			expect(received).toEqual(sent);
			expect(encodeAxdr(received)).toEqual(bytes);
		}),
		{ numRuns: 500 },
	);
});

it("a value cut anywhere is a fault", () => {
	fc.assert(
		fc.property(value, fc.nat(), (sent, cut) => {
			const bytes = encodeAxdr(sent);
			const items = new AxdrItems();
			expect(items.parse(bytes, 0, cut % bytes.length)).toBeDefined();
		}),
		{ numRuns: 500 },
	);
});

describe("a body shaped as the one before", () => {
	const BODY =
		"02 05 0A 03 4B 61 6D 09 06 01 01 01 08 00 FF 06 00 17 25 C8 01 02 12 00 E7 00 02 02 0F FE 16 1B";

	/** All that the items of a body tell. */
	function told(items: AxdrItems, bytes: Uint8Array, end = bytes.length) {
		const fault = items.parse(bytes, 0, end);
		if (fault) return { fault, end: items.end };
		const rows = Array.from({ length: items.count }, (_, item) => [
			items.tag(item),
			items.offset(item),
			items.length(item),
			items.next(item),
			items.integer(item),
		]);
		return { rows, end: items.end };
	}

	it("is read as if it were the first, whatever byte is another one, and so is the next", () => {
		const body = hex(BODY);
		const items = new AxdrItems();
		const first = told(items, body);
		expect(first.rows).toHaveLength(10);
		for (let at = 0; at < body.length; at++)
			for (let byte = 0; byte < 256; byte++) {
				const other = body.slice();
				other[at] = byte;
				expect(told(items, other)).toEqual(told(new AxdrItems(), other));
				expect(told(items, body)).toEqual(first);
			}
	});

	it("does not reach over the end of a shorter one, nor stand for another place", () => {
		const body = hex(BODY);
		const items = new AxdrItems();
		const first = told(items, body);
		for (let end = 0; end < body.length; end++) {
			expect(told(items, body, end)).toEqual(told(new AxdrItems(), body, end));
			expect(told(items, body)).toEqual(first);
		}
		const moved = new Uint8Array(body.length + 1);
		moved.set(body, 1);
		expect(items.parse(moved, 1, moved.length)).toBeUndefined();
		expect(items.integer(3)).toBe(0x1725c8);
		expect(items.parse(body, 0, body.length, true)).toBeUndefined();
		expect(told(items, body)).toEqual(first);
	});
});

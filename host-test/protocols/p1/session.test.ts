// What the session says of everything that is no good telegram, and what it finds inside of it: codes, offsets and
// facts of each rejection, the bytes that a reading came in. Telegrams by hand from DSMR 5.0.2 P1 (6.2); envelopes by
// the layout of Creos P1 1.8.

import { encodeTelegram, sealTelegram } from "../../../protocols/p1/p1-encoder.js";
import { LARGEST_TELEGRAM } from "../../../protocols/p1/session.js";
import type { Action } from "../../../protocols/protocol.js";
import { checksums, cipher, decode, hex, joined, latin1, openSession, shown } from "./support.js";

const EK = "0123456789ABCDEF0123456789ABCDEF";
const AK = "FFEEDDCCBBAA99887766554433221100";
const KEYS = { encryptionKey: EK, authenticationKey: AK };
const TITLE = "534147677001BD54";
/** The worked example: its CRC is 2A99. */
const WORKED = latin1("/TEST\r\n\r\n1-3:0.2.8(50)\r\n!2A99\r\n");
const DAMAGED = latin1("/TEST\r\n\r\n1-3:0.2.8(51)\r\n!2A99\r\n");
const POWER = encodeTelegram(
	{ identification: "KAM5", lines: ["1-0:1.7.0(00.100*kW)"], crc: true },
	checksums,
);

/** Head of an envelope whose length says `length` bytes from its security byte on. */
function head(length: number, security = "30"): Uint8Array {
	return hex(`DB08${TITLE}82${length.toString(16).padStart(4, "0")}${security}00000001`);
}

function sealed(text: Uint8Array): Uint8Array {
	const seal = { systemTitle: hex(TITLE), encryptionKey: hex(EK), authenticationKey: hex(AK) };
	return sealTelegram(text, { ...seal, invocationCounter: 7 }, cipher);
}

/** Codes of the rejections with their offsets, and how many readings there were. */
function told(bytes: Uint8Array, settings: Record<string, string> = KEYS): [string[], number] {
	const { readings, rejections } = decode(bytes, settings);
	return [rejections.map(({ code, offset }) => `${code} ${offset}`), readings.length];
}

function rejected(code: string, facts: object = {}) {
	return [{ rejected: true, layer: "p1", code, offset: 0, ...facts }];
}

function withEvenParity(bytes: Uint8Array): Uint8Array {
	return bytes.map((byte) => {
		let odd = 0;
		for (let rest = byte; rest > 0; rest >>= 1) odd ^= rest & 1;
		return byte | (odd << 7);
	});
}

describe("a telegram that is none", () => {
	test("cut short by the end of the line's bytes is truncated", () => {
		expect(decode(latin1("/KFM5X\r\n\r\n1-0:1.7.0(00.100*kW)\r\n")).rejections).toEqual(
			rejected("truncated"),
		);
		expect(decode(latin1("/KFM5X\r\n")).rejections).toEqual(rejected("truncated"));
	});

	test("cut short behind its ! it is whole where it has no CRC, and its CRC is wrong where it had", () => {
		expect(told(latin1("/KFM5X\r\n\r\n1-0:1.7.0(00.100*kW)\r\n!"))).toEqual([[], 1]);
		expect(decode(WORKED.subarray(0, WORKED.length - 4)).rejections).toEqual(
			rejected("crc", { expected: "2A99", actual: "2A" }),
		);
	});

	test("without CRC and without lines it is empty", () =>
		expect(decode(latin1("/KFM5X\r\n\r\n!\r\n"))).toEqual({ readings: [], rejections: rejected("empty") }));

	test.each(["\x01", "\x7f", "\xc1"])(
		"without CRC characters that no meter prints reject it: %j",
		(character) => {
			const { readings, rejections } = decode(
				latin1(`/KFM5X\r\n\r\n1-0:1.7.0(00${character}.100*kW)\r\n!\r\n`),
			);
			expect(readings).toEqual([]);
			expect(rejections).toEqual(rejected("characters"));
		},
	);

	test("without CRC a line that is none costs the telegram, with one it costs the line", () => {
		const text = "/KFM5X\r\n\r\n1-0:1.7.0(00.100*kW)\r\nhello\r\n!";
		expect(decode(latin1(`${text}\r\n`))).toEqual({
			readings: [],
			rejections: rejected("malformed-line", { actual: 1, detail: "hello" }),
		});
		const crc = checksums.arc(latin1(text), 0, text.length).toString(16);
		expect(told(latin1(`${text}${crc}\r\n`))).toEqual([["malformed-line 0"], 1]);
	});

	test.each(["!G", "!2A~", "!2A-9"])(
		"with something else for its CRC is said to have a malformed one: %s",
		(end) => {
			const text = `/TEST\r\n\r\n1-3:0.2.8(50)\r\n${end}`;
			const wrong = end.charCodeAt(/[G~-]/.exec(end)?.index ?? 0);
			expect(decode(latin1(text)).rejections).toEqual(rejected("malformed-crc", { actual: wrong }));
		},
	);

	test("whose CRC is broken off by the next telegram costs only itself", () =>
		expect(told(joined(WORKED.subarray(0, -4), WORKED))).toEqual([["malformed-crc 0"], 1]));

	test.each([
		["a blank in front", "! 2A99\r\n"],
		["a line feed alone behind", "!2A99\n"],
		["nothing behind", "!2A99"],
	])("is one all the same with %s of its CRC", (_name, end) =>
		expect(told(latin1(`/TEST\r\n\r\n1-3:0.2.8(50)\r\n${end}`))).toEqual([[], 1]),
	);

	test.each(["!\r\n", "!\n", "!\0"])("needs no CRC before DSMR 4: %j", (end) =>
		expect(told(joined(latin1(`/KFM5X\r\n\r\n1-0:1.7.0(00.100*kW)\r\n${end}`), POWER))).toEqual([[], 2]),
	);

	test("a wrong CRC of three digits is told as it came", () => {
		const { rejections } = decode(latin1("/TEST\r\n\r\n1-3:0.2.8(50)\r\n!B9F\r\n"));
		expect(rejections).toEqual(rejected("crc", { expected: "2A99", actual: "B9F" }));
	});

	test("one parity that does not fit rejects it, in its lines or in its CRC", () => {
		const even = withEvenParity(WORKED);
		expect(told(even)).toEqual([[], 1]);
		for (const at of [9, WORKED.indexOf(0x21) + 1, WORKED.indexOf(0x21) + 4]) {
			const damaged = even.slice();
			damaged[at] = (damaged[at] as number) ^ 0x80;
			expect(decode(damaged)).toEqual({ readings: [], rejections: rejected("parity") });
		}
		expect(told(joined(even, even))).toEqual([[], 2]);
	});

	test("one of the largest size is read, a byte more is an overflow", () => {
		const frame = "/KFM5X\r\n\r\n0-0:96.13.0()\r\n!";
		const sized = (length: number) =>
			latin1(frame.replace("()", `(${"a".repeat(length - frame.length)})`).concat("\r\n"));
		expect(told(sized(LARGEST_TELEGRAM))).toEqual([[], 1]);
		expect(decode(sized(LARGEST_TELEGRAM + 1)).rejections).toEqual(
			rejected("overflow", { expected: LARGEST_TELEGRAM }),
		);
	});
});

describe("where a telegram begins", () => {
	test.each([
		["x", 0],
		["!", 0],
		["~", 0],
		[" ", 1],
		["\r", 1],
		["\0", 1],
		["\x7f", 1],
		["\xff", 1],
	])("behind %j: %i", (before, count) => expect(told(joined(latin1(before), WORKED))[1]).toBe(count));

	test("a / and a ! within a line are text", () => {
		const [reading] = decode(latin1("/A/B5X\r\n\r\n0-0:96.13.0(a/b!c)\r\n!\r\n")).readings;
		expect(shown(reading, "0-0:96.13.0")).toBe("a/b!c");
	});

	test.each(["\r\n", "\n", "\r"])("a / behind %j in a telegram begins another", (end) =>
		expect(told(joined(latin1(`/KFM5X\r\n\r\n1-0:1.7.0(1*W)${end}`), WORKED))).toEqual([["truncated 0"], 1]),
	);

	test("offsets count every byte, whichever way it was taken", () => {
		const lost = latin1("/KFM5X\r\n\r\n1-0:1.7.0(00.100*kW)\r\n");
		for (const cuts of [[], [1], [20], [lost.length], [lost.length + 3]]) {
			const { rejections } = decode(joined(lost, DAMAGED, WORKED, DAMAGED), {}, cuts);
			expect(rejections.map(({ code, offset }) => [code, offset])).toEqual([
				["truncated", 0],
				["crc", lost.length],
				["crc", lost.length + DAMAGED.length + WORKED.length],
			]);
		}
	});
});

describe("the bytes that a reading came in", () => {
	const taken = (actions: readonly Action[]) =>
		actions.flatMap((action) => (action.do === "reading" ? [action] : []));

	test("are the telegram's with CR LF behind, also before those are there; each reading keeps its own", () => {
		const session = openSession();
		const both = taken(session.receive(joined(latin1("xx\r\n"), WORKED, POWER), 0));
		expect(both.map(({ frame }) => frame)).toEqual([WORKED, POWER]);
		expect(both.map(({ clear }) => clear)).toEqual([undefined, undefined]);
		const [early] = taken(session.receive(POWER.subarray(0, -2), 0));
		expect(early?.frame).toEqual(POWER);
	});

	test("of an envelope are the envelope; the telegram goes with them, with CR LF behind", () => {
		for (const text of [WORKED, WORKED.subarray(0, -2)]) {
			const [reading] = taken(openSession(KEYS).receive(joined(sealed(text), sealed(POWER)), 0));
			expect(reading?.frame).toEqual(sealed(text));
			expect(reading?.clear).toEqual(WORKED);
		}
	});

	test("time alone brings nothing", () => expect(openSession().tick(1e6)).toEqual([]));
});

describe("an envelope that is none", () => {
	test("cut short is truncated; a telegram that it swallowed is found, at its own offset", () => {
		expect(told(head(0x400))).toEqual([["truncated 0"], 0]);
		expect(told(joined(head(0x400), latin1("junk\r\n"), DAMAGED, WORKED))).toEqual([
			["truncated 0", `crc ${18 + 6}`],
			1,
		]);
	});

	test("a / that begins no line is not taken for a telegram in what an envelope swallowed", () => {
		for (const before of ["junk", "junk\n", "junk\r", "\r\njunk"])
			expect(told(joined(head(0x400), latin1(before), DAMAGED))).toEqual([["truncated 0"], 0]);
	});

	test("swallowed another envelope: that one is opened", () =>
		expect(told(joined(head(0x400), sealed(WORKED)))).toEqual([["truncated 0"], 1]));

	test("its tag byte alone in noise is nothing, and a telegram right behind it is read", () => {
		expect(told(joined(latin1("\xdb"), WORKED))).toEqual([[], 1]);
		expect(told(joined(latin1("\xdb\x05abc"), WORKED))).toEqual([[], 0]);
		expect(told(joined(latin1("\xdb\x05abc\r\n"), WORKED))).toEqual([[], 1]);
	});

	test.each([
		["a security byte that is none", head(0x40, "40")],
		["a compressed text", head(0x40, "B0")],
		["no text behind the counter", head(5, "20")],
		["no text in front of the tag", head(17, "30")],
		["a length of three bytes", hex(`DB08${TITLE}83000040300000000100`)],
		["another title's length", hex(`DB07${TITLE}820040300000000100`)],
	])("%s is noise between telegrams, and malformed behind an identification line", (_name, bytes) => {
		expect(told(joined(bytes, latin1("\r\n"), WORKED))).toEqual([[], 1]);
		const { rejections } = decode(joined(latin1("/KFM5MA304\r\n\r\n"), bytes, latin1("\r\n")), KEYS);
		expect(rejections).toEqual(rejected("malformed-envelope"));
	});

	test("longer than the largest telegram is malformed, wherever it stands", () => {
		expect(told(joined(head(LARGEST_TELEGRAM - 12), latin1("\r\n"), WORKED))).toEqual([
			["malformed-envelope 0"],
			1,
		]);
		expect(told(head(LARGEST_TELEGRAM - 13))).toEqual([["truncated 0"], 0]);
	});

	test("where DB 08 stands in a telegram, the telegram is lost and an envelope begins", () => {
		expect(told(joined(latin1("/noise\r\nmore"), sealed(WORKED)), {})).toEqual([
			["truncated 0", "key-needed 12"],
			0,
		]);
		expect(told(joined(latin1("/noise\r\nmore\x08"), WORKED))[1]).toBe(0);
	});

	test("with a right tag around something else is told as that", () =>
		expect(decode(sealed(latin1("hello")), KEYS).rejections).toEqual(rejected("malformed-plaintext")));

	test("without a tag, a text that does not begin and end as a telegram, or has no CRC, says the key is wrong", () => {
		for (const text of [
			"hello",
			"/A5\r\n\r\nno end",
			"/A5\r\n\r\n1-0:1.7.0(1*W)\r\n!\r\n",
			"/TEST\r\n!2A99",
		]) {
			const iv = hex(`${TITLE}00000001`);
			const text8 = latin1(text);
			const body = cipher.sealGcm(hex(EK), iv, new Uint8Array(0), text8).subarray(0, text8.length);
			expect(told(joined(head(5 + body.length, "20"), body), { encryptionKey: EK })).toEqual([
				["wrong-key 0"],
				0,
			]);
		}
	});

	test("the lines alone behind a clear identification line are one telegram with it (Poland)", () => {
		const line = latin1("/KFM5MA304\r\n\r\n");
		const whole = encodeTelegram(
			{ identification: "KFM5MA304", lines: ["1-0:1.8.0(000025.653*kWh)"], crc: true },
			checksums,
		);
		const { readings, rejections } = decode(joined(line, sealed(whole.subarray(line.length))), KEYS);
		expect(rejections).toEqual([]);
		expect(readings[0]?.meter.model).toBe("MA304");
		expect(shown(readings[0], "energy_import")).toBe("25.653 kWh");
	});
});

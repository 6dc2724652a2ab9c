// The portal's name server: worked messages of RFC 1035's form, bytes of other programs' queries, damaged ones.

import { addressBytes, portalAnswer } from "../../../settings/portal/dns";

const ADDRESS = [192, 168, 4, 1];
const A = 1;
const AAAA = 28;
const HTTPS = 65;

/** A query as `dig` and phones write it; `extra` follows the question. */
function query(
	name: string,
	type: number,
	more: { flags?: number; counts?: number[]; extra?: number[] } = {},
) {
	const { flags = 0x0100, counts = [1, 0, 0, 0], extra = [] } = more;
	const labels = name === "" ? [] : name.split(".");
	return Uint8Array.from([
		...[0xbe, 0xef, flags >> 8, flags & 0xff],
		...counts.flatMap((count) => [count >> 8, count & 0xff]),
		...labels.flatMap((label) => [label.length, ...Buffer.from(label)]),
		...[0, type >> 8, type & 0xff, 0, 1],
		...extra,
	]);
}

const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("hex");

describe("answers", () => {
	test("an A query, byte by byte", () => {
		expect(hex(portalAnswer(query("a.nl", A), ADDRESS))).toBe(
			[
				"beef", // id
				"8580", // response, authoritative, recursion desired and available, no error
				"0001000100000000", // one question, one answer
				"0161026e6c0000010001", // a.nl A IN
				"c00c00010001", // the same name, A IN
				"00000005", // 5 s
				"0004c0a80401", // 192.168.4.1
			].join(""),
		);
	});

	test.each([
		["captive.apple.com", A],
		["x".repeat(63), A],
		["", 255],
		[Array(31).fill("abcdefg").join("."), A],
	])("any name has the access point's address: %s", (name, type) => {
		const answer = portalAnswer(query(name, type), ADDRESS);
		expect(hex(answer?.slice(-4))).toBe("c0a80401");
		expect(answer?.[7]).toBe(1);
	});

	test.each([
		["AAAA", AAAA],
		["HTTPS", HTTPS],
		["MX", 15],
		["TXT", 16],
		["PTR", 12],
	])("%s: no answer, and no error, so that the phone takes the A record", (_, type) => {
		const asked = query("connectivitycheck.gstatic.com", type);
		const answer = portalAnswer(asked, ADDRESS) as Uint8Array;
		expect(answer).toHaveLength(asked.length);
		expect([(answer[3] ?? 0) & 0x0f, answer[7]]).toEqual([0, 0]);
	});

	test("what follows the question (EDNS) is cut off, and counted as none", () => {
		const edns = [0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0];
		const asked = query("example.com", A, { counts: [1, 0, 0, 1], extra: edns });
		const plain = query("example.com", A);
		expect(hex(portalAnswer(asked, ADDRESS))).toBe(hex(portalAnswer(plain, ADDRESS)));
	});

	test("another operation than a query is not implemented (RFC 1035, 4.1.1)", () => {
		const answer = portalAnswer(query("example.com", A, { flags: 0x2800 }), ADDRESS);
		expect(hex(answer)).toBe("beefac840000000000000000");
	});
});

describe("what is no query is not answered", () => {
	test.each([
		["a response", query("a.nl", A, { flags: 0x8180 })],
		["no question", query("a.nl", A, { counts: [0, 0, 0, 0] })],
		["two questions", query("a.nl", A, { counts: [2, 0, 0, 0] })],
		["a header cut short", query("a.nl", A).slice(0, 11)],
		["a question cut short", query("a.nl", A).slice(0, -1)],
		["a pointer in the question", Uint8Array.from([...query("", A).slice(0, 12), 0xc0, 12, 0, 1, 0, 1])],
		["a name without its end", Uint8Array.from([...query("", A).slice(0, 12), ...Array(20).fill(1)])],
		["a name that is too long", query(Array(40).fill("abcdefg").join("."), A)],
		["a message that is too long", Uint8Array.from([...query("a.nl", A), ...Array(512).fill(0)])],
	])("%s", (_, bytes) => {
		expect(portalAnswer(bytes, ADDRESS)).toBeUndefined();
	});

	test("never an exception, and never more than 16 bytes on top, whatever comes", () => {
		let state = 1;
		const next = () => {
			state = (Math.imul(state, 1103515245) + 12345) >>> 0;
			return state >>> 16;
		};
		let answered = 0;
		for (let round = 0; round < 20_000; round++) {
			const bytes = query("www.example.com", A);
			for (let change = next() % 6; change > 0; change--) bytes[next() % bytes.length] = next() & 0xff;
			const cut = bytes.slice(0, next() % 3 === 0 ? next() % bytes.length : bytes.length);
			const answer = portalAnswer(cut, ADDRESS);
			if (!answer) continue;
			answered++;
			expect(answer.length).toBeLessThanOrEqual(cut.length + 16);
		}
		expect(answered).toBeGreaterThan(1000);
	});
});

test("addresses are four numbers", () => {
	expect(addressBytes("192.168.4.1")).toEqual(ADDRESS);
	for (const text of ["", "192.168.4", "192.168.4.256", "192.168.4.x", "1.2.3.4.5"])
		expect(addressBytes(text)).toBeUndefined();
});

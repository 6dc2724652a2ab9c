import { sameBytes } from "../../access/bytes.js";
import {
	isPassword,
	iterationsFor,
	LONGEST_PASSWORD_BYTES,
	makePassword,
	problemWithPassword,
	readPassword,
} from "../../access/password.js";
import { FakeSurroundings, NODE_DIGESTS } from "./surroundings";

const world = new FakeSurroundings();

describe("the password's record", () => {
	test("is PBKDF2-HMAC-SHA-256 as RFC 7914, section 11, works it out", () => {
		// P = "passwd", S = "salt", c = 1; the first 32 of its 64 bytes.
		const hash = "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc";
		const record = readPassword({
			scheme: "pbkdf2-sha256",
			iterations: 1,
			salt: Buffer.from("salt").toString("hex"),
			hash,
		});
		if (!record) throw new Error("no record");
		expect(isPassword("passwd", record, NODE_DIGESTS)).toBe(true);
		expect(isPassword("Passwd", record, NODE_DIGESTS)).toBe(false);
	});

	test("takes the password and no other, whatever its script", () => {
		const record = makePassword("Zähler-字-🔌", world, 10);
		expect(isPassword("Zähler-字-🔌", record, NODE_DIGESTS)).toBe(true);
		for (const wrong of ["Zahler-字-🔌", "Zähler-字-", "", "x".repeat(LONGEST_PASSWORD_BYTES + 1)])
			expect(isPassword(wrong, record, NODE_DIGESTS)).toBe(false);
	});

	test("differs for the same password: its salt is drawn anew", () => {
		expect(makePassword("correct horse", world, 10).hash).not.toBe(
			makePassword("correct horse", world, 10).hash,
		);
	});

	test("survives storage, and what is no record is none", () => {
		const record = makePassword("correct horse", world, 10);
		expect(readPassword(JSON.parse(JSON.stringify(record)))).toEqual(record);
		for (const wrong of [
			undefined,
			null,
			"record",
			{},
			{ ...record, scheme: "plain" },
			{ ...record, iterations: 0 },
			{ ...record, iterations: 1e9 },
			{ ...record, iterations: "10" },
			{ ...record, salt: "xyz" },
			{ ...record, hash: record.hash.slice(2) },
			{ ...record, hash: "" },
		])
			expect(readPassword(wrong)).toBeUndefined();
	});
});

describe("the number of iterations", () => {
	/** A machine on which one iteration takes so many milliseconds. */
	const machine = (each: number) => {
		const slow = new FakeSurroundings();
		return {
			randomBytes: slow.randomBytes,
			now: slow.now,
			digests: {
				...NODE_DIGESTS,
				pbkdf2Sha256: (_password: Uint8Array, _salt: Uint8Array, iterations: number, length: number) => {
					slow.time += iterations * each;
					return new Uint8Array(length);
				},
			},
		};
	};

	test.each([
		["a computer: as many as OWASP advises", 0.0001, 600_000],
		["a small computer: what it does in 0.3 s", 0.002, 150_000],
		["a board: never fewer than 10,000", 0.1, 10_000],
	])("%s", (_, each, expected) => {
		expect(iterationsFor(machine(each))).toBe(expected);
	});
});

describe("what is no password", () => {
	test.each([
		["", /at least 8/],
		["1234567", /at least 8/],
		["🔌🔌🔌🔌", /at least 8/],
		["x".repeat(LONGEST_PASSWORD_BYTES + 1), /at most 128/],
		["ä".repeat(65), /at most 128/],
	])("%j", (password, expected) => {
		expect(problemWithPassword(password)).toMatch(expected);
	});

	test("eight characters are enough", () => {
		expect(problemWithPassword("12345678")).toBeUndefined();
		expect(problemWithPassword("🔌".repeat(8))).toBeUndefined();
	});
});

test("bytes are the same only where all are", () => {
	const bytes = Uint8Array.of(1, 2, 3);
	expect(sameBytes(bytes, Uint8Array.of(1, 2, 3))).toBe(true);
	for (const other of [[1, 2], [1, 2, 4], [0, 2, 3], [1, 2, 3, 4], []])
		expect(sameBytes(bytes, Uint8Array.from(other))).toBe(false);
});

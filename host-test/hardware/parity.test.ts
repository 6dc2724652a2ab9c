// Parity in bit 7. Expected bytes: ISO 646 characters as IEC 62056-21 sends them (7E1), and by counting ones.

import { carriesParity, ParityCheck, withParity } from "../../hardware/parity";
import type { LineSettings } from "../../protocols/protocol";

const line = (dataBits: 7 | 8, parity: LineSettings["parity"], stopBits: 1 | 2 = 1): LineSettings => ({
	baud: 300,
	dataBits,
	parity,
	stopBits,
	invertReceive: false,
	invertTransmit: false,
});

describe("software parity", () => {
	test("carries 7E1 and 7O1 and nothing else", () => {
		expect(carriesParity(line(7, "even"))).toBe(true);
		expect(carriesParity(line(7, "odd"))).toBe(true);
		for (const other of [line(7, "none"), line(7, "even", 2), line(8, "none"), line(8, "even")])
			expect(carriesParity(other)).toBe(false);
	});

	test("`/?!` CR LF with even parity", () => {
		expect([...withParity(Uint8Array.of(0x2f, 0x3f, 0x21, 0x0d, 0x0a), "even")]).toEqual([
			0xaf, 0x3f, 0x21, 0x8d, 0x0a,
		]);
	});

	test.each(["even", "odd"] as const)("%s: what is added is stripped, for every character", (parity) => {
		const characters = Uint8Array.from({ length: 128 }, (_, value) => value);
		const wire = withParity(characters, parity);
		for (const byte of wire) {
			const ones = byte.toString(2).replaceAll("0", "").length;
			expect(ones % 2).toBe(parity === "odd" ? 1 : 0);
		}
		const check = new ParityCheck();
		check.strip(wire, parity);
		expect([check.wrong, wire]).toEqual([0, characters]);
	});

	/** What is left of these bytes at even parity, and how many were wrong. */
	const stripped = (...bytes: number[]) => {
		const check = new ParityCheck();
		const read = Uint8Array.from(bytes);
		check.strip(read, "even");
		return { read: [...read], wrong: check.wrong };
	};

	test("a flipped bit is counted, and makes NUL of the character", () => {
		expect(stripped(0xaf, 0xbf, 0x20)).toEqual({ read: [0x2f, 0, 0], wrong: 2 });
	});

	test("where no character has its parity bit, none is doubted: a device server strips it, 8N1 has none", () => {
		const text = [...Buffer.from("/KAM5\r\n\r\n1-0:1.8.1(00185.000*kWh)")];
		expect(stripped(...text)).toEqual({ read: text, wrong: expect.any(Number) });
	});

	test("one flipped bit 7 on such a line does not make it doubted for long", () => {
		// 2F with a flipped bit 7 looks as parity would have it; characters with an odd number of ones follow.
		const { read } = stripped(0xaf, ...Array(20).fill(0x31));
		expect(read).toEqual([0x2f, ...Array(8).fill(0), ...Array(12).fill(0x31)]);
	});
});

describe("a port that checks parity itself", () => {
	test("bytes are not believed that came with another wrong one", () => {
		const check = new ParityCheck();
		expect([check.believes(200, 0), check.believes(64, 1), check.believes(64, 1)]).toEqual([
			true,
			false,
			true,
		]);
		expect([check.believes(64, 3), check.believes(64, 3)]).toEqual([false, true]);
	});

	test("all are where every few are wrong: the port is set to another parity than the meter", () => {
		const check = new ParityCheck();
		for (let count = 0; count < 10; count++) expect(check.believes(64, 8 * (count + 1))).toBe(true);
	});
});

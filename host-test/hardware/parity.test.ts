// Parity in bit 7. Expected bytes: ISO 646 characters as IEC 62056-21 sends them (7E1), and by counting ones.

import { carriesParity, stripParity, withParity } from "../../hardware/parity";
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
		expect(stripParity(wire, parity)).toBe(0);
		expect(wire).toEqual(characters);
	});

	test("a flipped bit is counted, the character passed on without its parity", () => {
		const wire = Uint8Array.of(0xaf, 0xbf, 0x20);
		expect(stripParity(wire, "even")).toBe(2);
		expect([...wire]).toEqual([0x2f, 0x3f, 0x20]);
	});
});

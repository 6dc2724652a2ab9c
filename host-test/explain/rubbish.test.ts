// Bytes that are no meter's: every one is in the dump, soon, whatever protocol is asked for.

import { PROTOCOLS } from "../../protocols/registry.js";
import { bytesOf, dumpOf, hexOf } from "./support.js";

/** The same bytes for the same seed (xorshift). */
function noise(length: number, seed: number): Uint8Array {
	let state = seed;
	return Uint8Array.from({ length }, () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state & 0xff;
	});
}

const LONG = 100_000;
/** A second or so is usual; a run whose time grows with the square would take minutes. */
const MOST_MS = 15_000;

describe("rubbish", () => {
	it("of 100 KB is explained quickly by every protocol", () => {
		const bytes = noise(LONG, 7);
		const start = performance.now();
		for (const { name } of PROTOCOLS) expect(bytesOf(dumpOf(bytes, { protocol: name }))).toBe(hexOf(bytes));
		expect(performance.now() - start).toBeLessThan(MOST_MS);
	});

	it("of 100 KB of any start byte is explained quickly", () => {
		const start = performance.now();
		for (const byte of [0x00, 0x01, 0x02, 0x06, 0x0d, 0x0f, 0x2f, 0x30, 0x40, 0x48, 0x68, 0x7e, 0x80, 0xdb]) {
			const bytes = new Uint8Array(LONG).fill(byte);
			expect({ byte, length: bytesOf(dumpOf(bytes)).length }).toEqual({ byte, length: 2 * LONG });
		}
		expect(performance.now() - start).toBeLessThan(4 * MOST_MS);
	});

	it("is not taken for a meter", () => {
		for (let seed = 1; seed <= 5; seed++)
			expect({ seed, protocol: dumpOf(noise(20_000, seed)).protocol }).toEqual({ seed, protocol: undefined });
	});

	it("of no byte at all gives a dump without rows", () => {
		const dump = dumpOf(new Uint8Array(0));
		expect(dump.rows).toEqual([]);
		expect(dump.recognised).toBe(false);
	});
});

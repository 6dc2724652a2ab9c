// The records of a pulse counter: a round trip, the bytes of docs/protocols/pulse.md, and what is no record.

import fc from "fast-check";
import {
	decodeRecord,
	encodeRecord,
	RECORD_LENGTH,
	recordPrefix,
	uint32Difference,
} from "../../../protocols/pulse/record";
import { tableChecksums } from "../../../protocols/shared/checksums";

const checksums = tableChecksums();
const number = fc.integer({ min: 0, max: 0xffff_ffff });

test("every record comes back as it was", () => {
	fc.assert(
		fc.property(number, number, (count, at) => {
			const bytes = encodeRecord({ count, at }, checksums);
			expect(recordPrefix(bytes, 0, bytes.length)).toBe(RECORD_LENGTH);
			expect(decodeRecord(bytes, 0, checksums)).toEqual({ count, at });
		}),
	);
});

test("the example of the protocol's page", () => {
	// The check bit by bit, from the polynomial x^16 + x^12 + x^5 + 1 as the catalogue of CRCs has X-25.
	const bytes = encodeRecord({ count: 3, at: 70_000 }, checksums);
	expect(Buffer.from(bytes).toString("hex")).toMatch(/^f55330010000000300011170[0-9a-f]{4}$/);
	expect(bitwiseX25(bytes.subarray(0, 12))).toBe(((bytes[12] ?? 0) << 8) | (bytes[13] ?? 0));
});

test("a flipped bit anywhere is found", () => {
	const whole = encodeRecord({ count: 123_456, at: 7_890_123 }, checksums);
	for (let bit = 0; bit < whole.length * 8; bit++) {
		const bytes = whole.slice();
		bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
		const found =
			recordPrefix(bytes, 0, bytes.length) === RECORD_LENGTH && "count" in decodeRecord(bytes, 0, checksums);
		expect({ bit, found }).toEqual({ bit, found: false });
	}
});

test("a beginning is told from none at all", () => {
	const whole = encodeRecord({ count: 1, at: 2 }, checksums);
	for (let length = 1; length <= whole.length; length++) expect(recordPrefix(whole, 0, length)).toBe(length);
	expect(recordPrefix(Uint8Array.of(0x7e, 0xa0), 0, 2)).toBe(0);
	expect(recordPrefix(Uint8Array.of(0xf5, 0x54), 0, 2)).toBe(0);
});

test.each([
	[5, 3, 2],
	[1, 0xffff_ffff, 2],
	[0, 0, 0],
	[0x8000_0000, 0, 0x8000_0000],
])("%i after %i is %i further", (to, from, difference) => {
	expect(uint32Difference(to, from)).toBe(difference);
});

function bitwiseX25(bytes: Uint8Array): number {
	let crc = 0xffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
	}
	return crc ^ 0xffff;
}

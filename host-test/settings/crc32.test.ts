// The checksum of kept settings.

import { crc32 } from "../../settings/crc32";

test("CRC-32: the check value of the catalogue of CRC algorithms, in one piece and in two", () => {
	const text = Buffer.from("123456789");
	expect(crc32(text)).toBe(0xcbf43926);
	expect(crc32(text.subarray(4), crc32(text.subarray(0, 4)))).toBe(0xcbf43926);
});

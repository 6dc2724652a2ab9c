// CRC-32 as in ISO 3309 and gzip (check value of "123456789": CBF43926), four bits at a time: a table of 16 words is
// enough for a few kilobytes now and then.

const TABLE = Uint32Array.of(
	...[0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c],
	...[0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c],
);

/** The checksum of `bytes`, an unsigned 32-bit number; `before` is that of the bytes in front of them. */
export function crc32(bytes: Uint8Array, before = 0): number {
	let crc = ~before;
	for (let index = 0; index < bytes.length; index++) {
		crc ^= bytes[index] as number;
		crc = (crc >>> 4) ^ (TABLE[crc & 0xf] as number);
		crc = (crc >>> 4) ^ (TABLE[crc & 0xf] as number);
	}
	return ~crc >>> 0;
}

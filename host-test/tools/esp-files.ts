// Made-up results of an ESP-IDF build, small but whole: images with segments, checksum and appended hash, and a binary
// partition table with its MD5. Written from Espressif's description of the formats, not from our reader.
// Sources: ESP-IDF v6.0 esp_app_format.h, docs/en/api-reference/system/app_image_format.rst, gen_esp32part.py.

import { createHash } from "node:crypto";

export const CHIP_IDS = { esp32: 0x0000, esp32s2: 0x0002, esp32c3: 0x0005, esp32s3: 0x0009, esp32c6: 0x000d };

const FLASH_4_MB = 2;
const MEGABYTE_CODES = { 2: 1, 4: FLASH_4_MB, 8: 3 };

/** An image for `chip` with one segment that holds `content`, filled up so that the file has about `size` bytes. */
export function image({
	chip = "esp32c3" as keyof typeof CHIP_IDS,
	content = "",
	size = 4096,
	flashMegabytes = 4 as keyof typeof MEGABYTE_CODES,
	hash = true,
} = {}): Buffer {
	const data = Buffer.alloc(Math.ceil(size / 4) * 4, 0x5a);
	data.write(content, 64, "latin1");
	const header = Buffer.alloc(24);
	header[0] = 0xe9;
	header[1] = 1;
	header[2] = 2;
	header[3] = MEGABYTE_CODES[flashMegabytes] << 4;
	header.writeUInt32LE(0x4038_0000, 4);
	header.writeUInt16LE(CHIP_IDS[chip], 12);
	header.writeUInt16LE(0xffff, 17);
	header[23] = hash ? 1 : 0;
	const segment = Buffer.alloc(8);
	segment.writeUInt32LE(0x3c00_0020, 0);
	segment.writeUInt32LE(data.length, 4);
	const body = Buffer.concat([header, segment, data]);
	// The checksum ends a block of 16, so that 15 to 0 bytes of padding come before it.
	const padding = Buffer.alloc(15 - (body.length % 16));
	const checksum = data.reduce((sum, byte) => sum ^ byte, 0xef);
	const whole = Buffer.concat([body, padding, Buffer.from([checksum])]);
	return hash ? Buffer.concat([whole, createHash("sha256").update(whole).digest()]) : whole;
}

export interface Row {
	readonly name: string;
	readonly type: number;
	readonly subtype: number;
	readonly offset: number;
	readonly size: number;
}

/** The table as ESP-IDF writes it: entries, the MD5 of them, FF up to 3,072 bytes. */
export function partitionTable(rows: readonly Row[]): Buffer {
	const entries = rows.map(({ name, type, subtype, offset, size }) => {
		const entry = Buffer.alloc(32);
		entry.set([0xaa, 0x50, type, subtype]);
		entry.writeUInt32LE(offset, 4);
		entry.writeUInt32LE(size, 8);
		entry.write(name, 12, 16, "latin1");
		return entry;
	});
	const written = Buffer.concat(entries);
	const mark = Buffer.concat([
		Buffer.from([0xeb, 0xeb]),
		Buffer.alloc(14, 0xff),
		createHash("md5").update(written).digest(),
	]);
	const table = Buffer.alloc(0xc00, 0xff);
	Buffer.concat([written, mark]).copy(table);
	return table;
}

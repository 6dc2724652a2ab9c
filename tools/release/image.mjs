// An ESP32 image (application or bootloader): its header, and whether it is whole. Does not run or change it.
// Source: ESP-IDF v6.0, components/bootloader_support/include/esp_app_format.h (header, chip ids) and
// src/esp_image_format.c (checksum, appended SHA-256).
import { createHash } from "node:crypto";

/** Chips by ESP-IDF's name: id in the header, name for ESP Web Tools, where its ROM looks for the bootloader. */
export const CHIPS = Object.freeze({
	esp32: { id: 0x0000, family: "ESP32", bootloader: 0x1000 },
	esp32c3: { id: 0x0005, family: "ESP32-C3", bootloader: 0x0 },
	esp32s3: { id: 0x0009, family: "ESP32-S3", bootloader: 0x0 },
	esp32c6: { id: 0x000d, family: "ESP32-C6", bootloader: 0x0 },
});

const MAGIC = 0xe9;
const HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const CHIP_ID_AT = 12;
const HASH_APPENDED_AT = 23;
const MOST_SEGMENTS = 16;
const CHECKSUM_START = 0xef;
/** The checksum is the last byte of a block of this many. */
const CHECKSUM_BLOCK = 16;
const HASH_BYTES = 32;
const MEGABYTE = 1024 * 1024;

/** An image that must not be released; the message says why. */
export class ImageError extends Error {}

/**
 * What the header of `bytes` says: the chip's id and the flash size that it was built for, in bytes. Throws an
 * `ImageError` where it is no image, or its checksum or hash do not fit.
 */
export function inspect(bytes) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < HEADER_BYTES || bytes[0] !== MAGIC)
		throw new ImageError("is no ESP32 image: it does not begin with E9");
	const segments = bytes[1];
	if (segments === 0 || segments > MOST_SEGMENTS)
		throw new ImageError(`says that it has ${segments} segments`);
	let at = HEADER_BYTES;
	let checksum = CHECKSUM_START;
	for (let index = 0; index < segments; index++) {
		if (at + SEGMENT_HEADER_BYTES > bytes.length) throw new ImageError("is cut short");
		const end = at + SEGMENT_HEADER_BYTES + view.getUint32(at + 4, true);
		if (end > bytes.length) throw new ImageError("is cut short");
		for (at += SEGMENT_HEADER_BYTES; at < end; at++) checksum ^= bytes[at];
	}
	at += CHECKSUM_BLOCK - 1 - (at % CHECKSUM_BLOCK);
	if (at >= bytes.length) throw new ImageError("is cut short");
	if (bytes[at] !== checksum) throw new ImageError("is damaged: its checksum does not fit");
	at++;
	if (bytes[HASH_APPENDED_AT] === 1) {
		const appended = bytes.subarray(at, at + HASH_BYTES);
		const hash = createHash("sha256").update(bytes.subarray(0, at)).digest();
		if (!hash.equals(appended)) throw new ImageError("is damaged: its SHA-256 does not fit");
	}
	return { chipId: view.getUint16(CHIP_ID_AT, true), flashSize: MEGABYTE << (bytes[3] >> 4) };
}

/** Throws unless `bytes` is a whole image for `chip` (a key of `CHIPS`); `name` is for the message. Returns what `inspect` does. */
export function requireImage(bytes, chip, name) {
	let header;
	try {
		header = inspect(bytes);
	} catch (error) {
		throw error instanceof ImageError ? new ImageError(`${name} ${error.message}`) : error;
	}
	const { id, family } = CHIPS[chip];
	if (header.chipId === id) return header;
	const other =
		Object.values(CHIPS).find((known) => known.id === header.chipId)?.family ?? `chip ${header.chipId}`;
	throw new ImageError(`${name} is for the ${other}, and the board has an ${family}`);
}

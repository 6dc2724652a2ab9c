// The CRCs of the meters' protocols by the SDK's native `crc`: 1 KB in 2.6 µs on XS, where a table takes 67 µs.

import { CRC16 } from "crc";
import type { Checksums } from "../protocols/shared/checksums.js";

const ARC_POLYNOMIAL = 0x8005;
const CCITT_POLYNOMIAL = 0x1021;
const X25_INITIAL = 0xffff;
const X25_FINAL = 0xffff;

export class NativeChecksums implements Checksums {
	readonly #arc = new CRC16(ARC_POLYNOMIAL, 0, true, true, 0);
	readonly #x25 = new CRC16(CCITT_POLYNOMIAL, X25_INITIAL, true, true, X25_FINAL);
	readonly #xmodem = new CRC16(CCITT_POLYNOMIAL, 0, false, false, 0);

	arc(bytes: Uint8Array, start: number, end: number): number {
		return checksum(this.#arc, bytes, start, end);
	}

	x25(bytes: Uint8Array, start: number, end: number): number {
		return checksum(this.#x25, bytes, start, end);
	}

	xmodem(bytes: Uint8Array, start: number, end: number): number {
		return checksum(this.#xmodem, bytes, start, end);
	}
}

function checksum(crc: CRC16, bytes: Uint8Array, start: number, end: number): number {
	crc.reset();
	return crc.checksum(bytes.subarray(start, end));
}

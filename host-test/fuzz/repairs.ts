// Makes the checks of damaged frames right again, so that what lies behind them is reached. Runs on XS, too.

import { hdlcFrames, mbusFrames } from "../../protocols/dlms/encode/frames.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";

const checksums = tableChecksums();
const FLAG = 0x7e;
const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const STX = 0x02;
const SOH = 0x01;
const ETX = 0x03;
const EOT = 0x04;
const LF = 0x0a;

/** HDLC: header and frame check of whatever opens like a frame and lies within the bytes. M-Bus: its sum. */
export function repairedHan(bytes: Uint8Array): Uint8Array {
	const fixed = bytes.slice();
	for (let at = 0; at + 9 < fixed.length; at++) {
		if (fixed[at] === FLAG && ((fixed[at + 1] as number) & 0xf0) === 0xa0) at = hdlc(fixed, at);
		else if (fixed[at] === 0x68 && fixed[at + 3] === 0x68) at = mbus(fixed, at);
	}
	return fixed;
}

/** Returns where to go on. */
function hdlc(bytes: Uint8Array, at: number): number {
	const start = at + 1;
	const length = (((bytes[start] as number) & 7) << 8) | (bytes[start + 1] as number);
	const end = start + length;
	if (length < 9 || end >= bytes.length) return at;
	let control = start + 2;
	for (let address = 0; address < 2; address++) while (control < end && !((bytes[control++] as number) & 1));
	if (control + 5 > end) return at;
	put(bytes, control + 1, checksums.x25(bytes, start, control + 1));
	put(bytes, end - 2, checksums.x25(bytes, start, end - 2));
	bytes[end] = FLAG;
	return end - 1;
}

function put(bytes: Uint8Array, at: number, crc: number): void {
	bytes[at] = crc & 0xff;
	bytes[at + 1] = crc >> 8;
}

function mbus(bytes: Uint8Array, at: number): number {
	const length = bytes[at + 1] as number;
	const end = at + 4 + length;
	if (length < 5 || end + 1 >= bytes.length) return at;
	bytes[at + 2] = length;
	let sum = 0;
	for (let each = at + 4; each < end; each++) sum += bytes[each] as number;
	bytes[end] = sum & 0xff;
	bytes[end + 1] = 0x16;
	return end + 1;
}

/** The CRC behind each `!` at a line's start, over what begins at the last `/` at a line's start. */
export function repairedTelegrams(bytes: Uint8Array): Uint8Array {
	const fixed = bytes.slice();
	let start = -1;
	for (let at = 0; at < fixed.length; at++) {
		if (at > 0 && fixed[at - 1] !== LF) continue;
		if (fixed[at] === SLASH) start = at;
		else if (fixed[at] === EXCLAMATION && start >= 0 && at + 4 < fixed.length) {
			const crc = checksums
				.arc(fixed, start, at + 1)
				.toString(16)
				.toUpperCase()
				.padStart(4, "0");
			for (let digit = 0; digit < 4; digit++) fixed[at + 1 + digit] = crc.charCodeAt(digit);
			start = -1;
		}
	}
	return fixed;
}

/** The block check behind each ETX or EOT: an exclusive or, or the sum of Kamstrup's older meters. */
export function repairedBlocks(bytes: Uint8Array, sums: boolean): Uint8Array {
	const fixed = bytes.slice();
	let start = -1;
	for (let at = 0; at < fixed.length - 1; at++) {
		const byte = fixed[at] as number;
		if ((byte === STX && start < 0) || byte === SOH) start = at;
		else if ((byte === ETX || byte === EOT) && start >= 0) {
			let check = 0;
			for (let each = start + 1; each <= at; each++)
				check = sums ? check + (fixed[each] as number) : check ^ (fixed[each] as number);
			at++;
			fixed[at] = check & 0x7f;
			start = -1;
		}
	}
	return fixed;
}

/** Even parity in the eighth bit, as a line of seven bits is heard. */
export function withEvenParity(bytes: Uint8Array): Uint8Array {
	return bytes.map((byte) => {
		let ones = 0;
		for (let bit = 0; bit < 7; bit++) ones += (byte >> bit) & 1;
		return (byte & 0x7f) | ((ones & 1) << 7);
	});
}

/** A message in HDLC frames, segmented where `most` is less than it. */
export function inHdlc(message: Uint8Array, most = 1010): Uint8Array {
	return hdlcFrames(message, checksums, { destination: [0x2b], source: [0x21], mostInfo: most });
}

export function inMbus(apdu: Uint8Array, most = 245): Uint8Array {
	return mbusFrames(apdu, most);
}

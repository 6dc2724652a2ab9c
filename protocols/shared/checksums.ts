// The CRCs of the four families, as an interface that the device implements natively, and in plain TypeScript
// for hosts and tests (catalogue of parametrised CRC algorithms; the check values are those of "123456789").

/** CRC-16s over `bytes[start, end)`. */
export interface Checksums {
	/** CRC-16/ARC: P1 telegrams. Check BB3D. */
	arc(bytes: Uint8Array, start: number, end: number): number;
	/** CRC-16/X-25 (IBM-SDLC): HDLC's HCS and FCS. Check 906E. */
	x25(bytes: Uint8Array, start: number, end: number): number;
	/** CRC-16/XMODEM: KMP. Check 31C3. */
	xmodem(bytes: Uint8Array, start: number, end: number): number;
}

const ARC_POLYNOMIAL = 0xa001;
const X25_POLYNOMIAL = 0x8408;
const XMODEM_POLYNOMIAL = 0x1021;
const X25_INITIAL = 0xffff;
const X25_FINAL = 0xffff;

/** The CRCs from one 256-entry table each, about 1 µs for a frame of 230 bytes on Node. */
export function tableChecksums(): Checksums {
	const arc = reflectedTable(ARC_POLYNOMIAL);
	const x25 = reflectedTable(X25_POLYNOMIAL);
	const xmodem = forwardTable(XMODEM_POLYNOMIAL);
	return {
		arc: (bytes, start, end) => reflected(arc, 0, bytes, start, end),
		x25: (bytes, start, end) => reflected(x25, X25_INITIAL, bytes, start, end) ^ X25_FINAL,
		xmodem: (bytes, start, end) => {
			let crc = 0;
			for (let at = start; at < end; at++) {
				crc = ((crc << 8) & 0xffff) ^ (xmodem[(crc >> 8) ^ (bytes[at] as number)] as number);
			}
			return crc;
		},
	};
}

/** Four bytes at a time: what each does to the CRC does not depend on the others. */
function reflected(
	table: Uint16Array,
	initial: number,
	bytes: Uint8Array,
	start: number,
	end: number,
): number {
	let crc = initial;
	let at = start;
	for (; at + 4 <= end; at += 4)
		crc =
			(table[768 + ((crc ^ (bytes[at] as number)) & 0xff)] as number) ^
			(table[512 + ((crc >> 8) ^ (bytes[at + 1] as number))] as number) ^
			(table[256 + (bytes[at + 2] as number)] as number) ^
			(table[bytes[at + 3] as number] as number);
	for (; at < end; at++) crc = (crc >> 8) ^ (table[(crc ^ (bytes[at] as number)) & 0xff] as number);
	return crc;
}

/** At `256 × n + byte`: the CRC of that byte with `n` bytes of zero behind it, of 0 to 3. */
function reflectedTable(polynomial: number): Uint16Array {
	const table = new Uint16Array(4 * 256);
	for (let index = 0; index < table.length; index++) {
		let crc = index < 256 ? index : (table[index - 256] as number);
		for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ polynomial : crc >> 1;
		table[index] = crc;
	}
	return table;
}

function forwardTable(polynomial: number): Uint16Array {
	return Uint16Array.from({ length: 256 }, (_, index) => {
		let crc = index << 8;
		for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ polynomial : crc << 1;
		return crc & 0xffff;
	});
}

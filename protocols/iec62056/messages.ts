// Messages of IEC 62056-21 as bytes: what a reader sends, and what an emulated meter answers.
// Source: IEC 62056-21:2002, clause 6.3.

import { ACK, blockCheck, bytesOf, type CheckKind, EOT, ETX, SEVEN_BITS, SOH, STX } from "./characters.js";

/** `/?<address>!` CR LF. */
export function requestMessage(address: string): Uint8Array {
	return bytesOf(`/?${address}!\r\n`);
}

/** MULTICAL's `/#1`. */
export function tableRequest(table: string): Uint8Array {
	return bytesOf(`/#${table}`);
}

/** `ACK V Z Y` CR LF. V: 0 normal procedure; Z: baud rate; Y: 0 readout, 1 programming. */
export function optionSelect(procedure: string, speed: string, mode: string): Uint8Array {
	return bytesOf(`${String.fromCharCode(ACK)}${procedure}${speed}${mode}\r\n`);
}

/** `SOH name [STX data] ETX BCC`: P0, P1, R1, R2, B0, … */
export function commandMessage(name: string, data?: string): Uint8Array {
	const body = data === undefined ? name : `${name}${String.fromCharCode(STX)}${data}`;
	return checked(SOH, body, ETX, "xor");
}

/** The password command P1; the data set's id stays empty. */
export function passwordMessage(password: string): Uint8Array {
	return commandMessage("P1", `(${password})`);
}

/** Ends programming mode: the meter listens at its first speed again. */
export function breakMessage(): Uint8Array {
	return commandMessage("B0");
}

/** A block `STX data ETX BCC`; `more` ends it with EOT instead. */
export function dataBlock(data: string, kind: CheckKind = "xor", more = false): Uint8Array {
	return checked(STX, data, more ? EOT : ETX, kind);
}

/** What an emulated meter reads out. */
export interface ReadoutText {
	/** Behind the `/`: `KAM 685-382-OK-15`. */
	readonly identification: string;
	/** Data lines without their ends. */
	readonly lines: readonly string[];
	/** Undefined: mode D, without STX and check character. */
	readonly check: CheckKind | undefined;
	/** The Kamstrup 382 sets `!` right behind the last data set. */
	readonly bangBehindLast?: boolean;
}

/** `/identification` CR LF. */
export function identificationMessage({ identification }: ReadoutText): Uint8Array {
	return bytesOf(`/${identification}\r\n`);
}

/** The data message of a readout, without the identification in front. */
export function readoutMessage({ lines, check, bangBehindLast }: ReadoutText): Uint8Array {
	const text = `${lines.join("\r\n")}${bangBehindLast ? "" : "\r\n"}!\r\n`;
	return check === undefined ? bytesOf(`\r\n${text}`) : dataBlock(text, check);
}

/** With even parity in bit 7: how 7E1 looks on a line that knows only 8 bits without parity (a pty). */
export function withEvenParity(bytes: Uint8Array): Uint8Array {
	return Uint8Array.from(bytes, (byte) => {
		let odd = 0;
		for (let rest = byte & SEVEN_BITS; rest > 0; rest >>= 1) odd ^= rest & 1;
		return (byte & SEVEN_BITS) | (odd << 7);
	});
}

function checked(first: number, body: string, last: number, kind: CheckKind): Uint8Array {
	const bytes = new Uint8Array(body.length + 3);
	bytes[0] = first;
	bytes.set(bytesOf(body), 1);
	bytes[body.length + 1] = last;
	bytes[body.length + 2] = blockCheck(kind, bytes, 1, body.length + 2);
	return bytes;
}

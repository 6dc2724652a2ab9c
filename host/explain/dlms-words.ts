// What the fields of HDLC and M-Bus frames mean, in words (IEC 62056-46, 6.4; EN 13757-2, 5.2). No frame is found here.

import type { HdlcVerdict } from "../../protocols/dlms/hdlc.js";
import type { View } from "./view.js";
import { hex, plural } from "./words.js";

export const LAST_SEGMENT = 0b0001_0000;

export function isFormat(byte: number): boolean {
	return (byte & 0xf0) === 0xa0;
}

export function lengthFault(view: View, claimed: number, end: number, verdict: HdlcVerdict): string {
	if (claimed >= view.length) return `CUT: ${claimed + 1 - end} bytes are missing up to the closing flag`;
	const found = verdict === "flag" ? `, ${hex(view.at(claimed))} stands there` : "";
	return `NO FLAG where the frame should end (offset ${hex(claimed, 4)}${found}): bytes were lost or added`;
}

/** An HDLC address: seven bits a byte, the last one with bit 0 set. */
export function addressWords(view: View, start: number, end: number): string {
	const parts: number[] = [];
	for (let at = start; at < end; at++) parts.push(view.at(at) >> 1);
	const [upper = 0, lower] = parts;
	return lower === undefined ? `${upper}` : `${plural(parts.length, "byte")}: ${parts.join(", ")}`;
}

/** The control byte of HDLC: pushes come in unnumbered frames. */
export function controlWords(control: number): string {
	const name =
		(control & 0b1110_1111) === 0x03
			? "UI, unnumbered information"
			: (control & 1) === 0
				? "I, numbered information"
				: "other frame";
	const poll = control & 0b0001_0000 ? "poll/final set" : "poll/final not set";
	return `${hex(control)}: ${name}, ${poll}`;
}

export function addressOfMbus(address: number): string {
	return address === 0xff ? "0xFF: broadcast" : `address ${address}`;
}

export function ciWords(ci: number): string {
	if ((ci & 0xe0) !== 0) return `${hex(ci)}: an M-Bus application, not DLMS`;
	return `${hex(ci)}: segment ${ci & 0x0f}${ci & LAST_SEGMENT ? ", the last one" : ", more follow"}`;
}

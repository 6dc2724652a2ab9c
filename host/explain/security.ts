// The security control byte in words (IEC 62056-5-3, 9.2.7.2.4.6).

import { hex } from "./words.js";

const SUITE = 0b0000_1111;
const AUTHENTICATED = 0b0001_0000;
const ENCRYPTED = 0b0010_0000;
const BROADCAST = 0b0100_0000;
const COMPRESSED = 0b1000_0000;

/** `0x30: suite 0, encrypted, authenticated (tag), unicast key`. */
export function securityWords(control: number): string {
	const words = [
		`suite ${control & SUITE}`,
		control & ENCRYPTED ? "encrypted" : "not encrypted",
		control & AUTHENTICATED ? "authenticated (tag)" : "not authenticated (no tag)",
		control & BROADCAST ? "broadcast key" : "unicast key",
	];
	if (control & COMPRESSED) words.push("compressed");
	return `${hex(control)}: ${words.join(", ")}`;
}

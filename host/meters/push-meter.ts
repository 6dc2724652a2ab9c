// An emulated meter that sends unasked: when, and what. Time and line are its caller's.

import type { LineSettings } from "../../protocols/protocol.js";

export interface PushMeter {
	/** For people: `Kamstrup Omnipower (HAN, list every 10 s)`. */
	readonly title: string;
	/** The protocol that reads it. */
	readonly protocol: string;
	readonly line: LineSettings;
	/** The first instant after `time` at which it begins to send. Local milliseconds since 1970. */
	nextSend(time: number): number;
	/** What it sends at that instant; instants never go back. */
	telegram(time: number): Uint8Array;
}

/** What every emulated meter is made from. */
export interface MeterOptions {
	readonly seed: number;
	/** Local milliseconds since 1970 at which the emulation begins. */
	readonly start: number;
	/** Peak of the solar panels in W; 0 for none. */
	readonly solarWatts: number;
	/** Sends its longest list first, so that a page shows counters before the next full hour. */
	readonly longListFirst?: boolean;
}

/** Bits of one character on the wire, start bit included. */
export function characterBits({ dataBits, parity, stopBits }: LineSettings): number {
	return 1 + dataBits + (parity === "none" ? 0 : 1) + stopBits;
}

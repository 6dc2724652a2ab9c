// What every meter protocol is to the rest of the house: a descriptor in the registry, and sans-I/O sessions.
// No clock, timer, trace, Promise or SDK module here or below: time and ciphers are arguments, so a recorded
// byte file and a fake clock reproduce any fault without hardware.

import type { Reading } from "../readings/reading.js";
import type { SettingDescriptor, SettingValues } from "../settings/setting.js";
import type { Checksums } from "./shared/checksums.js";
import type { Cipher } from "./shared/cipher.js";

export type Parity = "none" | "even" | "odd";

/** How a UART is set. `invertReceive`: the receive line is inverted (P1's open collector without an inverter). */
export interface LineSettings {
	readonly baud: number;
	readonly dataBits: 7 | 8;
	readonly parity: Parity;
	readonly stopBits: 1 | 2;
	readonly invertReceive: boolean;
	readonly invertTransmit: boolean;
}

/**
 * A frame, or part of one, that was not taken: a fact to be counted, never an exception.
 * `layer`: where (`hdlc`, `mbus`, `llc`, `apdu`, `p1`, …). `code`: closed per layer (`crc`, `truncated`, `length`, …).
 * `offset`: of the frame's first byte, counted from the session's first byte.
 * Facts never hold a key. `detail` is short text such as a system title in hexadecimal.
 */
export interface Rejection {
	readonly rejected: true;
	readonly layer: string;
	readonly code: string;
	readonly offset?: number;
	readonly expected?: number | string;
	readonly actual?: number | string;
	readonly detail?: string;
}

/** What a session wants done. Actions are in order: a `setLine` after a `send` waits until that is on the wire. */
export type Action =
	| { readonly do: "send"; readonly bytes: Uint8Array }
	| { readonly do: "setLine"; readonly settings: LineSettings }
	/**
	 * `frame`: the bytes it was read from, as on the wire; borrowed until the session is called again. `clear`: the P1
	 * telegram that was in an encrypted frame; an array of its own.
	 */
	| {
			readonly do: "reading";
			readonly reading: Reading;
			readonly frame?: Uint8Array | undefined;
			readonly clear?: Uint8Array | undefined;
	  }
	| { readonly do: "rejected"; readonly rejection: Rejection }
	/** These few bytes must survive a restart: the next session gets them as `kept`. Seldom, for flash wears out. */
	| { readonly do: "keep"; readonly bytes: Uint8Array }
	/** To the question that `ask` put: a reading of what was asked for, or why there is none. For who asked, not for all. */
	| { readonly do: "answer"; readonly reading?: Reading; readonly problem?: string }
	/** Call `tick` at this time (monotonic ms); a later `wakeAt` replaces an earlier one. */
	| { readonly do: "wakeAt"; readonly time: number };

/** No actions: shared, so that the common case allocates nothing. */
export const NO_ACTIONS: readonly Action[] = Object.freeze([]);

/** One protocol's state machine on one line. Every buffer is bounded; rubbish resynchronises by itself. */
export interface Session {
	/** Bytes that arrived, in order; the array is only borrowed. `now`: monotonic milliseconds. */
	receive(bytes: Uint8Array, now: number): readonly Action[];
	/** Called once after opening, then at the time last asked for by `wakeAt`; calling it too early or late does no harm. */
	tick(now: number): readonly Action[];
	/** No further byte will come (end of a recorded file): what is left is decoded as far as it is whole, or rejected. */
	end(now: number): readonly Action[];
	/**
	 * Puts a question of somebody's own as soon as the meter may be asked: `what` is a register or code, and an `answer`
	 * follows; or empty for a poll now, whose reading is one as any. A text says why it is not put.
	 * Absent where the protocol only listens.
	 */
	ask?(what: string, now: number): readonly Action[] | string;
}

/** What a session is given: functions that the device has natively, and its own settings. */
export interface SessionOptions {
	readonly checksums: Checksums;
	readonly cipher: Cipher;
	/** Values of the protocol's own settings, by key; defaults filled in. */
	readonly settings: SettingValues;
	/** What an earlier session of this protocol asked to be kept; absent where there is nothing, or nobody who keeps. */
	readonly kept?: Uint8Array | undefined;
}

/** One line of the registry. */
export interface Protocol {
	/** Name in settings and on the command line: `p1`, `dlms`, … */
	readonly name: string;
	/** For people: `P1 / DSMR`. */
	readonly title: string;
	/** Usual line settings first; the others are what detection tries, in this order. */
	readonly lines: readonly [LineSettings, ...LineSettings[]];
	/** `pulses`: where no port is named its bytes come from counting a pin's pulses, not from a UART. */
	readonly source?: "pulses";
	/** Settings of its own: the forms of page and portal come from these. */
	readonly settings: readonly SettingDescriptor[];
	/** Settings that work but do harm, such as a period that drains a battery: a sentence each, for health. */
	warnings?(settings: SettingValues): readonly string[];
	/** A session for a line that has just been opened. */
	open(options: SessionOptions): Session;
	/** Decodes a whole message without its outer layers (an LLC or APDU from a log), where the protocol has such. */
	decodeFragment?(bytes: Uint8Array, options: SessionOptions): readonly Action[];
}

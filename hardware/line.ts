// The line to the meter as the app sees it: an ECMA-419 Serial-like object. ECMA-419's rules hold: no callback from
// inside a constructor or method, close() twice is fine, a write is all or throws, options are never modified.

import type { LineSettings } from "../protocols/protocol.js";

export interface LineOptions {
	/** Where: a device file, `socket://host:port` (host only), or the board's UART number. */
	readonly port: string;
	/** The UART and its GPIOs on a board; absent on a computer, where `port` names the device. */
	readonly pins?: { readonly port: number; readonly receive: number; readonly transmit?: number };
	/** Drop what was sent where it comes back (two-wire lines, optical heads); protocols pass over an echo anyway. */
	readonly removeEcho?: boolean;
	readonly settings: LineSettings;
	/** `count` bytes or more wait to be read. */
	onReadable(count: number): void;
	/** All that was written has left (or may be followed by `count` bytes). */
	onWritable?(count: number): void;
	/** The line is gone (USB pulled, peer closed) and is closed already. */
	onError(reason: string): void;
}

/**
 * Counts since opening, for health. `bytes`: received, an echo included. `parity`: characters whose parity was wrong
 * (they are passed on); exact for 7E1 over 8N1, elsewhere a lower bound. `overflow`: times that received bytes were
 * lost unread. `framing`: characters without a stop bit, `breaks` those of nothing but zeros: lower bounds.
 * The last three are known on the ESP32; where a computer's system does not tell they stay 0, `breaks` away.
 */
export interface LineCounters {
	readonly bytes: number;
	readonly parity: number;
	readonly overflow: number;
	readonly framing: number;
	readonly breaks?: number;
}

export interface Line {
	/**
	 * What waits, or `undefined`; the array is the caller's until the next read. Long data may come in pieces: each
	 * further one is told by another `onReadable`.
	 */
	read(): Uint8Array | undefined;
	/** Takes all bytes or throws. */
	write(bytes: Uint8Array): void;
	/** New settings, after all that was written has left (mode C's baud switch). */
	set(settings: LineSettings): void;
	readonly counters: LineCounters;
	close(): void;
}

// The line to the meter as the app sees it: an ECMA-419 Serial-like object. ECMA-419's rules hold: no callback from
// inside a constructor or method, close() twice is fine, a write is all or throws, options are never modified.

import type { LineSettings } from "../protocols/protocol.js";

export interface LineOptions {
	/** Where: a device file, `socket://host:port` (host only), or the board's UART number. */
	readonly port: string;
	readonly settings: LineSettings;
	/** `count` bytes or more wait to be read. */
	onReadable(count: number): void;
	/** All that was written has left (or may be followed by `count` bytes). */
	onWritable?(count: number): void;
	/** The line is gone (USB pulled, peer closed) and is closed already. */
	onError(reason: string): void;
}

/** Counts since opening, for health; `parity`: characters whose parity bit was wrong (they are passed on as 0x00..0x7F). */
export interface LineCounters {
	readonly bytes: number;
	readonly parity: number;
	readonly overflow: number;
	readonly framing: number;
}

export interface Line {
	/** Everything that waits, or `undefined`; the array is the caller's until the next read. */
	read(): Uint8Array | undefined;
	/** Takes all bytes or throws. */
	write(bytes: Uint8Array): void;
	/** New settings, after all that was written has left (mode C's baud switch). */
	set(settings: LineSettings): void;
	readonly counters: LineCounters;
	close(): void;
}

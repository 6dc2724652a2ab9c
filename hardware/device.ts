// The device: everything that the app needs from the outside world, in one object. On the ESP32 and on XS for
// Linux it is made of the SDK's modules; on Node the same specifiers resolve to host/platform.

import type { Network } from "../outputs/network.js";
import type { Timers } from "../outputs/output.js";
import type { Checksums } from "../protocols/shared/checksums.js";
import type { Cipher } from "../protocols/shared/cipher.js";
import type { Line, LineOptions } from "./line.js";

/** A small file store for settings (and later history): whole files by name. */
export interface FileStore {
	/** The file's bytes, or `undefined` where there is none. */
	read(name: string): Uint8Array | undefined;
	/** Replaces the file; throws where the storage is full or broken. */
	write(name: string, bytes: Uint8Array): void;
}

export interface Device {
	/** `esp32`, `lin` or `node`. */
	readonly platform: string;
	/** A name that stays the same for this device: `meterling-a1b2c3`. */
	readonly id: string;
	/** Opens the line to the meter; throws with a reason where it cannot. */
	openLine(options: LineOptions): Line;
	readonly network: Network;
	readonly timers: Timers;
	readonly checksums: Checksums;
	readonly cipher: Cipher;
	readonly files: FileStore;
	/** Monotonic milliseconds. */
	now(): number;
	/** A number in [0, 1). */
	random(): number;
	/** Bytes of a file that was built into the firmware, read in place; `undefined` where it was not. */
	resource(name: string): Uint8Array | undefined;
	/** One line to the log (serial console, standard output). */
	log(line: string): void;
}

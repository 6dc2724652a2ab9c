// The device: everything that the app needs from the outside world, in one object. On the ESP32 and on XS for
// Linux it is made of the SDK's modules; on Node the same specifiers resolve to host/platform.

import type { Network } from "../outputs/network.js";
import type { LogLevel, Timers } from "../outputs/output.js";
import type { Checksums } from "../protocols/shared/checksums.js";
import type { Cipher } from "../protocols/shared/cipher.js";
import type { Digests, RandomBytes } from "../settings/digests.js";
import type { Discovery } from "./discovery.js";
import type { Lifecycle } from "./lifecycle.js";
import type { Line, LineOptions } from "./line.js";
import type { Pins } from "./pins.js";
import type { ProvisioningKey } from "./provisioning.js";
import type { PulseLineOptions } from "./pulse-line.js";
import type { SerialPortFound } from "./sdk.js";
import type { Updates } from "./updates.js";
import type { Wifi } from "./wireless.js";

/** A small file store for settings, history and what waits to be sent: files by name. */
export interface FileStore {
	/** The file's bytes, or `undefined` where there is none. */
	read(name: string): Uint8Array | undefined;
	/** At most `count` bytes from `at` on, fewer at the end; `undefined` where there is no such file. */
	readPart(name: string, at: number, count: number): Uint8Array | undefined;
	/** The file's length in bytes, or `undefined` where there is none. */
	size(name: string): number | undefined;
	/**
	 * Writes in place from `at` (at most the file's length; without it at its end), and makes the file where there is none. A power cut
	 * leaves what lies before `at` as it was, and anything behind it. Throws where the storage is full or broken.
	 */
	append(name: string, bytes: Uint8Array, at?: number): void;
	/** Replaces the file; throws where the storage is full or broken. */
	write(name: string, bytes: Uint8Array): void;
	/** Removes the file and what an interrupted write of it left; harmless where there is none. Throws where it stays. */
	remove(name: string): void;
}

/** Its functions are none of a class: they are handed on without their object. */
export interface Device extends Lifecycle {
	/** `esp32`, `lin` or `node`. */
	readonly platform: string;
	/** The board that the firmware was built for, by name (hardware/boards); `undefined` on a computer. */
	readonly board: string | undefined;
	/** A name that stays the same for this device: `meterling-a1b2c3`. */
	readonly id: string;
	/** Opens the line to the meter; throws with a reason where it cannot. */
	openLine(options: LineOptions): Line;
	/** Counts a pin's pulses: a line whose bytes are the records of protocols/pulse; throws with a reason where it cannot. */
	openPulses(options: PulseLineOptions): Line;
	/** Lists a computer's serial ports, later; absent on boards, whose line is on pins. */
	ports?(done: (ports: readonly SerialPortFound[]) => void): void;
	readonly pins: Pins;
	readonly network: Network;
	/** The radio; absent on computers and on boards with a cable. */
	readonly wifi: Wifi | undefined;
	/** Absent where the platform has no multicast. */
	readonly discovery: Discovery | undefined;
	/** Two slots for the firmware; absent on a computer. */
	readonly updates: Updates | undefined;
	readonly provisioning: ProvisioningKey;
	readonly timers: Timers;
	readonly checksums: Checksums;
	readonly cipher: Cipher;
	readonly digests: Digests;
	readonly files: FileStore;
	/** Monotonic milliseconds. */
	now(): number;
	/** Milliseconds since 1970, or `undefined` while the device has not been told the time of day. */
	wallTime(): number | undefined;
	/** Sets the clock to whole seconds since 1970; absent where somebody else keeps it right. */
	setTime?(seconds: number): void;
	/** A number in [0, 1): for jitter, never for a secret. */
	random(): number;
	readonly randomBytes: RandomBytes;
	/** Bytes of a file that was built into the firmware, read in place; `undefined` where it was not. */
	resource(name: string): Uint8Array | undefined;
	/** One line to the serial console (standard output) and nowhere else: it holds a secret. */
	printSecret(line: string): void;
	/** One line to the log: serial console or standard output here, and the ring that app/app.ts puts before it. */
	log(line: string, level?: LogLevel): void;
}

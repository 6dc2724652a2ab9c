// What every output is to the rest of the house: a descriptor in the registry, and an open thing that takes
// readings. Sockets arrive by injection; an output that is slow or down never holds up the meter or another output.

import type { TakePiece } from "../readings/json.js";
import type { Reading } from "../readings/reading.js";
import type { ReadingStore } from "../readings/store.js";
import type { Digests } from "../settings/digests.js";
import type { SettingDescriptor, SettingValues } from "../settings/setting.js";
import type { Admin } from "./admin.js";
import type { MeterTap } from "./meter-tap.js";
import type { Network } from "./network.js";
import type { Gate, Responder, Route } from "./route.js";

/** One-shot and repeating timers; times in milliseconds. A handle may be cleared twice. */
export interface Timers {
	set(callback: () => void, milliseconds: number): unknown;
	repeat(callback: () => void, milliseconds: number): unknown;
	clear(handle: unknown): void;
}

/** How urgent a line of the log is; `info` where nothing is said. */
export type LogLevel = "error" | "warning" | "info" | "debug";

/** Facts of one output for health: flat, JSON-ready, free of secrets. */
export type OutputHealth = Readonly<Record<string, string | number | boolean | null>>;

/** Small files that outlive a restart: whole files by name, which begins with the output's own. */
export interface OutputFiles {
	read(name: string): Uint8Array | undefined;
	/** Replaces the file in one step; throws where the storage is full. */
	write(name: string, bytes: Uint8Array): void;
	remove(name: string): void;
}

/** One frame as it was on the wire: encrypted where it was, so free of keys. */
export interface RawFrame {
	readonly bytes: Uint8Array;
	/** Monotonic milliseconds. */
	readonly at: number;
}

/** What others may ask the gateway to do; each returns at once. */
export interface Commands {
	/** The meter answers questions: the protocol does not only listen. */
	readonly canAsk: boolean;
	restart(reason: string): void;
	/** Blinks, so that a person sees which one it is; false where there is nothing to blink. */
	identify(): boolean;
	/** Asks the meter now; false where the protocol only listens. */
	readNow(): boolean;
	/** Asks the meter for one register or OBIS code; `done` later with a reading, or why not. */
	readRegister(name: string, done: (reading: Reading | undefined, problem?: string) => void): void;
}

/** A topic whose messages are lists of prices, taken as they come. */
export interface PriceTopic {
	readonly topic: string;
	receive(): { take(bytes: Uint8Array): void; finish(): void };
}

/** What an output is given when it is opened. */
export interface OutputContext {
	readonly settings: SettingValues;
	readonly network: Network;
	readonly timers: Timers;
	/** Monotonic milliseconds. */
	now(): number;
	readonly store: ReadingStore;
	/** The whole health report as JSON text, piece by piece. */
	writeHealth(take: TakePiece): void;
	/** A name for this gateway that stays the same (`meterling-a1b2c3`). */
	readonly gatewayId: string;
	readonly version: string;
	/** The board's name, or the platform's on a computer. */
	readonly model: string;
	/** Milliseconds since 1970; `undefined` while nobody has told the time of day. */
	wallTime(): number | undefined;
	readonly files: OutputFiles;
	/** The last frames, oldest first, a few at most. */
	frames(): readonly RawFrame[];
	/** The newest values of all lists as one DSMR 5 telegram with its CRC; `undefined` before the first reading. */
	telegram(): Uint8Array | undefined;
	/** Absent where nothing is to be signed (tests). */
	readonly digests?: Pick<Digests, "hmacSha256">;
	/** Absent where nobody may command (tests). */
	readonly commands?: Commands;
	/** The meter's line, for a program elsewhere that wants to speak with the meter itself. */
	readonly meterTap?: MeterTap;
	/** The whole DNS-SD service is told in the network until the returned function is called; nothing where there is no multicast. */
	announce?(service: {
		readonly type: string;
		readonly port: number;
		readonly txt: readonly string[];
	}): () => void;
	/** Lists of prices that come by MQTT; absent where none are wanted. */
	readonly prices?: PriceTopic;
	/** Where the web server listens; absent where nobody says. */
	readonly httpPort?: number;
	/** The radio's network and the strength of its signal (dBm), null where there is none; absent where nobody says. */
	wifi?(): { readonly ssid: string | null; readonly rssi: number | null };
	/** One line for the log; never a secret. */
	log(line: string, level?: LogLevel): void;
	/** A number in [0, 1) for jitter. */
	random(): number;
	/** Who may ask for what over HTTP; without it everyone may read, and nobody do anything else. */
	readonly gate?: Gate;
	/** The gateway's own administration over HTTP; without it there is none. */
	readonly admin?: Admin;
	/** What has addresses that the web server answers: the server adds its own, and outputs that have some are added when they are opened. */
	readonly responders?: Responder[];
	/** Bytes of a file that was built into the firmware (`index.html.gz`), read in place; `undefined` where it was not. */
	resource(name: string): Uint8Array | undefined;
}

/** An output at work. */
export interface Output {
	/** A new reading; must return at once. */
	reading(reading: Reading): void;
	/** The frame whose reading follows, as it was on the wire; only borrowed. Must return at once. */
	frame?(bytes: Uint8Array): void;
	/** Addresses that the web server answers for it. */
	readonly routes?: readonly Route<this>[];
	health(): OutputHealth;
	/** Says goodbye (offline message), lets go of every socket and timer, then calls `done` once; `done` may come late or at once. */
	close(done: () => void): void;
}

/** One line of the registry. */
export interface OutputDescriptor {
	readonly name: string;
	readonly title: string;
	readonly settings: readonly SettingDescriptor[];
	/** The output, or `undefined` where its settings leave it off. */
	open(context: OutputContext): Output | undefined;
}

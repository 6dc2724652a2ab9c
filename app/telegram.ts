// The newest values as a P1 telegram, for outputs that hand such on: the meter's own, byte for byte, where the meter is
// a P1 meter; one made from the readings of any other.

import { timeStampText } from "../protocols/p1/p1-encoder.js";
import { synthesise } from "../protocols/p1/synthesis.js";
import type { Checksums } from "../protocols/shared/checksums.js";
import type { ReadingStore } from "../readings/store.js";
import { isoText } from "../readings/utc.js";
import { localTime } from "../settings/posix-time-zone.js";
import { posixOf } from "../settings/time-zones.js";

/** A made telegram is told again for so long, so that several outputs share one. */
const FRESH_MS = 1000;

export interface TelegramOptions {
	readonly store: ReadingStore;
	readonly checksums: Checksums;
	/** The meter's frames are telegrams. */
	readonly isP1: boolean;
	readonly source: TelegramSource;
	now(): number;
	wallTime(): number | undefined;
	/** Name or POSIX string. */
	readonly timeZone: string;
}

export interface TelegramSource {
	/** The newest frame as it was on the wire. */
	newestFrame(): Uint8Array | undefined;
}

export class Telegram {
	readonly #options: TelegramOptions;
	/** The telegram of an encrypted frame. */
	#clear: Uint8Array | undefined;
	#made: Uint8Array | undefined;
	#madeOf = 0;
	#madeAt = 0;
	/** Looked up once: the list of zones is long. */
	#zone: string | undefined;

	constructor(options: TelegramOptions) {
		this.#options = options;
	}

	/** A frame came; `clear`: the telegram in it, where it was encrypted. */
	frame(clear: Uint8Array | undefined): void {
		this.#clear = clear;
	}

	/** `undefined` before the first reading. */
	get bytes(): Uint8Array | undefined {
		const { store, isP1, source } = this.#options;
		if (store.count === 0) return undefined;
		return (isP1 ? (this.#clear ?? source.newestFrame()) : undefined) ?? this.#synthesised();
	}

	#synthesised(): Uint8Array {
		const { store, checksums, now } = this.#options;
		const at = now();
		if (this.#made && this.#madeOf === store.count && at - this.#madeAt < FRESH_MS) return this.#made;
		const { latest } = store;
		const told = latest?.time ? timeStampText(latest.time) : undefined;
		const made = synthesise(
			{
				meter: latest?.meter ?? {},
				known: store.known,
				devices: store.devices,
				time: this.#stamp(0) ?? told,
				readAt: (index) => this.#stamp(at - store.knownAt(index)) ?? told,
			},
			checksums,
		);
		this.#made = made;
		this.#madeOf = store.count;
		this.#madeAt = at;
		return made;
	}

	/** The time stamp of `age` milliseconds ago, in local time. */
	#stamp(age: number): string | undefined {
		const wall = this.#options.wallTime();
		if (wall === undefined) return undefined;
		this.#zone ??= posixOf(this.#options.timeZone) ?? "UTC0";
		const local = localTime(wall - age, this.#zone);
		if (local === undefined) return undefined;
		const digits = timeStampText(isoText(local.milliseconds)).slice(0, -1);
		return `${digits}${local.isDaylightSaving ? "S" : "W"}`;
	}
}

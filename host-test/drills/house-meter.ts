// An emulated Omnipower for the drills: as it is, or one that sends more seldom, has another number, or a clock that is wrong.
// Frames are edited and get their checksum again. Not a test.

import { KamstrupOmnipower } from "../../host/meters/kamstrup-omnipower.js";
import type { PushMeter } from "../../host/meters/push-meter.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { START } from "./house.js";

export interface HouseMeterOptions {
	readonly seed?: number;
	/** Milliseconds since 1970 at which it begins. */
	readonly start?: number;
	/** Seconds between lists: a multiple of ten. */
	readonly every?: number;
	/** 16 digits. */
	readonly id?: string;
	/** Years that its clock is wrong by, asked for at each list. */
	readonly years?: () => number;
}

const OWN_ID = "5706567000000000";
/** Of a count: the list has 10 Wh. */
const WATT_HOURS = 10;
const HOUR_MS = 3_600_000;
/** COSEM date-time: its length, then the year. */
const TIME_LENGTH = 0x0c;

export class HouseMeter implements PushMeter {
	readonly title: string;
	readonly protocol: string;
	readonly line: PushMeter["line"];
	/** Import of the first and of the newest hourly list, Wh. */
	first: number | undefined;
	newest = 0;
	readonly #meter: KamstrupOmnipower;
	readonly #options: HouseMeterOptions;
	readonly #checksums = tableChecksums();

	constructor(options: HouseMeterOptions = {}) {
		const { seed = 1, start = START } = options;
		this.#meter = new KamstrupOmnipower({ seed, start, solarWatts: 0 });
		this.#options = options;
		const { title, protocol, line } = this.#meter;
		this.title = title;
		this.protocol = protocol;
		this.line = line;
	}

	/** Every list of `every` seconds, and each hourly one. */
	nextSend(time: number): number {
		const { every = 10 } = this.#options;
		let next = this.#meter.nextSend(time);
		while (next % (every * 1000) !== 0 && next % HOUR_MS !== 5000) next = this.#meter.nextSend(next);
		return next;
	}

	telegram(time: number): Uint8Array {
		const { id = OWN_ID, years } = this.#options;
		const frame = this.#meter.telegram(time);
		this.#note(frame);
		replace(frame, Buffer.from(OWN_ID), Buffer.from(id));
		const shift = years?.() ?? 0;
		const year = new Date(time).getUTCFullYear();
		const at = (value: number) => Buffer.from([TIME_LENGTH, value >> 8, value & 0xff]);
		if (shift !== 0) while (replace(frame, at(year), at(year + shift)));
		const end = frame.length - 3;
		const check = this.#checksums.x25(frame, 1, end);
		frame[end] = check & 0xff;
		frame[end + 1] = check >> 8;
		return frame;
	}

	/** What history must come to: between the first hourly list and the newest. */
	get counted(): number {
		return this.newest - (this.first ?? this.newest);
	}

	#note(frame: Uint8Array): void {
		// 1.1.1.8.0.255, then a u32.
		const at = Buffer.from(frame.buffer, frame.byteOffset).indexOf(Buffer.from([1, 1, 1, 8, 0, 255]));
		if (at < 0) return;
		this.newest = new DataView(frame.buffer, frame.byteOffset).getUint32(at + 7) * WATT_HOURS;
		this.first ??= this.newest;
	}
}

/** The first of `old` in it becomes `fresh`; false where there is none. */
function replace(frame: Uint8Array, old: Buffer, fresh: Buffer): boolean {
	const at = Buffer.from(frame.buffer, frame.byteOffset, frame.length).indexOf(old);
	if (at < 0) return false;
	frame.set(fresh, at);
	return true;
}

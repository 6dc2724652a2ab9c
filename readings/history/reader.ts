// Goes over what a log keeps (sample.ts has the format).

import { MOST_CHANNELS } from "./channel.js";
import type { SampleLog } from "./log.js";
import { COUNTERS_AT, CRC_AT, emptySample, HEADER_LENGTH, SEGMENT_LENGTH, TIME_AT } from "./sample.js";

const NOTHING: Uint8Array = new Uint8Array(0);

/** Goes over the samples of a log, oldest first. The sample is the same object each time. */
export class LogReader {
	readonly sample = emptySample();
	/** Where the last whole record ends in its segment, and the CRC that its segment's records begin with. */
	end = 0;
	seed = 0;
	readonly #log: SampleLog;
	#number: number;
	#limit = 0;
	#bytes = NOTHING;
	#at = 0;

	/** Begins with the segment in which `time` lies. */
	constructor(log: SampleLog, time: number) {
		this.#log = log;
		this.#number = log.segmentAt(time) - 1;
	}

	/** The next sample; false at the end. */
	next(): boolean {
		while (!this.#record()) {
			const next = this.#number < 0 ? 0 : this.#log.after(this.#number);
			if (next === 0) return false;
			this.#number = next;
			if (this.#open(next)) return true;
		}
		return true;
	}

	/** Takes the header in; true where it tells something new: segments between are lost, or the clock had been wrong. */
	#open(number: number): boolean {
		const { sample } = this;
		// The one before goes first: two are 8 KB.
		this.#bytes = NOTHING;
		const view = this.#log.view(number, SEGMENT_LENGTH);
		if (!view) return false;
		this.#bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
		this.#limit = this.#log.limit(number);
		this.end = HEADER_LENGTH;
		this.seed = view.getUint32(CRC_AT);
		sample.time = view.getUint32(TIME_AT);
		sample.quarter = 0;
		sample.hour = 0;
		sample.broken = 0;
		sample.present = 0;
		for (let place = 0; place < MOST_CHANNELS; place++) {
			const counter = view.getFloat64(COUNTERS_AT + place * 8);
			if (counter !== counter || counter === sample.counters[place]) continue;
			sample.present |= 1 << place;
			sample.counters[place] = counter;
		}
		return sample.present !== 0;
	}

	#record(): boolean {
		const { sample, end } = this;
		const bytes = this.#bytes;
		const crcAt = end + 1 + (bytes[end] ?? bytes.length);
		if (crcAt + 4 > bytes.length) return false;
		const crc = new DataView(bytes.buffer, bytes.byteOffset).getUint32(crcAt);
		if (this.#log.crc32(bytes.subarray(end, crcAt), this.seed) !== crc) return false;
		this.#at = end + 1;
		const time = sample.time + this.#number7();
		if (time > this.#limit) return false;
		sample.time = time;
		sample.quarter = this.#number7();
		sample.hour = this.#number7();
		sample.present = this.#number7();
		sample.broken = this.#number7();
		for (let place = 0; place < MOST_CHANNELS; place++) {
			if (!(sample.present & (1 << place))) continue;
			const was = sample.counters[place] as number;
			sample.counters[place] = this.#number7() + (was === was ? was : 0);
		}
		this.end = crcAt + 4;
		return true;
	}

	/** Seven bits a byte; the CRC has vouched for its end. */
	#number7(): number {
		let value = 0;
		for (let factor = 1; ; factor *= 0x80) {
			const byte = this.#bytes[this.#at++] as number;
			value += (byte & 0x7f) * factor;
			if (byte < 0x80) return value;
		}
	}
}

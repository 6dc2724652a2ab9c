// An emulated Kamstrup 685-382 that speaks its old native protocol, KMP-382, at 1200 Bd 8E2: hello, memory of the
// identity area, actual values, energy registers. Facts: the public driver casperbang/KMP382-driver.

import {
	type Direction,
	encodeFrame,
	type FrameSink,
	Kmp382Framer,
	REPLY,
	REQUEST,
} from "../../protocols/kmp382/frame.js";
import {
	ACTUAL_VALUES,
	ADDRESS,
	actualReply,
	DATA,
	type EmulatedValues,
	ENERGY_REGISTERS,
	HELLO,
	identityReply,
	READ_MEMORY,
	registersReply,
} from "../../protocols/kmp382/messages.js";
import { type Answer, AskedMeter } from "./asked-meter.js";
import { Demand } from "./demand.js";
import { Household } from "./household.js";
import type { MeterOptions } from "./push-meter.js";
import { WorkingHours } from "./working-hours.js";

const SECOND_MS = 1000;
const WATT_SECONDS_OF_KWH = 3_600_000;
const WATT_SECONDS_OF_10_WH = 36_000;
const TYPE = "685382OK10";
const METER_ID = 9_054_042;
const CUSTOMER = 10_865_272;
const PRODUCTION = 268_439_699;
/** Of unknown meaning; the same in every capture. */
const HELLO_REPLY = Uint8Array.of(ADDRESS, HELLO, 0x02, 0x01, 0x07, 0x01);
const IDENTITY_START = 0x0001;
const MOST_MEMORY = 256;
/** Not documented; the driver waits 600 ms. */
const REACTION_MS = 100;
const LINE = Object.freeze({
	baud: 1200,
	dataBits: 8,
	parity: "even",
	stopBits: 2,
	invertReceive: false,
	invertTransmit: false,
} as const);

export class Kamstrup685382 extends AskedMeter implements FrameSink {
	readonly title = "Kamstrup 685-382 in its native protocol, 1200 Bd 8E2";
	readonly protocol = "kmp382";
	readonly line = LINE;
	readonly #framer = new Kmp382Framer(this);
	readonly #demand: Demand;
	readonly #hours: WorkingHours;
	#second: number;
	#answers: Answer[] = [];

	constructor({ seed, start, solarWatts }: MeterOptions) {
		super();
		this.#second = Math.floor(start / SECOND_MS);
		const household = new Household({ seed, start: this.#second, heatPump: false, solarWatts });
		this.#demand = new Demand(household, seed, this.#second);
		this.#hours = new WorkingHours(seed, this.#second);
	}

	heard(bytes: Uint8Array, time: number): readonly Answer[] {
		this.#second = Math.floor(time / SECOND_MS);
		this.#answers = [];
		this.#framer.push(bytes);
		return this.#answers;
	}

	frame(direction: Direction, bytes: Uint8Array, length: number): void {
		if (direction !== REQUEST || bytes[0] !== ADDRESS) return;
		const reply = this.#reply(bytes, length);
		if (reply) this.#answers.push({ bytes: encodeFrame(REPLY, reply), afterMs: REACTION_MS, line: LINE });
	}

	rejected(): void {
		// A damaged request stays unanswered.
	}

	#reply(bytes: Uint8Array, length: number): Uint8Array | undefined {
		switch (bytes[1]) {
			case HELLO:
				return HELLO_REPLY;
			case READ_MEMORY:
				return length === DATA + 4 ? memoryReply(word(bytes, DATA), word(bytes, DATA + 2)) : undefined;
			case ACTUAL_VALUES:
				return actualReply(this.#values());
			case ENERGY_REGISTERS:
				return registersReply(this.#values());
			default:
				return undefined;
		}
	}

	#values(): EmulatedValues {
		const { power, counters } = this.#demand.stepTo(this.#second);
		const kWh = (wattSeconds: number) => Math.floor(wattSeconds / WATT_SECONDS_OF_KWH);
		const { imported, importedT1 } = counters;
		return {
			energyKwh: kWh(imported),
			powerW: Math.max(power, 0),
			hours: this.#hours.at(this.#second),
			energy10Wh: Math.floor(imported / WATT_SECONDS_OF_10_WH),
			peakW: this.#demand.month.watts,
			customer: CUSTOMER,
			production: PRODUCTION,
			tariffKwh: [kWh(importedT1), kWh(imported - importedT1)],
		};
	}
}

/** Memory from `first` to `last`, both included; what nobody has explained is zero here. */
function memoryReply(first: number, last: number): Uint8Array | undefined {
	const size = last - first + 1;
	if (size < 1 || size > MOST_MEMORY) return undefined;
	const identity = identityReply(TYPE, METER_ID, CUSTOMER).subarray(DATA);
	const reply = new Uint8Array(DATA + size);
	reply[0] = ADDRESS;
	reply[1] = READ_MEMORY;
	for (let at = 0; at < size; at++) reply[DATA + at] = identity[first + at - IDENTITY_START] ?? 0;
	return reply;
}

function word(bytes: Uint8Array, at: number): number {
	return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

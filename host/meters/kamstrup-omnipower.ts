// An emulated Kamstrup Omnipower with a HAN port: Kamstrup_V0001, 25 items every ten seconds, 35 on the hour at
// xx:00:05 (Kamstrup HAN-NVE interface description). Not encrypted.

import { hdlcFrames, notification, withLlc } from "../../protocols/dlms/encode/frames.js";
import { kamstrupList } from "../../protocols/dlms/encode/kamstrup-list.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { Household, type HouseholdState } from "./household.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";

const LIST_INTERVAL_MS = 10_000;
const HOUR_MS = 3_600_000;
const HOURLY_OFFSET_MS = 5_000;
const SECOND_MS = 1000;
const ADDRESSES = { destination: [0x2b], source: [0x21] } as const;
const GIAI = "5706567000000000";
/** 684…: direct connection, three phases. */
const TYPE = "6841121BN243101040";
/** Counters are sent in 10 Wh. */
const WATT_SECONDS_OF_COUNT = 36_000;
const COUNTS_OF_AMPERE = 100;
const CLOCK_DEVIATION_UNKNOWN = [0x80, 0x00] as const;
const NOT_SPECIFIED = 0xff;

export class KamstrupOmnipower implements PushMeter {
	readonly title = "Kamstrup Omnipower on its HAN port: a list every 10 s, counters every hour";
	readonly protocol = "dlms";
	readonly line = Object.freeze({
		baud: 2400,
		dataBits: 8,
		parity: "none",
		stopBits: 1,
		invertReceive: false,
		invertTransmit: false,
	} as const);
	readonly #checksums = tableChecksums();
	readonly #household: Household;
	/** The instant of a first, extra hourly list. */
	readonly #first: number | undefined;

	constructor({ seed, start, solarWatts, longListFirst = false }: MeterOptions) {
		const second = Math.floor(start / SECOND_MS);
		this.#household = new Household({ seed, start: second, heatPump: true, solarWatts });
		this.#first = longListFirst ? (second + 1) * SECOND_MS : undefined;
	}

	nextSend(time: number): number {
		if (this.#first !== undefined && time < this.#first) return this.#first;
		const list = (Math.floor(time / LIST_INTERVAL_MS) + 1) * LIST_INTERVAL_MS;
		const hour = Math.floor((time - HOURLY_OFFSET_MS) / HOUR_MS) + 1;
		return Math.min(list, hour * HOUR_MS + HOURLY_OFFSET_MS);
	}

	telegram(time: number): Uint8Array {
		const state = this.#household.stepTo(Math.floor(time / SECOND_MS));
		const hourly = time === this.#first || time % HOUR_MS === HOURLY_OFFSET_MS;
		const clock = cosemTime(time);
		const body = kamstrupList({
			meterId: GIAI,
			meterType: TYPE,
			powers: [...directions(state.power), ...directions(state.reactive)] as [number, number, number, number],
			currents: state.amperes.map((amperes) => Math.round(amperes * COUNTS_OF_AMPERE)),
			voltages: state.volts.map(Math.round),
			...(hourly ? { clock, energies: energies(state) } : undefined),
		});
		return hdlcFrames(withLlc(notification(body, { time: clock })), this.#checksums, ADDRESSES);
	}
}

/** In and out of a net value: one of them is 0. */
function directions(net: number): [number, number] {
	return net >= 0 ? [net, 0] : [0, -net];
}

function energies({ counters }: HouseholdState): [number, number, number, number] {
	const count = (value: number) => Math.floor(value / WATT_SECONDS_OF_COUNT);
	return [
		count(counters.imported),
		count(counters.exported),
		count(counters.reactiveImported),
		count(counters.reactiveExported),
	];
}

/** COSEM date-time of local milliseconds, without a deviation, as Kamstrup sends it. */
export function cosemTime(time: number): Uint8Array {
	const date = new Date(time);
	const year = date.getUTCFullYear();
	return Uint8Array.of(
		...[year >> 8, year & 0xff, date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCDay() || 7],
		...[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), NOT_SPECIFIED],
		...CLOCK_DEVIATION_UNKNOWN,
		0,
	);
}

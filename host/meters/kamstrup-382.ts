// An emulated Kamstrup 382 (type 685-382) on its optical port: IEC 61107 mode A, 300 Bd 7E1 both ways, decimal comma,
// check character by sum, `!` right behind the last data set. Source: Kamstrup 5512-092 "382 data protocol".

import { identificationMessage, readoutMessage } from "../../protocols/iec62056/messages.js";
import { AskedMessages } from "./asked-messages.js";
import { type Answer, AskedMeter, NO_ANSWERS } from "./asked-meter.js";
import { Demand } from "./demand.js";
import { Household } from "./household.js";
import type { MeterOptions } from "./push-meter.js";
import { WorkingHours } from "./working-hours.js";

const SECOND_MS = 1000;
const WATT_SECONDS_OF_KWH = 3_600_000;
const WATTS_OF_TENTH = 100;
const ROUND_OF_COUNTERS = 10_000_000;
const IDENTIFICATION = "KAM 685-382-OK-15";
export const CUSTOMER_NUMBER = "00054042";
/** The document: 20 to 600 ms. */
const REACTION_MS = 200;
const LINE = Object.freeze({
	baud: 300,
	dataBits: 7,
	parity: "even",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
} as const);

export class Kamstrup382 extends AskedMeter {
	readonly title = "Kamstrup 382 on its optical port: answers /?! at 300 Bd 7E1";
	readonly protocol = "iec62056";
	readonly line = LINE;
	readonly #messages = new AskedMessages();
	readonly #demand: Demand;
	readonly #hours: WorkingHours;

	constructor({ seed, start, solarWatts }: MeterOptions) {
		super();
		const second = Math.floor(start / SECOND_MS);
		const household = new Household({ seed, start: second, heatPump: false, solarWatts });
		this.#demand = new Demand(household, seed, second);
		this.#hours = new WorkingHours(seed, second);
	}

	heard(bytes: Uint8Array, time: number): readonly Answer[] {
		let asked = false;
		for (const byte of bytes) {
			const message = this.#messages.push(byte);
			if (message?.is === "signOn" && (message.address === "" || message.address === CUSTOMER_NUMBER))
				asked = true;
		}
		return asked ? this.#readout(Math.floor(time / SECOND_MS)) : NO_ANSWERS;
	}

	#readout(second: number): readonly Answer[] {
		const { imported, importedT1 } = this.#demand.stepTo(second).counters;
		const [lastMonth] = this.#demand.past.slice(-1);
		const text = {
			identification: IDENTIFICATION,
			check: "sum",
			bangBehindLast: true,
			lines: [
				`0.0(${CUSTOMER_NUMBER})`,
				`1.20(${kWh(imported)})`,
				`1.20.1(${kWh(importedT1)})`,
				`1.20.2(${kWh(imported - importedT1)})`,
				`1.31(${digits(this.#hours.at(second))}*h)`,
				"1.26(0000000)",
				`1.6(${peak(this.#demand.month.watts)}*kW)`,
				`1.6*1(${peak(lastMonth?.watts ?? 0)})`,
			],
		} as const;
		return [
			{ bytes: identificationMessage(text), afterMs: REACTION_MS, line: LINE },
			{ bytes: readoutMessage(text), afterMs: 0, line: LINE },
		];
	}
}

const DIGITS = 7;

function digits(count: number): string {
	return `${count % ROUND_OF_COUNTERS}`.padStart(DIGITS, "0");
}

function kWh(wattSeconds: number): string {
	return `${digits(Math.floor(wattSeconds / WATT_SECONDS_OF_KWH))}*kWh`;
}

/** `000018,3` */
function peak(watts: number): string {
	const tenths = `${Math.floor(watts / WATTS_OF_TENTH)}`.padStart(DIGITS, "0");
	return `${tenths.slice(0, -1)},${tenths.slice(-1)}`;
}

// An emulated Smarty of Luxembourg: every ten seconds a telegram in the encrypted envelope of Creos' P1 1.8. Its key is
// no customer's: the DLMS green book's published example, so that anybody can read the emulation.

import { dataLine, encodeTelegram, octetString, sealTelegram } from "../../protocols/p1/p1-encoder.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { nodeCipher } from "../platform/cipher.js";
import { invocationCounter, keyBytes } from "./example-keys.js";
import { Household, type HouseholdState } from "./household.js";
import { p1Time } from "./local-time.js";
import {
	currentLines,
	energyText,
	FAST_LINE,
	phasePowerLines,
	powerLines,
	powerText,
	voltageLines,
} from "./p1-values.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";

const SECOND_MS = 1000;
const INTERVAL_MS = 10_000;
const IDENTIFICATION = "Lux5\\253663629_D";
const METER_ID = "SAG1030700089067";
const SYSTEM_TITLE = keyBytes("534147677001BD54");
/** EK of the green book's example; the authentication key is the same for all of Luxembourg. */
export const LUXEMBOURG_KEY = "000102030405060708090A0B0C0D0E0F";
const AUTHENTICATION_KEY = keyBytes("00112233445566778899AABBCCDDEEFF");

export class Luxembourg implements PushMeter {
	readonly title =
		`a Smarty of Luxembourg on its P1 port: encrypted with the example key ${LUXEMBOURG_KEY}, every 10 s`;
	readonly protocol = "p1";
	readonly line = FAST_LINE;
	readonly #checksums = tableChecksums();
	readonly #cipher = nodeCipher();
	readonly #household: Household;

	constructor({ seed, start, solarWatts }: MeterOptions) {
		const second = Math.floor(start / SECOND_MS);
		this.#household = new Household({ seed, start: second, heatPump: false, solarWatts });
	}

	nextSend(time: number): number {
		return (Math.floor(time / INTERVAL_MS) + 1) * INTERVAL_MS;
	}

	telegram(time: number): Uint8Array {
		const lines = telegramLines(this.#household.stepTo(Math.floor(time / SECOND_MS)));
		const plain = encodeTelegram({ identification: IDENTIFICATION, lines, crc: true }, this.#checksums);
		const seal = {
			systemTitle: SYSTEM_TITLE,
			invocationCounter: invocationCounter(time),
			encryptionKey: keyBytes(LUXEMBOURG_KEY),
			authenticationKey: AUTHENTICATION_KEY,
		};
		return sealTelegram(plain, seal, this.#cipher);
	}
}

function telegramLines(state: HouseholdState): readonly string[] {
	const { second, power, reactive, counters } = state;
	return [
		dataLine("1-3:0.2.8", "42"),
		dataLine("0-0:1.0.0", p1Time(second)),
		dataLine("0-0:42.0.0", octetString(METER_ID)),
		dataLine("1-0:1.8.0", energyText(counters.imported)),
		dataLine("1-0:2.8.0", energyText(counters.exported)),
		dataLine("1-0:3.8.0", energyText(counters.reactiveImported, "kvarh")),
		dataLine("1-0:4.8.0", energyText(counters.reactiveExported, "kvarh")),
		...powerLines(power),
		dataLine("1-0:3.7.0", powerText(Math.max(reactive, 0), "kvar")),
		dataLine("1-0:4.7.0", powerText(Math.max(-reactive, 0), "kvar")),
		dataLine("0-0:17.0.0", "27.6*kVA"),
		dataLine("0-0:96.3.10", "1"),
		dataLine("0-0:96.7.21", "00012"),
		dataLine("0-0:96.13.0", ""),
		...voltageLines(state),
		...currentLines(state, 0),
		...phasePowerLines(state),
	];
}

// An emulated Landis+Gyr ZMD300 on its optical port: IEC 62056-21 mode C. Signs on at 300 Bd, then reads out or enters
// programming mode (P0, P1, R1, B0) at the speed that was chosen; reads out at 300 Bd if none is. BCC by XOR.

import { ACK, NAK } from "../../protocols/iec62056/characters.js";
import { baudOf } from "../../protocols/iec62056/identification.js";
import {
	commandMessage,
	dataBlock,
	identificationMessage,
	readoutMessage,
} from "../../protocols/iec62056/messages.js";
import { numberText } from "../../protocols/p1/p1-encoder.js";
import type { LineSettings } from "../../protocols/protocol.js";
import { decimal } from "../../readings/decimal.js";
import { type Asked, AskedMessages } from "./asked-messages.js";
import { type Answer, AskedMeter } from "./asked-meter.js";
import { Demand } from "./demand.js";
import { Household } from "./household.js";
import { localIso } from "./local-time.js";
import type { MeterOptions } from "./push-meter.js";

const SECOND_MS = 1000;
const WATT_SECONDS_OF_WH = 3600;
const IDENTIFICATION = "LGZ5ZMD3104407.B32";
/** `5` of the identification: 9600 Bd. */
const OFFERED = "5";
export const ZMD_ID = "97654321";
export const ZMD_PASSWORD = "00000000";
/** Upper-case third letter: 200 ms of reaction time. */
const REACTION_MS = 200;
/** So long a choice of speed is waited for. */
const CHOICE_MS = 1500;
/** In programming mode the meter hangs up after this silence (6.4.5 lets makers choose; common is a minute). */
const INACTIVITY_MS = 60_000;
const SIGN_ON_BAUD = 300;

function lineAt(baud: number): LineSettings {
	return { baud, dataBits: 7, parity: "even", stopBits: 1, invertReceive: false, invertTransmit: false };
}

const SIGN_ON_LINE = Object.freeze(lineAt(SIGN_ON_BAUD));

type State = "waiting" | "identified" | "programming" | "unlocked";

export class LandisGyrZmd extends AskedMeter {
	readonly title = "Landis+Gyr ZMD300 on its optical port: mode C, 300 to 9600 Bd";
	readonly protocol = "iec62056";
	readonly line = SIGN_ON_LINE;
	readonly #messages = new AskedMessages();
	readonly #demand: Demand;
	#state: State = "waiting";
	#baud = SIGN_ON_BAUD;
	#heardAt = 0;

	constructor({ seed, start, solarWatts }: MeterOptions) {
		super();
		const second = Math.floor(start / SECOND_MS);
		const household = new Household({ seed, start: second, heatPump: false, solarWatts });
		this.#demand = new Demand(household, seed, second);
	}

	heard(bytes: Uint8Array, time: number): readonly Answer[] {
		if (time - this.#heardAt > INACTIVITY_MS) this.#hangUp();
		this.#heardAt = time;
		const answers: Answer[] = [];
		for (const byte of bytes) {
			const message = this.#messages.push(byte);
			if (message) answers.push(...this.#answer(message, Math.floor(time / SECOND_MS)));
		}
		return answers;
	}

	#answer(message: Asked, second: number): readonly Answer[] {
		if (message.is === "signOn") return this.#signOn(message.address, second);
		if (message.is === "select") return this.#select(message.speed, message.mode, second);
		return this.#command(message.name, message.data, second);
	}

	#signOn(address: string, second: number): readonly Answer[] {
		this.#hangUp();
		if (address !== "" && address.replace(/^0+/, "") !== ZMD_ID) return [];
		this.#state = "identified";
		const bytes = identificationMessage({ identification: IDENTIFICATION, lines: [], check: undefined });
		const readout = this.#readout(second);
		return [
			{ bytes, afterMs: REACTION_MS, line: SIGN_ON_LINE },
			{ bytes: readout, afterMs: CHOICE_MS, line: SIGN_ON_LINE, unlessHeard: true },
		];
	}

	#select(speed: string, mode: string, second: number): readonly Answer[] {
		if (this.#state !== "identified") return [];
		// What it did not offer it does not do: everything stays at 300 Bd.
		this.#baud = speed <= OFFERED && speed >= "0" ? baudOf(speed) : SIGN_ON_BAUD;
		if (mode === "1") {
			this.#state = "programming";
			return [this.#say(commandMessage("P0", `(${ZMD_PASSWORD})`))];
		}
		const answer = this.#say(this.#readout(second));
		this.#hangUp();
		return [answer];
	}

	#command(name: string, data: string, second: number): readonly Answer[] {
		if (this.#state !== "programming" && this.#state !== "unlocked") return [];
		if (name === "B0") this.#hangUp();
		if (name === "P1") {
			const right = data === `(${ZMD_PASSWORD})`;
			if (right) this.#state = "unlocked";
			return [this.#say(Uint8Array.of(right ? ACK : NAK))];
		}
		if (name !== "R1") return [];
		const id = data.slice(0, data.indexOf("("));
		const line = this.#lines(second).find((one) => one.startsWith(`${id}(`));
		return [this.#say(line === undefined ? dataBlock("(ERROR)") : dataBlock(line.slice(id.length)))];
	}

	#say(bytes: Uint8Array): Answer {
		return { bytes, afterMs: REACTION_MS, line: lineAt(this.#baud) };
	}

	#hangUp(): void {
		this.#state = "waiting";
		this.#baud = SIGN_ON_BAUD;
	}

	#readout(second: number): Uint8Array {
		return readoutMessage({ identification: IDENTIFICATION, lines: this.#lines(second), check: "xor" });
	}

	#lines(second: number): readonly string[] {
		const { counters, power, volts, amperes } = this.#demand.stepTo(second);
		const { imported, importedT1, exported, exportedT1 } = counters;
		const [date = "", time = ""] = localIso(second).split("T");
		const peak = this.#demand.month;
		const [peakDate = "", peakTime = ""] = localIso(peak.second).split("T");
		return [
			"F.F(00000000)",
			`0.0.0(${ZMD_ID})`,
			`0.9.1(${time})`,
			`0.9.2(${date.slice(2)})`,
			`1.8.0(${energy(imported)})`,
			`1.8.1(${energy(imported - importedT1)})`,
			`1.8.2(${energy(importedT1)})`,
			`2.8.0(${energy(exported)})`,
			`2.8.1(${energy(exported - exportedT1)})`,
			`2.8.2(${energy(exportedT1)})`,
			`3.8.0(${energy(counters.reactiveImported, "kvarh")})`,
			`4.8.0(${energy(counters.reactiveExported, "kvarh")})`,
			`1.6.0(${watts(peak.watts)})(${peakDate.slice(2)} ${peakTime.slice(0, 5)})`,
			`1.7.0(${watts(Math.max(power, 0))})`,
			`2.7.0(${watts(Math.max(-power, 0))})`,
			...volts.map((value, phase) => `${32 + 20 * phase}.7.0(${Math.round(value)}*V)`),
			...amperes.map((value, phase) => `${31 + 20 * phase}.7.0(${current(value)})`),
			"C.7.0(00000003)",
		];
	}
}

function energy(wattSeconds: number, unit = "kWh"): string {
	const value = decimal(Math.floor(wattSeconds / WATT_SECONDS_OF_WH), -3);
	return numberText(value, { digits: 9, decimals: 3, unit });
}

function watts(value: number): string {
	return numberText(decimal(value, -3), { digits: 5, decimals: 3, unit: "kW" });
}

function current(amperes: number): string {
	return numberText(decimal(Math.round(amperes * 100), -2), { digits: 5, decimals: 2, unit: "A" });
}

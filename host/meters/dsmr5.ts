// An emulated DSMR 5.0 meter: a telegram each second, two tariffs, three phases, a gas meter on channel 1 and a water
// meter on channel 2, both read every five minutes. Source: DSMR 5.0.2 P1 companion standard, table 6-1.

import { dataLine, encodeTelegram, octetString } from "../../protocols/p1/p1-encoder.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { Household, type HouseholdState, isLowTariff } from "./household.js";
import { p1Time } from "./local-time.js";
import {
	currentLines,
	FAST_LINE,
	phasePowerLines,
	powerLines,
	SubMeter,
	tariffLines,
	voltageLines,
	volumeText,
} from "./p1-values.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";
import { WaterUse } from "./water-use.js";

const SECOND_MS = 1000;
const SUB_METER_SECONDS = 300;
const IDENTIFICATION = "ISK5\\2M550T-1012";
const METER_ID = "E0059123456789012";
const GAS_ID = "G0099123456789012";
const WATER_ID = "W0029123456789012";
const LOW_TARIFF = "0001";
const NORMAL_TARIFF = "0002";

export class Dsmr5 implements PushMeter {
	readonly title = "a DSMR 5 meter on its P1 port: a telegram every second, with gas and water";
	readonly protocol = "p1";
	readonly line = FAST_LINE;
	readonly #checksums = tableChecksums();
	readonly #household: Household;
	readonly #gas: SubMeter;
	readonly #water: SubMeter;

	constructor({ seed, start, solarWatts }: MeterOptions) {
		const second = Math.floor(start / SECOND_MS);
		const water = new WaterUse(seed, second);
		this.#household = new Household({ seed, start: second, heatPump: false, solarWatts });
		this.#gas = new SubMeter(second, (at) => this.#household.stepTo(at).counters.gas, SUB_METER_SECONDS);
		this.#water = new SubMeter(second, (at) => water.stepTo(at), SUB_METER_SECONDS);
	}

	nextSend(time: number): number {
		return (Math.floor(time / SECOND_MS) + 1) * SECOND_MS;
	}

	telegram(time: number): Uint8Array {
		const second = Math.floor(time / SECOND_MS);
		const gas = this.#gas.at(second);
		const water = this.#water.at(second);
		const lines = [
			...telegramLines(this.#household.stepTo(second)),
			...channelLines(1, "003", GAS_ID, gas),
			...channelLines(2, "007", WATER_ID, water),
		];
		return encodeTelegram({ identification: IDENTIFICATION, lines, crc: true }, this.#checksums);
	}
}

function telegramLines(state: HouseholdState): readonly string[] {
	const { second, power, counters } = state;
	return [
		dataLine("1-3:0.2.8", "50"),
		dataLine("0-0:1.0.0", p1Time(second)),
		dataLine("0-0:96.1.1", octetString(METER_ID)),
		...tariffLines(counters, true),
		dataLine("0-0:96.14.0", isLowTariff(second) ? LOW_TARIFF : NORMAL_TARIFF),
		...powerLines(power),
		dataLine("0-0:96.7.21", "00004"),
		dataLine("0-0:96.7.9", "00002"),
		dataLine("1-0:99.97.0", "1", "0-0:96.7.19", "230104023012W", "0000000240*s"),
		...["32.32", "52.32", "72.32"].map((group) => dataLine(`1-0:${group}.0`, "00002")),
		...["32.36", "52.36", "72.36"].map((group) => dataLine(`1-0:${group}.0`, "00000")),
		dataLine("0-0:96.13.0", ""),
		...voltageLines(state),
		...currentLines(state, 0),
		...phasePowerLines(state),
	];
}

/** Type, id and last reading of the meter on an M-Bus channel. */
function channelLines(
	channel: number,
	type: string,
	id: string,
	{ second, millilitres }: { readonly second: number; readonly millilitres: number },
): readonly string[] {
	return [
		dataLine(`0-${channel}:24.1.0`, type),
		dataLine(`0-${channel}:96.1.0`, octetString(id)),
		dataLine(`0-${channel}:24.2.1`, p1Time(second), volumeText(millilitres)),
	];
}

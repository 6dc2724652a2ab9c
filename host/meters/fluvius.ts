// An emulated Belgian meter (Fluvius): a telegram each second, day and night tariff, quarter-hour demand, the month's
// peak and those of thirteen months, gas (not temperature corrected) and water. Source: e-MUCS P1 2.1.

import { dataLine, encodeTelegram, octetString } from "../../protocols/p1/p1-encoder.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { Demand, type Peak } from "./demand.js";
import { Household, type HouseholdState, isLowTariff } from "./household.js";
import { monthStart, p1Time } from "./local-time.js";
import {
	currentLines,
	FAST_LINE,
	phasePowerLines,
	powerLines,
	powerText,
	SubMeter,
	tariffLines,
	voltageLines,
	volumeText,
} from "./p1-values.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";
import { WaterUse } from "./water-use.js";

const SECOND_MS = 1000;
const SUB_METER_SECONDS = 300;
const IDENTIFICATION = "FLU5\\253769484_A";
const VERSION = "50217";
const METER_ID = "1SAG3100123456";
const EAN = "541448820000000001";
const GAS_ID = "7FLO2119012345";
const WATER_ID = "8SEN01123456789";
const DAY_TARIFF = "0001";
const NIGHT_TARIFF = "0002";

export class Fluvius implements PushMeter {
	readonly title =
		"a Belgian meter (Fluvius) on its P1 port: a telegram every second, with peaks, gas and water";
	readonly protocol = "p1";
	readonly line = FAST_LINE;
	readonly #checksums = tableChecksums();
	readonly #demand: Demand;
	readonly #gas: SubMeter;
	readonly #water: SubMeter;

	constructor({ seed, start, solarWatts }: MeterOptions) {
		const second = Math.floor(start / SECOND_MS);
		const water = new WaterUse(seed, second);
		const household = new Household({ seed, start: second, heatPump: false, solarWatts });
		this.#demand = new Demand(household, seed, second);
		this.#gas = new SubMeter(second, (at) => this.#demand.stepTo(at).counters.gas, SUB_METER_SECONDS);
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
			...telegramLines(this.#demand.stepTo(second), this.#demand),
			dataLine("0-1:24.1.0", "003"),
			dataLine("0-1:96.1.1", octetString(GAS_ID)),
			dataLine("0-1:24.4.0", "1"),
			dataLine("0-1:24.2.3", p1Time(gas.second), volumeText(gas.millilitres)),
			dataLine("0-2:24.1.0", "007"),
			dataLine("0-2:96.1.1", octetString(WATER_ID)),
			dataLine("0-2:24.2.1", p1Time(water.second), volumeText(water.millilitres)),
		];
		return encodeTelegram({ identification: IDENTIFICATION, lines, crc: true }, this.#checksums);
	}
}

function telegramLines(state: HouseholdState, demand: Demand): readonly string[] {
	const { second, power, counters } = state;
	return [
		dataLine("0-0:96.1.4", VERSION),
		dataLine("0-0:96.1.1", octetString(METER_ID)),
		dataLine("0-0:96.1.2", octetString(EAN)),
		dataLine("0-0:1.0.0", p1Time(second)),
		...tariffLines(counters, false),
		dataLine("0-0:96.14.0", isLowTariff(second) ? NIGHT_TARIFF : DAY_TARIFF),
		dataLine("1-0:1.4.0", powerText(demand.current)),
		dataLine("1-0:1.6.0", p1Time(demand.month.second), powerText(demand.month.watts)),
		historyLine(demand.past),
		...powerLines(power),
		...phasePowerLines(state),
		...voltageLines(state),
		...currentLines(state, 2),
		dataLine("0-0:96.3.10", "1"),
		dataLine("0-0:17.0.0", "999.9*kW"),
		dataLine("1-0:31.4.0", "999*A"),
		dataLine("0-0:96.13.0", ""),
	];
}

/** Count, what is logged, and for each month: the first of the next one, when the peak was, the peak. */
function historyLine(peaks: readonly Peak[]): string {
	const rows = peaks.flatMap(({ watts, second }) => [
		p1Time(monthStart(second - 1, -1)),
		p1Time(second),
		powerText(watts),
	]);
	return dataLine("0-0:98.1.0", `${peaks.length}`, "1-0:1.6.0", "1-0:1.6.0", ...rows);
}

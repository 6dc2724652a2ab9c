// An emulated Kamstrup 162 with a P1 port: a DSMR 2.2 telegram every ten seconds at 9600 7E1, two tariffs, a gas meter
// on channel 1 whose value is an hour's old at most. No clock and no CRC in that version.

import { dataLine, encodeTelegram, numberText, octetString } from "../../protocols/p1/p1-encoder.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { decimal } from "../../readings/decimal.js";
import { Household, type HouseholdState, isLowTariff } from "./household.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";

const INTERVAL_MS = 10_000;
const SECOND_MS = 1000;
const SECONDS_OF_HOUR = 3600;
const IDENTIFICATION = "KMP5 KA6U001585575011";
const METER_ID = "KA6U001585575011";
const GAS_ID = "3238313031453631";
const LOW_TARIFF = "0001";
const NORMAL_TARIFF = "0002";
const ENERGY = Object.freeze({ digits: 8, decimals: 3, unit: "kWh" });
const POWER = Object.freeze({ digits: 6, decimals: 2, unit: "kW" });
const VOLUME = Object.freeze({ digits: 8, decimals: 3 });
const WATT_SECONDS_OF_WH = 3600;
/** The 162 counts to 99,999.999 kWh and begins again. */
const WH_OF_ROUND = 100_000_000;
const MILLILITRES_OF_LITRE = 1000;

export class Kamstrup162 implements PushMeter {
	readonly title = "Kamstrup 162 on its P1 port: a DSMR 2.2 telegram every 10 s, with a gas meter";
	readonly protocol = "p1";
	readonly line = Object.freeze({
		baud: 9600,
		dataBits: 7,
		parity: "even",
		stopBits: 1,
		invertReceive: false,
		invertTransmit: false,
	} as const);
	readonly #checksums = tableChecksums();
	readonly #household: Household;
	#gas: { readonly second: number; readonly millilitres: number };

	constructor({ seed, start, solarWatts }: MeterOptions) {
		const second = Math.floor(start / SECOND_MS);
		this.#household = new Household({ seed, start: second, heatPump: false, solarWatts });
		this.#gas = { second, millilitres: this.#household.state.counters.gas };
	}

	nextSend(time: number): number {
		return (Math.floor(time / INTERVAL_MS) + 1) * INTERVAL_MS;
	}

	telegram(time: number): Uint8Array {
		const second = Math.floor(time / SECOND_MS);
		this.#readGas(second);
		const lines = telegramLines(this.#household.stepTo(second), this.#gas);
		return encodeTelegram({ identification: IDENTIFICATION, lines, crc: false }, this.#checksums);
	}

	/** The gas meter is read on each full hour that has passed. */
	#readGas(second: number): void {
		const hour = Math.floor(second / SECONDS_OF_HOUR) * SECONDS_OF_HOUR;
		if (hour <= this.#gas.second) return;
		this.#gas = { second: hour, millilitres: this.#household.stepTo(hour).counters.gas };
	}
}

function telegramLines(
	{ second, power, counters }: HouseholdState,
	gas: { readonly second: number; readonly millilitres: number },
): readonly string[] {
	const kWh = (wattSeconds: number) =>
		numberText(decimal(Math.floor(wattSeconds / WATT_SECONDS_OF_WH) % WH_OF_ROUND, -3), ENERGY);
	const kW = (watts: number) => numberText(decimal(watts, -3), POWER);
	const litres = decimal(Math.floor(gas.millilitres / MILLILITRES_OF_LITRE), -3);
	return [
		dataLine("0-0:96.1.1", octetString(METER_ID)),
		dataLine("1-0:1.8.1", kWh(counters.importedT1)),
		dataLine("1-0:1.8.2", kWh(counters.imported - counters.importedT1)),
		dataLine("1-0:2.8.1", kWh(counters.exportedT1)),
		dataLine("1-0:2.8.2", kWh(counters.exported - counters.exportedT1)),
		dataLine("0-0:96.14.0", isLowTariff(second) ? LOW_TARIFF : NORMAL_TARIFF),
		dataLine("1-0:1.7.0", kW(Math.max(power, 0))),
		dataLine("1-0:2.7.0", kW(Math.max(-power, 0))),
		dataLine("0-0:17.0.0", "999*A"),
		dataLine("0-0:96.3.10", "1"),
		dataLine("0-0:96.13.1", ""),
		dataLine("0-0:96.13.0", ""),
		dataLine("0-1:24.1.0", "3"),
		dataLine("0-1:96.1.0", GAS_ID),
		dataLine("0-1:24.3.0", gasTime(gas.second), "08", "60", "1", "0-1:24.2.1", "m3"),
		`(${numberText(litres, VOLUME)})`,
		dataLine("0-1:24.4.0", "1"),
	];
}

/** `YYMMDDhhmmss`. */
function gasTime(second: number): string {
	return new Date(second * SECOND_MS).toISOString().slice(2, 19).replace(/[-:T]/g, "");
}

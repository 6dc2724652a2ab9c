// An emulated Kaifa MA304H3E with a HAN port in Norway: power every 2 s, 13 values every 10 s, 18 at xx:00:10.
// Source: Kaifa KFM_001 list description (NVE/Energi Norge).

import { hdlcFrames, notification, withLlc } from "../../protocols/dlms/encode/frames.js";
import { kaifaList } from "../../protocols/dlms/encode/kaifa-list.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { counts, HAN_LINE, listAt, netPowers, nextList, rounded } from "./han-values.js";
import { Household, type HouseholdState } from "./household.js";
import { cosemTime } from "./kamstrup-omnipower.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";

const SECOND_MS = 1000;
const LISTS = Object.freeze({ shortMs: 2000, mediumMs: 10_000, hourlyOffsetMs: 10_000 });
const ADDRESSES = { destination: [0x01], source: [0x02, 0x01], control: 0x10 } as const;
const IDENTITY = Object.freeze({ meterId: "6970631401753985", meterType: "MA304H3E" });

export class Kaifa implements PushMeter {
	readonly title = "Kaifa MA304H3E on its HAN port: power every 2 s, a list every 10 s, counters every hour";
	readonly protocol = "dlms";
	readonly line = HAN_LINE;
	readonly #checksums = tableChecksums();
	readonly #household: Household;
	#first: number | undefined;

	constructor({ seed, start, solarWatts, longListFirst = false }: MeterOptions) {
		const second = Math.floor(start / SECOND_MS);
		this.#household = new Household({ seed, start: second, heatPump: true, solarWatts });
		if (longListFirst) this.#first = nextList(start, LISTS);
	}

	nextSend(time: number): number {
		return nextList(time, LISTS);
	}

	telegram(time: number): Uint8Array {
		const list = time === this.#first ? "long" : listAt(time, LISTS);
		const clock = cosemTime(time);
		const state = this.#household.stepTo(Math.floor(time / SECOND_MS));
		const apdu = notification(kaifaList(values(state, list, clock)), { time: clock, taggedTime: true });
		return hdlcFrames(withLlc(apdu), this.#checksums, ADDRESSES);
	}
}

function values(state: HouseholdState, list: "short" | "medium" | "long", clock: Uint8Array) {
	const powers = netPowers(state);
	if (list === "short") return { powers };
	return {
		powers,
		identity: IDENTITY,
		currents: rounded(state.amperes, 3),
		voltages: rounded(state.volts, 1),
		...(list === "long" ? { clock, energies: counts(state, 1) } : undefined),
	};
}

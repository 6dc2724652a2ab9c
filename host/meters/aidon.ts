// An emulated Aidon 6525 with a HAN port in Norway: power every 2.5 s (list 1), 12 values every 10 s (list 2), 17 at
// xx:00:10 (list 3). Three wires, so the current of L2 is not measured. Source: Aidon RJ45 HAN interface FI.2.

import { aidonList } from "../../protocols/dlms/encode/aidon-list.js";
import { hdlcFrames, notification, withLlc } from "../../protocols/dlms/encode/frames.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { counts, HAN_LINE, listAt, netPowers, nextList, rounded } from "./han-values.js";
import { Household, type HouseholdState } from "./household.js";
import { cosemTime } from "./kamstrup-omnipower.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";

const SECOND_MS = 1000;
const LISTS = Object.freeze({ shortMs: 2500, mediumMs: 10_000, hourlyOffsetMs: 10_000 });
const ADDRESSES = { destination: [0x41], source: [0x08, 0x83] } as const;
const IDENTITY = Object.freeze({ meterId: "7359992890941742", meterType: "6525" });
/** Counters are sent in 10 Wh. */
const WATT_HOURS_OF_COUNT = 10;

export class Aidon implements PushMeter {
	readonly title = "Aidon 6525 on its HAN port: power every 2.5 s, a list every 10 s, counters every hour";
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
		const state = this.#household.stepTo(Math.floor(time / SECOND_MS));
		const apdu = notification(aidonList(values(state, list, time)));
		return hdlcFrames(withLlc(apdu), this.#checksums, ADDRESSES);
	}
}

function values(state: HouseholdState, list: "short" | "medium" | "long", time: number) {
	const powers = netPowers(state);
	if (list === "short") return { powers };
	const [l1, , l3] = rounded(state.amperes, 1);
	return {
		powers,
		identity: IDENTITY,
		currents: [l1, undefined, l3],
		voltages: rounded(state.volts, 1),
		...(list === "long"
			? { clock: cosemTime(time), energies: counts(state, WATT_HOURS_OF_COUNT) }
			: undefined),
	};
}

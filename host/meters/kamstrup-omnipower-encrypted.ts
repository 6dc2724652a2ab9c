// An emulated Kamstrup Omnipower of Denmark: "DLMS push 1", 65 items every ten seconds, encrypted and authenticated
// (general-glo-ciphering, security control 30) with the maker's published test keys.

import { Tag } from "../../protocols/dlms/axdr-tags.js";
import {
	type AxdrValue,
	encodeAxdr,
	octetString,
	octets,
	structure,
	text,
	uint16,
	uint32,
} from "../../protocols/dlms/encode/axdr-value.js";
import { hdlcFrames, notification, sealed, withLlc } from "../../protocols/dlms/encode/frames.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { nodeCipher } from "../platform/cipher.js";
import { invocationCounter, keyBytes } from "./example-keys.js";
import { counts, HAN_LINE, netPowers, rounded } from "./han-values.js";
import { Household, type HouseholdState } from "./household.js";
import { cosemTime } from "./kamstrup-omnipower.js";
import { PhaseCounters } from "./phase-counters.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";

const SECOND_MS = 1000;
const INTERVAL_MS = 10_000;
const ADDRESSES = { destination: [0x41], source: [0x03] } as const;
const SYSTEM_TITLE = keyBytes("4B414D4501349083");
const METER_NUMBER = 20_222_083;
const WATT_HOURS_OF_COUNT = 10;
const WATT_SECONDS_OF_COUNT = 36_000;
const CURRENT_VALUE = 255;
const PHASES = [0, 1, 2] as const;
const PHASE_STEP = 20;

/** GPK60 and GPK61 of Kamstrup's examples. */
export const OMNIPOWER_KEYS = Object.freeze({
	encryptionKey: "00112233445566778899AABBCCDDEEFF",
	authenticationKey: "FFEEDDCCBBAA99887766554433221100",
});

export class KamstrupOmnipowerEncrypted implements PushMeter {
	readonly title =
		`Kamstrup Omnipower, encrypted with the test keys ${OMNIPOWER_KEYS.encryptionKey} and ${OMNIPOWER_KEYS.authenticationKey}, every 10 s`;
	readonly protocol = "dlms";
	readonly line = HAN_LINE;
	readonly #checksums = tableChecksums();
	readonly #cipher = nodeCipher();
	readonly #phases: PhaseCounters;

	constructor({ seed, start, solarWatts }: MeterOptions) {
		const second = Math.floor(start / SECOND_MS);
		this.#phases = new PhaseCounters(new Household({ seed, start: second, heatPump: true, solarWatts }));
	}

	nextSend(time: number): number {
		return (Math.floor(time / INTERVAL_MS) + 1) * INTERVAL_MS;
	}

	telegram(time: number): Uint8Array {
		const clock = cosemTime(time);
		const state = this.#phases.stepTo(Math.floor(time / SECOND_MS));
		const body = pushOne(state, this.#phases, clock);
		const apdu = sealed(notification(body, { time: clock }), {
			cipher: this.#cipher,
			encryptionKey: keyBytes(OMNIPOWER_KEYS.encryptionKey),
			authenticationKey: keyBytes(OMNIPOWER_KEYS.authenticationKey),
			systemTitle: SYSTEM_TITLE,
			invocationCounter: invocationCounter(time),
		});
		return hdlcFrames(withLlc(apdu), this.#checksums, ADDRESSES);
	}
}

/** "DLMS push 1": list id and 32 pairs; factors in hundredths, counters in 10 Wh. */
function pushOne(state: HouseholdState, counters: PhaseCounters, clock: Uint8Array): Uint8Array {
	const energies = counts(state, WATT_HOURS_OF_COUNT);
	const powers = netPowers(state);
	const currents = rounded(state.amperes, 2);
	const voltages = rounded(state.volts, 0);
	const pairs: AxdrValue[] = [];
	const add = (c: number, d: number, value: AxdrValue) => pairs.push(object(1, c, d, 0), value);
	const phases = (c: number, d: number, value: (phase: 0 | 1 | 2) => AxdrValue) => {
		for (const phase of PHASES) add(c + phase * PHASE_STEP, d, value(phase));
	};
	for (const [index, energy] of energies.entries()) add(index + 1, 8, uint32(energy));
	pairs.push(object(1, 0, 0, 1), uint32(METER_NUMBER));
	for (const [index, power] of powers.entries()) add(index + 1, 7, uint32(power));
	pairs.push(object(0, 1, 0, 0), octetString(clock));
	phases(32, 7, (phase) => uint16(voltages[phase] as number));
	phases(31, 7, (phase) => uint32(currents[phase] as number));
	phases(21, 7, (phase) => uint32(Math.max(state.watts[phase], 0)));
	phases(33, 7, (phase) => uint16(factor(state.watts[phase], state.vars[phase])));
	add(13, 7, uint16(factor(state.power, state.reactive)));
	phases(22, 7, (phase) => uint32(Math.max(-state.watts[phase], 0)));
	phases(22, 8, (phase) => uint32(Math.floor(counters.exported[phase] / WATT_SECONDS_OF_COUNT)));
	phases(21, 8, (phase) => uint32(Math.floor(counters.imported[phase] / WATT_SECONDS_OF_COUNT)));
	return encodeAxdr(structure(text("Kamstrup_V0001", Tag.visibleString), ...pairs));
}

function object(a: number, c: number, d: number, e: number): AxdrValue {
	return octets(a, 1, c, d, e, CURRENT_VALUE);
}

/** |cos φ| in hundredths. */
function factor(watts: number, vars: number): number {
	const apparent = Math.hypot(watts, vars);
	return apparent === 0 ? 100 : Math.round((Math.abs(watts) / apparent) * 100);
}

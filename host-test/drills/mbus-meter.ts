// An Austrian meter on its M-Bus port, as Kaifa's MA309 sends: 35 items in two frames every five seconds, encrypted but without
// a tag (security control 20) as EVN has it, or with one, or in the clear. For the drills: emulated meters for people
// are in host/meters.

import { keyBytes } from "../../host/meters/example-keys.js";
import { Household } from "../../host/meters/household.js";
import { cosemTime } from "../../host/meters/kamstrup-omnipower.js";
import type { MeterOptions, PushMeter } from "../../host/meters/push-meter.js";
import { nodeCipher } from "../../host/platform/cipher.js";
import {
	type AxdrValue,
	encodeAxdr,
	octetString,
	octets,
	scalerUnit,
	structure,
	text,
	uint16,
	uint32,
} from "../../protocols/dlms/encode/axdr-value.js";
import { mbusFrames, notification, sealed } from "../../protocols/dlms/encode/frames.js";

const INTERVAL_MS = 5000;
const WATT_SECONDS_OF_WH = 3600;
const TITLE = keyBytes("4B464D6750000009");
const NUMBER = "1KFM0200000009";
/** PROTOCOLS.md 5.4's key of EVN. */
export const MBUS_KEYS = Object.freeze({
	encryptionKey: "36C66639E48A8CA4D6BC8B282A793BBB",
	authenticationKey: "00112233445566778899AABBCCDDEEFF",
});

export type Protection = "clear" | "encrypted" | "authenticated";

export class MbusMeter implements PushMeter {
	readonly title = "an Austrian meter on its M-Bus port, every 5 s";
	readonly protocol = "dlms";
	readonly line = Object.freeze({
		...({ baud: 2400, dataBits: 8, parity: "even", stopBits: 1 } as const),
		...{ invertReceive: false, invertTransmit: false },
	});
	readonly #cipher = nodeCipher();
	readonly #household: Household;
	readonly #protection: Protection;
	#counter = 1;

	constructor({ seed, start, solarWatts }: MeterOptions, protection: Protection) {
		this.#household = new Household({ seed, start: Math.floor(start / 1000), heatPump: true, solarWatts });
		this.#protection = protection;
	}

	nextSend(time: number): number {
		return (Math.floor(time / INTERVAL_MS) + 1) * INTERVAL_MS;
	}

	telegram(time: number): Uint8Array {
		const { power, volts, amperes, counters } = this.#household.stepTo(Math.floor(time / 1000));
		const items: AxdrValue[] = [octetString(cosemTime(time))];
		const add = (c: number, d: number, value: AxdrValue, scaler: number, unit: number) =>
			items.push(octets(1, 0, c, d, 0, 255), value, scalerUnit(scaler, unit));
		const wattHours = (wattSeconds: number) => uint32(Math.floor(wattSeconds / WATT_SECONDS_OF_WH));
		add(1, 8, wattHours(counters.imported), 0, 30);
		add(2, 8, wattHours(counters.exported), 0, 30);
		add(1, 7, uint32(Math.max(power, 0)), 0, 27);
		add(2, 7, uint32(Math.max(-power, 0)), 0, 27);
		for (const [phase, value] of volts.entries())
			add(32 + 20 * phase, 7, uint16(Math.round(value * 10)), -1, 35);
		for (const [phase, value] of amperes.entries())
			add(31 + 20 * phase, 7, uint16(Math.round(value * 100)), -2, 33);
		add(13, 7, uint16(987), -3, 255);
		items.push(text(NUMBER));
		const clear = notification(encodeAxdr(structure(...items)), { time: cosemTime(time) });
		if (this.#protection === "clear") return mbusFrames(clear);
		const sealing = {
			cipher: this.#cipher,
			encryptionKey: keyBytes(MBUS_KEYS.encryptionKey),
			systemTitle: TITLE,
			invocationCounter: this.#counter++,
		};
		const authenticationKey = keyBytes(MBUS_KEYS.authenticationKey);
		return mbusFrames(
			sealed(clear, this.#protection === "authenticated" ? { ...sealing, authenticationKey } : sealing),
		);
	}
}

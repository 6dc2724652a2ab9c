// Noise: one bit in ten thousand flipped and one byte in ten thousand lost, on every protocol in every framing. Where a
// check vouches for a frame no wrong value may come through; where none does they are counted and told.

import { findMeter } from "../../host/meters/meters.js";
import type { MeterOptions } from "../../host/meters/push-meter.js";
import type { SettingValues } from "../../settings/setting.js";
import { type Drill, Findings } from "./drill.js";
import { MBUS_KEYS, MbusMeter, type Protection } from "./mbus-meter.js";
import { type NoisyCase, noisyRun, type ParitySeen } from "./noisy-line.js";

/** One bit in so many: a line that is on the verge of being unusable for long telegrams. */
const RATE = 1e-4;
const HOURS = 10;
/** Enough to see damage in each case; the long form has the hours whole. */
const FRAMES = 60;
const SEED = 20_261_121;

/** An emulated meter by name. */
function of(
	title: string,
	meter: string,
	isChecked: boolean,
	more: { parity?: ParitySeen; protocol?: string; settings?: SettingValues; listening?: SettingValues } = {},
): NoisyCase {
	const model = findMeter(meter);
	if (!model) throw new Error(meter);
	const { protocol, settings = {} } = model;
	return { title, isChecked, protocol, settings, make: model.make, ...more };
}

function mbus(title: string, protection: Protection, isChecked: boolean, parity: ParitySeen): NoisyCase {
	const { encryptionKey, authenticationKey } = MBUS_KEYS;
	const keys: Readonly<Record<Protection, SettingValues>> = {
		clear: {},
		encrypted: { encryptionKey },
		authenticated: { encryptionKey, authenticationKey },
	};
	const make = (options: MeterOptions) => new MbusMeter(options, protection);
	return { title, isChecked, protocol: "dlms", settings: keys[protection], make, parity };
}

const LISTEN: SettingValues = { dialogue: "listen" };
const SILENT: SettingValues = { period: 0 };
/** Heat meters are usually asked every 15 minutes. */
const OFTEN: SettingValues = { period: 30 };

/** Parity alone vouches for a character, and nothing for their number: bytes are lost in cases of their own. */
function text(title: string, meter: string, more: Parameters<typeof of>[3] = {}): readonly NoisyCase[] {
	return [
		{ ...of(`${title}, 7E1`, meter, true, more), losses: false },
		{ ...of(`${title}, 7E1, bytes lost too`, meter, false, more) },
		{ ...of(`${title}, parity stripped`, meter, false, { ...more, parity: "by nobody" }), losses: false },
	];
}

export const NOISY_CASES: readonly NoisyCase[] = [
	of("P1, DSMR 5, CRC", "dsmr5", true),
	of("P1, Fluvius, CRC", "fluvius", true),
	of("P1, Luxembourg, encrypted, tag and CRC", "luxembourg", true),
	...text("P1, DSMR 2.2, no CRC", "kamstrup-162"),
	...text("62056-21 mode D, no BCC", "kamstrup-162", { protocol: "iec62056", settings: LISTEN }),
	...text("62056-21 mode A, BCC by sum", "kamstrup-382", { settings: OFTEN, listening: LISTEN }),
	...text("62056-21 mode C, BCC by XOR", "landis-gyr-zmd", { settings: OFTEN, listening: LISTEN }),
	of("KMP, MULTICAL 403, CRC", "multical-403", true, { settings: OFTEN, listening: SILENT }),
	of("KMP, MULTICAL 603, CRC", "multical-603", true, { settings: OFTEN, listening: SILENT }),
	of("KMP-382 (ASCII), byte sum, 8E2", "kamstrup-685-382", true, { settings: OFTEN, listening: SILENT }),
	of("KMP-382 (ASCII), byte sum, parity unseen", "kamstrup-685-382", false, {
		...{ settings: OFTEN, listening: SILENT, parity: "by nobody" },
	}),
	of("HAN HDLC, Kamstrup, CRC", "kamstrup-omnipower", true),
	of("HAN HDLC, Aidon, CRC", "aidon", true),
	of("HAN HDLC, Kaifa, CRC", "kaifa", true),
	of("HAN HDLC, Kamstrup, encrypted, CRC and tag", "kamstrup-omnipower-encrypted", true),
	mbus("HAN M-Bus, clear, byte sum, 8E1", "clear", true, "by the line"),
	mbus("HAN M-Bus, clear, byte sum, parity unseen", "clear", false, "by nobody"),
	mbus("HAN M-Bus, encrypted without tag, byte sum, 8E1", "encrypted", true, "by the line"),
	mbus("HAN M-Bus, encrypted without tag, byte sum, parity unseen", "encrypted", false, "by nobody"),
	mbus("HAN M-Bus, encrypted, byte sum and tag, parity unseen", "authenticated", true, "by nobody"),
];

export const noise: Drill = {
	name: "noise",
	what: "one bit in 10,000 flipped, one byte in 10,000 lost, in each protocol and framing, for emulated hours each",
	run(long) {
		const findings = new Findings();
		const frames = long ? Number.POSITIVE_INFINITY : FRAMES;
		for (const of of NOISY_CASES) {
			const count = noisyRun({ of, rate: RATE, seed: SEED, hours: HOURS, frames });
			const { sent, read, rejected, wrong, example } = count;
			findings.count(
				`${of.title}: ${sent} sent, ${read} read, ${rejected} rejected, ${wrong} wrong${of.isChecked ? "" : " (nothing vouches for it)"}${wrong > 0 ? `: ${example}` : ""}`,
			);
			findings.must(sent > 0 && read > 0, `${of.title}: ${sent} sent, ${read} read`);
			findings.must(!of.isChecked || wrong === 0, `${of.title}: ${wrong} wrong: ${example}`);
		}
		return findings;
	},
};

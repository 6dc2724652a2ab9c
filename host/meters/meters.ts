// Every emulated meter there is, one line each.

import type { SettingValues } from "../../settings/setting.js";
import { Aidon } from "./aidon.js";
import { Dsmr5 } from "./dsmr5.js";
import { Fluvius } from "./fluvius.js";
import { Kaifa } from "./kaifa.js";
import { Kamstrup162 } from "./kamstrup-162.js";
import { Kamstrup382 } from "./kamstrup-382.js";
import { Kamstrup685382 } from "./kamstrup-685-382.js";
import { KamstrupOmnipower } from "./kamstrup-omnipower.js";
import { KamstrupOmnipowerEncrypted, OMNIPOWER_KEYS } from "./kamstrup-omnipower-encrypted.js";
import { LandisGyrZmd } from "./landis-gyr-zmd.js";
import { LUXEMBOURG_KEY, Luxembourg } from "./luxembourg.js";
import { multical403 } from "./multical-403.js";
import { multical603 } from "./multical-603.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";
import { S0 } from "./s0.js";

export interface MeterModel {
	readonly name: string;
	readonly protocol: string;
	/** What its reader must know: the example keys of a meter that encrypts. */
	readonly settings?: SettingValues;
	make(options: MeterOptions): PushMeter;
}

export const METERS: readonly MeterModel[] = Object.freeze([
	{ name: "kamstrup-omnipower", protocol: "dlms", make: (options) => new KamstrupOmnipower(options) },
	{ name: "kamstrup-162", protocol: "p1", make: (options) => new Kamstrup162(options) },
	{ name: "dsmr5", protocol: "p1", make: (options) => new Dsmr5(options) },
	{ name: "fluvius", protocol: "p1", make: (options) => new Fluvius(options) },
	{
		name: "luxembourg",
		protocol: "p1",
		settings: { encryptionKey: LUXEMBOURG_KEY },
		make: (options) => new Luxembourg(options),
	},
	{ name: "aidon", protocol: "dlms", make: (options) => new Aidon(options) },
	{ name: "kaifa", protocol: "dlms", make: (options) => new Kaifa(options) },
	{
		name: "kamstrup-omnipower-encrypted",
		protocol: "dlms",
		settings: OMNIPOWER_KEYS,
		make: (options) => new KamstrupOmnipowerEncrypted(options),
	},
	{ name: "kamstrup-382", protocol: "iec62056", make: (options) => new Kamstrup382(options) },
	{ name: "kamstrup-685-382", protocol: "kmp382", make: (options) => new Kamstrup685382(options) },
	{ name: "multical-403", protocol: "kmp", make: (options) => multical403(options) },
	{ name: "multical-603", protocol: "kmp", make: (options) => multical603(options) },
	{ name: "landis-gyr-zmd", protocol: "iec62056", make: (options) => new LandisGyrZmd(options) },
	{ name: "s0", protocol: "pulse", make: (options) => new S0(options) },
]);

export function findMeter(name: string): MeterModel | undefined {
	return METERS.find((meter) => meter.name === name);
}

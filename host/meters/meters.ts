// Every emulated meter there is, one line each.

import { Aidon } from "./aidon.js";
import { Dsmr5 } from "./dsmr5.js";
import { Fluvius } from "./fluvius.js";
import { Kaifa } from "./kaifa.js";
import { Kamstrup162 } from "./kamstrup-162.js";
import { KamstrupOmnipower } from "./kamstrup-omnipower.js";
import { KamstrupOmnipowerEncrypted } from "./kamstrup-omnipower-encrypted.js";
import { Luxembourg } from "./luxembourg.js";
import type { MeterOptions, PushMeter } from "./push-meter.js";

export interface MeterModel {
	readonly name: string;
	readonly protocol: string;
	make(options: MeterOptions): PushMeter;
}

export const METERS: readonly MeterModel[] = Object.freeze([
	{ name: "kamstrup-omnipower", protocol: "dlms", make: (options) => new KamstrupOmnipower(options) },
	{ name: "kamstrup-162", protocol: "p1", make: (options) => new Kamstrup162(options) },
	{ name: "dsmr5", protocol: "p1", make: (options) => new Dsmr5(options) },
	{ name: "fluvius", protocol: "p1", make: (options) => new Fluvius(options) },
	{ name: "luxembourg", protocol: "p1", make: (options) => new Luxembourg(options) },
	{ name: "aidon", protocol: "dlms", make: (options) => new Aidon(options) },
	{ name: "kaifa", protocol: "dlms", make: (options) => new Kaifa(options) },
	{
		name: "kamstrup-omnipower-encrypted",
		protocol: "dlms",
		make: (options) => new KamstrupOmnipowerEncrypted(options),
	},
]);

export function findMeter(name: string): MeterModel | undefined {
	return METERS.find((meter) => meter.name === name);
}

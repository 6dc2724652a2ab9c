// KMP, the Kamstrup Meter Protocol of MULTICAL 21, 302, 4xx, 6xx, 8xx, of 382 L and J and of OMNIPOWER: descriptor.
// The older protocol of the 685-382 is kmp382. Source: Kamstrup 5512-447 "KMP protocol description", rev. M1.

import type { LineSettings, Protocol } from "../protocol.js";
import { KmpSession } from "./session.js";
import { KMP_SETTINGS, periodWarning } from "./settings.js";

function line(baud: number, stopBits: 1 | 2): LineSettings {
	return {
		baud,
		dataBits: 8,
		parity: "none",
		stopBits,
		invertReceive: false,
		invertTransmit: false,
	};
}

export const kmp: Protocol = {
	name: "kmp",
	title: "Kamstrup KMP (MULTICAL, 382 L/J)",
	// MULTICAL; 382 L and J; MULTICAL 21 and some modules.
	lines: [line(1200, 2), line(9600, 1), line(2400, 2), line(1200, 1), line(2400, 1)],
	settings: KMP_SETTINGS,
	warnings: ({ period }) => {
		const warning = typeof period === "number" ? periodWarning(period) : undefined;
		return warning === undefined ? [] : [warning];
	},
	open: (options) => new KmpSession(options),
};

// KMP, the Kamstrup Meter Protocol of MULTICAL 21, 302, 4xx, 6xx, 8xx, of 382 L and J and of OMNIPOWER: descriptor.
// The older protocol of the 685-382 is kmp382. Source: Kamstrup 5512-447 "KMP protocol description", rev. M1.

import type { Protocol } from "../protocol.js";
import { linesOf } from "../shared/lines.js";
import { KmpSession } from "./session.js";
import { KMP_SETTINGS, periodWarning } from "./settings.js";

export const kmp: Protocol = {
	name: "kmp",
	title: "Kamstrup KMP (MULTICAL, 382 L/J)",
	// MULTICAL; 382 L and J; MULTICAL 21 and some modules.
	get lines() {
		return linesOf("1200 8N2, 9600 8N1, 2400 8N2, 1200 8N1, 2400 8N1");
	},
	settings: KMP_SETTINGS,
	warnings: ({ period }) => {
		const warning = typeof period === "number" ? periodWarning(period) : undefined;
		return warning === undefined ? [] : [warning];
	},
	open: (options) => new KmpSession(options),
};

// IEC 62056-21 (formerly IEC 1107, EN 61107): the optical port of most meters since the 1990s. Descriptor.
// Kamstrup 382, MULTICAL III and 66, Landis+Gyr ZMD, Iskra MT174, Siemens, ITRON, Elster, EMH and many others.

import type { Protocol } from "../protocol.js";
import { linesOf } from "../shared/lines.js";
import { Iec62056Session } from "./session.js";
import { IEC62056_SETTINGS } from "./settings.js";

export const iec62056: Protocol = {
	name: "iec62056",
	title: "IEC 62056-21 (optical port)",
	// The standard's first speed; meters that send unasked at 9600 or 2400 Bd; fixed speeds of some heads.
	get lines() {
		return linesOf("300 7E1, 9600 7E1, 2400 7E1, 1200 7E1, 4800 7E1, 19200 7E1");
	},
	settings: IEC62056_SETTINGS,
	open: (options) => new Iec62056Session(options),
};

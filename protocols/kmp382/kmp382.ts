// KMP-382, the old native protocol of the Kamstrup 685-382: descriptor. The 382 L and J speak KMP instead, and the
// 382's optical port speaks IEC 62056-21 too. Source: the public driver casperbang/KMP382-driver.

import type { Protocol } from "../protocol.js";
import { linesOf } from "../shared/lines.js";
import { Kmp382Session } from "./session.js";

export const kmp382: Protocol = {
	name: "kmp382",
	title: "Kamstrup 685-382 (KMP-382)",
	get lines() {
		return linesOf("1200 8E2, 1200 8E1");
	},
	settings: [
		{
			key: "period",
			type: "number",
			default: 60,
			least: 0,
			most: 86400,
			unit: "s",
			label: "Period",
			help: "How often the meter is asked. It lives on the mains, so a minute does it no harm. 0 never asks and only listens.",
		},
	],
	open: (options) => new Kmp382Session(options),
};

// An emulated MULTICAL 403, a heat meter of a house.

import { Multical } from "./multical.js";
import { commonRegisters } from "./multical-registers.js";
import type { MeterOptions } from "./push-meter.js";

export const MULTICAL_403_SERIAL = 80_123_456;

export function multical403(options: MeterOptions): Multical {
	const model = {
		title: "MULTICAL 403 on its optical port: answers KMP at 1200 Bd",
		// The document lists the types of MULTICAL 601 only: this number is of our own.
		type: 0x0403,
		software: [3, 1],
		serial: MULTICAL_403_SERIAL,
		registers: commonRegisters(MULTICAL_403_SERIAL),
	} as const;
	return new Multical(model, options);
}

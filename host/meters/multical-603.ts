// An emulated MULTICAL 603, a heat meter of a bigger building, with more registers than a 403.

import { Multical } from "./multical.js";
import { commonRegisters, registersOf603 } from "./multical-registers.js";
import type { MeterOptions } from "./push-meter.js";

export const MULTICAL_603_SERIAL = 81_654_321;

export function multical603(options: MeterOptions): Multical {
	const model = {
		title: "MULTICAL 603 on its optical port: answers KMP at 1200 Bd",
		// The document lists the types of MULTICAL 601 only: this number is of our own.
		type: 0x0603,
		software: [6, 1],
		serial: MULTICAL_603_SERIAL,
		registers: [...commonRegisters(MULTICAL_603_SERIAL), ...registersOf603()],
	} as const;
	return new Multical(model, options);
}

// Pulse counting: S0 outputs (IEC 62053-31), the pulse output of the Kamstrup 382's module port, reed contacts of gas and
// water meters. The descriptor only; see docs/protocols/pulse.md.

import type { Protocol } from "../protocol.js";
import { linesOf } from "../shared/lines.js";
import { PulseSession } from "./session.js";
import { PULSE_SETTINGS, pulseWarnings } from "./settings.js";

export const pulse: Protocol = {
	name: "pulse",
	title: "Pulses (S0, 382 module port, reed contact)",
	// Where records come over a serial line, from a counter elsewhere; a pin has no speed.
	get lines() {
		return linesOf("9600 8N1");
	},
	source: "pulses",
	settings: PULSE_SETTINGS,
	warnings: pulseWarnings,
	open: (options) => new PulseSession(options),
};

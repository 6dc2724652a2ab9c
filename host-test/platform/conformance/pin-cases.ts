// Pins where there are none: a computer, on Node as on XS. What pins do is tested on emulated ones (host-test/hardware).

import { digitalPins } from "../../../hardware/pins.js";
import { openPulseLine } from "../../../hardware/pulse-line.js";
import type { ConformanceCase } from "./conformance.js";

/** The message of what `act` throws. */
function messageOf(act: () => unknown): string {
	try {
		act();
		return "nothing was thrown";
	} catch (error) {
		return error instanceof Error ? error.message : `${error}`;
	}
}

function expectNoPins(act: () => unknown, done: (problem?: string) => void): void {
	const message = messageOf(act);
	done(message === "pin 4: no pins here" ? undefined : `it says: ${message}`);
}

export const pinCases: readonly ConformanceCase[] = [
	{
		name: "pins: an output says that there are none",
		run: (_, done) => expectNoPins(() => digitalPins.output(4, { initial: true }), done),
	},
	{
		name: "pins: an input says that there are none",
		run: (_, done) => expectNoPins(() => digitalPins.input(4, { pull: "up", onChange: () => {} }), done),
	},
	{
		name: "pins: counting pulses says that there are none",
		run: (_, done) =>
			expectNoPins(
				() =>
					openPulseLine({
						...{ pin: 4, pull: "up", activeLow: true, debounce: 15 },
						onReadable: () => {},
					}),
				done,
			),
	},
];

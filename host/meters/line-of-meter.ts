// The line of any emulated meter: one that sends by itself, or one that answers.

import { AskedLine, type AskedLineOptions } from "./asked-line.js";
import { AskedMeter } from "./asked-meter.js";
import { MeterLine } from "./meter-line.js";
import type { PushMeter } from "./push-meter.js";

export interface LineOptions extends Omit<AskedLineOptions, "meter"> {
	readonly meter: PushMeter;
}

export interface RunningLine {
	/** Bytes from the reader; a meter that only sends is deaf. */
	receive(bytes: Uint8Array): void;
	close(): void;
}

export function lineOf({ meter, ...options }: LineOptions): RunningLine {
	if (meter instanceof AskedMeter) return new AskedLine({ ...options, meter });
	const line = new MeterLine({ ...options, meter });
	return { receive: () => {}, close: () => line.close() };
}

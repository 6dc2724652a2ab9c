// Data Request as a wire: an emulated P1 meter hears it from the pin that the firmware drives, as a real one does.

import type { EmulatedPins } from "../platform/emulated-pins.js";
import type { ByteSink } from "./meter-line.js";

/** `sink` for a meter that sends only while that pin's wire is high. */
export function requestedByPin(sink: ByteSink, pins: EmulatedPins, pin: number): ByteSink {
	return { write: (bytes) => sink.write(bytes), requested: () => pins.level(pin) };
}

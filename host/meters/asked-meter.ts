// An emulated meter that speaks when it is asked: what it hears, and what it answers, how fast and how late.
// Bytes of seven data bits are without their parity here; AskedLine takes it off and puts it on.

import type { LineSettings } from "../../protocols/protocol.js";
import type { PushMeter } from "./push-meter.js";

/** One answer, or a part of one that is sent at another speed. */
export interface Answer {
	readonly bytes: Uint8Array;
	/** From the request's last byte, or from the end of the answer before, to this one's first byte. */
	readonly afterMs: number;
	readonly line: LineSettings;
	/** Given only if nothing is heard meanwhile: a mode C meter reads out unasked when no speed is chosen. */
	readonly unlessHeard?: boolean;
}

export const NO_ANSWERS: readonly Answer[] = Object.freeze([]);

const DAY_MS = 86_400_000;
const NOTHING = new Uint8Array(0);

export abstract class AskedMeter implements PushMeter {
	abstract readonly title: string;
	abstract readonly protocol: string;
	/** As it listens. */
	abstract readonly line: LineSettings;

	/** Bytes that came at `time` (local milliseconds); the array is borrowed. */
	abstract heard(bytes: Uint8Array, time: number): readonly Answer[];

	/** It never sends by itself. */
	nextSend(time: number): number {
		return time + DAY_MS;
	}

	telegram(_time: number): Uint8Array {
		return NOTHING;
	}
}

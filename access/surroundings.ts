// What access/ asks of its surroundings. The device has native digests, tests take Node's; nothing here is tied to either.

import type { Digests, RandomBytes } from "../settings/digests.js";

export interface Surroundings {
	readonly digests: Digests;
	readonly randomBytes: RandomBytes;
	/** Monotonic milliseconds. */
	now(): number;
}

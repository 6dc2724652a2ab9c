// Every protocol there is, one line each. Auto-detection tries them in this order: P1 before IEC 62056-21, whose mode D
// looks like a telegram without a checksum.

import { dlms } from "./dlms/dlms.js";
import { iec62056 } from "./iec62056/iec62056.js";
import { kmp } from "./kmp/kmp.js";
import { kmp382 } from "./kmp382/kmp382.js";
import { p1 } from "./p1/p1.js";
import type { Protocol } from "./protocol.js";
import { pulse } from "./pulse/pulse.js";

export const PROTOCOLS: readonly Protocol[] = Object.freeze([dlms, p1, iec62056, kmp, kmp382, pulse]);

/** The protocol of that name, or `undefined`. */
export function findProtocol(name: string): Protocol | undefined {
	return PROTOCOLS.find((protocol) => protocol.name === name);
}

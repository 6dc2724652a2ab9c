// Every protocol there is, one line each.

import { dlms } from "./dlms/dlms.js";
import { p1 } from "./p1/p1.js";
import type { Protocol } from "./protocol.js";

export const PROTOCOLS: readonly Protocol[] = Object.freeze([dlms, p1]);

/** The protocol of that name, or `undefined`. */
export function findProtocol(name: string): Protocol | undefined {
	return PROTOCOLS.find((protocol) => protocol.name === name);
}

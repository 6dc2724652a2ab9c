// Status lines as the SDK's server writes them: statuses that it does not know are "OK". Theirs are put right here.

import type { Bytes } from "../outputs/network.js";
import { reasonOf } from "./http-refusal.js";

/** "HTTP/1.1 429 OK" and the line's end. */
const LINE_LENGTH = 17;
const STATUS_AT = 9;
const REASON_AT = 13;
const OK = Object.freeze([0x4f, 0x4b, 0x0d, 0x0a]);
const ZERO = 0x30;

/** The line with the right reason where it is such a one; any other bytes as they are. */
export function namedStatus(data: Bytes): Bytes {
	if (data.byteLength !== LINE_LENGTH) return data;
	const line = data instanceof Uint8Array ? data : new Uint8Array(data);
	if (OK.some((byte, index) => line[REASON_AT + index] !== byte)) return data;
	let status = 0;
	for (let at = STATUS_AT; at < STATUS_AT + 3; at++) status = status * 10 + (line[at] as number) - ZERO;
	const reason = reasonOf(status);
	return reason ? new Uint8Array(ArrayBuffer.fromString(`HTTP/1.1 ${status} ${reason}\r\n`)) : data;
}

// The data-notification APDU (IEC 62056-5-3, 9.3.10): its header before the A-XDR body. Deciphering comes before.

import { DATE_TIME_BYTES } from "./cosem-time.js";

export const DATA_NOTIFICATION = 0x0f;
/** Tag, then long-invoke-id-and-priority. */
const INVOKE_ID_END = 5;
const OCTET_STRING = 0x09;
const DATE_TIME = 0x19;

/** Where the parts of a notification lie; `time` is -1 where it has none. */
export interface NotificationHeader {
	readonly time: number;
	readonly body: number;
}

/**
 * Reads the header at `start`. The date-time is an untagged octet string, `00` or `0C` + 12 bytes; the positional
 * Kaifa lists put a tag before it (`09 0C`), and `19` + 12 bytes is met too.
 * A fault: `tag` no data-notification, `truncated`, or `date-time`.
 */
export function notificationHeader(
	bytes: Uint8Array,
	start: number,
	end: number,
): NotificationHeader | "tag" | "truncated" | "date-time" {
	if (bytes[start] !== DATA_NOTIFICATION) return "tag";
	let at = start + INVOKE_ID_END;
	if (at >= end) return "truncated";
	const first = bytes[at++];
	if (first === 0) return { time: -1, body: at };
	if (first === OCTET_STRING) {
		if (bytes[at] === 0) return { time: -1, body: at + 1 };
		if (bytes[at++] !== DATE_TIME_BYTES) return "date-time";
	} else if (first !== DATE_TIME_BYTES && first !== DATE_TIME) return "date-time";
	return at + DATE_TIME_BYTES > end ? "truncated" : { time: at, body: at + DATE_TIME_BYTES };
}

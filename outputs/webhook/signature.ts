// The signature of a webhook's body: HMAC-SHA-256 (RFC 2104) over the time, a point and the body, so that an old message
// cannot be sent again by somebody else. In hexadecimal.

import type { Digests } from "../../settings/digests.js";
import { lengthOf, type Parts } from "../shared/parts.js";
import type { HeaderList } from "../shared/post.js";
import { utf8 } from "../shared/text.js";

export const TIMESTAMP_HEADER = "X-Meterling-Timestamp";
export const SIGNATURE_HEADER = "X-Meterling-Signature";

/** Two headers; what is signed is in one piece only meanwhile. `seconds` since 1970. */
export function signatureOf(
	digests: Pick<Digests, "hmacSha256">,
	secret: string,
	seconds: number,
	body: Parts,
): HeaderList {
	const time = `${seconds}`;
	const prefix = utf8(`${time}.`);
	const all = new Uint8Array(prefix.length + lengthOf(body));
	all.set(prefix);
	let at = prefix.length;
	for (const part of body) {
		all.set(part, at);
		at += part.length;
	}
	const digits: string[] = [];
	for (const byte of digests.hmacSha256(utf8(secret), all)) digits.push(byte.toString(16).padStart(2, "0"));
	return [
		[TIMESTAMP_HEADER, time],
		[SIGNATURE_HEADER, `sha256=${digits.join("")}`],
	];
}

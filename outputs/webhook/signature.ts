// The signature of a webhook's body: HMAC-SHA-256 (RFC 2104) over the time, a point and the body, so that an old message
// cannot be sent again by somebody else. In hexadecimal.

import type { Digests } from "../../settings/digests.js";
import type { Parts } from "../shared/parts.js";
import type { HeaderList } from "../shared/post.js";
import { utf8 } from "../shared/text.js";

export const TIMESTAMP_HEADER = "X-Meterling-Timestamp";
export const SIGNATURE_HEADER = "X-Meterling-Signature";

/** Two headers. `seconds` since 1970. */
export function signatureOf(
	digests: Pick<Digests, "hmacSha256">,
	secret: string,
	seconds: number,
	body: Parts,
): HeaderList {
	const time = `${seconds}`;
	const digits: string[] = [];
	for (const byte of digests.hmacSha256(utf8(secret), [utf8(time.concat(".")), ...body]))
		digits.push(byte.toString(16).padStart(2, "0"));
	return [
		[TIMESTAMP_HEADER, time],
		[SIGNATURE_HEADER, `sha256=${digits.join("")}`],
	];
}

// The access point's name and password. The password comes from a random secret of this device's own by HMAC-SHA-256
// (RFC 2104), never from the MAC address, which everyone within reach can see.

import type { FileStore } from "../hardware/device.js";
import { utf8 } from "../outputs/shared/text.js";
import type { Digests, RandomBytes } from "../settings/digests.js";

/** The file that holds the secret: 32 random bytes, made at the first start. A factory reset may keep it. */
export const DEVICE_SECRET_FILE = "device-secret";
const SECRET_BYTES = 32;
/** 32 characters that are told apart on a label: no l, no o, no 0, no 1. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
/** 60 bits. */
const LETTERS = 12;
const GROUP = 4;
const PURPOSE = "meterling access point 1";
const DIGITS_OF_NAME = 4;

export interface AccessPointName {
	readonly ssid: string;
	readonly password: string;
}

/** `Meterling-A1B2` and a password such as `k3nd-8xqp-m2ta`: the same at every start. */
export function accessPoint(
	id: string,
	files: Pick<FileStore, "read" | "write">,
	digests: Pick<Digests, "hmacSha256">,
	randomBytes: RandomBytes,
): AccessPointName {
	const digest = digests.hmacSha256(deviceSecret(files, randomBytes), [utf8(PURPOSE)]);
	let password = "";
	for (let at = 0; at < LETTERS; at++) {
		if (at > 0 && at % GROUP === 0) password += "-";
		password += ALPHABET.charAt((digest[at] as number) & 0b11111);
	}
	return { ssid: `Meterling-${id.slice(-DIGITS_OF_NAME).toUpperCase()}`, password };
}

/** Without storage the secret, and with it the password, lasts until the next start. */
function deviceSecret(files: Pick<FileStore, "read" | "write">, randomBytes: RandomBytes): Uint8Array {
	const kept = files.read(DEVICE_SECRET_FILE);
	if (kept?.length === SECRET_BYTES) return kept;
	const secret = randomBytes(SECRET_BYTES);
	try {
		files.write(DEVICE_SECRET_FILE, secret);
	} catch {
		// A full or broken storage must not keep the portal closed.
	}
	return secret;
}

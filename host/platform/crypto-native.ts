// hardware/crypto's native module by node:crypto.

import { createHmac, randomBytes as nodeRandomBytes, pbkdf2Sync } from "node:crypto";

const SHA256 = "sha256";
const MOST_RANDOM = 1024;

export function hmacSha256(key: Uint8Array, message: readonly Uint8Array[]): ArrayBuffer {
	const code = createHmac(SHA256, key);
	for (const part of message) code.update(part);
	return exact(code.digest());
}

export function pbkdf2Sha256(
	password: Uint8Array,
	salt: Uint8Array,
	iterations: number,
	length: number,
): ArrayBuffer {
	if (iterations < 1 || length < 1) throw new RangeError("iterations and length must be at least 1");
	return exact(pbkdf2Sync(password, salt, iterations, length, SHA256));
}

export function randomBytes(count: number): ArrayBuffer {
	if (count < 0 || count > MOST_RANDOM) throw new RangeError("too many random bytes at once");
	return exact(nodeRandomBytes(count));
}

/** A Node Buffer is a window into a larger one. */
function exact(bytes: Uint8Array): ArrayBuffer {
	return new Uint8Array(bytes).buffer;
}

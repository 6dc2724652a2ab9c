// What the SDK's `crypt` lacks, in C: PBKDF2 without a call into the engine for each block, and random bytes of the
// system's own source. (The SDK's `rng` is RC4 from the C library's rand(), the same at each start on Linux.)

/** ArrayBuffer of 32 bytes: HMAC-SHA-256 (RFC 2104) of `bytes` under `key`. */
export function hmacSha256(key, bytes) {
	return native("xs_crypto_hmac_sha256").call(this, key, bytes);
}

/** ArrayBuffer of `length` bytes: PBKDF2-HMAC-SHA-256 (RFC 8018, 5.2). */
export function pbkdf2Sha256(password, salt, iterations, length) {
	return native("xs_crypto_pbkdf2_sha256").call(this, password, salt, iterations, length);
}

/** ArrayBuffer of `count` bytes, or an exception where the system has no source of them. */
export function randomBytes(count) {
	return native("xs_crypto_random_bytes").call(this, count);
}

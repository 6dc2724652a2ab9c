// Cryptography in C. The SDK's own `crypt` brings ciphers and digests that nothing here needs, and its `gcm` makes many
// objects a message; its `rng` is RC4 from the C library's rand(), the same at each start on Linux. Bytes: an ArrayBuffer or a
// view.

/** A running digest: "SHA1", "SHA256", "SHA384" or "SHA512" (FIPS 180-4). */
export class Digest extends Native("xs_crypto_digest_destructor") {
	constructor(name) {
		super();
		native("xs_crypto_digest").call(this, name);
	}
	write(bytes) {
		native("xs_crypto_digest_write").call(this, bytes);
	}
	/** ArrayBuffer: of all that has been written. More may follow. */
	result() {
		return native("xs_crypto_digest_result").call(this);
	}
}

/** ArrayBuffer of 32 bytes: HMAC-SHA-256 (RFC 2104) of `bytes` under `key`. */
export function hmacSha256(key, bytes) {
	return native("xs_crypto_hmac_sha256").call(this, key, bytes);
}

/** ArrayBuffer of `length` bytes: PBKDF2-HMAC-SHA-256 (RFC 8018, 5.2). */
export function pbkdf2Sha256(password, salt, iterations, length) {
	return native("xs_crypto_pbkdf2_sha256").call(this, password, salt, iterations, length);
}

// AES-128-GCM (NIST SP 800-38D): a RangeError for a key that has not 16 bytes, a nonce that has not 12. Results go where they
// are wanted, which may be the very bytes of the text that is given.

/** Ciphertext and tag into `sealed`, which is 12 to 16 bytes longer than the plaintext: as many has the tag. */
export function sealGcm(key, nonce, aad, plaintext, sealed) {
	native("xs_crypto_seal_gcm").call(this, key, nonce, aad, plaintext, sealed);
}

/** False where the tag, of 12 to 16 bytes, does not fit: `plaintext` is then as it was. */
export function openGcm(key, nonce, aad, ciphertext, tag, plaintext) {
	return native("xs_crypto_open_gcm").call(this, key, nonce, aad, ciphertext, tag, plaintext);
}

/** Without a look at any tag. */
export function decryptGcm(key, nonce, ciphertext, plaintext) {
	native("xs_crypto_decrypt_gcm").call(this, key, nonce, ciphertext, plaintext);
}

/** ArrayBuffer of `count` bytes, or an exception where the system has no source of them. */
export function randomBytes(count) {
	return native("xs_crypto_random_bytes").call(this, count);
}

// Digests, keyed digests and passphrase stretching as pure parts are given them: SHA-256 (FIPS 180-4), HMAC (RFC 2104) and
// PBKDF2 (RFC 8018, 5.2). What computes them lies in hardware/digests.ts.

export interface Digests {
	/** 32 bytes. */
	sha256(bytes: Uint8Array): Uint8Array;
	/** 32 bytes; a key of any length, and a message in parts: what is long need not be in one piece. */
	hmacSha256(key: Uint8Array, message: readonly Uint8Array[]): Uint8Array;
	/** `length` bytes, after `iterations` rounds with HMAC-SHA-256. Nothing else runs meanwhile. */
	pbkdf2Sha256(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Uint8Array;
}

/** Bytes that nobody can foretell; at most `MOST_RANDOM_BYTES`. */
export type RandomBytes = (count: number) => Uint8Array;

export const MOST_RANDOM_BYTES = 1024;

/**
 * Rounds for new passwords and passphrases; each is stored with its own number, so that this one may grow. Two SHA-256
 * blocks a round: an estimated half second on an ESP32 at 240 MHz, under 0.9 s on an ESP32-C3 at 160 MHz (docs/settings.md).
 */
export const PBKDF2_ITERATIONS = 10_000;

/** More rounds than this are refused where a file asks for them: they would hold up a board for seconds. */
export const MOST_PBKDF2_ITERATIONS = 50_000;

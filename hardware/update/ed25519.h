// Ed25519 signatures of the maker (RFC 8032): checked, never made. Plain C11 that calls nothing but memcpy and memcmp.
// Nothing in it is secret, so it takes different times for different signatures. Small rather than quick: a check is some
// 4,000 multiplications of 256-bit numbers, which an ESP32-C3 should do in some 30 ms (reckoned, not measured).

#ifndef METERLING_ED25519_H
#define METERLING_ED25519_H

#include <stdbool.h>
#include <stdint.h>

enum { ED25519_SIGNATURE_SIZE = 64, ED25519_KEY_SIZE = 32, ED25519_DIGEST_SIZE = 64 };

/**
 * Whether `signature` is by the holder of `key`; `digest` is the SHA-512 of the signature's first 32 bytes, the key and
 * the message, in this order. False, too, for what RFC 8032 calls invalid: a scalar or a coordinate that is not below its
 * modulus, a key that is no point of the curve.
 */
bool ed25519Holds(const uint8_t *signature, const uint8_t *key, const uint8_t *digest);

#endif

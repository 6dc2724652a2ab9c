/*
 * AES-128 in Galois/Counter Mode with nonces of 96 bits (NIST SP 800-38D). Plain C: nothing here knows of XS, allocates, or
 * keeps anything between two messages. Who has a Gcm wipes it.
 */

#pragma once

#include <stddef.h>
#include <stdint.h>

#define AES_ROUNDS 10
#define AES_KEY_SIZE 16
#define GCM_BLOCK_SIZE 16
#define GCM_NONCE_SIZE 12
/* The whole tag; a shorter one is its first bytes. */
#define GCM_TAG_SIZE 16

/* What one message needs of key and nonce. */
typedef struct {
	uint32_t subkeys[4 * (AES_ROUNDS + 1)];
	/* The standard's J0: nonce and the counter 1, which hides the tag. The text's first block has 2. */
	uint8_t first[GCM_BLOCK_SIZE];
} Gcm;

void gcmStart(Gcm *gcm, const uint8_t *key, const uint8_t *nonce);

/* Plaintext to ciphertext, and back. `out` may be `in`, but must not overlap it otherwise. */
void gcmCrypt(const Gcm *gcm, const uint8_t *in, uint8_t *out, size_t size);

void gcmTag(const Gcm *gcm, const uint8_t *aad, size_t aadSize, const uint8_t *ciphertext, size_t size, uint8_t *tag);

/* Whether the ciphertext has that tag. How long it takes depends on sizes only. */
int gcmFits(const Gcm *gcm, const uint8_t *aad, size_t aadSize, const uint8_t *ciphertext, size_t size, const uint8_t *tag,
	size_t tagSize);

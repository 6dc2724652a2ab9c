#include <string.h>

#include "xsPlatform.h"

#include "aes-gcm.h"
#include "wipe.h"

/*
 * The SDK's AES, compiled into this file: of functions that are static the compiler leaves out what GCM has no use for, which is
 * decryption with its tables. As the SDK has it, all tables lie in one section and are linked together.
 */
#undef ICACHE_XS6RO_ATTR
#define ICACHE_XS6RO_ATTR
#define extern static
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include "fips197.c"
#pragma GCC diagnostic pop
#undef extern

#define KEY_WORDS 4
#define BLOCK_WORDS 4
#define COUNTER_AT GCM_NONCE_SIZE

void gcmStart(Gcm *gcm, const uint8_t *key, const uint8_t *nonce)
{
	aes_keysched(key, KEY_WORDS, BLOCK_WORDS, AES_ROUNDS, aes_cipher_encryption, gcm->subkeys);
	memcpy(gcm->first, nonce, GCM_NONCE_SIZE);
	memset(gcm->first + COUNTER_AT, 0, GCM_BLOCK_SIZE - COUNTER_AT);
	gcm->first[GCM_BLOCK_SIZE - 1] = 1;
}

static void encrypt(const Gcm *gcm, const uint8_t *in, uint8_t *out)
{
	aes_encrypt4(in, out, AES_ROUNDS, (uint32_t *)gcm->subkeys);
}

void gcmCrypt(const Gcm *gcm, const uint8_t *in, uint8_t *out, size_t size)
{
	uint8_t counter[GCM_BLOCK_SIZE], stream[GCM_BLOCK_SIZE];
	size_t at;

	memcpy(counter, gcm->first, sizeof(counter));
	for (at = 0; at < size; at++) {
		size_t place = at % GCM_BLOCK_SIZE;
		if (place == 0) {
			int digit = GCM_BLOCK_SIZE;
			while (++counter[--digit] == 0 && digit > COUNTER_AT)
				;
			encrypt(gcm, counter, stream);
		}
		out[at] = in[at] ^ stream[place];
	}
	wipe(stream, sizeof(stream));
}

/* An element of GF(2^128) by the standard's order of bits: the first bit of the first word is the coefficient of 1. */
typedef struct {
	uint32_t words[4];
} Element;

/* The products of H and all polynomials of up to four coefficients. */
typedef struct {
	Element of[16];
} Products;

/* Times x^count, for count from 1 to 4: what falls out comes back by x^128 = x^7 + x^2 + x + 1. */
static void shift(Element *element, int count)
{
	uint32_t *words = element->words;
	uint32_t out = words[3] << (32 - count);
	int at;

	for (at = 3; at > 0; at--)
		words[at] = words[at] >> count | words[at - 1] << (32 - count);
	words[0] = words[0] >> count ^ out ^ out >> 1 ^ out >> 2 ^ out >> 7;
}

static void add(Element *sum, const Element *other)
{
	int at;

	for (at = 0; at < 4; at++)
		sum->words[at] ^= other->words[at];
}

static void multiplesOf(Products *products, const uint8_t *h)
{
	Element power;
	int bit, at;

	for (at = 0; at < 4; at++)
		power.words[at] = (uint32_t)h[4 * at] << 24 | h[4 * at + 1] << 16 | h[4 * at + 2] << 8 | h[4 * at + 3];
	memset(products, 0, sizeof(*products));
	for (bit = 8; bit > 0; bit >>= 1) {
		for (at = 0; at < 16; at++)
			if (at & bit)
				add(&products->of[at], &power);
		shift(&power, 1);
	}
	wipe(&power, sizeof(power));
}

/* One block more in the sum: (sum + block) · H, four bits at a time from the highest power down. */
static void absorbBlock(const Products *products, uint8_t *sum, const uint8_t *block, size_t size)
{
	Element product = {{0}};
	size_t at;

	for (at = 0; at < size; at++)
		sum[at] ^= block[at];
	for (at = GCM_BLOCK_SIZE; at-- > 0;) {
		shift(&product, 4);
		add(&product, &products->of[sum[at] & 0xF]);
		shift(&product, 4);
		add(&product, &products->of[sum[at] >> 4]);
	}
	for (at = 0; at < GCM_BLOCK_SIZE; at++)
		sum[at] = product.words[at / 4] >> (24 - 8 * (at % 4));
}

/* The last block is filled with zeros. */
static void absorb(const Products *products, uint8_t *sum, const uint8_t *bytes, size_t size)
{
	for (; size > GCM_BLOCK_SIZE; size -= GCM_BLOCK_SIZE, bytes += GCM_BLOCK_SIZE)
		absorbBlock(products, sum, bytes, GCM_BLOCK_SIZE);
	if (size > 0)
		absorbBlock(products, sum, bytes, size);
}

static void putBits(uint8_t *end, size_t bytes)
{
	uint64_t bits = (uint64_t)bytes * 8;

	for (; bits > 0; bits >>= 8)
		*--end = bits;
}

void gcmTag(const Gcm *gcm, const uint8_t *aad, size_t aadSize, const uint8_t *ciphertext, size_t size, uint8_t *tag)
{
	uint8_t block[GCM_BLOCK_SIZE] = {0};
	Products products;
	int at;

	encrypt(gcm, block, block);
	multiplesOf(&products, block);
	memset(tag, 0, GCM_TAG_SIZE);
	absorb(&products, tag, aad, aadSize);
	absorb(&products, tag, ciphertext, size);
	memset(block, 0, sizeof(block));
	putBits(block + GCM_BLOCK_SIZE / 2, aadSize);
	putBits(block + GCM_BLOCK_SIZE, size);
	absorbBlock(&products, tag, block, sizeof(block));
	encrypt(gcm, gcm->first, block);
	for (at = 0; at < GCM_TAG_SIZE; at++)
		tag[at] ^= block[at];
	wipe(block, sizeof(block));
	wipe(&products, sizeof(products));
}

int gcmFits(const Gcm *gcm, const uint8_t *aad, size_t aadSize, const uint8_t *ciphertext, size_t size, const uint8_t *tag,
	size_t tagSize)
{
	uint8_t whole[GCM_TAG_SIZE], difference = 0;
	size_t at;

	gcmTag(gcm, aad, aadSize, ciphertext, size, whole);
	for (at = 0; at < tagSize; at++)
		difference |= tag[at] ^ whole[at];
	wipe(whole, sizeof(whole));
	return difference == 0;
}

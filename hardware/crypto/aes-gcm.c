#include <string.h>

#include "xsPlatform.h"

#include "aes-gcm.h"
#include "wipe.h"

/*
 * The SDK's AES, compiled into this file: of functions that are static the compiler leaves out what GCM has no use for, which is
 * decryption with its tables. As the SDK has it, all tables lie in one section and are linked together. Its schedule of subkeys
 * and one table of 1 KB are used; it encrypts with four, of which three are the first one with its words rotated.
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

static inline uint32_t rotated(uint32_t word, int bits)
{
	return word << bits | word >> (-bits & 31);
}

/* Byte `index` of the word, the first one its lowest. */
static inline uint8_t byteOf(uint32_t word, int index)
{
	return word >> (8 * index);
}

/* SubBytes, ShiftRows and MixColumns of one column (FIPS 197, 5.1): its bytes come from four columns in a row. */
static uint32_t mixed(const uint32_t *column)
{
	uint32_t result = 0;
	int row;

	for (row = 0; row < BLOCK_WORDS; row++)
		result ^= rotated(T0v[byteOf(column[row], row)], 8 * row);
	return result;
}

/* The last round has no MixColumns: the table's second byte is the S-box alone. */
static uint32_t substituted(const uint32_t *column)
{
	uint32_t result = 0;
	int row;

	for (row = 0; row < BLOCK_WORDS; row++)
		result |= (uint32_t)byteOf(T0v[byteOf(column[row], row)], 1) << (8 * row);
	return result;
}

static void encrypt(const Gcm *gcm, const uint8_t *in, uint8_t *out)
{
	const uint32_t *subkeys = gcm->subkeys;
	/* The columns, and again the first three: four in a row from each. */
	uint32_t state[2 * BLOCK_WORDS], next[BLOCK_WORDS];
	int round, at;

	for (at = 0; at < BLOCK_WORDS; at++, in += 4)
		next[at] = *subkeys++ ^ (in[0] | in[1] << 8 | in[2] << 16 | (uint32_t)in[3] << 24);
	for (round = 1; round <= AES_ROUNDS; round++) {
		memcpy(state, next, sizeof(next));
		memcpy(state + BLOCK_WORDS, next, sizeof(next));
		for (at = 0; at < BLOCK_WORDS; at++)
			next[at] = *subkeys++ ^ (round < AES_ROUNDS ? mixed(state + at) : substituted(state + at));
	}
	for (at = 0; at < GCM_BLOCK_SIZE; at++)
		out[at] = byteOf(next[at / 4], at % 4);
	wipe(state, sizeof(state));
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

/* An element of GF(2^128) by the standard's order of bits: the first bit of `a` is the coefficient of 1. */
typedef struct {
	uint32_t a, b, c, d;
} Element;

/* The products of H and all polynomials of up to four coefficients. */
typedef struct {
	Element of[16];
} Products;

/* Times x^count, for count from 1 to 4: what falls out comes back by x^128 = x^7 + x^2 + x + 1. */
static inline Element shifted(Element e, int count)
{
	uint32_t out = e.d << (32 - count);
	Element result = {
		e.a >> count ^ out ^ out >> 1 ^ out >> 2 ^ out >> 7,
		e.b >> count | e.a << (32 - count),
		e.c >> count | e.b << (32 - count),
		e.d >> count | e.c << (32 - count),
	};
	return result;
}

static inline Element sum(Element one, const Element *other)
{
	Element result = {one.a ^ other->a, one.b ^ other->b, one.c ^ other->c, one.d ^ other->d};
	return result;
}

static uint32_t word(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static void putWord(uint8_t *bytes, uint32_t value)
{
	int at;

	for (at = 4; at-- > 0; value >>= 8)
		bytes[at] = value;
}

static void multiplesOf(Products *products, const uint8_t *h)
{
	Element power = {word(h), word(h + 4), word(h + 8), word(h + 12)};
	int bit, at;

	memset(products, 0, sizeof(*products));
	for (bit = 8; bit > 0; bit >>= 1) {
		for (at = 0; at < 16; at++)
			if (at & bit)
				products->of[at] = sum(power, &products->of[at]);
		power = shifted(power, 1);
	}
	wipe(&power, sizeof(power));
}

/* One block more in the total: (total + block) · H, four bits at a time from the highest power down. */
static void absorbBlock(const Products *products, uint8_t *total, const uint8_t *block, size_t size)
{
	Element product = {0};
	int bits;
	size_t at;

	for (at = 0; at < size; at++)
		total[at] ^= block[at];
	for (at = GCM_BLOCK_SIZE; at-- > 0;)
		for (bits = 0; bits < 8; bits += 4)
			product = sum(shifted(product, 4), &products->of[total[at] >> bits & 0xF]);
	putWord(total, product.a);
	putWord(total + 4, product.b);
	putWord(total + 8, product.c);
	putWord(total + 12, product.d);
}

/* The last block is filled with zeros. */
static void absorb(const Products *products, uint8_t *total, const uint8_t *bytes, size_t size)
{
	for (; size > GCM_BLOCK_SIZE; size -= GCM_BLOCK_SIZE, bytes += GCM_BLOCK_SIZE)
		absorbBlock(products, total, bytes, GCM_BLOCK_SIZE);
	if (size > 0)
		absorbBlock(products, total, bytes, size);
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

/*
 * Digests, HMAC-SHA-256, PBKDF2, AES-128-GCM and random bytes for XS, on the ESP32 and on Linux. The compression functions are
 * the SDK's (modules/crypt/digest/kcl). FIPS 180-4, RFC 2104, RFC 8018 section 5.2, NIST SP 800-38D.
 *
 * XS may move buffers whenever it allocates: results are made first, pointers taken after, and nothing is allocated
 * while they are used.
 */

#include "xsPlatform.h"
#include "xsmc.h"
#include "mc.xs.h"

#include "aes-gcm.h"
#include "fips180.h"
#include "wipe.h"

#if ESP32
	#include "bootloader_random.h"
	#include "esp_random.h"
	#include "esp_wifi.h"
#else
	#include <errno.h>
	#include <sys/random.h>
#endif

#define IPAD 0x36
#define OPAD 0x5C
#define MOST_RANDOM 1024
/* NIST SP 800-38D, 5.2.1.2, without the short ones of its appendix C. */
#define SHORTEST_TAG 12

typedef struct {
	uint8_t *bytes;
	xsUnsignedValue size;
} Bytes;

typedef struct {
	const char *name;
	uint32_t size;
	void (*create)(void *state);
	void (*update)(void *state, const void *bytes, uint32_t size);
	void (*finish)(void *state, uint8_t *digest);
} Algorithm;

typedef union {
	struct sha1 sha1;
	struct sha256 sha256;
	struct sha512 sha512;
} DigestState;

typedef struct {
	const Algorithm *algorithm;
	DigestState state;
} Digest;

typedef struct {
	struct sha256 inner;
	struct sha256 outer;
} HmacKey;

static Bytes readable(xsMachine *the, int argument)
{
	Bytes result;
	xsmcGetBufferReadable(xsArg(argument), (void **)&result.bytes, &result.size);
	return result;
}

static Bytes writable(xsMachine *the, int argument)
{
	Bytes result;
	xsmcGetBufferWritable(xsArg(argument), (void **)&result.bytes, &result.size);
	return result;
}

static const Algorithm gAlgorithms[] = {
	{"SHA1", SHA1_DGSTSIZE, (void *)sha1_create, (void *)sha1_update, (void *)sha1_fin},
	{"SHA256", SHA256_DGSTSIZE, (void *)sha256_create, (void *)sha256_update, (void *)sha256_fin},
	{"SHA384", SHA384_DGSTSIZE, (void *)sha384_create, (void *)sha384_update, (void *)sha384_fin},
	{"SHA512", SHA512_DGSTSIZE, (void *)sha512_create, (void *)sha512_update, (void *)sha512_fin},
};

void xs_crypto_digest_destructor(void *data)
{
	(void)data;
}

void xs_crypto_digest(xsMachine *the)
{
	const char *name = xsmcToString(xsArg(0));
	const Algorithm *algorithm = gAlgorithms;
	Digest *digest;

	while (c_strcmp(name, algorithm->name)) {
		if (++algorithm == gAlgorithms + sizeof(gAlgorithms) / sizeof(*gAlgorithms))
			xsRangeError("no such digest");
	}
	digest = xsmcSetHostChunk(xsThis, NULL, sizeof(Digest));
	digest->algorithm = algorithm;
	algorithm->create(&digest->state);
}

void xs_crypto_digest_write(xsMachine *the)
{
	Bytes bytes = readable(the, 0);
	Digest *digest = xsmcGetHostChunk(xsThis);

	digest->algorithm->update(&digest->state, bytes.bytes, bytes.size);
}

/* A copy is finished, so that more may follow. */
void xs_crypto_digest_result(xsMachine *the)
{
	Digest digest = *(Digest *)xsmcGetHostChunk(xsThis);

	xsmcSetArrayBuffer(xsResult, NULL, digest.algorithm->size);
	digest.algorithm->finish(&digest.state, xsmcToArrayBuffer(xsResult));
}

/* The states after the two padded keys: every message under this key starts from copies of them. */
static void hmacKey(HmacKey *state, const uint8_t *key, size_t size)
{
	uint8_t block[SHA256_BLKSIZE] = {0};
	int i;

	if (size > SHA256_BLKSIZE) {
		sha256_create(&state->inner);
		sha256_update(&state->inner, key, size);
		sha256_fin(&state->inner, block);
	}
	else
		c_memcpy(block, key, size);

	for (i = 0; i < SHA256_BLKSIZE; i++)
		block[i] ^= IPAD;
	sha256_create(&state->inner);
	sha256_update(&state->inner, block, SHA256_BLKSIZE);
	for (i = 0; i < SHA256_BLKSIZE; i++)
		block[i] ^= IPAD ^ OPAD;
	sha256_create(&state->outer);
	sha256_update(&state->outer, block, SHA256_BLKSIZE);
	wipe(block, sizeof(block));
}

/* The message is `first` followed by `second`. `mac` may be either of them. */
static void hmac(const HmacKey *key, const uint8_t *first, size_t firstSize, const uint8_t *second, size_t secondSize, uint8_t *mac)
{
	struct sha256 state = key->inner;
	uint8_t inner[SHA256_DGSTSIZE];

	sha256_update(&state, first, firstSize);
	if (secondSize)
		sha256_update(&state, second, secondSize);
	sha256_fin(&state, inner);
	state = key->outer;
	sha256_update(&state, inner, SHA256_DGSTSIZE);
	sha256_fin(&state, mac);
}

/* The message is an array of buffers. */
void xs_crypto_hmac_sha256(xsMachine *the)
{
	HmacKey key;
	uint8_t *bytes, inner[SHA256_DGSTSIZE], mac[SHA256_DGSTSIZE];
	xsUnsignedValue size;
	xsIntegerValue index, count;

	xsmcVars(1);
	xsmcGet(xsVar(0), xsArg(1), xsID_length);
	count = xsmcToInteger(xsVar(0));
	xsmcGetBufferReadable(xsArg(0), (void **)&bytes, &size);
	hmacKey(&key, bytes, size);
	for (index = 0; index < count; index++) {
		xsmcGetIndex(xsVar(0), xsArg(1), index);
		xsmcGetBufferReadable(xsVar(0), (void **)&bytes, &size);
		sha256_update(&key.inner, bytes, size);
	}
	sha256_fin(&key.inner, inner);
	sha256_update(&key.outer, inner, sizeof(inner));
	sha256_fin(&key.outer, mac);
	wipe(&key, sizeof(key));
	xsmcSetArrayBuffer(xsResult, mac, sizeof(mac));
}

void xs_crypto_pbkdf2_sha256(xsMachine *the)
{
	xsIntegerValue iterations = xsmcToInteger(xsArg(2));
	xsIntegerValue length = xsmcToInteger(xsArg(3));
	uint8_t *bytes, *salt, *result;
	xsUnsignedValue size, saltSize;
	uint32_t block;
	HmacKey key;

	if (iterations < 1 || length < 1)
		xsRangeError("iterations and length must be at least 1");
	xsmcSetArrayBuffer(xsResult, NULL, length);
	xsmcGetBufferReadable(xsArg(0), (void **)&bytes, &size);
	xsmcGetBufferReadable(xsArg(1), (void **)&salt, &saltSize);
	result = xsmcToArrayBuffer(xsResult);

	hmacKey(&key, bytes, size);
	for (block = 1; length > 0; block++) {
		uint8_t number[4] = {block >> 24, block >> 16, block >> 8, block};
		uint8_t u[SHA256_DGSTSIZE], sum[SHA256_DGSTSIZE];
		xsIntegerValue round, count = length < SHA256_DGSTSIZE ? length : SHA256_DGSTSIZE;
		int i;

		hmac(&key, salt, saltSize, number, sizeof(number), u);
		c_memcpy(sum, u, sizeof(sum));
		for (round = 1; round < iterations; round++) {
			hmac(&key, u, sizeof(u), NULL, 0, u);
			for (i = 0; i < SHA256_DGSTSIZE; i++)
				sum[i] ^= u[i];
		}
		c_memcpy(result, sum, count);
		result += count;
		length -= count;
		wipe(sum, sizeof(sum));
	}
	wipe(&key, sizeof(key));
}

/* Of key and nonce, the first two arguments; sizes are told, bytes are not. Last of what may throw: from here on keys are on the stack. */
static void startGcm(xsMachine *the, Gcm *gcm)
{
	Bytes key = readable(the, 0), nonce = readable(the, 1);

	if (key.size != AES_KEY_SIZE)
		xsRangeError("AES-128 takes a key of 16 bytes");
	if (nonce.size != GCM_NONCE_SIZE)
		xsRangeError("GCM takes a nonce of 12 bytes");
	gcmStart(gcm, key.bytes, nonce.bytes);
}

void xs_crypto_seal_gcm(xsMachine *the)
{
	Bytes aad = readable(the, 2), plaintext = readable(the, 3), sealed = writable(the, 4);
	uint8_t tag[GCM_TAG_SIZE];
	Gcm gcm;

	if (sealed.size < plaintext.size + SHORTEST_TAG || sealed.size > plaintext.size + GCM_TAG_SIZE)
		xsRangeError("a tag has 12 to 16 bytes");
	startGcm(the, &gcm);
	gcmCrypt(&gcm, plaintext.bytes, sealed.bytes, plaintext.size);
	gcmTag(&gcm, aad.bytes, aad.size, sealed.bytes, plaintext.size, tag);
	c_memcpy(sealed.bytes + plaintext.size, tag, sealed.size - plaintext.size);
	wipe(&gcm, sizeof(gcm));
}

static void needSameSize(xsMachine *the, Bytes ciphertext, Bytes plaintext)
{
	if (plaintext.size != ciphertext.size)
		xsRangeError("plaintext and ciphertext have the same size");
}

void xs_crypto_open_gcm(xsMachine *the)
{
	Bytes aad = readable(the, 2), ciphertext = readable(the, 3), tag = readable(the, 4), plaintext = writable(the, 5);
	Gcm gcm;
	int fits;

	needSameSize(the, ciphertext, plaintext);
	startGcm(the, &gcm);
	fits = tag.size >= SHORTEST_TAG && tag.size <= GCM_TAG_SIZE &&
		gcmFits(&gcm, aad.bytes, aad.size, ciphertext.bytes, ciphertext.size, tag.bytes, tag.size);
	if (fits)
		gcmCrypt(&gcm, ciphertext.bytes, plaintext.bytes, ciphertext.size);
	wipe(&gcm, sizeof(gcm));
	xsmcSetBoolean(xsResult, fits);
}

void xs_crypto_decrypt_gcm(xsMachine *the)
{
	Bytes ciphertext = readable(the, 2), plaintext = writable(the, 3);
	Gcm gcm;

	needSameSize(the, ciphertext, plaintext);
	startGcm(the, &gcm);
	gcmCrypt(&gcm, ciphertext.bytes, plaintext.bytes, ciphertext.size);
	wipe(&gcm, sizeof(gcm));
}

void xs_crypto_random_bytes(xsMachine *the)
{
	xsIntegerValue count = xsmcToInteger(xsArg(0));
	uint8_t *bytes;

	if (count < 0 || count > MOST_RANDOM)
		xsRangeError("too many random bytes at once");
	xsmcSetArrayBuffer(xsResult, NULL, count);
	bytes = xsmcToArrayBuffer(xsResult);
#if ESP32
	/*
	 * The generator has noise while the radio runs; before that, and on boards with a cable, the one that the bootloader
	 * uses is switched on, which must not be while the radio runs (ESP-IDF, "Random Number Generation").
	 */
	wifi_mode_t mode;
	int silent = esp_wifi_get_mode(&mode) == ESP_ERR_WIFI_NOT_INIT;
	if (silent)
		bootloader_random_enable();
	esp_fill_random(bytes, count);
	if (silent)
		bootloader_random_disable();
#else
	while (count > 0) {
		ssize_t got = getrandom(bytes, count, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			xsUnknownError("no random bytes from the system");
		bytes += got;
		count -= got;
	}
#endif
}

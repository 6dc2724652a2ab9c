/*
 * HMAC-SHA-256, PBKDF2 and random bytes for XS, on the ESP32 and on Linux. The compression function is that of the SDK's own
 * `crypt` (modules/crypt/digest/kcl). FIPS 180-4, RFC 2104, RFC 8018 section 5.2.
 *
 * XS may move buffers whenever it allocates: results are made first, pointers taken after, and nothing is allocated
 * while they are used.
 */

#include "xsPlatform.h"
#include "xsmc.h"
#include "mc.xs.h"

#include "fips180.h"

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

typedef struct {
	struct sha256 inner;
	struct sha256 outer;
} HmacKey;

/* A plain memset may be left out by the compiler where nothing reads the memory again. */
static void wipe(void *memory, size_t size)
{
	volatile uint8_t *bytes = memory;
	while (size--)
		*bytes++ = 0;
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

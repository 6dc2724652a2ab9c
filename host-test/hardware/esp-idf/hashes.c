// Runs hardware/esp-idf/hashes.c over messages from standard input. A line: `sha1` or `sha256`, how often the message is repeated, the
// sizes of the first two pieces it is given in, and the message in hexadecimal digits, `-` for nothing. Context, message and digest
// each lie in memory of their own and of their very size. After the second piece the context is cloned: the clone takes the rest, and
// the original another byte. Answers: the clone's digest. `sha224` answers `no`, where it is refused.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The linker's --wrap on a chip; here the names themselves. */
#define mbedtls_sha1_init __wrap_mbedtls_sha1_init
#define mbedtls_sha1_free __wrap_mbedtls_sha1_free
#define mbedtls_sha1_clone __wrap_mbedtls_sha1_clone
#define mbedtls_sha1_starts __wrap_mbedtls_sha1_starts
#define mbedtls_sha1_update __wrap_mbedtls_sha1_update
#define mbedtls_sha1_finish __wrap_mbedtls_sha1_finish
#define mbedtls_sha256_init __wrap_mbedtls_sha256_init
#define mbedtls_sha256_free __wrap_mbedtls_sha256_free
#define mbedtls_sha256_clone __wrap_mbedtls_sha256_clone
#define mbedtls_sha256_starts __wrap_mbedtls_sha256_starts
#define mbedtls_sha256_update __wrap_mbedtls_sha256_update
#define mbedtls_sha256_finish __wrap_mbedtls_sha256_finish
#include "mbedtls/private/sha1.h"
#include "mbedtls/private/sha256.h"

#define MOST 4096

typedef struct {
	const unsigned char *bytes;
	size_t size;
	size_t first;
	size_t second;
} Message;

static void require(int holds)
{
	if (!holds)
		abort();
}

static int isZero(const void *memory, size_t size)
{
	const unsigned char *bytes = memory;

	while (size > 0 && *bytes == 0)
		bytes++, size--;
	return size == 0;
}

static void print(const unsigned char *bytes, size_t size)
{
	while (size-- > 0)
		printf("%02x", *bytes++);
	printf("\n");
}

static void sha1(const Message *message)
{
	mbedtls_sha1_context *context = malloc(sizeof(*context)), *clone = malloc(sizeof(*clone));
	unsigned char *digest = malloc(20);
	size_t done = message->first + message->second;

	mbedtls_sha1_init(context);
	require(isZero(context, sizeof(*context)));
	require(mbedtls_sha1_starts(context) == 0);
	require(mbedtls_sha1_update(context, message->bytes, message->first) == 0);
	require(mbedtls_sha1_update(context, message->bytes + message->first, message->second) == 0);
	mbedtls_sha1_init(clone);
	mbedtls_sha1_clone(clone, context);
	require(mbedtls_sha1_update(context, (const unsigned char *)"?", 1) == 0);
	require(mbedtls_sha1_update(clone, message->bytes + done, message->size - done) == 0);
	require(mbedtls_sha1_finish(clone, digest) == 0);
	print(digest, 20);
	mbedtls_sha1_free(context);
	require(isZero(context, sizeof(*context)));
	mbedtls_sha1_free(clone);
	mbedtls_sha1_free(NULL);
	free(context), free(clone), free(digest);
}

static void sha256(const Message *message)
{
	mbedtls_sha256_context *context = malloc(sizeof(*context)), *clone = malloc(sizeof(*clone));
	unsigned char *digest = malloc(32);
	size_t done = message->first + message->second;

	mbedtls_sha256_init(context);
	require(isZero(context, sizeof(*context)));
	require(mbedtls_sha256_starts(context, 0) == 0);
	require(mbedtls_sha256_update(context, message->bytes, message->first) == 0);
	require(mbedtls_sha256_update(context, message->bytes + message->first, message->second) == 0);
	mbedtls_sha256_init(clone);
	mbedtls_sha256_clone(clone, context);
	require(mbedtls_sha256_update(context, (const unsigned char *)"?", 1) == 0);
	require(mbedtls_sha256_update(clone, message->bytes + done, message->size - done) == 0);
	require(mbedtls_sha256_finish(clone, digest) == 0);
	print(digest, 32);
	mbedtls_sha256_free(context);
	require(isZero(context, sizeof(*context)));
	mbedtls_sha256_free(clone);
	mbedtls_sha256_free(NULL);
	free(context), free(clone), free(digest);
}

static void sha224(void)
{
	mbedtls_sha256_context context;

	mbedtls_sha256_init(&context);
	printf("%s\n", mbedtls_sha256_starts(&context, 1) == -135 ? "no" : "yes");
}

int main(void)
{
	char word[8], digits[2 * MOST + 1];
	size_t times, first, second;

	while (scanf("%7s %zu %zu %zu %8192s", word, &times, &first, &second, digits) == 5) {
		size_t length = strcmp(digits, "-") ? strlen(digits) / 2 : 0, at;
		unsigned char *bytes = malloc(length * times);
		Message message = {bytes, length * times, first, second};

		for (at = 0; at < length * times; at++) {
			unsigned byte;
			require(sscanf(digits + 2 * (at % length), "%2x", &byte) == 1);
			bytes[at] = byte;
		}
		if (!strcmp(word, "sha1"))
			sha1(&message);
		else if (!strcmp(word, "sha256"))
			sha256(&message);
		else
			sha224();
		free(bytes);
	}
	return 0;
}

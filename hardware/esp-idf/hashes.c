// SHA-1 and SHA-256 (FIPS 180-4) for ESP-IDF's Mbed TLS, by the SDK's code: for Wi-Fi's handshake and for the hash of an image.

#include <stddef.h>
#include <string.h>

/* Mbed TLS declares these to those alone who say so. */
#define MBEDTLS_DECLARE_PRIVATE_IDENTIFIERS
#include "fips180.h"
#include "in-place-of.h"
#include "mbedtls/private/sha1.h"
#include "mbedtls/private/sha256.h"
#include "psa/crypto.h"

/*
 * The SDK's state lies in the context that Mbed TLS's caller gives, which only the functions here look into. Its members fit. Its
 * size need not: a compiler may round it up, for SHA-1 beyond the context, so what is copied and cleared is the context. A context
 * lies at a multiple of four, as 32-bit chips want it for the state, too.
 */
#define FITS(state, context) (offsetof(struct state, buf) + sizeof(((struct state *)0)->buf) <= sizeof(context))
_Static_assert(FITS(sha1, mbedtls_sha1_context), "SHA-1's state is larger than its context");
_Static_assert(FITS(sha256, mbedtls_sha256_context), "SHA-256's state is larger than its context");

IN_PLACE_OF(mbedtls_sha1_init);
IN_PLACE_OF(mbedtls_sha1_free);
IN_PLACE_OF(mbedtls_sha1_clone);
IN_PLACE_OF(mbedtls_sha1_starts);
IN_PLACE_OF(mbedtls_sha1_update);
IN_PLACE_OF(mbedtls_sha1_finish);
IN_PLACE_OF(mbedtls_sha256_init);
IN_PLACE_OF(mbedtls_sha256_free);
IN_PLACE_OF(mbedtls_sha256_clone);
IN_PLACE_OF(mbedtls_sha256_starts);
IN_PLACE_OF(mbedtls_sha256_update);
IN_PLACE_OF(mbedtls_sha256_finish);

void __wrap_mbedtls_sha1_init(mbedtls_sha1_context *context)
{
	memset(context, 0, sizeof(*context));
}

void __wrap_mbedtls_sha1_free(mbedtls_sha1_context *context)
{
	if (context)
		explicit_bzero(context, sizeof(*context));
}

void __wrap_mbedtls_sha1_clone(mbedtls_sha1_context *copy, const mbedtls_sha1_context *original)
{
	*copy = *original;
}

int __wrap_mbedtls_sha1_starts(mbedtls_sha1_context *context)
{
	sha1_create((struct sha1 *)context);
	return 0;
}

int __wrap_mbedtls_sha1_update(mbedtls_sha1_context *context, const unsigned char *bytes, size_t size)
{
	sha1_update((struct sha1 *)context, bytes, size);
	return 0;
}

int __wrap_mbedtls_sha1_finish(mbedtls_sha1_context *context, unsigned char digest[20])
{
	sha1_fin((struct sha1 *)context, digest);
	return 0;
}

void __wrap_mbedtls_sha256_init(mbedtls_sha256_context *context)
{
	memset(context, 0, sizeof(*context));
}

void __wrap_mbedtls_sha256_free(mbedtls_sha256_context *context)
{
	if (context)
		explicit_bzero(context, sizeof(*context));
}

void __wrap_mbedtls_sha256_clone(mbedtls_sha256_context *copy, const mbedtls_sha256_context *original)
{
	*copy = *original;
}

/** SHA-224, which differs in its initial values alone, is not offered. */
int __wrap_mbedtls_sha256_starts(mbedtls_sha256_context *context, int is224)
{
	if (is224)
		return MBEDTLS_ERR_SHA256_BAD_INPUT_DATA;
	sha256_create((struct sha256 *)context);
	return 0;
}

int __wrap_mbedtls_sha256_update(mbedtls_sha256_context *context, const unsigned char *bytes, size_t size)
{
	sha256_update((struct sha256 *)context, bytes, size);
	return 0;
}

int __wrap_mbedtls_sha256_finish(mbedtls_sha256_context *context, unsigned char *digest)
{
	sha256_fin((struct sha256 *)context, digest);
	return 0;
}

// Contexts and functions as TF-PSA-Crypto 1.0 declares them, as far as hardware/esp-idf/hashes.c asks.

#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
	uint32_t total[2];
	uint32_t state[5];
	unsigned char buffer[64];
} mbedtls_sha1_context;

void mbedtls_sha1_init(mbedtls_sha1_context *context);
void mbedtls_sha1_free(mbedtls_sha1_context *context);
void mbedtls_sha1_clone(mbedtls_sha1_context *copy, const mbedtls_sha1_context *original);
int mbedtls_sha1_starts(mbedtls_sha1_context *context);
int mbedtls_sha1_update(mbedtls_sha1_context *context, const unsigned char *bytes, size_t size);
int mbedtls_sha1_finish(mbedtls_sha1_context *context, unsigned char digest[20]);

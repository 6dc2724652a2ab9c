// Contexts and functions as TF-PSA-Crypto 1.0 declares them where there is no SHA-224, as far as hardware/esp-idf/hashes.c asks.

#pragma once

#include <stddef.h>
#include <stdint.h>

#define MBEDTLS_ERR_SHA256_BAD_INPUT_DATA PSA_ERROR_INVALID_ARGUMENT

typedef struct {
	unsigned char buffer[64];
	uint32_t total[2];
	uint32_t state[8];
} mbedtls_sha256_context;

void mbedtls_sha256_init(mbedtls_sha256_context *context);
void mbedtls_sha256_free(mbedtls_sha256_context *context);
void mbedtls_sha256_clone(mbedtls_sha256_context *copy, const mbedtls_sha256_context *original);
int mbedtls_sha256_starts(mbedtls_sha256_context *context, int is224);
int mbedtls_sha256_update(mbedtls_sha256_context *context, const unsigned char *bytes, size_t size);
int mbedtls_sha256_finish(mbedtls_sha256_context *context, unsigned char *digest);

// RSA for ESP-IDF's Mbed TLS: there is none.

#include "in-place-of.h"
#include "psa_crypto_rsa.h"

IN_PLACE_OF(mbedtls_psa_rsa_import_key);
IN_PLACE_OF(mbedtls_psa_rsa_export_public_key);
IN_PLACE_OF(mbedtls_psa_rsa_generate_key);
IN_PLACE_OF(mbedtls_psa_rsa_sign_hash);
IN_PLACE_OF(mbedtls_psa_rsa_verify_hash);

psa_status_t __wrap_mbedtls_psa_rsa_import_key(
	const psa_key_attributes_t *, const uint8_t *, size_t, uint8_t *, size_t, size_t *, size_t *)
{
	return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t __wrap_mbedtls_psa_rsa_export_public_key(
	const psa_key_attributes_t *, const uint8_t *, size_t, uint8_t *, size_t, size_t *)
{
	return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t __wrap_mbedtls_psa_rsa_generate_key(
	const psa_key_attributes_t *, const uint8_t *, size_t, uint8_t *, size_t, size_t *)
{
	return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t __wrap_mbedtls_psa_rsa_sign_hash(const psa_key_attributes_t *, const uint8_t *, size_t, psa_algorithm_t,
	const uint8_t *, size_t, uint8_t *, size_t, size_t *)
{
	return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t __wrap_mbedtls_psa_rsa_verify_hash(const psa_key_attributes_t *, const uint8_t *, size_t, psa_algorithm_t,
	const uint8_t *, size_t, const uint8_t *, size_t)
{
	return PSA_ERROR_NOT_SUPPORTED;
}

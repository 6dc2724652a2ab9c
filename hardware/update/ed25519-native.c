// The native part of ed25519-native.js: Ed25519 (ed25519.h) with the SHA-512 of the Moddable SDK.

#include "xsPlatform.h"
#include "xsmc.h"

#include "ed25519.h"
#include "fips180.h"

void xs_ed25519_verify(xsMachine *the)
{
	uint8_t *signature, *message, *key;
	xsUnsignedValue signatureSize, messageSize, keySize;

	/* Nothing is allocated between here and the end: the pointers stay. */
	xsmcGetBufferReadable(xsArg(0), (void **)&signature, &signatureSize);
	xsmcGetBufferReadable(xsArg(1), (void **)&message, &messageSize);
	xsmcGetBufferReadable(xsArg(2), (void **)&key, &keySize);
	int good = signatureSize == ED25519_SIGNATURE_SIZE && keySize == ED25519_KEY_SIZE;
	if (good) {
		struct sha512 hash;
		uint8_t digest[ED25519_DIGEST_SIZE];
		sha512_create(&hash);
		sha512_update(&hash, signature, ED25519_SIGNATURE_SIZE / 2);
		sha512_update(&hash, key, keySize);
		sha512_update(&hash, message, messageSize);
		sha512_fin(&hash, digest);
		good = ed25519Holds(signature, key, digest);
	}
	xsmcSetBoolean(xsResult, good);
}

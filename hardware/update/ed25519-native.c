/*
 * Ed25519 (RFC 8032) for XS: the library by Orson Peters, in C, as the npm package ed25519-supercop carries it. Compiled
 * into this one file, so that its names meet no others of the firmware.
 */

#include "xsPlatform.h"
#include "xsmc.h"

#if defined(__has_include)
	#if !__has_include("../../node_modules/ed25519-supercop/vendor/ed25519/src/ed25519.h")
		#error "npm ci left out the optional package ed25519-supercop: install it to build the firmware"
	#endif
#endif

#define sha512 ed25519_sha512
#define sha512_init ed25519_sha512_init
#define sha512_update ed25519_sha512_update
#define sha512_final ed25519_sha512_final

/* Files of the library have helpers of the same names. */
#define load_3 fe_load_3
#define load_4 fe_load_4
#include "../../node_modules/ed25519-supercop/vendor/ed25519/src/fe.c"
#undef load_3
#undef load_4
#define select ge_select
#include "../../node_modules/ed25519-supercop/vendor/ed25519/src/ge.c"
#undef select
#define load_3 sc_load_3
#define load_4 sc_load_4
#include "../../node_modules/ed25519-supercop/vendor/ed25519/src/sc.c"
#undef load_3
#undef load_4
#include "../../node_modules/ed25519-supercop/vendor/ed25519/src/sha512.c"
#include "../../node_modules/ed25519-supercop/vendor/ed25519/src/verify.c"

enum { kSignatureSize = 64, kKeySize = 32 };

void xs_ed25519_verify(xsMachine *the)
{
	uint8_t *signature, *message, *key;
	xsUnsignedValue signatureSize, messageSize, keySize;

	/* Nothing is allocated between here and the end: the pointers stay. */
	xsmcGetBufferReadable(xsArg(0), (void **)&signature, &signatureSize);
	xsmcGetBufferReadable(xsArg(1), (void **)&message, &messageSize);
	xsmcGetBufferReadable(xsArg(2), (void **)&key, &keySize);
	int good = signatureSize == kSignatureSize && keySize == kKeySize && ed25519_verify(signature, message, messageSize, key);
	xsmcSetBoolean(xsResult, good);
}

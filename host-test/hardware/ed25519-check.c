// Runs hardware/update/ed25519.c over lines from standard input: signature, key and digest in hexadecimal digits. Answers
// each with 1 or 0.

#include <stdio.h>

#include "ed25519.h"

enum { MOST_DIGITS = 2 * ED25519_SIGNATURE_SIZE };

static int take(uint8_t *to, int size)
{
	char digits[MOST_DIGITS + 1];
	if (scanf("%128s", digits) != 1) return 0;
	for (int i = 0; i < size; ++i) {
		unsigned byte = 0;
		sscanf(digits + 2 * i, "%2x", &byte);
		to[i] = (uint8_t)byte;
	}
	return 1;
}

int main(void)
{
	uint8_t signature[ED25519_SIGNATURE_SIZE], key[ED25519_KEY_SIZE], digest[ED25519_DIGEST_SIZE];
	while (take(signature, sizeof signature) && take(key, sizeof key) && take(digest, sizeof digest))
		printf("%d\n", ed25519Holds(signature, key, digest));
	return 0;
}

// Runs hardware/crypto/aes-gcm.c over messages from standard input. Every part lies in memory of its own and of its very size,
// at an odd place. A message: `seal` or `open`, then key, nonce, additional data, text and tag in hexadecimal digits, `-` for
// nothing. Answers: ciphertext and tag; plaintext, or `no`.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aes-gcm.h"

#define MOST 4096

typedef struct {
	uint8_t *memory;
	uint8_t *bytes;
	size_t size;
} Part;

static Part scanned(void)
{
	char text[2 * MOST + 1];
	Part part = {0};
	size_t at;

	if (scanf("%8192s", text) != 1)
		exit(1);
	part.size = strcmp(text, "-") ? strlen(text) / 2 : 0;
	part.memory = malloc(part.size + 1);
	part.bytes = part.memory + 1;
	for (at = 0; at < part.size; at++) {
		unsigned byte;
		if (sscanf(text + 2 * at, "%2x", &byte) != 1)
			exit(1);
		part.bytes[at] = byte;
	}
	return part;
}

static void print(const uint8_t *bytes, size_t size)
{
	while (size-- > 0)
		printf("%02x", *bytes++);
}

int main(void)
{
	char word[8];

	while (scanf("%7s", word) == 1) {
		Part key = scanned(), nonce = scanned(), aad = scanned(), text = scanned(), tag = scanned();
		uint8_t whole[GCM_TAG_SIZE];
		Gcm gcm;

		gcmStart(&gcm, key.bytes, nonce.bytes);
		if (!strcmp(word, "seal")) {
			gcmCrypt(&gcm, text.bytes, text.bytes, text.size);
			gcmTag(&gcm, aad.bytes, aad.size, text.bytes, text.size, whole);
			print(text.bytes, text.size);
			print(whole, tag.size);
		} else if (gcmFits(&gcm, aad.bytes, aad.size, text.bytes, text.size, tag.bytes, tag.size)) {
			uint8_t *plain = malloc(text.size);
			gcmCrypt(&gcm, text.bytes, plain, text.size);
			print(plain, text.size);
			free(plain);
		} else
			printf("no");
		printf("\n");
		free(key.memory);
		free(nonce.memory);
		free(aad.memory);
		free(text.memory);
		free(tag.memory);
	}
	return 0;
}

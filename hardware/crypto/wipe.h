/* Forgets a secret. A plain memset may be left out by the compiler where nothing reads the memory again. */

#pragma once

#include <stddef.h>
#include <stdint.h>

static inline void wipe(void *memory, size_t size)
{
	volatile uint8_t *bytes = memory;
	while (size--)
		*bytes++ = 0;
}

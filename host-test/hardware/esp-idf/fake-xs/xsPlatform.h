// Of the engine's own header the SDK's SHA needs these alone.

#pragma once

#include <stdint.h>
#include <string.h>

#define c_memcpy memcpy
#define ICACHE_XS6RO_ATTR

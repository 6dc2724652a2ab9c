// Of the engine's own header the SDK's AES needs these alone.

#pragma once

#include <stdint.h>

// One error of the PSA Crypto API 1.2.

#pragma once

#define PSA_ERROR_INVALID_ARGUMENT (-135)

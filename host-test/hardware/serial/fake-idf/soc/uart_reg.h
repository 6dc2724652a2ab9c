// A fake: the bit that every ESP32 has at this place.
#pragma once
#define UART_FRM_ERR_INT_ENA (1u << 3)

// A fake: what a plain ESP32 says.
#pragma once
#define SOC_UART_HP_NUM 3

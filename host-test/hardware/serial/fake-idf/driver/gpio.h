// A fake of the part of ESP-IDF's GPIO driver that the meter's UART uses.
#pragma once
#include "driver/uart.h"
typedef int gpio_num_t;
esp_err_t gpio_pullup_en(gpio_num_t pin);

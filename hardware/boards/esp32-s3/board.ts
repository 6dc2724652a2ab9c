// A bare ESP32-S3 development board: ESP32-S3-DevKitC-1 and its likes, at least 4 MB of flash, PSRAM not needed.
// Receive and transmit are UART 1's usual pins (ESP-IDF v6.0, soc/esp32s3/include/soc/uart_pins.h); the others are this
// project's choice. GPIO 0 is the BOOT key; the light on GPIO 48 or 38 is a WS2812, which is not driven as a plain LED.

/** As `boardOf` reads it (../board.ts). */
export const esp32S3 =
	"esp32-s3|ESP32-S3 DevKit|chip=esp32s3 path=any uart=1 receive=18 transmit=17 dataRequest=4 button=0 portPower=5 pulse=6";

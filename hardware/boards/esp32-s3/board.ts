// A bare ESP32-S3 development board: ESP32-S3-DevKitC-1 and its likes, at least 4 MB of flash, PSRAM not needed.
// Receive and transmit are UART 1's usual pins (ESP-IDF v6.0, soc/esp32s3/include/soc/uart_pins.h); the others are this
// project's choice. GPIO 0 is the BOOT key; the light on GPIO 48 or 38 is a WS2812, which is not driven as a plain LED.

import type { Board } from "../board.js";

export const esp32S3: Board = Object.freeze({
	name: "esp32-s3",
	title: "ESP32-S3 DevKit",
	chip: "esp32s3",
	path: "any",
	pins: Object.freeze({
		uart: 1,
		receive: 18,
		transmit: 17,
		dataRequest: 4,
		button: 0,
		portPower: 5,
		pulse: 6,
	}),
	invertReceive: undefined,
	invertTransmit: false,
	activeLow: Object.freeze([]),
	network: "wifi",
	reserved: Object.freeze([]),
	power: "5 V by USB.",
	source: "ESP-IDF v6.0, uart_pins.h; own choice of free pins",
});

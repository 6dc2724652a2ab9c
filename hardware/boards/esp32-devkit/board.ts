// A bare ESP32 development board with a WROOM-32 module: ESP32-DevKitC and its many likes.
// The pins are this project's choice among the free ones; LED and button are the boards' own (GPIO 2 on most, not all).
// Source of LED and receive pin: UtilitechAS/amsreader-firmware a88a0beb src/HwTools.cpp, boards 200–203; button: GPIO 0 is
// the BOOT key of ESP32-DevKitC (ESP-IDF, "Boot Mode Selection"). GPIO 16 and 17 are not free on WROVER modules.

import type { Board } from "../board.js";

export const esp32DevKit: Board = Object.freeze({
	name: "esp32-devkit",
	title: "ESP32 DevKit (WROOM-32)",
	chip: "esp32",
	path: "any",
	pins: Object.freeze({
		uart: 2,
		receive: 16,
		transmit: 17,
		dataRequest: 4,
		led: 2,
		button: 0,
		portPower: 26,
		pulse: 27,
	}),
	invertReceive: undefined,
	invertTransmit: false,
	activeLow: Object.freeze([]),
	network: "wifi",
	reserved: Object.freeze([]),
	power: "5 V by USB.",
	source: "own choice of free pins; LED as amsreader-firmware, boards 200–203",
});

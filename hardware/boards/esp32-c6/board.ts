// A bare ESP32-C6 development board: ESP32-C6-DevKitC-1, DevKitM-1 and their likes, at least 4 MB of flash.
// The pins are this project's choice among those that every package of the chip leads out and that are not read at
// reset. GPIO 9 is the BOOT key; the light on GPIO 8 is a WS2812, which is not driven as a plain LED.

import type { Board } from "../board.js";

export const esp32C6: Board = Object.freeze({
	name: "esp32-c6",
	title: "ESP32-C6 DevKit",
	chip: "esp32c6",
	path: "any",
	pins: Object.freeze({
		uart: 1,
		receive: 6,
		transmit: 7,
		dataRequest: 2,
		button: 9,
		portPower: 3,
		pulse: 18,
	}),
	invertReceive: undefined,
	invertTransmit: false,
	activeLow: Object.freeze([]),
	network: "wifi",
	reserved: Object.freeze([]),
	power: "5 V by USB.",
	source: "own choice of free pins (ESP-IDF v6.0, gpio/esp32c6.inc)",
});

// Smart-stuff's P1 Dongle Pro: an ESP32-C3 in the plug, powered by the P1 port, with Data Request under the chip's control.
// Source: mhendriks/P1-Dongel-ESP32 a52981ab, Config.h `device_config[]` row P1P (button 9, LED 7, water 5, P1 receive 10,
// Data Request 6) and P1.ino (`setRxInvert(true)`). Early boards have an RGB light on another pin (row "H20_B"): the LED
// stays dark there. Not run on the board.

import type { Board } from "../board.js";

export const p1DonglePro: Board = Object.freeze({
	name: "p1-dongle-pro",
	title: "P1 Dongle Pro (smart-stuff)",
	chip: "esp32c3",
	path: "p1",
	pins: Object.freeze({
		uart: 1,
		receive: 10,
		dataRequest: 6,
		led: 7,
		button: 9,
		pulse: 5,
	}),
	invertReceive: true,
	invertTransmit: false,
	activeLow: Object.freeze([]),
	network: "wifi",
	reserved: Object.freeze([]),
	power: "5 V from the P1 port (DSMR 5: 250 mA) or USB; DSMR 4 and older give too little or nothing.",
	source: "mhendriks/P1-Dongel-ESP32 a52981ab, Config.h and P1.ino",
});

// Wireless-Tag's WT32-ETH01: an ESP32 with an Ethernet socket (LAN8720A).
// Source: egnor/wt32-eth01 (README.md and the data sheet V1.3 there): RXD is GPIO 5, TXD is GPIO 17; GPIO 0 takes the Ethernet
// clock, 16 switches its oscillator, 18 and 23 are MDIO and MDC. zuidwijk/slimmelezer-wt32-eth01 wt32.yaml reads a P1 port
// on GPIO 5 too. GPIO 19, 21, 22, 25, 26, 27 are the ESP32's fixed RMII pins. Data Request, pulses: this project's choice.
// It has no button that may be used while running and no LED of its own. Not run on the board.

import type { Board } from "../board.js";

export const wt32Eth01: Board = Object.freeze({
	name: "wt32-eth01",
	title: "WT32-ETH01 (Ethernet)",
	chip: "esp32",
	path: "any",
	pins: Object.freeze({ uart: 2, receive: 5, transmit: 17, dataRequest: 4, portPower: 33, pulse: 32 }),
	invertReceive: undefined,
	invertTransmit: false,
	activeLow: Object.freeze([]),
	network: "ethernet",
	reserved: Object.freeze([0, 16, 18, 19, 21, 22, 23, 25, 26, 27]),
	power: "5 V or 3.3 V at its pins, not both; no USB socket, no power over Ethernet.",
	source: "egnor/wt32-eth01 README.md; zuidwijk/slimmelezer-wt32-eth01 wt32.yaml",
});

// Beinder's µHAN mosquito: a tiny ESP32-C3 that lives on the M-Bus of an Austrian meter and only listens.
// Its receiver is made of transistors (mosquito-c3.kicad_sch): no M-Bus chip, no transmit.
// Sources: dbeinder/han-mosquito 4bf005b9, README.md (power, buttons); UtilitechAS/amsreader-firmware a88a0beb src/HwTools.cpp,
// board 8 (receive 7 without pull-up, not inverted; button 9; RGB light 5, 6, 4, active low: green is used here).
// Not run on the board.

import type { Board } from "../board.js";

export const hanMosquito: Board = Object.freeze({
	name: "han-mosquito",
	title: "µHAN mosquito (Beinder)",
	chip: "esp32c3",
	path: "mbus",
	pins: Object.freeze({ uart: 1, receive: 7, led: 6, button: 9 }),
	invertReceive: false,
	invertTransmit: false,
	activeLow: Object.freeze<"led"[]>(["led"]),
	network: "wifi",
	reserved: Object.freeze([]),
	power:
		"From the M-Bus, limited to 40 mA at its voltage (tested by its maker on a Kaifa MA309M only), or USB.",
	source: "dbeinder/han-mosquito 4bf005b9; amsreader-firmware a88a0beb, src/HwTools.cpp, board 8",
});

// Beinder's µHAN mosquito: a tiny ESP32-C3 that lives on the M-Bus of an Austrian meter and only listens.
// Its receiver is made of transistors (mosquito-c3.kicad_sch): no M-Bus chip, no transmit.
// Sources: dbeinder/han-mosquito 4bf005b9, README.md (power, buttons); UtilitechAS/amsreader-firmware a88a0beb src/HwTools.cpp,
// board 8 (receive 7 without pull-up, not inverted; button 9; RGB light 5, 6, 4, active low: green is used here).
// Not run on the board.

/** As `boardOf` reads it (../board.ts). */
export const hanMosquito =
	"han-mosquito|µHAN mosquito (Beinder)|chip=esp32c3 path=mbus uart=1 receive=7 led=6 button=9 activeLow=led invertReceive=no";

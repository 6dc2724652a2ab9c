// Smart-stuff's P1 Dongle Pro: an ESP32-C3 in the plug, powered by the P1 port, with Data Request under the chip's control.
// Source: mhendriks/P1-Dongel-ESP32 a52981ab, Config.h `device_config[]` row P1P (button 9, LED 7, water 5, P1 receive 10,
// Data Request 6) and P1.ino (`setRxInvert(true)`). Early boards have an RGB light on another pin (row "H20_B"): the LED
// stays dark there. Not run on the board.

/** As `boardOf` reads it (../board.ts). */
export const p1DonglePro =
	"p1-dongle-pro|P1 Dongle Pro (smart-stuff)|chip=esp32c3 path=p1 uart=1 receive=10 dataRequest=6 led=7 button=9 pulse=5 invertReceive=yes";

// A bare ESP32-C6 development board: ESP32-C6-DevKitC-1, DevKitM-1 and their likes.
// The pins are this project's choice among those that every package of the chip leads out and that are not read at
// reset. GPIO 9 is the BOOT key; the light on GPIO 8 is a WS2812, which is not driven as a plain LED.

/** As `boardOf` reads it (../board.ts). */
export const esp32C6 =
	"esp32-c6|ESP32-C6 DevKit|chip=esp32c6 path=any uart=1 receive=6 transmit=7 dataRequest=2 button=9 portPower=3 pulse=18";

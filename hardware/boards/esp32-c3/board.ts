// A bare ESP32-C3 development board: ESP32-C3-DevKitM-1 and its likes, 4 MB of flash in the chip or the module.
// Receive and transmit as the Moddable SDK's target esp32c3 has them (host/provider.js: UART 1, GPIO 4 and 5); the others
// are this project's choice. GPIO 9 is the BOOT key; the light on GPIO 8 is a WS2812, which is not driven as a plain LED.

/** As `boardOf` reads it (../board.ts). */
export const esp32C3 =
	"esp32-c3|ESP32-C3 DevKit|chip=esp32c3 path=any uart=1 receive=4 transmit=5 dataRequest=6 button=9 portPower=7 pulse=10";

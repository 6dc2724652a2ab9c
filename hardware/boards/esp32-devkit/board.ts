// A bare ESP32 development board with a WROOM-32 module: ESP32-DevKitC and its many likes.
// The pins are this project's choice among the free ones; LED and button are the boards' own (GPIO 2 on most, not all).
// Source of LED and receive pin: UtilitechAS/amsreader-firmware a88a0beb src/HwTools.cpp, boards 200–203; button: GPIO 0 is
// the BOOT key of ESP32-DevKitC (ESP-IDF, "Boot Mode Selection"). GPIO 16 and 17 are not free on WROVER modules.

/** As `boardOf` reads it (../board.ts). */
export const esp32DevKit =
	"esp32-devkit|ESP32 DevKit (WROOM-32)|chip=esp32 path=any uart=2 receive=16 transmit=17 dataRequest=4 led=2 button=0 portPower=26 pulse=27";

// Layblar's board: an ESP32-C3 with an M-Bus slave chip, TSS721A or NCN5150, that receives and sends.
// Source: Layblar/layblar_esp32 9842a896, docs/hardware.md (chips), sdkconfig (UART 1, receive 5, transmit 4), main/app_main.c
// (button 9, LEDs 6 yellow and 7 blue). The same wiring serves any ESP32-C3 with a TSS721A or FC722 module: these chips
// hand out UART levels that are not inverted. Which level lights the LEDs is not stated there. Not run on the board.

/** As `boardOf` reads it (../board.ts). */
export const layblar =
	"layblar|ESP32-C3 with TSS721A or FC722 (Layblar)|chip=esp32c3 path=mbus uart=1 receive=5 transmit=4 led=6 button=9 invertReceive=no";

// Zuidwijk's SlimmeLezer Mini: an ESP32-C3 with a P1 socket, powered by it.
// Source: zuidwijk/SlimmeLezer 6198b05, Mini/README.md and Mini/config.yaml (receive 20 inverted, transmit 21 as a serial
// bridge's output, LED 8 inverted, button 9). No pin for Data Request is named there: taken to be wired up on the board.
// Receive is UART 0's own pin, so a debug build (xsbug) does not read a meter on this board. Not run on the board.

/** As `boardOf` reads it (../board.ts). */
export const slimmelezerMini =
	"slimmelezer-mini|SlimmeLezer Mini (Zuidwijk)|chip=esp32c3 path=p1 uart=1 receive=20 led=8 button=9 activeLow=led invertReceive=yes";

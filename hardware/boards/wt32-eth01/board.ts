// Wireless-Tag's WT32-ETH01: an ESP32 with an Ethernet socket (LAN8720A).
// Source: egnor/wt32-eth01 (README.md and the data sheet V1.3 there): RXD is GPIO 5, TXD is GPIO 17; GPIO 0 takes the Ethernet
// clock, 16 switches its oscillator, 18 and 23 are MDIO and MDC. zuidwijk/slimmelezer-wt32-eth01 wt32.yaml reads a P1 port
// on GPIO 5 too. GPIO 19, 21, 22, 25, 26, 27 are the ESP32's fixed RMII pins. Data Request, pulses: this project's choice.
// It has no button that may be used while running and no LED of its own. Not run on the board.

/** As `boardOf` reads it (../board.ts). */
export const wt32Eth01 =
	"wt32-eth01|WT32-ETH01 (Ethernet)|chip=esp32 path=any network=ethernet uart=2 receive=5 transmit=17 dataRequest=4 portPower=33 pulse=32 reserved=0,16,18,19,21,22,23,25,26,27";

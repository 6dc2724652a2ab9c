// Run by the SDK before main.ts on this board: brings Ethernet up and goes on at once. The SDK's own setup/ethernet waits
// for a link and for the time first, so that without a cable no meter would be read.
// DHCP is the interface's default ($MODDABLE/modules/network/ethernet/esp32/ethernet.c).

import Ethernet from "ethernet";

export default function setUpEthernet(done: () => void): void {
	try {
		Ethernet.start();
	} catch (error) {
		trace(`ethernet: ${error}\n`);
	}
	done();
}

// UDP over the SDK's socket: datagrams in and out, for the portal's DNS, SNTP and syslog. No multicast.

import UDP from "embedded:io/socket/udp";
import type { Network, UdpSocket } from "../outputs/network.js";
import type { SdkUdp, UdpClass } from "./sdk.js";

const Socket = UDP as unknown as UdpClass;

export const openUdp: Network["openUdp"] = ({ port, onReceived }): UdpSocket => {
	let socket: SdkUdp | undefined = new Socket({
		...(port === undefined ? undefined : { port }),
		onReadable: (count) => {
			for (let left = count; left > 0 && socket; left--) {
				const datagram = socket.read();
				if (!datagram) return;
				try {
					onReceived?.(new Uint8Array(datagram), datagram.address, datagram.port);
				} catch (error) {
					// An exception in the SDK's callback would end the machine.
					trace(`udp: ${error}\n`);
				}
			}
		},
	});
	return {
		send(bytes, address, to) {
			try {
				socket?.write(bytes, address, to);
			} catch {
				// No route, no buffer: a datagram is lost.
			}
		},
		close() {
			socket?.close();
			socket = undefined;
		},
	};
};

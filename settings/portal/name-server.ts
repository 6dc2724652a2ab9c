// The portal's name server on a socket: dns.ts answers, this sends. Open only while the access point is.

import type { Network, UdpSocket } from "../../outputs/network.js";
import { addressBytes, portalAnswer } from "./dns.js";

/** Answers on `port` until closed; throws where the port is taken. */
export function openNameServer(
	network: Pick<Network, "openUdp">,
	port: number,
	address: string,
): { readonly close: () => void } {
	const bytes = addressBytes(address);
	if (!bytes) throw new Error(`${address} is no IPv4 address`);
	const socket: UdpSocket = network.openUdp({
		port,
		onReceived: (query, from, fromPort) => {
			const answer = portalAnswer(query, bytes);
			if (answer) socket.send(answer, from, fromPort);
		},
	});
	return { close: () => socket.close() };
}

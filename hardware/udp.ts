// UDP over the SDK's socket: datagrams in and out, for the portal's DNS, SNTP and syslog. No multicast.

import UDP from "embedded:io/socket/udp";
import type { Network, UdpOptions, UdpSocket } from "../outputs/network.js";
import type { SdkUdp, UdpClass } from "./sdk.js";
import { onReadable } from "./target.js";

const Socket = UDP as unknown as UdpClass;

export const openUdp: Network["openUdp"] = (options) => new UdpPort(options);

class UdpPort implements UdpSocket {
	readonly #options: UdpOptions;
	#socket: SdkUdp | undefined;

	constructor(options: UdpOptions) {
		const { port } = options;
		this.#options = options;
		this.#socket = new Socket({ ...(port === undefined ? undefined : { port }), target: this, onReadable });
	}

	onReadable(count: number): void {
		for (let left = count; left > 0 && this.#socket; left--) {
			const datagram = this.#socket.read();
			if (!datagram) return;
			try {
				this.#options.onReceived?.(new Uint8Array(datagram), datagram.address, datagram.port);
			} catch (error) {
				// An exception in the SDK's callback would end the machine.
				trace(`udp: ${error}\n`);
			}
		}
	}

	send(bytes: Uint8Array, address: string, port: number): void {
		try {
			this.#socket?.write(bytes, address, port);
		} catch {
			// No route, no buffer: a datagram is lost.
		}
	}

	close(): void {
		this.#socket?.close();
		this.#socket = undefined;
	}
}

// Lines to a server by UDP: as many whole ones in a datagram as fit the usual Ethernet frame. Nothing tells of what arrives.

import type { UdpSocket } from "../network.js";
import type { OutputContext } from "../output.js";
import type { Delivery, DeliveryOwner } from "../shared/batch.js";
import { lengthOf, type Parts } from "../shared/parts.js";
import type { Target } from "../shared/url.js";

/** Bytes of a datagram that need not be broken up: 1500 less the heads of IPv4 and UDP, and some for tunnels. */
const MOST_BYTES = 1400;
const LINE_FEED = 0x0a;
/** The name's address may change. */
const RESOLVE_EVERY_MS = 600_000;

export class Datagrams {
	readonly #context: OutputContext;
	readonly #target: Target;
	#socket: UdpSocket | undefined;
	#address: string | undefined;
	#resolvedAt = 0;

	constructor(context: OutputContext, target: Target) {
		this.#context = context;
		this.#target = target;
	}

	/** See `BatchSender.deliver`. */
	deliver(items: readonly Parts[], owner: DeliveryOwner): Delivery {
		const { network, timers } = this.#context;
		const { host } = this.#target;
		let over = false;
		const finish = () => {
			if (over) return;
			const problem =
				this.#address === undefined ? `${host}: no such name` : this.#send(items, this.#address);
			owner.ended(problem === undefined ? 204 : 0, problem);
		};
		if (this.#address === undefined || this.#context.now() - this.#resolvedAt >= RESOLVE_EVERY_MS)
			network.resolve(host, (address) => {
				if (address !== undefined) this.#resolvedAt = this.#context.now();
				// An address that was good once is better than none.
				this.#address = address ?? this.#address;
				finish();
			});
		else timers.set(finish, 0);
		return {
			cancel: () => {
				over = true;
			},
		};
	}

	close(): void {
		this.#socket?.close();
		this.#socket = undefined;
	}

	/** Sends all of it; what went wrong, in words. */
	#send(items: readonly Parts[], address: string): string | undefined {
		try {
			this.#socket ??= this.#context.network.openUdp({});
		} catch {
			return "there is no UDP socket to be had";
		}
		let datagram: Uint8Array[] = [];
		for (const parts of items) {
			for (const part of parts) {
				for (let at = 0; at < part.length; ) {
					const end = part.indexOf(LINE_FEED, at) + 1 || part.length;
					if (lengthOf(datagram) + end - at > MOST_BYTES) datagram = this.#leave(datagram, address);
					datagram.push(part.subarray(at, end));
					at = end;
				}
			}
		}
		this.#leave(datagram, address);
		return undefined;
	}

	#leave(lines: readonly Uint8Array[], address: string): Uint8Array[] {
		const bytes = new Uint8Array(lengthOf(lines));
		let at = 0;
		for (const line of lines) {
			bytes.set(line, at);
			at += line.length;
		}
		if (at > 0) this.#socket?.send(bytes, address, this.#target.port);
		return [];
	}
}

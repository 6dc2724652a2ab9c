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
		const delivery = new DatagramDelivery(this, items, owner);
		if (this.#address === undefined || this.#context.now() - this.#resolvedAt >= RESOLVE_EVERY_MS)
			network.resolve(this.#target.host, (address) => this.#resolved(address, delivery));
		else timers.set(() => this.#go(delivery), 0);
		return delivery;
	}

	close(): void {
		this.#socket?.close();
		this.#socket = undefined;
	}

	/** Sends all of it; what went wrong, in words. */
	send(items: readonly Parts[], address: string): string | undefined {
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

	#resolved(address: string | undefined, delivery: DatagramDelivery): void {
		if (address !== undefined) this.#resolvedAt = this.#context.now();
		// An address that was good once is better than none.
		this.#address = address ?? this.#address;
		this.#go(delivery);
	}

	#go(delivery: DatagramDelivery): void {
		if (this.#address === undefined) delivery.fail(`${this.#target.host}: no such name`);
		else delivery.go(this.#address);
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

/** Lines that wait for their address. */
class DatagramDelivery implements Delivery {
	readonly #datagrams: Datagrams;
	readonly #items: readonly Parts[];
	/** Absent once it is given up. */
	#owner: DeliveryOwner | undefined;

	constructor(datagrams: Datagrams, items: readonly Parts[], owner: DeliveryOwner) {
		this.#datagrams = datagrams;
		this.#items = items;
		this.#owner = owner;
	}

	go(address: string): void {
		if (!this.#owner) return;
		const problem = this.#datagrams.send(this.#items, address);
		if (problem === undefined) this.#owner.ended(204);
		else this.fail(problem);
	}

	fail(problem: string): void {
		this.#owner?.ended(0, problem);
	}

	cancel(): void {
		this.#owner = undefined;
	}
}

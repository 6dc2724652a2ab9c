// Lines to a server by UDP: as many whole ones in a datagram as fit the usual Ethernet frame. Nothing tells of what arrives.

import type { OutputContext } from "../output.js";
import type { Ended } from "../shared/batch.js";
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
	#socket: { send(bytes: Uint8Array, address: string, port: number): void; close(): void } | undefined;
	#address: string | undefined;
	#resolvedAt = 0;

	constructor(context: OutputContext, target: Target) {
		this.#context = context;
		this.#target = target;
	}

	/** See `BatchOptions.deliver`. */
	deliver(items: readonly Parts[], end: Ended): { cancel(): void } {
		const { network, timers, now } = this.#context;
		const { host } = this.#target;
		let over = false;
		const finish = (address: string | undefined) => {
			if (over) return;
			if (address === undefined) end(0, `${host}: no such name`);
			else end(...this.#send(items, address));
		};
		if (this.#address === undefined || now() - this.#resolvedAt >= RESOLVE_EVERY_MS)
			network.resolve(host, (address) => {
				if (address !== undefined) this.#resolvedAt = now();
				// An address that was good once is better than none.
				this.#address = address ?? this.#address;
				finish(this.#address);
			});
		else timers.set(() => finish(this.#address), 0);
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

	#send(items: readonly Parts[], address: string): Parameters<Ended> {
		try {
			this.#socket ??= this.#context.network.openUdp({});
		} catch {
			return [0, "there is no UDP socket to be had"];
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
		return [204];
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

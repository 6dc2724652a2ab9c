// Bytes that arrived and wait to be read, as ECMA-419 sockets and serial ports hand them out.

/** Above this the source is paused: what a peer sends must not grow the process. */
export const MOST_WAITING = 64 * 1024;

export class Received {
	#chunks: Uint8Array[] = [];
	#count = 0;

	get count(): number {
		return this.#count;
	}

	add(chunk: Uint8Array): void {
		this.#chunks.push(chunk);
		this.#count += chunk.length;
	}

	/** At most `count` bytes; `undefined` where none wait. */
	take(count = this.#count): ArrayBuffer | undefined {
		const wanted = Math.min(count, this.#count);
		if (wanted <= 0) return undefined;
		const all = this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks);
		const bytes = new Uint8Array(all.subarray(0, wanted));
		this.#chunks = wanted < all.length ? [all.subarray(wanted)] : [];
		this.#count -= wanted;
		return bytes.buffer;
	}

	/** The next byte. */
	takeByte(): number | undefined {
		const byte = this.take(1);
		return byte && new Uint8Array(byte)[0];
	}
}

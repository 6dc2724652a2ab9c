// The SDK's `crypt`, as far as the firmware uses it: SHA-256, SHA-1, AES as a block cipher, and counter mode over it, by
// node:crypto.

import { createCipheriv, createHash, type Hash } from "node:crypto";

/** Only `AES` with a key of 16 bytes. */
export class BlockCipher {
	readonly key: Uint8Array;

	constructor(name: string, key: ArrayBuffer) {
		if (name !== "AES" || key.byteLength !== 16) throw new RangeError("AES with a key of 16 bytes only");
		this.key = new Uint8Array(key.slice(0));
	}
}

/** Only `CTR`. */
export class Mode {
	readonly #cipher: BlockCipher;
	#counter = new Uint8Array(16);

	constructor(name: string, cipher: BlockCipher) {
		if (name !== "CTR") throw new RangeError("CTR only");
		this.#cipher = cipher;
	}

	/** The first counter block. */
	setIV(counter: ArrayBuffer): void {
		this.#counter = new Uint8Array(counter.slice(0));
	}

	decrypt(data: ArrayBuffer): ArrayBuffer {
		const cipher = createCipheriv("aes-128-ctr", this.#cipher.key, this.#counter);
		return new Uint8Array(Buffer.concat([cipher.update(new Uint8Array(data)), cipher.final()])).buffer;
	}
}

/** Only `SHA256` and `SHA1`, and one message. */
export class Digest {
	readonly #hash: Hash;

	constructor(name: string) {
		if (name !== "SHA256" && name !== "SHA1") throw new RangeError("SHA256 and SHA1 only");
		this.#hash = createHash(name);
	}

	write(bytes: Uint8Array | ArrayBuffer): void {
		this.#hash.update(new Uint8Array(bytes));
	}

	close(): ArrayBuffer {
		return new Uint8Array(this.#hash.digest()).buffer;
	}
}

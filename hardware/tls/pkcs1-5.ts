// In place of the SDK's `pkcs1_5`: RSA signatures that are checked as RFC 8017, 8.2.2 wants it, by comparing the whole
// encoded message. (The SDK's takes padding of any length and anything behind the digest, which can be forged.)

import RSA from "rsa";

export interface RsaKey {
	readonly modulus: bigint;
	readonly exponent: bigint;
	readonly privExponent?: bigint;
	readonly prim1?: bigint;
	readonly prim2?: bigint;
	readonly exponent1?: bigint;
	readonly exponent2?: bigint;
	readonly coefficient?: bigint;
}

/** The last byte of the digest's object identifier 2.16.840.1.101.3.4.2.x, by the digest's length (RFC 8017, B.1). */
const OID_END = Object.freeze({ 32: 1, 48: 2, 64: 3 } as Record<number, number>);
const SHORTEST_PADDING = 8;

export default class Pkcs1 {
	readonly #rsa: InstanceType<typeof RSA>;

	constructor(key: RsaKey, isPrivate = false) {
		const { modulus, exponent, privExponent, prim1, prim2, exponent1, exponent2, coefficient } = key;
		this.#rsa =
			isPrivate && privExponent !== undefined
				? new RSA(privExponent, modulus, prim1, prim2, exponent1, exponent2, coefficient)
				: new RSA(exponent, modulus);
	}

	sign(digest: ArrayBuffer | Uint8Array): ArrayBuffer {
		const message = this.#encoded(digest);
		return ArrayBuffer.fromBigInt(this.#rsa.process(BigInt.fromArrayBuffer(message)), message.byteLength);
	}

	verify(digest: ArrayBuffer | Uint8Array, signature: ArrayBuffer | Uint8Array): boolean {
		const bytes = new Uint8Array(signature).slice().buffer;
		const message = new Uint8Array(this.#encoded(digest));
		if (bytes.byteLength !== message.length) return false;
		const found = this.#rsa.process(BigInt.fromArrayBuffer(bytes));
		return found === BigInt.fromArrayBuffer(message.buffer);
	}

	/** EMSA-PKCS1-v1_5 (RFC 8017, 9.2): 00 01 FF … FF 00, then the digest in its DigestInfo. */
	#encoded(digest: ArrayBuffer | Uint8Array): ArrayBuffer {
		const hash = new Uint8Array(digest);
		const end = OID_END[hash.length];
		const length = this.#rsa.modulusSize;
		const at = length - hash.length - 19;
		if (end === undefined || at < 3 + SHORTEST_PADDING) throw new Error("no digest of a signature");
		const message = new Uint8Array(length).fill(0xff);
		message[0] = 0;
		message[1] = 1;
		message[at - 1] = 0;
		message.set(
			[0x30, 17 + hash.length, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, end, 5, 0, 4],
			at,
		);
		message[at + 18] = hash.length;
		message.set(hash, at + 19);
		return message.buffer;
	}
}

// In place of the SDK's `ecdsa`: checking signatures only, with the range check of FIPS 186-5, 6.4.2 (without it r = s = 0
// may pass), and the digest cut to the length of the curve.

import BER from "ber";
import type { Curve, Point } from "curve";
import Mont from "mont";

export default class Ecdsa {
	readonly #key: Point;
	readonly #curve: Curve;

	constructor(key: Point, curve: Curve) {
		this.#key = key;
		this.#curve = curve;
	}

	/** `signature`: r and s in DER (RFC 3279, 2.2.3). */
	verify(digest: ArrayBuffer | Uint8Array, signature: ArrayBuffer | Uint8Array): boolean {
		const { ec, G, n, orderSize } = this.#curve;
		const sequence = new BER(new BER(new Uint8Array(signature)).getSequence());
		const r = sequence.getInteger();
		const s = sequence.getInteger();
		if (r <= 0n || s <= 0n || r >= n || s >= n) return false;
		const order = new Mont({ m: n });
		const hash = new Uint8Array(digest).slice(0, orderSize);
		const inverse = order.mulinv(s);
		const u1 = order.mul(BigInt.fromArrayBuffer(hash.buffer), inverse);
		const u2 = order.mul(r, inverse);
		const sum = ec.mul2(G, u1, this.#key, u2);
		return !sum.isZero() && sum.X % n === r;
	}
}

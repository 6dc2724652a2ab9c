// PEM texts (RFC 7468) as bytes, and the RSA key in them. XS only: Node reads its own.

import BER from "ber";
import type { RsaKey } from "pkcs1_5";
import { TlsProblem } from "./problems.js";

const DASHES = "-----";
const SEQUENCE = 0x30;
/** 1.2.840.113549.1.1.1 */
const RSA = "1,2,840,113549,1,1,1";

/** The blocks of that label; empty where there is none, or one cannot be read. */
export function pemBlocks(text: string, label: string): readonly Uint8Array[] {
	const begin = `${DASHES}BEGIN ${label}${DASHES}`;
	const blocks: Uint8Array[] = [];
	for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at)) {
		const from = at + begin.length;
		at = text.indexOf(DASHES, from);
		if (at < 0) return [];
		try {
			blocks.push(Uint8Array.fromBase64(text.slice(from, at)));
		} catch {
			return [];
		}
	}
	return blocks;
}

/** PKCS#8 (RFC 5958) or PKCS#1 (RFC 8017, A.1.2); throws words where it is no RSA key. */
export function rsaKey(text: string): RsaKey {
	let bytes = pemBlocks(text, "RSA PRIVATE KEY")[0];
	const wrapped = pemBlocks(text, "PRIVATE KEY")[0];
	if (wrapped) {
		const outer = new BER(new BER(wrapped).getSequence());
		outer.getInteger();
		if (`${new BER(outer.getSequence()).getObjectIdentifier()}` !== RSA) throw new Error(TlsProblem.KEY_KIND);
		bytes = outer.getOctetString();
	}
	if (!bytes) throw new Error(text.indexOf("PRIVATE KEY") < 0 ? TlsProblem.KEY : TlsProblem.KEY_KIND);
	if (bytes[0] !== SEQUENCE) throw new Error(TlsProblem.KEY);
	const inner = new BER(new BER(bytes).getSequence());
	inner.getInteger();
	return {
		modulus: inner.getInteger(),
		exponent: inner.getInteger(),
		privExponent: inner.getInteger(),
		prim1: inner.getInteger(),
		prim2: inner.getInteger(),
		exponent1: inner.getInteger(),
		exponent2: inner.getInteger(),
		coefficient: inner.getInteger(),
	};
}

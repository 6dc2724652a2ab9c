// PEM texts (RFC 7468) as bytes, and the RSA key in them. XS only: Node reads its own.

import { Der, OCTETS, SEQUENCE } from "./der.js";
import { fail, TlsProblem } from "./problems.js";
import type { PrivateKey } from "./signatures.js";

const DASHES = "-----";
/** 1.2.840.113549.1.1.1 */
export const RSA_KEY = "2a864886f70d010101";

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
export function rsaKey(text: string): PrivateKey {
	const kind = text.indexOf("PRIVATE KEY") < 0 ? TlsProblem.KEY : TlsProblem.KEY_KIND;
	let bytes = pemBlocks(text, "RSA PRIVATE KEY")[0];
	const wrapped = pemBlocks(text, "PRIVATE KEY")[0];
	if (!bytes && !wrapped) fail(kind);
	try {
		if (wrapped) {
			const outer = new Der(wrapped).next(SEQUENCE);
			outer.integer();
			bytes = outer.next(SEQUENCE).object() === RSA_KEY ? outer.next(OCTETS).rest() : undefined;
		}
		if (bytes) {
			const inner = new Der(bytes).next(SEQUENCE);
			inner.integer();
			const modulus = inner.integer();
			const exponent = inner.integer();
			inner.integer();
			const p = inner.integer();
			const q = inner.integer();
			const dp = inner.integer();
			const dq = inner.integer();
			const coefficient = inner.integer();
			// C reckons with odd ones only, and for ever with others.
			if (p & q & 1n) return { modulus, exponent, size: 0, p, q, dp, dq, coefficient };
		}
	} catch {
		fail(TlsProblem.KEY);
	}
	fail(bytes ? TlsProblem.KEY : kind);
}

// hardware/update's native module by node:crypto.

import { createPublicKey, verify } from "node:crypto";

/** SubjectPublicKeyInfo of an Ed25519 key, but for the key itself (RFC 8410). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

export function ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
	try {
		const der = Buffer.concat([SPKI_PREFIX, publicKey]);
		return verify(null, message, createPublicKey({ key: der, format: "der", type: "spki" }), signature);
	} catch {
		return false;
	}
}

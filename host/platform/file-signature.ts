// `file-signature` by node:crypto.

import { createPublicKey, verify } from "node:crypto";

/** SubjectPublicKeyInfo of a key on P-256, but for the point itself (RFC 5480, 2). */
const SPKI_PREFIX = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");
/** An uncompressed point (SEC 1, 2.3.3): 04, x and y. */
const POINT_LENGTH = 65;
const UNCOMPRESSED = 4;

export function verifyP256(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
	if (publicKey.length !== POINT_LENGTH || publicKey[0] !== UNCOMPRESSED) return false;
	try {
		const der = Buffer.concat([SPKI_PREFIX, publicKey]);
		const key = createPublicKey({ key: der, format: "der", type: "spki" });
		return verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature);
	} catch {
		return false;
	}
}

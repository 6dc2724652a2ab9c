// Update files, as a running gateway takes them in: the description of an image, signed by ECDSA on P-256, and the
// image. The form is told in firmware/update-file.ts. And the key pair that signs them.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";

const MAGIC = "METERLNG";
const FORMAT = 1;
const FIXED_LENGTH = 12;
/** OpenSSL's name of P-256. */
const CURVE = "prime256v1";
/** SubjectPublicKeyInfo of a key on P-256, but for the point itself (RFC 5480, 2). */
const SPKI_PREFIX_LENGTH = 26;

/** A private key (PKCS #8, PEM) and its public key as 130 hexadecimal digits. */
export function newKeyPair() {
	const { privateKey } = generateKeyPairSync("ec", { namedCurve: CURVE });
	const pem = privateKey.export({ format: "pem", type: "pkcs8" });
	return { privateKey: pem, publicKey: publicKeyOf(pem) };
}

/** The public key of a private one; throws where that is no key on P-256. */
export function publicKeyOf(pem) {
	const key = createPrivateKey(pem);
	if (key.asymmetricKeyDetails?.namedCurve !== CURVE) throw new Error("the key is no P-256 key");
	const der = createPublicKey(key).export({ format: "der", type: "spki" });
	return der.subarray(SPKI_PREFIX_LENGTH).toString("hex");
}

/** The update file of `image`: for that board and chip only. */
export function updateFile({ image, version, board, chip, privateKey }) {
	const sha256 = createHash("sha256").update(image).digest("hex");
	const text = Buffer.from(JSON.stringify({ version, board, chip, size: image.length, sha256 }));
	const fixed = Buffer.alloc(FIXED_LENGTH);
	fixed.write(MAGIC);
	fixed[8] = FORMAT;
	fixed.writeUInt16LE(text.length, 10);
	const signed = Buffer.concat([fixed, text]);
	const signature = sign("sha256", signed, { key: privateKey, dsaEncoding: "ieee-p1363" });
	return Buffer.concat([signed, signature, image]);
}

// Update files, as a running gateway takes them in: the description of an image, signed with Ed25519, and the image. The
// form is told in firmware/update-file.ts. And the key pair that signs them.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";

const MAGIC = "METERLNG";
const FORMAT = 1;
const FIXED_LENGTH = 12;
/** SubjectPublicKeyInfo of an Ed25519 key, but for the key itself (RFC 8410). */
const SPKI_PREFIX_LENGTH = 12;

/** A private key (PKCS #8, PEM) and its public key as 64 hexadecimal digits. */
export function newKeyPair() {
	const { privateKey } = generateKeyPairSync("ed25519");
	const pem = privateKey.export({ format: "pem", type: "pkcs8" });
	return { privateKey: pem, publicKey: publicKeyOf(pem) };
}

/** The public key of a private one; throws where that is no Ed25519 key. */
export function publicKeyOf(pem) {
	const key = createPrivateKey(pem);
	if (key.asymmetricKeyType !== "ed25519") throw new Error("the key is no Ed25519 key");
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
	return Buffer.concat([signed, sign(null, signed, createPrivateKey(privateKey)), image]);
}

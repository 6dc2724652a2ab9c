// hardware/crypto's native module by node:crypto.

import {
	createCipheriv,
	createDecipheriv,
	createHash,
	createHmac,
	type Hash,
	randomBytes as nodeRandomBytes,
	pbkdf2Sync,
} from "node:crypto";

const SHA256 = "sha256";
const DIGESTS = ["SHA1", "SHA256", "SHA384", "SHA512"];
const AES = "aes-128-gcm";
const KEY_LENGTH = 16;
const NONCE_LENGTH = 12;
const SHORTEST_TAG = 12;
const LONGEST_TAG = 16;
const MOST_RANDOM = 1024;

/** Bytes that `crypto-native` takes for it. */
type Bytes = ArrayBuffer | Uint8Array;

export class Digest {
	readonly #hash: Hash;

	constructor(name: string) {
		if (!DIGESTS.includes(name)) throw new RangeError("no such digest");
		this.#hash = createHash(name);
	}

	write(bytes: Bytes): void {
		this.#hash.update(view(bytes));
	}

	/** More may follow. */
	result(): ArrayBuffer {
		return exact(this.#hash.copy().digest());
	}
}

export function hmacSha256(key: Uint8Array, message: readonly Uint8Array[]): ArrayBuffer {
	const code = createHmac(SHA256, key);
	for (const part of message) code.update(part);
	return exact(code.digest());
}

export function pbkdf2Sha256(
	password: Uint8Array,
	salt: Uint8Array,
	iterations: number,
	length: number,
): ArrayBuffer {
	if (iterations < 1 || length < 1) throw new RangeError("iterations and length must be at least 1");
	return exact(pbkdf2Sync(password, salt, iterations, length, SHA256));
}

/** `sealed`: as long as plaintext and tag. */
export function sealGcm(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes, sealed: Bytes): void {
	const tagLength = sealed.byteLength - plaintext.byteLength;
	if (!isTagLength(tagLength)) throw new RangeError("a tag has 12 to 16 bytes");
	checkSizes(key, nonce);
	const cipher = createCipheriv(AES, view(key), view(nonce), { authTagLength: tagLength }).setAAD(view(aad));
	const ciphertext = cipher.update(view(plaintext));
	cipher.final();
	view(sealed).set(ciphertext);
	view(sealed).set(cipher.getAuthTag(), ciphertext.length);
}

/** False where the tag does not fit. `plaintext`: as long as the ciphertext, or the ciphertext itself. */
export function openGcm(
	key: Bytes,
	nonce: Bytes,
	aad: Bytes,
	ciphertext: Bytes,
	tag: Bytes,
	plaintext: Bytes,
): boolean {
	needSameSize(ciphertext, plaintext);
	checkSizes(key, nonce);
	if (!isTagLength(tag.byteLength)) return false;
	const decipher = createDecipheriv(AES, view(key), view(nonce), { authTagLength: tag.byteLength });
	decipher.setAAD(view(aad)).setAuthTag(view(tag));
	const text = decipher.update(view(ciphertext));
	try {
		decipher.final();
	} catch {
		return false;
	}
	view(plaintext).set(text);
	return true;
}

export function decryptGcm(key: Bytes, nonce: Bytes, ciphertext: Bytes, plaintext: Bytes): void {
	needSameSize(ciphertext, plaintext);
	checkSizes(key, nonce);
	view(plaintext).set(createDecipheriv(AES, view(key), view(nonce)).update(view(ciphertext)));
}

export function randomBytes(count: number): ArrayBuffer {
	if (count < 0 || count > MOST_RANDOM) throw new RangeError("too many random bytes at once");
	return exact(nodeRandomBytes(count));
}

/** A Node Buffer is a window into a larger one. */
function exact(bytes: Uint8Array): ArrayBuffer {
	return new Uint8Array(bytes).buffer;
}

function checkSizes(key: Bytes, nonce: Bytes): void {
	if (key.byteLength !== KEY_LENGTH) throw new RangeError("AES-128 takes a key of 16 bytes");
	if (nonce.byteLength !== NONCE_LENGTH) throw new RangeError("GCM takes a nonce of 12 bytes");
}

function needSameSize(ciphertext: Bytes, plaintext: Bytes): void {
	if (ciphertext.byteLength !== plaintext.byteLength)
		throw new RangeError("plaintext and ciphertext have the same size");
}

function isTagLength(length: number): boolean {
	return length >= SHORTEST_TAG && length <= LONGEST_TAG;
}

function view(bytes: Bytes): Uint8Array {
	return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
}

// TLS 1.2 records under AES-128-GCM in one direction (RFC 5288, RFC 5246, 6.2.3.3), and the function that keys are
// derived by (RFC 5246, 5).

import { hmacSha256, openGcm, sealGcm } from "crypto-native";
import { joined } from "./bytes.js";
import { fail, TlsProblem } from "./problems.js";

export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;

export const HEADER = 5;
const NONCE = 8;
const TAG = 16;
/** What a record adds to its plaintext, besides its header. */
export const SEALING = NONCE + TAG;

const MAJOR = 3;
const MINOR = 3;
const HASH_LENGTH = 32;
const WORD = 2 ** 32;

export class RecordCipher {
	readonly #key: Uint8Array;
	readonly #salt: Uint8Array;
	/** Of the next record: its number, type, version and the length of its plaintext. */
	readonly #about = new DataView(new ArrayBuffer(NONCE + HEADER));
	#number = 0;

	/** `salt`: the four bytes of the nonce that are not sent. */
	constructor(key: Uint8Array, salt: Uint8Array) {
		this.#key = key;
		this.#salt = salt;
	}

	/** The inside of the record for that plaintext. */
	seal(type: number, plain: Uint8Array): Uint8Array {
		const about = this.#next(type, plain.length);
		const nonce = new Uint8Array(about, 0, NONCE);
		const inside = new Uint8Array(plain.length + SEALING);
		inside.set(nonce);
		sealGcm(this.#key, joined(this.#salt, nonce), about, plain, inside.subarray(NONCE));
		return inside;
	}

	/** The plaintext, which takes the place of the ciphertext; throws words where the record is not the server's next one. */
	open(type: number, inside: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
		if (inside.length < SEALING) fail(TlsProblem.FORGED);
		const about = this.#next(type, inside.length - SEALING);
		const nonce = joined(this.#salt, inside.subarray(0, NONCE));
		const end = inside.length - TAG;
		const text = inside.subarray(NONCE, end);
		if (!openGcm(this.#key, nonce, about, text, inside.subarray(end), text)) fail(TlsProblem.FORGED);
		return text;
	}

	#next(type: number, length: number): ArrayBuffer {
		const about = this.#about;
		about.setUint32(0, this.#number / WORD);
		about.setUint32(4, this.#number++);
		about.setUint8(8, type);
		about.setUint16(9, MAJOR * 256 + MINOR);
		about.setUint16(11, length);
		return about.buffer;
	}
}

/** A record as it goes over the wire. */
export function record(type: number, inside: Uint8Array): Uint8Array {
	return joined(Uint8Array.of(type, MAJOR, MINOR, inside.length >> 8, inside.length), inside);
}

/** `length` bytes of the pseudorandom function with SHA-256; `label`: ASCII. */
export function derived(
	secret: Uint8Array,
	label: string,
	seed: Uint8Array,
	length: number,
): Uint8Array<ArrayBuffer> {
	const start = joined(new Uint8Array(ArrayBuffer.fromString(label)), seed);
	const result = new Uint8Array(length);
	let link: Uint8Array = start;
	for (let at = 0; at < length; at += HASH_LENGTH) {
		link = new Uint8Array(hmacSha256(secret, [link]));
		const piece = new Uint8Array(hmacSha256(secret, [link, start]));
		result.set(piece.subarray(0, length - at), at);
	}
	return result;
}

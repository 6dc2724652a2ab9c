// The head of an update file: what the image behind it is, and who vouches for it. The file is
//
//   "METERLNG" | format 1 | 0 | length of the description, 2 bytes, least first | description | signature, 64 bytes | image
//
// The description is JSON: {"version","board","chip","size","sha256"}. The signature is by ECDSA on P-256 with
// SHA-256 (FIPS 186-5, 6.4), over all that stands before it: r and s, 32 bytes each, most significant first. Through `sha256`
// it vouches for the image too. tools/release writes these files.

import { consistsOf } from "../readings/characters.js";

/** What the image is. */
export interface UpdateDescription {
	readonly version: string;
	/** Name of a folder of hardware/boards. */
	readonly board: string;
	/** As ESP-IDF writes it: `esp32c3`. */
	readonly chip: string;
	/** Bytes of the image. */
	readonly size: number;
	/** 64 hexadecimal digits. */
	readonly sha256: string;
}

/** True where `signature` over `message` is from the holder of the key. */
export type VerifySignature = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;

export type UpdateHead =
	/** More bytes are needed: so many in all. */
	| { readonly needs: number }
	| { readonly problem: "no-update" | "signature" | "description" }
	| { readonly description: UpdateDescription; readonly imageAt: number };

const MAGIC = "METERLNG";
const FORMAT = 1;
const FIXED_LENGTH = 12;
export const SIGNATURE_LENGTH = 64;
const SHA256_DIGITS = 64;
/** An uncompressed point (SEC 1, 2.3.3): 04, x and y. */
export const PUBLIC_KEY_LENGTH = 65;
/** Longest description, in bytes. */
const LONGEST_DESCRIPTION = 1024;
/** No head is longer. */
export const LONGEST_HEAD = FIXED_LENGTH + LONGEST_DESCRIPTION + SIGNATURE_LENGTH;

/** Reads the head at the start of `bytes`. Nothing of it is believed, nor parsed, before the signature fits. */
export function readHead(bytes: Uint8Array, verify: VerifySignature, publicKey: Uint8Array): UpdateHead {
	for (let at = 0; at < Math.min(bytes.length, MAGIC.length); at++)
		if (bytes[at] !== MAGIC.charCodeAt(at)) return { problem: "no-update" };
	if (bytes.length < FIXED_LENGTH) return { needs: FIXED_LENGTH };
	const length = (bytes[10] as number) | ((bytes[11] as number) << 8);
	if (bytes[8] !== FORMAT || bytes[9] !== 0 || length === 0 || length > LONGEST_DESCRIPTION)
		return { problem: "no-update" };
	const signedEnd = FIXED_LENGTH + length;
	const imageAt = signedEnd + SIGNATURE_LENGTH;
	if (bytes.length < imageAt) return { needs: imageAt };
	if (!verify(bytes.slice(signedEnd, imageAt), bytes.slice(0, signedEnd), publicKey))
		return { problem: "signature" };
	const description = describe(bytes.slice(FIXED_LENGTH, signedEnd));
	return description ? { description, imageAt } : { problem: "description" };
}

function describe(bytes: Uint8Array): UpdateDescription | undefined {
	let given: Partial<Record<keyof UpdateDescription, unknown>>;
	try {
		given = JSON.parse(String.fromArrayBuffer(bytes.buffer as ArrayBuffer));
	} catch {
		return undefined;
	}
	const { version, board, chip, size, sha256 } = given ?? {};
	if (typeof version !== "string" || typeof board !== "string" || typeof chip !== "string") return undefined;
	if (typeof size !== "number" || !Number.isInteger(size) || size <= 0) return undefined;
	if (typeof sha256 !== "string" || sha256.length !== SHA256_DIGITS || !consistsOf(sha256, "0-9a-f"))
		return undefined;
	return { version, board, chip, size, sha256 };
}

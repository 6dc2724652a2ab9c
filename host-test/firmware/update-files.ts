// Update files for tests, signed by node:crypto with the key of RFC 8032, 7.1, TEST 1: its secret is public. Not a test.

import { createHash, createPrivateKey, sign } from "node:crypto";

const SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
/** RFC 8032, 7.1, TEST 1. */
export const PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
/** PKCS #8 of an Ed25519 key, but for the key itself (RFC 8410). */
const PKCS8_PREFIX = "302e020100300506032b657004220420";

export interface Told {
	readonly version?: string;
	readonly board?: string;
	readonly chip?: string;
	readonly size?: number;
	readonly sha256?: string;
}

/** The file of an image. `told` changes what the description says; `secret` is another signer's. */
export function updateFile(image: Uint8Array, told: Told = {}, secret = SECRET): Uint8Array {
	const sha256 = createHash("sha256").update(image).digest("hex");
	const description = {
		version: "9.9.9",
		board: "esp32-devkit",
		chip: "esp32",
		size: image.length,
		sha256,
		...told,
	};
	const text = Buffer.from(JSON.stringify(description));
	const fixed = Buffer.alloc(12);
	fixed.write("METERLNG");
	fixed[8] = 1;
	fixed.writeUInt16LE(text.length, 10);
	const signed = Buffer.concat([fixed, text]);
	const key = createPrivateKey({
		key: Buffer.from(PKCS8_PREFIX + secret, "hex"),
		format: "der",
		type: "pkcs8",
	});
	return new Uint8Array(Buffer.concat([signed, sign(null, signed, key), image]));
}

/** Bytes that look like nothing. */
export function imageOf(length: number): Uint8Array {
	return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}

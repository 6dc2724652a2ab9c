// Update files for tests, signed by node:crypto with the key of RFC 6979, A.2.5: its secret is public. Not a test.

import { createHash, createPrivateKey, type KeyObject, sign } from "node:crypto";

const SECRET = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
/** RFC 6979, A.2.5: 04, Ux and Uy. */
export const PUBLIC_KEY =
	"0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";

/** The private key of a secret number of 32 bytes on P-256, in an ECPrivateKey (RFC 5915, 3). */
export function privateKeyOf(secret: string): KeyObject {
	const key = Buffer.from(`30310201010420${secret}a00a06082a8648ce3d030107`, "hex");
	return createPrivateKey({ key, format: "der", type: "sec1" });
}

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
	const signature = sign("sha256", signed, { key: privateKeyOf(secret), dsaEncoding: "ieee-p1363" });
	return new Uint8Array(Buffer.concat([signed, signature, image]));
}

/** Bytes that look like nothing. */
export function imageOf(length: number): Uint8Array {
	return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}

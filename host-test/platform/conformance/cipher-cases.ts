// `crypto-native` behind hardware/cipher.ts. Vector: DLMS UA green book, the worked example of general ciphering
// with security suite 0 (PROTOCOLS.md, 5.4).

import { nativeCipher } from "../../../hardware/cipher.js";
import { differs, fromHex, hex } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";

const KEY = "000102030405060708090a0b0c0d0e0f";
const IV = "4d4d4d0000bc614e01234567";
const AAD = "30d0d1d2d3d4d5d6d7d8d9dadbdcdddedf";
const PLAIN = "c0010000080000010000ff0200";
const SEALED = "411312ff935a47566827c467bc";
const TAG = "7d825c3be4a77c3fcc056b6b";

function open(tag: string, key = KEY): Uint8Array | undefined {
	return nativeCipher.openGcm(fromHex(key), fromHex(IV), fromHex(AAD), fromHex(SEALED), fromHex(tag));
}

export const cipherCases: readonly ConformanceCase[] = [
	{
		name: "gcm: opens the green book's vector, and refuses a wrong tag and a wrong key",
		run(_, done) {
			const opened = open(TAG);
			done(
				differs("the plaintext", opened && hex(opened), PLAIN) ??
					differs("with a wrong tag", open(`${TAG.slice(0, -2)}6a`), undefined) ??
					differs("with a wrong key", open(TAG, `ff${KEY.slice(2)}`), undefined),
			);
		},
	},
	{
		name: "gcm: decrypts without the tag (counter mode from 2)",
		run(_, done) {
			const plain = nativeCipher.decryptGcm(fromHex(KEY), fromHex(IV), fromHex(SEALED));
			done(differs("the plaintext", hex(plain), PLAIN));
		},
	},
	{
		name: "gcm: seals to the green book's ciphertext and a tag of 12 bytes",
		run(_, done) {
			const sealed = nativeCipher.sealGcm(fromHex(KEY), fromHex(IV), fromHex(AAD), fromHex(PLAIN));
			done(differs("the ciphertext", hex(sealed), SEALED + TAG));
		},
	},
];

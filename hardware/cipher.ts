// AES-128-GCM by the project's own C over the SDK's AES (hardware/crypto). No key is kept, and none reaches a message or a log.

import { decryptGcm, openGcm, sealGcm } from "crypto-native";
import type { Cipher } from "../protocols/shared/cipher.js";

/** Bytes of tag in DLMS security suites 0 and 1 (IEC 62056-5-3, 9.2.3.3). */
const TAG_LENGTH = 12;

export const nativeCipher: Cipher = {
	openGcm(key, iv, aad, ciphertext, tag) {
		const plaintext = new Uint8Array(ciphertext.length);
		return openGcm(key, iv, aad, ciphertext, tag, plaintext) ? plaintext : undefined;
	},

	decryptGcm(key, iv, ciphertext) {
		const plaintext = new Uint8Array(ciphertext.length);
		decryptGcm(key, iv, ciphertext, plaintext);
		return plaintext;
	},

	sealGcm(key, iv, aad, plaintext) {
		const sealed = new Uint8Array(plaintext.length + TAG_LENGTH);
		sealGcm(key, iv, aad, plaintext, sealed);
		return sealed;
	},
};

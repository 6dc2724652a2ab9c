// AES-128-GCM by the SDK's native `crypt` and its `gcm`. No key is kept, and none reaches a message or a log.

/// <reference path="../types/crypt-ciphers.d.ts" />

import { BlockCipher, Mode } from "crypt";
import GCM from "gcm";
import type { Cipher } from "../protocols/shared/cipher.js";

/** Bytes of tag in DLMS security suites 0 and 1 (IEC 62056-5-3, 9.2.3.3). */
const TAG_LENGTH = 12;
const IV_LENGTH = 12;
const BLOCK_LENGTH = 16;
/** GCM's counter for the first block of plaintext, with a 96-bit IV (NIST SP 800-38D, 7.1). */
const FIRST_COUNTER = 2;

export const nativeCipher: Cipher = {
	openGcm(key, iv, aad, ciphertext, tag) {
		const sealed = new Uint8Array(ciphertext.length + tag.length);
		sealed.set(ciphertext);
		sealed.set(tag, ciphertext.length);
		const gcm = new GCM(new BlockCipher("AES", exactBuffer(key)), tag.length);
		const plaintext = gcm.process(sealed, undefined, exactBuffer(iv), exactBuffer(aad), false);
		return plaintext === undefined ? undefined : new Uint8Array(plaintext);
	},

	decryptGcm(key, iv, ciphertext) {
		const counter = new Uint8Array(BLOCK_LENGTH);
		counter.set(iv.subarray(0, IV_LENGTH));
		counter[BLOCK_LENGTH - 1] = FIRST_COUNTER;
		const mode = new Mode("CTR", new BlockCipher("AES", exactBuffer(key)));
		mode.setIV(counter.buffer);
		return new Uint8Array(mode.decrypt(exactBuffer(ciphertext)));
	},

	sealGcm(key, iv, aad, plaintext) {
		const gcm = new GCM(new BlockCipher("AES", exactBuffer(key)), TAG_LENGTH);
		const sealed = gcm.process(plaintext, undefined, exactBuffer(iv), exactBuffer(aad), true);
		return new Uint8Array(sealed as ArrayBuffer);
	},
};

/** The native classes take an ArrayBuffer of exactly these bytes, not a view. */
function exactBuffer(bytes: Uint8Array): ArrayBuffer {
	return bytes.slice().buffer as ArrayBuffer;
}

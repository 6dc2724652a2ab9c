// AES-128-GCM of DLMS security suites 0 and 1 by Node's own cryptography. Not on the device path: the device brings
// its native one behind the same interface (protocols/shared/cipher.ts).

import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Cipher } from "../../protocols/shared/cipher.js";

const GCM = "aes-128-gcm";
const TAG_BYTES = 12;

export function nodeCipher(): Cipher {
	return {
		openGcm(key, iv, aad, ciphertext, tag) {
			const decipher = createDecipheriv(GCM, key, iv, { authTagLength: TAG_BYTES });
			decipher.setAAD(aad);
			decipher.setAuthTag(tag);
			const plaintext = decipher.update(ciphertext);
			try {
				decipher.final();
			} catch {
				return undefined;
			}
			return new Uint8Array(plaintext);
		},
		decryptGcm(key, iv, ciphertext) {
			return new Uint8Array(createDecipheriv(GCM, key, iv, { authTagLength: TAG_BYTES }).update(ciphertext));
		},
		sealGcm(key, iv, aad, plaintext) {
			const cipher = createCipheriv(GCM, key, iv, { authTagLength: TAG_BYTES });
			cipher.setAAD(aad);
			const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
			return new Uint8Array(Buffer.concat([ciphertext, cipher.getAuthTag()]));
		},
	};
}

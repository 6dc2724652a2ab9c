// Digests and random bytes by the project's own C (hardware/crypto).

import { Digest, hmacSha256, pbkdf2Sha256, randomBytes } from "crypto-native";
import type { Digests, RandomBytes } from "../settings/digests.js";

export const nativeDigests: Digests = {
	sha256(bytes) {
		const digest = new Digest("SHA256");
		digest.write(bytes);
		return new Uint8Array(digest.result());
	},
	hmacSha256: (key, message) => new Uint8Array(hmacSha256(key, message)),
	pbkdf2Sha256: (password, salt, iterations, length) =>
		new Uint8Array(pbkdf2Sha256(password, salt, iterations, length)),
};

/** From the chip's generator on a board, from the operating system elsewhere. */
export const systemRandomBytes: RandomBytes = (count) => new Uint8Array(randomBytes(count));

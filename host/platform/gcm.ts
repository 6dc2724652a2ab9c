// The SDK's `gcm` by node:crypto: one call seals, or opens and checks.

import { type CipherGCMOptions, createCipheriv, createDecipheriv } from "node:crypto";
import type { BlockCipher } from "./crypt.js";

export default class GCM {
	readonly #key: Uint8Array;
	readonly #tagLength: number;

	constructor(cipher: BlockCipher, tagLength = 16) {
		this.#key = cipher.key;
		this.#tagLength = tagLength;
	}

	/** `data` and tag sealed, or `data` with its tag opened; `undefined` where the tag does not fit. */
	process(
		data: Uint8Array,
		_result: undefined,
		iv: ArrayBuffer,
		aad: ArrayBuffer | undefined,
		encrypt: boolean,
	): ArrayBuffer | undefined {
		const options: CipherGCMOptions = { authTagLength: this.#tagLength };
		const extra = new Uint8Array(aad ?? new ArrayBuffer(0));
		if (encrypt) {
			const cipher = createCipheriv("aes-128-gcm", this.#key, new Uint8Array(iv), options).setAAD(extra);
			return joined([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
		}
		const end = data.length - this.#tagLength;
		if (end < 0) return undefined;
		const cipher = createDecipheriv("aes-128-gcm", this.#key, new Uint8Array(iv), options).setAAD(extra);
		cipher.setAuthTag(data.subarray(end));
		const plaintext = cipher.update(data.subarray(0, end));
		try {
			return joined([plaintext, cipher.final()]);
		} catch {
			return undefined;
		}
	}
}

function joined(parts: readonly Uint8Array[]): ArrayBuffer {
	return new Uint8Array(Buffer.concat(parts)).buffer;
}

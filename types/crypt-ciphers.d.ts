// Declarations of the SDK's block ciphers, which neither npm's typings nor the SDK's own have. They add to the
// SDK's `crypt` (which declares digests only), so that both can be loaded together.

declare module "crypt" {
	export class BlockCipher {
		constructor(cipher: "AES", key: ArrayBuffer);
		encrypt(data: ArrayBuffer, result?: ArrayBuffer): ArrayBuffer;
		readonly blockSize: number;
		readonly keySize: number;
	}

	export class Mode {
		constructor(mode: "CTR", cipher: BlockCipher);
		setIV(iv: ArrayBuffer): void;
		encrypt(data: ArrayBuffer | Uint8Array, result?: ArrayBuffer): ArrayBuffer;
		decrypt(data: ArrayBuffer | Uint8Array, result?: ArrayBuffer): ArrayBuffer;
	}
}

declare module "gcm" {
	import type { BlockCipher } from "crypt";

	export default class GCM {
		constructor(cipher: BlockCipher, tagLength?: number);
		/** Encrypting: ciphertext and tag. Decrypting `data` with its tag: the plaintext, or `undefined` for a wrong tag. */
		process(
			data: Uint8Array,
			result: undefined,
			iv: ArrayBuffer,
			aad: ArrayBuffer,
			encrypt: boolean,
		): ArrayBuffer | undefined;
		/** `result`: `data` itself, or as long as it without the tag. */
		process(
			data: Uint8Array<ArrayBuffer>,
			result: Uint8Array<ArrayBuffer>,
			iv: ArrayBuffer,
			aad: ArrayBuffer,
			encrypt: false,
		): Uint8Array<ArrayBuffer> | undefined;
	}
}

// The project's own native module (hardware/crypto): JavaScript and C, which tsc does not read.

declare module "crypto-native" {
	type Bytes = ArrayBuffer | Uint8Array;
	export class Digest {
		constructor(name: "SHA1" | "SHA256" | "SHA384" | "SHA512");
		write(bytes: Bytes): void;
		/** Of all that has been written; more may follow. */
		result(): ArrayBuffer;
	}
	export function hmacSha256(key: Bytes, message: readonly Bytes[]): ArrayBuffer;
	export function pbkdf2Sha256(password: Bytes, salt: Bytes, iterations: number, length: number): ArrayBuffer;
	/** `sealed`: as long as plaintext and tag. */
	export function sealGcm(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes, sealed: Bytes): void;
	/** `plaintext`: as long as the ciphertext, or the ciphertext itself. */
	export function openGcm(
		key: Bytes,
		nonce: Bytes,
		aad: Bytes,
		ciphertext: Bytes,
		tag: Bytes,
		plaintext: Bytes,
	): boolean;
	export function decryptGcm(key: Bytes, nonce: Bytes, ciphertext: Bytes, plaintext: Bytes): void;
	export function randomBytes(count: number): ArrayBuffer;
}

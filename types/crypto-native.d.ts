// The project's own native module (hardware/crypto): JavaScript and C, which tsc does not read.

declare module "crypto-native" {
	type Bytes = ArrayBuffer | Uint8Array;
	export function hmacSha256(key: Bytes, message: readonly Bytes[]): ArrayBuffer;
	export function pbkdf2Sha256(password: Bytes, salt: Bytes, iterations: number, length: number): ArrayBuffer;
	export function randomBytes(count: number): ArrayBuffer;
}

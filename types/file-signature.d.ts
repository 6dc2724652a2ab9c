// Signatures of update files and provisioning files: hardware/tls on the ESP32 and on XS for Linux, host/platform on Node.

declare module "file-signature" {
	/**
	 * True where `signature` over `message` is by the holder of `publicKey`: ECDSA on P-256 with SHA-256 (FIPS 186-5, 6.4).
	 * `signature`: r and s, 32 bytes each, most significant first. `publicKey`: 65 bytes, the uncompressed point (SEC 1,
	 * 2.3.3). Anything malformed is false; nothing is thrown.
	 */
	export function verifyP256(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

// The cipher that DLMS security suite 0 and 1 need, as an argument: the device brings its native one, Node its own.

/** AES-128-GCM with a 96-bit IV and a tag of 12 bytes (IEC 62056-5-3, 9.2.3.3). Keys are 16 bytes. */
export interface Cipher {
	/** The plaintext, or `undefined` where the tag does not fit (wrong key, or bytes changed on the wire). */
	openGcm(
		key: Uint8Array,
		iv: Uint8Array,
		aad: Uint8Array,
		ciphertext: Uint8Array,
		tag: Uint8Array,
	): Uint8Array | undefined;
	/** The plaintext without any check (GCM's counter mode alone): the caller must test that it makes sense. */
	decryptGcm(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array;
	/** Ciphertext followed by the 12-byte tag: for emulated meters. */
	sealGcm(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
}

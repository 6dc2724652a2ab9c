// Ed25519 signatures, checked in C: XS's own arithmetic would hold up a board for tens of seconds.

/** True where `signature` (64 bytes) over `message` is by the holder of `publicKey` (32 bytes). RFC 8032. */
export function ed25519Verify(signature, message, publicKey) {
	return native("xs_ed25519_verify").call(this, signature, message, publicKey);
}

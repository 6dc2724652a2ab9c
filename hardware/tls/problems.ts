// What can be wrong with a TLS connection, in words: the same on every platform.

export const TlsProblem = Object.freeze({
	EXPIRED: "the server's certificate has expired",
	EARLY: "the server's certificate is not valid yet",
	NAME: "the server's certificate is for another name",
	UNKNOWN_CA: "the server's certificate is from an unknown CA",
	BROKEN: "the server's certificate cannot be read or used",
	FAULT: "the server breaks the rules of TLS",
	FORGED: "what came is not what the server has sent",
	UNKNOWN_NAME: "the server does not know the name it is called by",
	WANTED: "the server wants a client certificate",
	REFUSED: "the server refuses the client certificate",
	NOT_TLS: "the server does not speak TLS at this port",
	VERSION: "the server and this device have no version or cipher of TLS in common",
	NO_CLOCK: "the clock is not set yet, so no certificate can be checked",
	NO_ROOTS: "this device has no public roots: the CA must be set",
	CA: "the CA is not a PEM certificate",
	CERTIFICATE: "the client certificate is not a PEM certificate",
	KEY: "the private key does not fit the client certificate, or is not PEM",
	KEY_KIND: "the private key must be RSA, in PEM with BEGIN PRIVATE KEY",
	PAIR: "a client certificate needs its private key",
} as const);

/** Ends the connection with these words. */
export function fail(problem: string): never {
	throw new Error(problem);
}

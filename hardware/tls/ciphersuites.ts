// In place of the SDK's `ssl/ciphersuites`: of its suites only those of TLS 1.2 with a fresh key for each session and
// authenticated encryption (RFC 9325, 4.2), which every broker and server of the last ten years knows.
// Shape and numbers of the algorithms: $MODDABLE/modules/crypt/ssl/ssl_ciphersuites.js.

import { AES, ECDHE_RSA, GCM, SHA256 } from "ssl/constants";

const ECDHE_AES_128_GCM_SHA256 = {
	isExportable: false,
	keyExchangeAlgorithm: ECDHE_RSA,
	cipherAlgorithm: AES,
	cipherKeySize: 16,
	cipherBlockSize: 16,
	hashAlgorithm: SHA256,
	hashSize: 32,
	encryptionMode: GCM,
	ivSize: 8,
	saltSize: 4,
};

export default Object.freeze([
	// RSA certificates, and certificates with a key on a curve.
	Object.freeze({ ...ECDHE_AES_128_GCM_SHA256, value: Object.freeze([0xc0, 0x2f]) }),
	Object.freeze({ ...ECDHE_AES_128_GCM_SHA256, value: Object.freeze([0xc0, 0x2b]) }),
]);

// Whose certificates are trusted, and what this device shows of its own: in place of the SDK's `ssl/cert`, which goes on
// where a signature in the chain does not fit, and does not ask whether an issuer is a CA. Source: RFC 5280, 6.1; RFC 9525.
// Not done: name constraints, revocation, key usage, RSA-PSS, Ed25519.

import { Digest } from "crypt";
import ECDSA from "ecdsa";
import RsaSignature, { type RsaKey } from "pkcs1_5";
import X509, { type PublicKey } from "x509";
import type { TlsOptions } from "../../outputs/network.js";
import { pemBlocks, rsaKey } from "./pem.js";
import { TlsProblem } from "./problems.js";

/** Of a chain, the server's own included. */
const MOST_CERTIFICATES = 6;
const DNS_NAME = 2;
const IP_ADDRESS = 7;
const BY_RSA = "1,2,840,113549,1,1,1";
const BY_ECDSA = "1,2,840,10045,4,3,";
const BASIC_CONSTRAINTS = Object.freeze([2, 5, 29, 19]);

interface Certificate {
	readonly bytes: Uint8Array;
	readonly tbs: Uint8Array;
	readonly algo: Uint32Array;
	readonly sig: Uint8Array;
	readonly spki: PublicKey;
	readonly issuer: Uint8Array;
	readonly subject: Uint8Array;
	/** Milliseconds since 1970. */
	readonly validity: { readonly from: number; readonly to: number };
}

/** Has the methods that the SDK's session calls of its manager of certificates. */
export class Certificates {
	readonly #host: string;
	readonly #anchors: readonly Certificate[];
	readonly #own: readonly Uint8Array[];
	readonly #key: RsaKey | undefined;
	#server: PublicKey | undefined;

	/** Throws words where the texts cannot be used. */
	constructor(host: string, { ca, certificate, privateKey }: TlsOptions) {
		this.#host = host.toLowerCase();
		if (ca === undefined) throw new Error(TlsProblem.NO_ROOTS);
		this.#anchors = all(ca, TlsProblem.CA);
		this.#own = [];
		if (certificate === undefined) return;
		if (privateKey === undefined) throw new Error(TlsProblem.PAIR);
		const own = all(certificate, TlsProblem.CERTIFICATE);
		this.#own = own.map(({ bytes }) => bytes);
		this.#key = rsaKey(privateKey);
		if (own[0]?.spki.modulus !== this.#key.modulus) throw new Error(TlsProblem.KEY);
	}

	/** Has a certificate to show. */
	get hasOwn(): boolean {
		return this.#own.length > 0;
	}

	/** Throws words where the server's chain is not to be trusted. */
	verify(received: readonly Uint8Array[]): true {
		if (received.length === 0 || received.length > MOST_CERTIFICATES) throw new Error(TlsProblem.BROKEN);
		let at = 0;
		const first = decoded(received[0] as Uint8Array);
		for (let certificate = first; !this.#isTrusted(certificate, at); ) {
			at++;
			const next = received[at];
			const issuer = next && decoded(next);
			if (!issuer || !mayIssue(issuer, at - 1) || !isSigned(certificate, issuer))
				throw new Error(TlsProblem.UNKNOWN_CA);
			inTime(certificate);
			certificate = issuer;
		}
		if (!isNamed(first.bytes, this.#host)) throw new Error(TlsProblem.NAME);
		this.#server = first.spki;
		return true;
	}

	/** Called with what `verify` has seen. */
	register(): void {}

	findPreferredCert(): readonly Uint8Array[] {
		return this.#own;
	}

	/** The own private key for the own certificate, else the server's public key: of a server that was verified. */
	getKey(certificate: unknown): RsaKey | PublicKey {
		const key = this.#key && certificate === this.#own[0] ? this.#key : this.#server;
		if (!key) throw new Error(TlsProblem.BROKEN);
		return key;
	}

	/** It is in time, and one that is trusted or issued by one. */
	#isTrusted(certificate: Certificate, depth: number): boolean {
		for (const anchor of this.#anchors) {
			const same = equal(certificate.bytes, anchor.bytes);
			if (!same && !(mayIssue(anchor, depth) && isSigned(certificate, anchor))) continue;
			inTime(certificate);
			inTime(anchor);
			return true;
		}
		return false;
	}
}

function all(text: string, problem: string): readonly Certificate[] {
	const blocks = pemBlocks(text, "CERTIFICATE");
	if (blocks.length === 0) throw new Error(problem);
	try {
		return blocks.map(decoded);
	} catch {
		throw new Error(problem);
	}
}

function decoded(source: Uint8Array): Certificate {
	// The session's record is not kept, and C wants whole buffers.
	const bytes = source.slice();
	const { tbs, algo, sig, spki } = X509.decode(bytes);
	const { issuer, subject, validity } = X509.decodeTBS(tbs);
	return { bytes, tbs, algo, sig, spki, issuer, subject, validity };
}

function inTime({ validity }: Certificate): void {
	const now = Date.now();
	if (now >= validity.to) throw new Error(TlsProblem.EXPIRED);
	if (now < validity.from) throw new Error(TlsProblem.EARLY);
}

/** Is a CA, with at most so many CAs of others between it and the server's certificate. */
function mayIssue({ bytes }: Certificate, between: number): boolean {
	const extension = X509.decodeExtension(bytes, BASIC_CONSTRAINTS);
	if (!extension) return false;
	// 30 06, 01 01 FF: CA; 02 01 n: its longest path.
	const value = new Uint8Array(extension);
	if (value[0] !== 0x30 || value[2] !== 1 || value[3] !== 1 || value[4] === 0) return false;
	return value[5] !== 2 || (value[7] as number) >= between;
}

function isSigned({ tbs, algo, sig, issuer }: Certificate, by: Certificate): boolean {
	if (!equal(issuer, by.subject)) return false;
	const oid = `${algo}`;
	// 1.2.840.113549.1.1.11 to 13, and 1.2.840.10045.4.3.2 to 4: SHA-256, 384, 512.
	const isRsa = oid.startsWith(BY_RSA) && algo.length === 7;
	const isEcdsa = oid.startsWith(BY_ECDSA);
	const which = (algo[algo.length - 1] as number) - (isRsa ? 11 : 2);
	const hash = (["SHA256", "SHA384", "SHA512"] as const)[which];
	if (!hash || !(isRsa || isEcdsa)) throw new Error(TlsProblem.BROKEN);
	const digest = new Digest(hash);
	digest.write(tbs);
	const { modulus, exponent, pub, curve } = by.spki;
	if (isEcdsa)
		return pub !== undefined && curve !== undefined && new ECDSA(pub, curve).verify(digest.close(), sig);
	if (modulus === undefined || exponent === undefined) return false;
	return new RsaSignature({ modulus, exponent }).verify(digest.close(), sig);
}

/** The host is one of the certificate's alternative names; `*.` stands for one label (RFC 9525, 6.3). */
function isNamed(bytes: Uint8Array, host: string): boolean {
	const dot = host.indexOf(".");
	for (const { tag, value } of X509.decodeSAN(bytes) ?? []) {
		if (tag === IP_ADDRESS && new Uint8Array(value as ArrayBuffer).join(".") === host) return true;
		if (tag !== DNS_NAME) continue;
		const name = (value as string).toLowerCase();
		if (name === host) return true;
		if (name.startsWith("*.") && dot > 0 && name.indexOf(".", 2) > 0 && name.slice(1) === host.slice(dot))
			return true;
	}
	return false;
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
	if (one.length !== other.length) return false;
	for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
	return true;
}

// Whose certificates are trusted, and what this device shows of its own. Source: RFC 5280, 4 and 6.1; RFC 9525.
// Not done: revocation, RSA-PSS, EdDSA; name constraints and policies: where they are critical, the certificate is not
// trusted.

import { wallClock } from "system-native";
import type { TlsOptions } from "../../outputs/network.js";
import { utcTime } from "../../readings/utc.js";
import { equal } from "./bytes.js";
import { BITS, BOOLEAN, Der, INTEGER, OBJECT, OCTETS, SEQUENCE } from "./der.js";
import { pemBlocks, RSA_KEY, rsaKey } from "./pem.js";
import { fail, TlsProblem } from "./problems.js";
import {
	BY_ECDSA,
	BY_RSA,
	curveOf,
	isSigned,
	type PrivateKey,
	type PublicKey,
	pointOf,
} from "./signatures.js";

export interface Certificate {
	readonly bytes: Uint8Array;
	/** What is signed, the signature, and how: an object identifier in hex. */
	readonly signed: Uint8Array;
	readonly signature: Uint8Array;
	readonly algorithm: string;
	readonly issuer: Uint8Array;
	readonly subject: Uint8Array;
	/** Milliseconds since 1970. */
	readonly from: number;
	readonly to: number;
	/** Absent where this device does not know the kind. */
	readonly key: PublicKey | undefined;
	/** How many CAs may be between it and a server; -1: it is no CA. */
	readonly reach: number;
	/** May be a server's. */
	readonly serves: boolean;
	/** The alternative names. */
	readonly names: Uint8Array | undefined;
}

/** Whom a connection trusts, and as whom it shows itself. */
export interface Trust {
	readonly anchors: readonly Certificate[];
	readonly own: readonly Certificate[];
	readonly key: PrivateKey | undefined;
}

/** 1.2.840.10045.2.1, 1.2.840.113549.1.1.x and 1.2.840.10045.4.3.x */
const ELLIPTIC_KEY = "2a8648ce3d0201";
const SIGNED_BY_RSA = "2a864886f70d0101";
const SIGNED_BY_ECDSA = "2a8648ce3d0403";
/** SHA-256 is the 11th of the first and the 2nd of the second, and 4 in TLS. */
const FROM_RSA = 7;
const FROM_ECDSA = -2;

/** Of 2.5.29 (RFC 5280, 4.2.1): by the third byte in hex. */
const KEY_USAGE = "551d0f";
const ALTERNATIVE_NAMES = "551d11";
const BASIC_CONSTRAINTS = "551d13";
const EXTENDED_USAGE = "551d25";
/** keyCertSign, bit 5 of the first byte. */
const SIGNS_CERTIFICATES = 0b0000_0100;
/** 1.3.6.1.5.5.7.3.1 */
const SERVER_USAGE = "2b06010505070301";
const ENDLESS = 255;

const VERSION = 0xa0;
const ISSUER_ID = 0x81;
const SUBJECT_ID = 0x82;
const EXTENSIONS = 0xa3;
const UTC_TIME = 0x17;
/** Two digits each from the year's last ones to the seconds, and Z. */
const LENGTH_BEHIND_CENTURY = 13;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

const DOT = 0x2e;
const STAR = 0x2a;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const CASE = 0x20;

/** Of RSA's modulus, and its public exponent: fewer are not safe (RFC 9325, 4.5), more are too slow for this chip. */
const FEWEST_BYTES = 256;
const MOST_BYTES = 512;
const MOST_EXPONENT = 0xffff_ffffn;

/** Throws words where the texts cannot be used. */
export function trustOf({ ca, certificate, privateKey }: TlsOptions): Trust {
	const anchors = all(ca ?? fail(TlsProblem.NO_ROOTS), TlsProblem.CA);
	if (certificate === undefined) return { anchors, own: [], key: undefined };
	if (privateKey === undefined) fail(TlsProblem.PAIR);
	const own = all(certificate, TlsProblem.CERTIFICATE);
	const key = rsaKey(privateKey);
	const shown = own[0]?.key;
	if (shown?.modulus !== key.modulus || shown.curve) fail(TlsProblem.KEY);
	return { anchors, own, key: { ...key, size: shown.size } };
}

function all(text: string, problem: string): readonly Certificate[] {
	const blocks = pemBlocks(text, "CERTIFICATE");
	try {
		if (blocks.length > 0) return blocks.map(decoded);
	} catch {
		// Said below.
	}
	fail(problem);
}

/** Throws words where it is no certificate. */
export function decoded(bytes: Uint8Array): Certificate {
	const whole = new Der(bytes);
	const outer = whole.next(SEQUENCE);
	const start = outer.at;
	const tbs = outer.next(SEQUENCE);
	const signed = bytes.subarray(start, outer.at);
	const algorithm = outer.next(SEQUENCE);
	const signature = outer.bits();
	if (whole.tag() || outer.tag()) fail(TlsProblem.BROKEN);
	if (tbs.tag() === VERSION) tbs.next(VERSION);
	tbs.next(INTEGER);
	if (!equal(tbs.next(SEQUENCE).rest(), algorithm.rest())) fail(TlsProblem.BROKEN);
	const issuer = tbs.next(SEQUENCE).rest();
	const validity = tbs.next(SEQUENCE);
	const from = time(validity);
	const to = time(validity);
	const subject = tbs.next(SEQUENCE).rest();
	const key = publicKey(tbs.next(SEQUENCE));
	for (const tag of [ISSUER_ID, SUBJECT_ID]) if (tbs.tag() === tag) tbs.next(tag);
	let [reach, serves, knows, signs] = [-1, true, true, true];
	let names: Uint8Array | undefined;
	const extensions = tbs.tag() ? tbs.next(EXTENSIONS).next(SEQUENCE) : tbs;
	while (extensions.tag()) {
		const extension = extensions.next(SEQUENCE);
		const which = extension.object();
		const critical = extension.tag() === BOOLEAN && extension.next(BOOLEAN).rest()[0] !== 0;
		const value = extension.next(OCTETS);
		if (which === BASIC_CONSTRAINTS) {
			const inside = value.next(SEQUENCE);
			if (inside.tag() === BOOLEAN && inside.next(BOOLEAN).rest()[0])
				reach = inside.tag() ? Number(inside.integer()) : ENDLESS;
		} else if (which === KEY_USAGE) {
			// The first byte says how many bits of the last one are not used.
			signs = ((value.next(BITS).rest()[1] ?? 0) & SIGNS_CERTIFICATES) !== 0;
		} else if (which === EXTENDED_USAGE) {
			const usages = value.next(SEQUENCE);
			serves = false;
			while (usages.tag()) if (usages.object() === SERVER_USAGE) serves = true;
		} else if (which === ALTERNATIVE_NAMES) names = value.next(SEQUENCE).rest();
		else if (critical) knows = false;
	}
	if (!signs || !knows) reach = -1;
	return {
		...{ bytes, signed, signature, algorithm: algorithm.object(), issuer, subject, from, to, key, reach },
		...{ serves: serves && knows, names },
	};
}

/** UTCTime or GeneralizedTime, in the forms that RFC 5280, 4.1.2.5 allows. */
function time(validity: Der): number {
	const isShort = validity.tag() === UTC_TIME;
	const digits = validity.next(validity.tag()).rest();
	const two = (at: number) => ((digits[at] as number) - 0x30) * 10 + (digits[at + 1] as number) - 0x30;
	const first = two(0);
	const [year, at] = isShort ? [first + (first < 50 ? 2000 : 1900), 0] : [first * 100 + two(2), 2];
	if (digits.length !== at + LENGTH_BEHIND_CENTURY) fail(TlsProblem.BROKEN);
	return utcTime(year, two(at + 2), two(at + 4), two(at + 6), two(at + 8), two(at + 10));
}

/** RFC 3279, 2.3.1 and RFC 5480, 2. */
function publicKey(info: Der): PublicKey | undefined {
	const algorithm = info.next(SEQUENCE);
	const kind = algorithm.object();
	const bytes = info.bits();
	if (kind === ELLIPTIC_KEY) {
		const curve = algorithm.tag() === OBJECT ? curveOf(algorithm.object()) : undefined;
		return curve && { modulus: 0n, exponent: 0n, size: 0, curve, point: pointOf(curve, bytes) };
	}
	if (kind !== RSA_KEY) return undefined;
	const numbers = new Der(bytes).next(SEQUENCE);
	const modulus = numbers.integer();
	const exponent = numbers.integer();
	const size = (modulus.toString(16).length + 1) >> 1;
	const isUsable = size >= FEWEST_BYTES && size <= MOST_BYTES && exponent > 1n && exponent <= MOST_EXPONENT;
	return isUsable ? { modulus, exponent, size } : undefined;
}

/** `certificate` stands `depth` behind the server's own; it, or one that has issued it, is trusted, and both are in time. */
export function isTrusted(certificate: Certificate, depth: number, { anchors }: Trust): boolean {
	for (const anchor of anchors) {
		if (!equal(certificate.bytes, anchor.bytes) && !hasIssued(anchor, certificate, depth)) continue;
		inTime(certificate);
		inTime(anchor);
		return true;
	}
	return false;
}

/** The one in `bytes`, which has issued `certificate`; throws words where it has not, or that is not in time. */
export function issuerOf(
	certificate: Certificate,
	depth: number,
	bytes: Uint8Array | undefined,
): Certificate {
	const issuer = bytes && decoded(bytes);
	if (!issuer || !hasIssued(issuer, certificate, depth)) fail(TlsProblem.UNKNOWN_CA);
	inTime(certificate);
	return issuer;
}

function inTime({ from, to }: Certificate): void {
	const now = wallClock();
	if (now >= to) fail(TlsProblem.EXPIRED);
	if (now < from) fail(TlsProblem.EARLY);
}

/** It is a CA of that reach, and its key has made the signature. */
function hasIssued(
	ca: Certificate,
	{ issuer, signed, signature, algorithm }: Certificate,
	depth: number,
): boolean {
	if (ca.reach < depth || !ca.key || !equal(issuer, ca.subject)) return false;
	const family = algorithm.slice(0, -2);
	const number = Number.parseInt(algorithm.slice(-2), 16);
	if (family === SIGNED_BY_RSA) return isSigned(signed, signature, ca.key, number - FROM_RSA, BY_RSA);
	if (family === SIGNED_BY_ECDSA) return isSigned(signed, signature, ca.key, number - FROM_ECDSA, BY_ECDSA);
	fail(TlsProblem.BROKEN);
}

/** Four numbers with dots in between. */
export function addressOf(host: string): Uint8Array | undefined {
	const parts = host.split(".");
	const isAddress = parts.length === 4 && parts.every((part) => `${Number(part) & 255}` === part);
	return isAddress ? Uint8Array.from(parts, Number) : undefined;
}

/** The host is one of the alternative names; `*.` stands for one label (RFC 9525, 6.3). */
export function isNamed({ names }: Certificate, host: string): boolean {
	const address = addressOf(host);
	const wanted = new Uint8Array(ArrayBuffer.fromString(host.toLowerCase()));
	const dot = wanted.indexOf(DOT);
	for (const each = new Der(names ?? wanted.subarray(0, 0)); each.tag(); ) {
		const tag = each.tag();
		const written = each.next(tag).rest();
		if (address) {
			if (tag === IP_ADDRESS && equal(written, address)) return true;
			continue;
		}
		if (tag !== DNS_NAME) continue;
		const name = Uint8Array.from(written, (byte) =>
			byte >= UPPER_A && byte <= UPPER_Z ? byte | CASE : byte,
		);
		if (equal(name, wanted)) return true;
		const isPattern = name[0] === STAR && name[1] === DOT && name.indexOf(DOT, 2) > 0;
		if (isPattern && dot > 0 && equal(name.subarray(1), wanted.subarray(dot))) return true;
	}
	return false;
}

// Signatures of RSA (PKCS #1 v1.5, RFC 8017, 8.2) and ECDSA (FIPS 186-5, 6.4), TLS's and those of files, and the agreement
// on a secret (ECDH, RFC 8422, 5). RSA's are checked by comparing the whole encoded message, ECDSA's numbers and all points
// by their ranges.

import { power, sumOfTimes, times } from "arith-native";
import { Digest, randomBytes } from "crypto-native";
import { fromHex } from "../../settings/hex.js";
import { bigOf, joined } from "./bytes.js";
import { Der, SEQUENCE } from "./der.js";
import { fail, TlsProblem } from "./problems.js";

export interface Point {
	readonly x: bigint;
	readonly y: bigint;
	readonly z: bigint;
}

export interface Curve {
	/** RFC 8422, 5.1.1, and the object identifier's bytes in hex. */
	readonly id: number;
	readonly object: string;
	/** Bytes of a coordinate. */
	readonly size: number;
	/** y² = x³ + ax + b modulo m; the point `g` has the order n (SEC 2, 2.4.2 and 2.5.1). */
	readonly m: bigint;
	readonly a: bigint;
	readonly b: bigint;
	readonly n: bigint;
	readonly g: Point;
}

/** Either RSA's numbers or a point on a curve. */
export interface PublicKey {
	readonly modulus: bigint;
	readonly exponent: bigint;
	/** Bytes of the modulus. */
	readonly size: number;
	readonly curve?: Curve;
	readonly point?: Point;
}

/** RFC 8017, A.1.2. */
export interface PrivateKey extends PublicKey {
	readonly p: bigint;
	readonly q: bigint;
	readonly dp: bigint;
	readonly dq: bigint;
	readonly coefficient: bigint;
}

/** TLS's numbers of the algorithms (RFC 5246, 7.4.1.4.1). */
export const BY_RSA = 1;
export const BY_ECDSA = 3;
export const SHA256 = 4;
const SHA512 = 6;

const HASHES = Object.freeze(["SHA256", "SHA384", "SHA512"] as const);
/** DigestInfo before the digest, but for its two lengths and the last byte of the hash's object identifier. */
const DIGEST_INFO = "3000300d060960864801650304020005000400";
const SHORTEST_PADDING = 8;
const UNCOMPRESSED = 4;
/** More than the order has, so that the remainder is even (FIPS 186-5, A.2.1). */
const MORE_RANDOM = 8;

const P256: Curve = Object.freeze({
	id: 23,
	object: "2a8648ce3d030107",
	size: 32,
	m: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
	a: 0xffffffff00000001000000000000000000000000fffffffffffffffffffffffcn,
	b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
	n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
	g: Object.freeze({
		x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
		y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
		z: 1n,
	}),
});

const CURVES: readonly Curve[] = Object.freeze([
	P256,
	Object.freeze({
		id: 24,
		object: "2b81040022",
		size: 48,
		m: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
		a: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffcn,
		b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
		n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
		g: Object.freeze({
			x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
			y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
			z: 1n,
		}),
	}),
]);

/** By TLS's number or by its object identifier. */
export function curveOf(name: number | string): Curve | undefined {
	return CURVES.find(({ id, object }) => id === name || object === name);
}

/** A point that is on the curve (SEC 1, 3.2.2.1); throws words where it is not. */
export function pointOf(curve: Curve, bytes: Uint8Array): Point {
	const { size, m, a, b } = curve;
	if (bytes.length !== 1 + 2 * size || bytes[0] !== UNCOMPRESSED) fail(TlsProblem.BROKEN);
	const x = bigOf(bytes.subarray(1, 1 + size));
	const y = bigOf(bytes.subarray(1 + size));
	if (x >= m || y >= m || (y * y - x * x * x - a * x - b) % m !== 0n) fail(TlsProblem.BROKEN);
	return { x, y, z: 1n };
}

/** A new secret number of that curve. */
export function secretOf({ size, n }: Curve): bigint {
	return (bigOf(new Uint8Array(randomBytes(size + MORE_RANDOM))) % (n - 1n)) + 1n;
}

/** What belongs to the secret: the point to show. */
export function shownPoint(curve: Curve, secret: bigint): Uint8Array {
	const { x, y } = times(curve, curve.g, secret);
	return joined(Uint8Array.of(UNCOMPRESSED), bytesOfBig(x, curve.size), bytesOfBig(y, curve.size));
}

/** What both sides know (RFC 8422, 5.10). */
export function shared(curve: Curve, secret: bigint, theirs: Point): Uint8Array {
	const { x, z } = times(curve, theirs, secret);
	if (z === 0n) fail(TlsProblem.FAULT);
	return bytesOfBig(x, curve.size);
}

/** The signature is one of `message`, by that key and by these algorithms. */
export function isSigned(
	message: Uint8Array,
	signature: Uint8Array,
	{ modulus, exponent, size, curve, point }: PublicKey,
	hash: number,
	by: number,
): boolean {
	if (!(hash >= SHA256 && hash <= SHA512) || by !== (curve ? BY_ECDSA : BY_RSA)) return false;
	const digest = digestOf(hash, message);
	if (!curve || !point) {
		const number = bigOf(signature);
		if (signature.length !== size || number >= modulus) return false;
		return opened(number, exponent, modulus) === encoded(hash, digest, size);
	}
	const whole = new Der(signature);
	const numbers = whole.next(SEQUENCE);
	const r = numbers.integer();
	const s = numbers.integer();
	if (whole.rest().length + numbers.rest().length > 0) return false;
	return isSignedOn(curve, point, digest, r, s);
}

/**
 * The signature of a file, by ECDSA on P-256 with SHA-256: `signature` is r and s, 32 bytes each, big-endian (IEEE P1363);
 * `publicKey` the uncompressed point (SEC 1, 2.3.3), 65 bytes. False for whatever is malformed; throws nothing. Nothing else
 * runs meanwhile: 3 ms on XS for Linux, on a chip by estimate 30 to 60 times that, as for each ECDSA signature of a handshake.
 */
export function verifyP256(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
	const { size } = P256;
	if (signature.length !== 2 * size) return false;
	let point: Point;
	try {
		point = pointOf(P256, publicKey);
	} catch {
		return false;
	}
	const r = bigOf(signature.subarray(0, size));
	const s = bigOf(signature.subarray(size));
	return isSignedOn(P256, point, digestOf(SHA256, message), r, s);
}

/** ECDSA (FIPS 186-5, 6.4.2): `r` and `s` are a signature of `digest` by the key that `point`, on that curve, shows. */
function isSignedOn(curve: Curve, point: Point, digest: Uint8Array, r: bigint, s: bigint): boolean {
	const { n, g, size } = curve;
	if (r <= 0n || s <= 0n || r >= n || s >= n) return false;
	// The order is a prime: to its power less two is the inverse (Fermat).
	const inverse = power(s, n - 2n, n);
	const by = (bigOf(digest.subarray(0, size)) * inverse) % n;
	const { x, z } = sumOfTimes(curve, g, by, point, (r * inverse) % n);
	return z !== 0n && x % n === r;
}

/** By RSA, of a SHA-256 digest. */
export function signed(digest: Uint8Array, key: PrivateKey): Uint8Array {
	const { modulus, exponent, size, p, q, dp, dq, coefficient } = key;
	const message = encoded(SHA256, digest, size);
	const second = power(message, dq, q);
	const difference = ((power(message, dp, p) - second) * coefficient) % p;
	const signature = second + (difference < 0n ? difference + p : difference) * q;
	// A signature with a fault in one half would tell the key.
	if (opened(signature, exponent, modulus) !== message) fail(TlsProblem.KEY);
	return bytesOfBig(signature, size);
}

/** With a public exponent, which is short. */
function opened(number: bigint, exponent: bigint, modulus: bigint): bigint {
	let result = 1n;
	for (let left = exponent, square = number; left > 0n; left >>= 1n) {
		if (left & 1n) result = (result * square) % modulus;
		square = (square * square) % modulus;
	}
	return result;
}

/** EMSA-PKCS1-v1_5 (RFC 8017, 9.2): 00 01 FF … FF 00, then the digest in its DigestInfo. */
function encoded(hash: number, digest: Uint8Array, size: number): bigint {
	const info = fromHex(DIGEST_INFO) as Uint8Array;
	info[1] = info.length - 2 + digest.length;
	info[14] = hash - SHA256 + 1;
	info[18] = digest.length;
	const at = size - digest.length - info.length;
	if (at < 3 + SHORTEST_PADDING) fail(TlsProblem.BROKEN);
	const padding = new Uint8Array(at).fill(0xff);
	padding[0] = 0;
	padding[1] = 1;
	padding[at - 1] = 0;
	return bigOf(joined(padding, info, digest));
}

function digestOf(hash: number, message: Uint8Array): Uint8Array {
	const digest = new Digest(HASHES[hash - SHA256] as "SHA256");
	digest.write(message);
	return new Uint8Array(digest.result());
}

function bytesOfBig(number: bigint, size: number): Uint8Array {
	return new Uint8Array(ArrayBuffer.fromBigInt(number, size));
}

// `file-signature`: which signatures of update files and provisioning files are taken, and which are not (FIPS 186-5, 6.4.2).

import { verifyP256 } from "file-signature";
import { bytesOf, differs, fromHex } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";
import {
	SIGNATURE_OF_INFINITY,
	SIGNATURE_OFF_CURVE,
	SIGNATURE_VECTORS,
	type SignatureVector,
	WYCHEPROOF,
} from "./signature-vectors.js";

/** Order of the curve's point, and the prime of its field (SEC 2, 2.4.2). */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const LARGEST = (1n << 256n) - 1n;
const COORDINATE_DIGITS = 64;
const ZERO = "0".repeat(COORDINATE_DIGITS);

const [SAMPLE, TEST] = SIGNATURE_VECTORS as readonly [SignatureVector, SignatureVector];
const S_IS_ONE = named("s is 1");
const R_IS_THREE = named("the point's x is n + 3, so that r is 3");

function named(name: string): SignatureVector {
	return SIGNATURE_VECTORS.find((vector) => vector.name === name) as SignatureVector;
}

const digits = (number: bigint) => number.toString(16).padStart(COORDINATE_DIGITS, "0");
const rOf = ({ signature }: SignatureVector) => signature.slice(0, COORDINATE_DIGITS);
const sOf = ({ signature }: SignatureVector) => signature.slice(COORDINATE_DIGITS);
const xOf = ({ publicKey }: SignatureVector) => publicKey.slice(2, 2 + COORDINATE_DIGITS);
const yOf = ({ publicKey }: SignatureVector) => publicKey.slice(2 + COORDINATE_DIGITS);

function isTaken({ signature, message, publicKey }: SignatureVector): boolean {
	return verifyP256(fromHex(signature), bytesOf(message), fromHex(publicKey));
}

function taken(vector: SignatureVector): ConformanceCase {
	return {
		name: `signatures: taken, ${vector.name}`,
		run: (_, done) => done(differs("the answer", isTaken(vector), true)),
	};
}

/** `change` is laid over a vector that is taken. */
function refused(name: string, change: Partial<SignatureVector>, vector = SAMPLE): ConformanceCase {
	return {
		name: `signatures: refused, ${name}`,
		run: (_, done) => done(differs("the answer", isTaken({ ...vector, ...change }), false)),
	};
}

/** Numbers that r and s must not be. */
const OUT_OF_RANGE: readonly (readonly [string, bigint])[] = [
	["0", 0n],
	["n", N],
	["n + 1", N + 1n],
	["2^256 - 1", LARGEST],
];

const numberCases = OUT_OF_RANGE.flatMap(([name, number]) => [
	refused(`r is ${name}`, { signature: digits(number) + sOf(SAMPLE) }),
	refused(`s is ${name}`, { signature: rOf(SAMPLE) + digits(number) }),
	refused(`r and s are ${name}`, { signature: digits(number) + digits(number) }),
]);

export const signatureCases: readonly ConformanceCase[] = [
	...SIGNATURE_VECTORS.map(taken),
	...WYCHEPROOF.map((vector) => (vector.isValid ? taken(vector) : refused(vector.name, {}, vector))),
	// FIPS 186-5 asks for no smaller one of the two.
	taken({
		...SAMPLE,
		name: "n - s in place of s",
		signature: rOf(SAMPLE) + digits(N - BigInt(`0x${sOf(SAMPLE)}`)),
	}),
	...numberCases,
	refused("s + n in place of s", { signature: rOf(S_IS_ONE) + digits(1n + N) }, S_IS_ONE),
	refused("r + n in place of r", { signature: digits(3n + N) + sOf(R_IS_THREE) }, R_IS_THREE),
	refused("r and s exchanged", { signature: sOf(SAMPLE) + rOf(SAMPLE) }),
	refused("another message", { message: "samplf" }),
	refused("a longer message", { message: "sample\n" }),
	refused("no message", { message: "" }),
	refused("another message's signature", { signature: TEST.signature }),
	refused("another's key", { publicKey: S_IS_ONE.publicKey }),
	refused("the key's mirror image", {
		publicKey: `04${xOf(SAMPLE)}${digits(P - BigInt(`0x${yOf(SAMPLE)}`))}`,
	}),
	refused("a key with x and y exchanged", { publicKey: `04${yOf(SAMPLE)}${xOf(SAMPLE)}` }),
	refused("a key that is not on the curve", { publicKey: `${SAMPLE.publicKey.slice(0, -1)}8` }),
	refused("a key of zeros", { publicKey: `04${ZERO}${ZERO}` }),
	refused("the point at infinity as the key", { publicKey: "00" }),
	refused("a key whose x is not below the field's prime", { publicKey: `04${digits(P)}${yOf(SAMPLE)}` }),
	refused("a compressed key", { publicKey: `03${xOf(SAMPLE)}` }),
	refused("a hybrid key", { publicKey: `07${xOf(SAMPLE)}${yOf(SAMPLE)}` }),
	refused("a key without its first byte", { publicKey: SAMPLE.publicKey.slice(2) }),
	refused("a key with a byte too many", { publicKey: `${SAMPLE.publicKey}00` }),
	refused("no key", { publicKey: "" }),
	refused("a signature with a byte too many", { signature: `${SAMPLE.signature}00` }),
	refused("a signature with a byte too few", { signature: SAMPLE.signature.slice(0, -2) }),
	refused("a signature in DER", {
		signature: `3046022100${rOf(SAMPLE)}022100${sOf(SAMPLE)}`,
	}),
	refused("no signature", { signature: "" }),
	refused(SIGNATURE_OF_INFINITY.name, {}, SIGNATURE_OF_INFINITY),
	refused(SIGNATURE_OFF_CURVE.name, {}, SIGNATURE_OFF_CURVE),
	{
		name: "signatures: no bit of a signature, a message or a key may be another",
		run(_, done) {
			const parts = [SAMPLE.signature, SAMPLE.publicKey].map(fromHex) as [Uint8Array, Uint8Array];
			const [signature, publicKey] = parts;
			const message = bytesOf(SAMPLE.message);
			for (const part of [signature, message, publicKey]) {
				for (let at = 0; at < part.length; at++) {
					const byte = part[at] as number;
					part[at] = byte ^ (1 << (at & 7));
					if (verifyP256(signature, message, publicKey)) return done(`byte ${at} may be another`);
					part[at] = byte;
				}
			}
			done(differs("unchanged, the answer", verifyP256(signature, message, publicKey), true));
		},
	},
	{
		name: "signatures: views into larger buffers are read, not the buffers",
		run(_, done) {
			const view = (bytes: Uint8Array) =>
				Uint8Array.from([0xff, ...bytes, 0xff]).subarray(1, 1 + bytes.length);
			const { signature, message, publicKey } = SAMPLE;
			done(
				differs(
					"the answer",
					verifyP256(view(fromHex(signature)), view(bytesOf(message)), view(fromHex(publicKey))),
					true,
				),
			);
		},
	},
];

// Digests of `crypto-native`, running, and behind hardware/digests.ts.

import { Digest } from "crypto-native";
import { nativeDigests, systemRandomBytes } from "../../../hardware/digests.js";
import { bytesOf, differs, fromHex, hex, mustThrow } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";
import { DIGEST_VECTORS, HMAC_VECTORS, PBKDF2_VECTORS, SHA256_VECTORS } from "./digest-vectors.js";

type Name = (typeof DIGEST_VECTORS)[number]["name"];

const MILLION = 1_000_000;
const SMALL_A = 0x61;

/** Written in pieces of one byte more each time, and then again from one. */
function inPieces(name: Name, bytes: Uint8Array, longest: number): Digest {
	const digest = new Digest(name);
	let piece = 0;
	for (let at = 0; at < bytes.length; at += piece) {
		piece = (piece % longest) + 1;
		digest.write(bytes.subarray(at, at + piece));
	}
	return digest;
}

function allExamples({ name, long, digests }: (typeof DIGEST_VECTORS)[number]): string | undefined {
	const messages = [bytesOf(""), bytesOf("abc"), bytesOf(long), new Uint8Array(MILLION).fill(SMALL_A)];
	for (let index = 0; index < messages.length; index++) {
		const message = messages[index] as Uint8Array;
		const problem = differs(
			`of ${message.length} bytes`,
			hex(inPieces(name, message, message.length < MILLION ? 5 : 1999).result()),
			digests[index],
		);
		if (problem) return problem;
	}
	return undefined;
}

export const digestCases: readonly ConformanceCase[] = [
	...SHA256_VECTORS.map(({ bytes, digest }) => ({
		name: `digests: SHA-256 of ${bytes.length / 2} bytes`,
		run: (_: unknown, done: (problem?: string) => void) =>
			done(differs("the digest", hex(nativeDigests.sha256(fromHex(bytes))), digest)),
	})),
	...HMAC_VECTORS.map(({ name, key, bytes, mac }) => ({
		name: `digests: HMAC-SHA-256, ${name}`,
		run: (_: unknown, done: (problem?: string) => void) =>
			done(differs("the code", hex(nativeDigests.hmacSha256(fromHex(key), [fromHex(bytes)])), mac)),
	})),
	...PBKDF2_VECTORS.map(({ name, password, salt, iterations, key }) => ({
		name: `digests: PBKDF2, ${name}`,
		run: (_: unknown, done: (problem?: string) => void) => {
			const length = key.length / 2;
			const made = nativeDigests.pbkdf2Sha256(fromHex(password), fromHex(salt), iterations, length);
			done(differs("the key", hex(made), key));
		},
	})),
	...DIGEST_VECTORS.map((vector) => ({
		name: `digests: ${vector.name} in odd pieces`,
		run: (_: unknown, done: (problem?: string) => void) => done(allExamples(vector)),
	})),
	...DIGEST_VECTORS.map(({ name, digests: [, ofAbc, ofLong], long }) => ({
		name: `digests: ${name} goes on after its result was asked for`,
		run(_: unknown, done: (problem?: string) => void) {
			const digest = new Digest(name);
			digest.write(ArrayBuffer.fromString("abc"));
			const [first, again] = [hex(digest.result()), hex(digest.result())];
			digest.write(bytesOf(long.slice("abc".length)));
			done(
				differs("of abc", first, ofAbc) ??
					differs("of abc, again,", again, ofAbc) ??
					differs("of all", hex(digest.result()), ofLong),
			);
		},
	})),
	{
		name: "digests: running ones do not disturb one another",
		run(_, done) {
			const [one, other] = [new Digest("SHA1"), new Digest("SHA512")];
			for (const letter of ["a", "b", "c"]) {
				one.write(bytesOf(letter));
				other.write(bytesOf(letter));
			}
			done(
				differs("SHA-1", hex(one.result()), DIGEST_VECTORS[0].digests[1]) ??
					differs("SHA-512", hex(other.result()), DIGEST_VECTORS[3].digests[1]),
			);
		},
	},
	{
		name: "digests: others are refused, and what is none",
		run(_, done) {
			const none = Object.create(Digest.prototype) as Digest;
			done(
				mustThrow("MD5", () => new Digest("MD5" as Name)) ??
					mustThrow("no name", () => new Digest("" as Name)) ??
					mustThrow("a beginning", () => new Digest("SHA" as Name)) ??
					mustThrow("no digest's bytes", () => none.write(bytesOf("abc"))) ??
					mustThrow("no digest's result", () => none.result()),
			);
		},
	},
	{
		name: "digests: a view into a larger buffer is digested, not the buffer",
		run(_, done) {
			const view = bytesOf("xabcx").subarray(1, 4);
			const [key, salt] = [bytesOf("-key-").subarray(1, 4), bytesOf("-salt-").subarray(1, 5)];
			const whole = nativeDigests.pbkdf2Sha256(bytesOf("key"), bytesOf("salt"), 2, 32);
			done(
				differs("SHA-256", hex(nativeDigests.sha256(view)), SHA256_VECTORS[1].digest) ??
					differs(
						"HMAC",
						hex(nativeDigests.hmacSha256(key, [view])),
						hex(nativeDigests.hmacSha256(bytesOf("key"), [bytesOf("a"), bytesOf(""), bytesOf("bc")])),
					) ??
					differs("PBKDF2", hex(nativeDigests.pbkdf2Sha256(key, salt, 2, 32)), hex(whole)),
			);
		},
	},
	{
		name: "digests: no rounds and no length are refused",
		run(_, done) {
			const some = bytesOf("some");
			done(
				mustThrow("no rounds", () => nativeDigests.pbkdf2Sha256(some, some, 0, 32)) ??
					mustThrow("no length", () => nativeDigests.pbkdf2Sha256(some, some, 1, 0)),
			);
		},
	},
	{
		name: "random bytes: as many as asked for, never the same twice",
		run(_, done) {
			const seen: string[] = [];
			for (let count = 0; count < 50; count++) {
				const text = hex(systemRandomBytes(16));
				if (text.length !== 32) return done(`16 bytes have ${text.length} digits`);
				if (seen.includes(text)) return done("the same came twice");
				seen.push(text);
			}
			done(
				differs("none", systemRandomBytes(0).length, 0) ??
					mustThrow("too many", () => systemRandomBytes(1025)),
			);
		},
	},
];

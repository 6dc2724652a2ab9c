// `crypt`'s digests and the project's own `crypto-native` behind hardware/digests.ts.

import { nativeDigests, systemRandomBytes } from "../../../hardware/digests.js";
import { bytesOf, differs, fromHex, hex, mustThrow } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";
import { HMAC_VECTORS, PBKDF2_VECTORS, SHA256_VECTORS } from "./digest-vectors.js";

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

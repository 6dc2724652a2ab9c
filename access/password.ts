// The admin password as it is kept: PBKDF2-SHA-256 (RFC 8018) with its salt and its number of iterations, so that a
// faster chip or a later firmware can ask for more without making the old record useless.

import { type Digests, PBKDF2_ITERATIONS } from "../settings/digests.js";
import { fromHex, toHex } from "../settings/hex.js";
import { sameBytes, utf8 } from "./bytes.js";
import type { Surroundings } from "./surroundings.js";

export interface PasswordRecord {
	readonly scheme: "pbkdf2-sha256";
	readonly iterations: number;
	/** 16 bytes in hexadecimal. */
	readonly salt: string;
	/** 32 bytes in hexadecimal. */
	readonly hash: string;
}

export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD_BYTES = 128;

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What a check may take: the meter's line has a buffer of its own, which must not run over meanwhile. */
const CHECK_TIME_MS = 300;
const PROBE_ITERATIONS = 2000;
/** OWASP's advice of 2023 for PBKDF2-SHA-256: what computers reach. */
const MOST_ITERATIONS = 600_000;
/** A record that asks for more is not ours. */
const REFUSED_ITERATIONS = 10_000_000;

/** Why it is no password, for the person who chose it; `undefined` where it is one. Never repeats it. */
export function problemWithPassword(password: string): string | undefined {
	if ([...password.slice(0, LONGEST_PASSWORD_BYTES)].length < SHORTEST_PASSWORD)
		return `must have at least ${SHORTEST_PASSWORD} characters`;
	if (utf8(password).length > LONGEST_PASSWORD_BYTES)
		return `must have at most ${LONGEST_PASSWORD_BYTES} bytes`;
	return undefined;
}

/** As many iterations as this machine does in about 0.3 s, but never fewer than a board is asked for. */
export function iterationsFor({ digests, now }: Surroundings): number {
	const sample = new Uint8Array(SALT_BYTES);
	const begin = now();
	digests.pbkdf2Sha256(sample, sample, PROBE_ITERATIONS, HASH_BYTES);
	const took = Math.max(now() - begin, 1);
	const fitting = Math.floor((PROBE_ITERATIONS * CHECK_TIME_MS) / took);
	return Math.min(MOST_ITERATIONS, Math.max(PBKDF2_ITERATIONS, fitting));
}

/** The record of a new password; without `iterations` they are measured. */
export function makePassword(
	password: string,
	surroundings: Surroundings,
	iterations = iterationsFor(surroundings),
): PasswordRecord {
	const { digests, randomBytes } = surroundings;
	const salt = randomBytes(SALT_BYTES);
	const hash = digests.pbkdf2Sha256(utf8(password), salt, iterations, HASH_BYTES);
	return { scheme: "pbkdf2-sha256", iterations, salt: toHex(salt), hash: toHex(hash) };
}

/** Is it the record's password? */
export function isPassword(password: string, record: PasswordRecord, digests: Digests): boolean {
	const bytes = utf8(password);
	const salt = fromHex(record.salt);
	const hash = fromHex(record.hash);
	if (!salt || !hash || bytes.length > LONGEST_PASSWORD_BYTES) return false;
	return sameBytes(digests.pbkdf2Sha256(bytes, salt, record.iterations, hash.length), hash);
}

/** The record in what was stored; `undefined` where there is none. */
export function readPassword(stored: unknown): PasswordRecord | undefined {
	if (typeof stored !== "object" || stored === null) return undefined;
	const { scheme, iterations, salt, hash } = stored as Record<keyof PasswordRecord, unknown>;
	if (scheme !== "pbkdf2-sha256" || typeof salt !== "string" || typeof hash !== "string") return undefined;
	if (typeof iterations !== "number" || !Number.isInteger(iterations)) return undefined;
	if (iterations < 1 || iterations > REFUSED_ITERATIONS) return undefined;
	if (!fromHex(salt) || fromHex(hash)?.length !== HASH_BYTES) return undefined;
	return { scheme, iterations, salt, hash };
}

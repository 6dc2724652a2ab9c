// Tokens for programs: made once, shown once, kept as a digest, revocable one by one. A token is 128 random bits, so a
// plain digest keeps it; PBKDF2 is for what people make up.

import { fromHex, toHex } from "../settings/hex.js";
import { looksLikeKey } from "../settings/setting.js";
import { sameBytes, utf8 } from "./bytes.js";
import type { Surroundings } from "./surroundings.js";

/** `read`: everything that can be read; `control`: that, and commands to meter, pins and gateway. Neither changes settings. */
export type Scope = "read" | "control";

export interface TokenRecord {
	/** 8 hexadecimal digits: names the token in lists, and is a part of it. */
	readonly id: string;
	readonly name: string;
	readonly scope: Scope;
	/** SHA-256 of the whole token, in hexadecimal. */
	readonly hash: string;
}

export const MOST_TOKENS = 16;
export const LONGEST_TOKEN_NAME = 40;

const PREFIX = "mtl_";
const ID_BYTES = 4;
const SECRET_BYTES = 16;
const TOKEN_LENGTH = PREFIX.length + 2 * ID_BYTES + 1 + 2 * SECRET_BYTES;
const HASH_BYTES = 32;

export class Tokens {
	readonly #surroundings: Surroundings;
	readonly #records: TokenRecord[];
	/** When each was last used since the start, in the order of the records. */
	readonly #used: (number | undefined)[];

	constructor(surroundings: Surroundings, records: readonly TokenRecord[]) {
		this.#surroundings = surroundings;
		this.#records = records.slice(0, MOST_TOKENS);
		this.#used = this.#records.map(() => undefined);
	}

	get records(): readonly TokenRecord[] {
		return this.#records;
	}

	/** Milliseconds since its last use, `undefined` where it was not used since the start. */
	unusedFor(id: string): number | undefined {
		const used = this.#used[this.#records.findIndex((record) => record.id === id)];
		return used === undefined ? undefined : this.#surroundings.now() - used;
	}

	/** A new token, which is told this once; `undefined` where there are too many. */
	create(name: string, scope: Scope): { readonly token: string; readonly record: TokenRecord } | undefined {
		if (this.#records.length >= MOST_TOKENS) return undefined;
		const { digests, randomBytes } = this.#surroundings;
		let id = toHex(randomBytes(ID_BYTES));
		while (this.#records.some((record) => record.id === id)) id = toHex(randomBytes(ID_BYTES));
		const token = `${PREFIX}${id}_${toHex(randomBytes(SECRET_BYTES))}`;
		const record: TokenRecord = { id, name, scope, hash: toHex(digests.sha256(utf8(token))) };
		this.#records.push(record);
		this.#used.push(undefined);
		return { token, record };
	}

	/** True where there was one of that id. */
	revoke(id: string): boolean {
		const index = this.#records.findIndex((record) => record.id === id);
		if (index < 0) return false;
		this.#records.splice(index, 1);
		this.#used.splice(index, 1);
		return true;
	}

	/** The record of a token that a program shows; `undefined` for anything else. */
	find(token: string): TokenRecord | undefined {
		if (token.length !== TOKEN_LENGTH || !token.startsWith(PREFIX)) return undefined;
		const digest = this.#surroundings.digests.sha256(utf8(token));
		const index = this.#records.findIndex(({ hash }) => sameBytes(fromHex(hash) as Uint8Array, digest));
		if (index >= 0) this.#used[index] = this.#surroundings.now();
		return this.#records[index];
	}
}

/** Why it is no name for a token; `undefined` where it is one. */
export function problemWithName(name: string): string | undefined {
	if (name === "") return "must not be empty";
	if (looksLikeKey(name)) return "looks like a meter's key";
	return name.length > LONGEST_TOKEN_NAME ? `must have at most ${LONGEST_TOKEN_NAME} characters` : undefined;
}

/** The records in what was stored; what is none is left out. */
export function readTokens(stored: unknown): readonly TokenRecord[] {
	if (!Array.isArray(stored)) return [];
	const records: TokenRecord[] = [];
	for (const each of stored as readonly unknown[]) {
		if (typeof each !== "object" || each === null) continue;
		const { id, name, scope, hash } = each as Record<keyof TokenRecord, unknown>;
		if (typeof id !== "string" || typeof name !== "string" || typeof hash !== "string") continue;
		if (scope !== "read" && scope !== "control") continue;
		if (fromHex(id)?.length !== ID_BYTES || fromHex(hash)?.length !== HASH_BYTES || problemWithName(name))
			continue;
		records.push({ id, name, scope, hash });
	}
	return records;
}

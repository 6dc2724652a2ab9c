// Signed-in browsers. An identifier is 128 random bits that only the browser keeps; here lies its digest. Sessions end
// by themselves and with a restart: they are never stored.

import { fromHex, toHex } from "../settings/hex.js";
import { sameBytes } from "./bytes.js";
import type { Surroundings } from "./surroundings.js";

export const MOST_SESSIONS = 8;
/** Without a request. */
export const IDLE_TIMEOUT_MS = 12 * 3_600_000;
/** However busy it is. */
export const SESSION_TIMEOUT_MS = 7 * 24 * 3_600_000;

const ID_BYTES = 16;
const KEY_BYTES = 32;
const CSRF_DIGITS = 32;

interface Session {
	readonly digest: Uint8Array;
	readonly opened: number;
	used: number;
}

export class Sessions {
	readonly #surroundings: Surroundings;
	/** Ties each session's CSRF token to its identifier without keeping either. */
	readonly #key: Uint8Array;
	#sessions: Session[] = [];

	constructor(surroundings: Surroundings) {
		this.#surroundings = surroundings;
		this.#key = surroundings.randomBytes(KEY_BYTES);
	}

	get count(): number {
		this.#expire();
		return this.#sessions.length;
	}

	/** A new session's identifier, told this once; where there are too many, the one used longest ago ends. */
	open(): string {
		const { digests, randomBytes, now } = this.#surroundings;
		this.#expire();
		if (this.#sessions.length >= MOST_SESSIONS) {
			let oldest = this.#sessions[0];
			for (const each of this.#sessions) if (oldest && each.used < oldest.used) oldest = each;
			this.#sessions = this.#sessions.filter((each) => each !== oldest);
		}
		const id = randomBytes(ID_BYTES);
		this.#sessions.push({ digest: digests.sha256(id), opened: now(), used: now() });
		return toHex(id);
	}

	/** Is it a session's identifier? Being asked for keeps the session from ending idly. */
	has(id: string): boolean {
		const session = this.#find(id);
		if (!session) return false;
		session.used = this.#surroundings.now();
		return true;
	}

	/** What a page must send along with a change: another site can make a browser send the cookie, but not this. */
	csrfToken(id: string): string {
		const bytes = fromHex(id) ?? new Uint8Array(0);
		return toHex(this.#surroundings.digests.hmacSha256(this.#key, [bytes])).slice(0, CSRF_DIGITS);
	}

	isCsrfToken(id: string, token: string): boolean {
		const given = fromHex(token);
		return given !== undefined && sameBytes(given, fromHex(this.csrfToken(id)) as Uint8Array);
	}

	close(id: string): void {
		const session = this.#find(id);
		this.#sessions = this.#sessions.filter((each) => each !== session);
	}

	closeAll(): void {
		this.#sessions = [];
	}

	#find(id: string): Session | undefined {
		const bytes = fromHex(id);
		if (bytes?.length !== ID_BYTES) return undefined;
		this.#expire();
		const digest = this.#surroundings.digests.sha256(bytes);
		return this.#sessions.find((each) => sameBytes(each.digest, digest));
	}

	#expire(): void {
		const now = this.#surroundings.now();
		this.#sessions = this.#sessions.filter(
			({ opened, used }) => now - used < IDLE_TIMEOUT_MS && now - opened < SESSION_TIMEOUT_MS,
		);
	}
}

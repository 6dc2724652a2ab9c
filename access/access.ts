// Who may do what: the admin password, signed-in browsers and programs' tokens behind one object. It knows no HTTP and
// no file: what is kept is handed out as text, to be stored by the caller.

import { Attempts } from "./attempts.js";
import { sameBytes, utf8 } from "./bytes.js";
import {
	isPassword,
	makePassword,
	type PasswordRecord,
	problemWithPassword,
	readPassword,
} from "./password.js";
import { Sessions } from "./sessions.js";
import type { Surroundings } from "./surroundings.js";
import { readTokens, type Scope, type TokenRecord, Tokens } from "./tokens.js";

/** What one may do; each holds what those before it hold. */
export type Right = "none" | "read" | "control" | "admin";
const RIGHTS: readonly Right[] = Object.freeze(["none", "read", "control", "admin"] as const);

/** Does `held` hold `wanted`? */
export function holds(held: Right, wanted: Right): boolean {
	return RIGHTS.indexOf(held) >= RIGHTS.indexOf(wanted);
}

/**
 * What a client may do before an admin password has been set, by where it comes from. `portal`: everything, as it has
 * joined the gateway's own access point with the device's password. `password`: nothing but set it, as from this very
 * computer. `no`: nothing, unless it knows the set-up code. Once there is a password none of this counts.
 */
export type SetupRight = "portal" | "password" | "no";

/** Where a request comes from. */
export interface Client {
	/** IP address; empty where it is not known. */
	readonly address: string;
	readonly setup: SetupRight;
}

/** What a request shows of who sent it. */
export interface Credentials {
	readonly bearer: string | undefined;
	/** The session cookie's value. */
	readonly session: string | undefined;
}

export interface Identity {
	readonly right: Right;
	/** How it is known; `setup` only before there is a password. */
	readonly by: "nobody" | "setup" | "token" | "session";
	/** The session's identifier. */
	readonly session?: string;
}

export interface AccessOptions extends Surroundings {
	/** May everyone in the network read? */
	readonly readOpen: boolean;
	/** What was kept; `undefined` at first. */
	readonly stored: string | undefined;
	/** Keeps it; throws where it cannot. */
	store(text: string): void;
	/** Known to who holds the device or reads its log; lets a client set the first password from anywhere. */
	readonly setupCode?: string;
	/** Rounds of PBKDF2 for new passwords, where they shall not be measured. */
	readonly iterations?: number;
}

/** The outcome of showing a password. */
export type SignIn =
	| { readonly session: string }
	| { readonly refused: "wrong" | "unset" }
	/** Milliseconds until the next attempt is looked at. */
	| { readonly refused: "slowed"; readonly wait: number };

export type PasswordChange =
	| SignIn
	| { readonly refused: "weak"; readonly problem: string }
	| { readonly refused: "forbidden" };

export class Access {
	readonly readOpen: boolean;
	readonly #options: AccessOptions;
	readonly #sessions: Sessions;
	readonly #tokens: Tokens;
	readonly #attempts: Attempts;
	#password: PasswordRecord | undefined;

	constructor(options: AccessOptions) {
		const { password, tokens } = readStored(options.stored);
		this.#options = options;
		this.readOpen = options.readOpen;
		this.#password = password;
		this.#sessions = new Sessions(options);
		this.#tokens = new Tokens(options, tokens);
		this.#attempts = new Attempts(() => options.now());
	}

	get hasPassword(): boolean {
		return this.#password !== undefined;
	}

	/** Who it is. Who shows a token that is not known may nothing, so that a revoked one is noticed; an ended session is nobody's. */
	identify({ bearer, session }: Credentials, client: Client): Identity {
		if (bearer !== undefined) {
			const token = this.#tokens.find(bearer);
			return token ? { right: token.scope, by: "token" } : { right: "none", by: "nobody" };
		}
		if (session !== undefined && this.#sessions.has(session))
			return { right: "admin", by: "session", session };
		if (!this.#password && client.setup === "portal") return { right: "admin", by: "setup" };
		return this.#nobody();
	}

	signIn(password: string, { address }: Client): SignIn {
		if (!this.#password) return { refused: "unset" };
		const wait = this.#attempts.wait(address);
		// Not even looked at: a locked client learns nothing, and costs no time.
		if (wait > 0) return { refused: "slowed", wait };
		if (!isPassword(password, this.#password, this.#options.digests)) {
			this.#attempts.failed(address);
			return { refused: "wrong" };
		}
		this.#attempts.succeeded(address);
		return { session: this.#sessions.open() };
	}

	signOut(session: string): void {
		this.#sessions.close(session);
	}

	csrfToken(session: string): string {
		return this.#sessions.csrfToken(session);
	}

	isCsrfToken(session: string, token: string): boolean {
		return this.#sessions.isCsrfToken(session, token);
	}

	/**
	 * Sets the first password, for who may by place or set-up code, or another one, for who knows the current. All
	 * sessions end, and a new one begins.
	 */
	setPassword(
		password: string,
		proof: { readonly current?: string; readonly code?: string },
		client: Client,
	): PasswordChange {
		const allowed = this.#password
			? this.#checkProof(client, () => this.#isCurrent(proof.current))
			: client.setup !== "no" || this.#checkProof(client, () => this.#isSetupCode(proof.code));
		return allowed === true ? this.#replacePassword(password, client) : allowed;
	}

	/** How the first password may be set from there. */
	setupRight(client: Client): SetupRight | "code" {
		if (this.#password) return "no";
		return client.setup === "no" && this.#options.setupCode ? "code" : client.setup;
	}

	/** Takes over the record of a password that was chosen elsewhere; all sessions end. Throws where it cannot be kept. */
	adopt(record: PasswordRecord): void {
		this.#password = record;
		this.#store();
		this.#sessions.closeAll();
	}

	get tokens(): readonly TokenRecord[] {
		return this.#tokens.records;
	}

	/** Milliseconds since a token's last use since the start. */
	tokenUnusedFor(id: string): number | undefined {
		return this.#tokens.unusedFor(id);
	}

	createToken(
		name: string,
		scope: Scope,
	): { readonly token: string; readonly record: TokenRecord } | undefined {
		const made = this.#tokens.create(name, scope);
		if (made) this.#store();
		return made;
	}

	revokeToken(id: string): boolean {
		const revoked = this.#tokens.revoke(id);
		if (revoked) this.#store();
		return revoked;
	}

	#nobody(): Identity {
		return { right: this.readOpen ? "read" : "none", by: "nobody" };
	}

	/** True, or why not: wrong proofs are slowed down as wrong sign-ins are. */
	#checkProof({ address }: Client, isProof: () => boolean | undefined): true | PasswordChange {
		const wait = this.#attempts.wait(address);
		if (wait > 0) return { refused: "slowed", wait };
		const proven = isProof();
		if (proven === undefined) return { refused: "forbidden" };
		if (proven) return true;
		this.#attempts.failed(address);
		return { refused: "wrong" };
	}

	#isCurrent(current: string | undefined): boolean {
		const record = this.#password as PasswordRecord;
		return current !== undefined && isPassword(current, record, this.#options.digests);
	}

	#isSetupCode(code: string | undefined): boolean | undefined {
		const { setupCode, digests } = this.#options;
		if (!setupCode || code === undefined) return undefined;
		// Digests are of one length, whatever was sent.
		return sameBytes(digests.sha256(utf8(code)), digests.sha256(utf8(setupCode)));
	}

	#replacePassword(password: string, { address }: Client): PasswordChange {
		const problem = problemWithPassword(password);
		if (problem) return { refused: "weak", problem };
		const before = this.#password;
		this.#password = makePassword(password, this.#options, this.#options.iterations);
		try {
			this.#store();
		} catch (error) {
			this.#password = before;
			throw error;
		}
		this.#sessions.closeAll();
		this.#attempts.succeeded(address);
		return { session: this.#sessions.open() };
	}

	#store(): void {
		this.#options.store(JSON.stringify({ password: this.#password, tokens: this.#tokens.records }));
	}
}

/** What is no record is left out; without a password record it is the device's first set-up again. */
export function readStored(text: string | undefined): {
	readonly password: PasswordRecord | undefined;
	readonly tokens: readonly TokenRecord[];
} {
	let stored: unknown;
	try {
		stored = text === undefined ? undefined : JSON.parse(text);
	} catch {
		stored = undefined;
	}
	if (typeof stored !== "object" || stored === null) return { password: undefined, tokens: [] };
	const { password, tokens } = stored as { readonly password?: unknown; readonly tokens?: unknown };
	return { password: readPassword(password), tokens: readTokens(tokens) };
}

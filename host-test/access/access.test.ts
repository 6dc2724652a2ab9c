import { Access, type AccessOptions, type Client, holds } from "../../access/access.js";
import { LONGEST_TOKEN_NAME, MOST_TOKENS } from "../../access/tokens.js";
import { FakeSurroundings } from "./surroundings";

const PASSWORD = "correct horse battery";
const STRANGER: Client = { address: "192.168.1.50", setup: "no" };
const NEAR: Client = { address: "127.0.0.1", setup: "password" };
const PORTAL: Client = { address: "192.168.4.2", setup: "portal" };

let world: FakeSurroundings;
let stored: string | undefined;

beforeEach(() => {
	world = new FakeSurroundings();
	stored = undefined;
});

function open(options: Partial<AccessOptions> = {}): Access {
	return new Access({
		digests: world.digests,
		randomBytes: world.randomBytes,
		now: world.now,
		readOpen: true,
		iterations: 10,
		stored,
		store: (text) => {
			stored = text;
		},
		...options,
	});
}

/** With the password set, and nobody signed in. */
function guarded(options: Partial<AccessOptions> = {}): Access {
	const access = open(options);
	const set = access.setPassword(PASSWORD, {}, NEAR);
	if (!("session" in set)) throw new Error("no password");
	access.signOut(set.session);
	return access;
}

function signedIn(access: Access): string {
	const outcome = access.signIn(PASSWORD, STRANGER);
	if (!("session" in outcome)) throw new Error("not signed in");
	return outcome.session;
}

const nothing = { bearer: undefined, session: undefined };

test("rights hold what is below them", () => {
	expect(holds("admin", "control")).toBe(true);
	expect(holds("control", "read")).toBe(true);
	expect(holds("read", "control")).toBe(false);
	expect(holds("none", "read")).toBe(false);
});

describe("before there is a password", () => {
	test("strangers may read where reading is open, and nothing where it is not", () => {
		expect(open().identify(nothing, STRANGER)).toEqual({ right: "read", by: "nobody" });
		expect(open({ readOpen: false }).identify(nothing, STRANGER)).toEqual({ right: "none", by: "nobody" });
	});

	test("the portal may everything; this computer may set the password; strangers may not", () => {
		expect(open().identify(nothing, PORTAL)).toEqual({ right: "admin", by: "setup" });
		expect(open().identify(nothing, NEAR).right).toBe("read");
		expect(open().setPassword(PASSWORD, {}, PORTAL)).toHaveProperty("session");
		stored = undefined;
		expect(open().setPassword(PASSWORD, {}, NEAR)).toHaveProperty("session");
		stored = undefined;
		expect(open().setPassword(PASSWORD, {}, STRANGER)).toEqual({ refused: "forbidden" });
	});

	test("the set-up code lets a stranger set it, and guessing the code is slowed down", () => {
		const access = open({ setupCode: "7K3M-P2QX" });
		expect(access.setupRight(STRANGER)).toBe("code");
		for (let guess = 0; guess < 5; guess++)
			expect(access.setPassword(PASSWORD, { code: "AAAA-AAAA" }, STRANGER)).toEqual({ refused: "wrong" });
		expect(access.setPassword(PASSWORD, { code: "7K3M-P2QX" }, STRANGER)).toMatchObject({
			refused: "slowed",
		});
		world.time += 2000;
		expect(access.setPassword(PASSWORD, { code: "7K3M-P2QX" }, STRANGER)).toHaveProperty("session");
	});

	test("nobody can sign in", () => {
		expect(open().signIn("", NEAR)).toEqual({ refused: "unset" });
	});
});

describe("the password", () => {
	test("once set, ends what set-up allowed, in portal mode too", () => {
		const access = guarded();
		expect(access.identify(nothing, PORTAL).right).toBe("read");
		expect(access.setPassword("another password", {}, PORTAL)).toEqual({ refused: "wrong" });
		expect(access.setupRight(PORTAL)).toBe("no");
	});

	test("signs in, and a wrong one does not", () => {
		const access = guarded();
		expect(access.signIn("correct horse", STRANGER)).toEqual({ refused: "wrong" });
		const session = signedIn(access);
		expect(access.identify({ bearer: undefined, session }, STRANGER)).toEqual({
			right: "admin",
			by: "session",
			session,
		});
	});

	test("is not even looked at while a client is locked, and is again when the lock has gone", () => {
		const access = guarded();
		for (let guess = 0; guess < 5; guess++) access.signIn("wrong guess", STRANGER);
		expect(access.signIn(PASSWORD, STRANGER)).toEqual({ refused: "slowed", wait: 2000 });
		expect(access.signIn(PASSWORD, { address: "192.168.1.51", setup: "no" })).toHaveProperty("session");
		world.time += 2000;
		expect(access.signIn(PASSWORD, STRANGER)).toHaveProperty("session");
	});

	test("is changed by who knows it; all sessions end but the new one", () => {
		const access = guarded();
		const before = signedIn(access);
		expect(access.setPassword("another password", { current: "wrong guess" }, STRANGER)).toEqual({
			refused: "wrong",
		});
		expect(access.setPassword("short", { current: PASSWORD }, STRANGER)).toMatchObject({ refused: "weak" });
		const changed = access.setPassword("another password", { current: PASSWORD }, STRANGER);
		expect(access.identify({ bearer: undefined, session: before }, STRANGER).by).toBe("nobody");
		if (!("session" in changed)) throw new Error("not changed");
		expect(access.identify({ bearer: undefined, session: changed.session }, STRANGER).by).toBe("session");
		expect(access.signIn(PASSWORD, STRANGER)).toEqual({ refused: "wrong" });
	});

	test("outlives a restart; sessions do not; neither lies in what is stored", () => {
		const access = guarded();
		const session = signedIn(access);
		const again = open();
		expect(again.identify({ bearer: undefined, session }, STRANGER).by).toBe("nobody");
		expect(again.signIn(PASSWORD, STRANGER)).toHaveProperty("session");
		expect(stored).not.toContain(PASSWORD);
		expect(stored).not.toContain(session);
	});

	test("stays as it was where the new one cannot be stored", () => {
		let full = false;
		const access = guarded({
			store: () => {
				if (full) throw new Error("the storage is full");
			},
		});
		full = true;
		expect(() => access.setPassword("another password", { current: PASSWORD }, STRANGER)).toThrow("full");
		expect(access.signIn(PASSWORD, STRANGER)).toHaveProperty("session");
	});

	test.each(["", "{", "null", "[]", '{"password":{"scheme":"none"}}', '{"password":null,"tokens":{}}'])(
		"a damaged record %j is a device without a password, not a fault",
		(text) => {
			stored = text;
			expect(open().hasPassword).toBe(false);
		},
	);
});

describe("tokens", () => {
	function token(access: Access, scope: "read" | "control" = "read"): string {
		return access.createToken("a program", scope)?.token as string;
	}

	test("give their scope, no more, and work after a restart", () => {
		const access = guarded({ readOpen: false });
		const [read, control] = [token(access), token(access, "control")];
		for (const each of [access, open({ readOpen: false })]) {
			expect(each.identify({ bearer: read, session: undefined }, STRANGER).right).toBe("read");
			expect(each.identify({ bearer: control, session: undefined }, STRANGER).right).toBe("control");
		}
		expect(stored).not.toContain(read);
	});

	test("an unknown or revoked one may nothing, even where all may read", () => {
		const access = guarded();
		const read = token(access);
		const id = access.tokens[0]?.id as string;
		expect(access.revokeToken(id)).toBe(true);
		expect(access.revokeToken(id)).toBe(false);
		const wrong = [read, "", "mtl_", read.slice(0, -1), `${read}0`, read.replace(/.$/, "g")];
		for (const bearer of wrong)
			expect(access.identify({ bearer, session: undefined }, STRANGER).right).toBe("none");
	});

	test("their last use is known", () => {
		const access = guarded();
		const read = token(access);
		const id = access.tokens[0]?.id as string;
		expect(access.tokenUnusedFor(id)).toBeUndefined();
		access.identify({ bearer: read, session: undefined }, STRANGER);
		world.time += 90_000;
		expect(access.tokenUnusedFor(id)).toBe(90_000);
	});

	test("are bounded in number and stored names are checked", () => {
		const access = guarded();
		for (let count = 0; count < MOST_TOKENS; count++) expect(token(access)).toBeDefined();
		expect(access.createToken("one more", "read")).toBeUndefined();
		const kept = JSON.parse(stored as string);
		kept.tokens[0].name = "x".repeat(LONGEST_TOKEN_NAME + 1);
		kept.tokens[1].scope = "admin";
		kept.tokens[2].hash = "00";
		kept.tokens[3] = null;
		stored = JSON.stringify(kept);
		expect(open().tokens).toHaveLength(MOST_TOKENS - 4);
	});
});

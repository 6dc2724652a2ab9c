// How good a password is, in words. An estimate for people, not a gate: the gateway refuses only what is too short or
// too long (access/password.ts).

export type Strength = "empty" | "short" | "long" | "weak" | "fair" | "good" | "strong";

export const SHORTEST_PASSWORD = 8;
const LONGEST_BYTES = 128;

/** What is tried first by everyone who guesses: alone, or with digits around it. */
const COMMON =
	/^\W*\d*(password|passwort|adgangskode|passord|losenord|wachtwoord|admin|meterling|qwerty|qwertz|azerty|letmein|welcome|welkom|velkommen|iloveyou|football|secret|geheim|abc|test|default|changeme|monkey|dragon|master|sunshine|princess)\w{0,4}\W*(\d+\W*)?$/i;
/** Bits per guess-proof character by what it is made of. */
const POOLS: readonly (readonly [RegExp, number])[] = [
	[/[a-z]/, 26],
	[/[A-Z]/, 26],
	[/\d/, 10],
	[/[^A-Za-z\d]/, 20],
];
const FAIR_BITS = 36;
const GOOD_BITS = 50;
const STRONG_BITS = 75;

export function strengthOf(password: string): Strength {
	const length = [...password].length;
	if (length === 0) return "empty";
	if (length < SHORTEST_PASSWORD) return "short";
	if (new TextEncoder().encode(password).length > LONGEST_BYTES) return "long";
	const bits = COMMON.test(password) ? 0 : bitsOf(password);
	return bits < FAIR_BITS ? "weak" : bits < GOOD_BITS ? "fair" : bits < STRONG_BITS ? "good" : "strong";
}

/** Characters that repeat or go on from the one before (aaa, 123, cba) count for little. */
function bitsOf(password: string): number {
	const pool = POOLS.reduce((sum, [kind, size]) => (kind.test(password) ? sum + size : sum), 0);
	let counted = 1;
	for (let at = 1; at < password.length; at++) {
		const step = password.charCodeAt(at) - password.charCodeAt(at - 1);
		counted += Math.abs(step) <= 1 ? 0.25 : 1;
	}
	// Few different characters are few, however often they come.
	const different = new Set(password).size;
	return Math.min(counted, different * 2) * Math.log2(Math.max(pool, 2));
}

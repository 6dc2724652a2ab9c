// Passwords as people choose them, and what they are told. The bounds are the gateway's own: 8 characters, 128 bytes.
import { strengthOf } from "../../web/password-strength.js";

test.each([
	["", "empty"],
	["seven", "short"],
	["1234567", "short"],
	["æøåæøåæ", "short"],
	["12345678", "weak"],
	["abcdefghij", "weak"],
	["aaaaaaaaaaaaaaaa", "weak"],
	["password", "weak"],
	["Password123!", "weak"],
	["meterling2026", "weak"],
	["qwertyuiop1", "weak"],
	["tr7kqm2x", "fair"],
	["correct horse", "good"],
	["seven green kettles", "strong"],
	["x".repeat(129), "long"],
	["ø".repeat(65), "long"],
] as const)("%j is %s", (password, strength) => {
	expect(strengthOf(password)).toBe(strength);
});

test("a longer password is never worse than its beginning", () => {
	const order = ["empty", "short", "weak", "fair", "good", "strong"];
	const password = "Blue teapot, 3 of them, on Tuesday";
	let before = 0;
	for (let length = 0; length <= password.length; length++) {
		const now = order.indexOf(strengthOf(password.slice(0, length)));
		expect(now).toBeGreaterThanOrEqual(before);
		before = now;
	}
});

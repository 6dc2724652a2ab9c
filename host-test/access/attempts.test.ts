import { Attempts, FREE_FAILURES, FREE_FAILURES_IN_ALL } from "../../access/attempts.js";

let now: number;
let attempts: Attempts;

beforeEach(() => {
	now = 5000;
	attempts = new Attempts(() => now);
});

/** Guesses wrong as often as it may within the time, as fast as it may; how often that was. */
function guessesWithin(milliseconds: number, address: () => string): number {
	const end = now + milliseconds;
	for (let count = 0; ; count++) {
		const guesser = address();
		now += attempts.wait(guesser);
		if (now >= end) {
			now = end;
			return count;
		}
		attempts.failed(guesser);
	}
}

test("five wrong guesses cost nothing, then each doubles the wait from 2 s", () => {
	for (let guess = 0; guess < FREE_FAILURES; guess++) {
		expect(attempts.wait("a")).toBe(0);
		attempts.failed("a");
	}
	const waits: number[] = [];
	for (let guess = 0; guess < 4; guess++) {
		waits.push(attempts.wait("a"));
		now += waits[guess] as number;
		attempts.failed("a");
	}
	expect(waits).toEqual([2000, 4000, 8000, 16_000]);
});

test("one client is not held up by another's failures", () => {
	for (let guess = 0; guess < FREE_FAILURES + 3; guess++) attempts.failed("a");
	expect(attempts.wait("a")).toBeGreaterThan(0);
	expect(attempts.wait("b")).toBe(0);
});

test("no wait is longer than five minutes, and an hour of quiet ends them all: nobody is locked out for ever", () => {
	guessesWithin(24 * 3_600_000, () => "a");
	expect(attempts.wait("a")).toBeLessThanOrEqual(5 * 60_000);
	now += 5 * 60_000;
	expect(attempts.wait("a")).toBe(0);
	now += 2 * 3_600_000;
	for (let guess = 0; guess < FREE_FAILURES; guess++) {
		expect(attempts.wait("a")).toBe(0);
		attempts.failed("a");
	}
});

test("one client gets no more than some hundred guesses a day", () => {
	expect(guessesWithin(24 * 3_600_000, () => "a")).toBeLessThan(400);
});

test("a thousand addresses get no more than one guess in 20 s between them", () => {
	let next = 0;
	const guesses = guessesWithin(3_600_000, () => `10.0.0.${next++ % 1000}`);
	expect(guesses).toBeLessThanOrEqual(FREE_FAILURES_IN_ALL + 3600 / 20);
	expect(guesses).toBeGreaterThan(100);
});

test("who has signed in from there before is not held up by strangers", () => {
	attempts.succeeded("owner");
	for (let stranger = 0; stranger < FREE_FAILURES_IN_ALL; stranger++) attempts.failed(`10.0.0.${stranger}`);
	expect(attempts.wait("stranger")).toBeGreaterThan(0);
	expect(attempts.wait("owner")).toBe(0);
});

test("signing in forgets a client's failures", () => {
	for (let guess = 0; guess < FREE_FAILURES; guess++) attempts.failed("a");
	attempts.succeeded("a");
	expect(attempts.wait("a")).toBe(0);
});

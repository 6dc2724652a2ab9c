// Budgets of the hot paths, on the XS engine of @agoric/xsnap, whose counters say the same on every computer: what a case
// computes, as a ratio to the reference loop of the same run; slots that it takes; and that more bytes take no more slots.
// Times are for `npm run bench` (docs/performance.md). That no regular expression goes over a telegram is
// host-test/architecture/stripped-engine.test.ts: the device path has none at all.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

interface Measured {
	readonly cases: readonly { name: string; ratio: number; slots: number; chunks: number }[];
	readonly lengths: readonly { name: string; bytes: number; slots: number }[];
}

/** Case, most computation (1: the reference loop, a bitwise CRC of 128 bytes), most slots. A tenth above what they take. */
const BUDGETS: readonly [name: string, ratio: number, slots: number][] = [
	["Kamstrup list, every 10 s", 0.96, 266],
	["Kamstrup list, hourly", 1.26, 306],
	["Kamstrup list, encrypted", 3.4, 428],
	["Austrian push, two M-Bus frames", 2.2, 800],
	["P1, 0.4 KB", 2.4, 227],
	["P1, 1.0 KB", 4.55, 432],
	["P1, 2.5 KB", 10.0, 942],
	["Kamstrup 382, readout", 1.04, 88],
	["KMP, 8 registers", 0.58, 140],
	["JSON of the Kamstrup list", 0.21, 360],
	["JSON of P1, 1.0 KB", 0.61, 940],
	["Home Assistant discovery of P1, 1.0 KB", 2.5, 4950],
	["P1 telegram from the Kamstrup list", 1.9, 2730],
	["history, a month by day", 13.5, 7300],
];
/** What one reading of P1 of 1.0 KB may take of the chunks on a 64-bit computer, its own texts included. */
const MOST_P1_CHUNKS = 7_700;
/** A long text is made in pieces of 32 characters; 768 bytes more of hexadecimal digits are 12 pieces more. */
const SLOTS_OF_PIECE = 7;
const SECONDS = 120;
const NO_ENGINE = 3;

const root = resolve(__dirname, "../..");
const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/bench-budgets.mjs"], {
	...{ cwd: root, encoding: "utf8", timeout: SECONDS * 1000 },
});

if (status === NO_ENGINE) test.skip("needs the XS engine: npm rebuild @agoric/xsnap", () => {});
else {
	if (status !== 0) throw new Error(stderr);
	const { cases, lengths } = JSON.parse(stdout) as Measured;

	test.each(BUDGETS)("%s: at most %d reference loops and %d slots", (name, most, mostSlots) => {
		const measured = cases.find((each) => each.name === name);
		expect(measured?.ratio).toBeLessThanOrEqual(most);
		expect(measured?.slots).toBeLessThanOrEqual(mostSlots);
	});

	test("every case has its budget", () => {
		expect(BUDGETS.map(([name]) => name)).toEqual(cases.map(({ name }) => name));
	});

	test("P1, 1.0 KB: bytes of chunks", () => {
		expect(cases.find(({ name }) => name === "P1, 1.0 KB")?.chunks).toBeLessThanOrEqual(MOST_P1_CHUNKS);
	});

	test.each(lengths.filter(({ name }) => name.endsWith("noise")))(
		"$name: $bytes bytes more take no slot each",
		// What noise is told in has a few: the layers of a HAN port tell it for each kilobyte.
		({ slots }) => expect(slots).toBeLessThan(20),
	);

	test("a longer text in a telegram takes slots for its pieces, not for its bytes", () => {
		const { bytes = 0, slots = 0 } = lengths.find(({ name }) => name === "p1, a long message") ?? {};
		expect(bytes).toBe(768);
		expect(slots).toBeLessThanOrEqual((bytes / 2 / 32) * SLOTS_OF_PIECE);
	});
}

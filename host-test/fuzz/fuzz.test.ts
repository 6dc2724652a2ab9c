// Every fuzz target on its seeds and on the kept corpus, and for a moment on inputs that fast-check makes of them and, where
// one breaks something, makes smaller. The long runs, guided by coverage, are `npm run fuzz`.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { TARGETS } from "./all";
import { type Edit, edited } from "./edits";

/** METERLING_RUNS=5000 looks further, from another seed each time. */
const RUNS = Number(process.env.METERLING_RUNS ?? 60);
const SEED = process.env.METERLING_RUNS === undefined ? { seed: 20_251_121 } : {};
/** They need stand-ins for modules of the SDK, which the fuzzer bundles. */
const BUNDLED = ["tls-certificates", "tls-handshake", "mqtt-client"];
const CORPUS = join(__dirname, "corpus");

const edit: fc.Arbitrary<Edit> = fc.record({
	kind: fc.nat(255),
	at: fc.nat(0xffff),
	size: fc.oneof(fc.nat(8), fc.nat(256)),
	value: fc.nat(0xffff),
});

function kept(name: string): readonly Uint8Array[] {
	const file = join(CORPUS, `${name}.txt`);
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, "utf8").split("\n");
	return lines.filter((line) => line !== "").map((line) => new Uint8Array(Buffer.from(line, "hex")));
}

describe.each(TARGETS.map((target) => [target.name, target] as const))("%s", (name, target) => {
	const seeds = target.seeds();
	const corpus = kept(name);

	test("withstands its seeds and the kept corpus", () => {
		expect(seeds.length).toBeGreaterThan(0);
		for (const input of [...seeds, ...corpus]) target.run(input.slice());
	});

	test("withstands what is made of them", () => {
		const inputs = [...seeds, ...corpus];
		const words = (target.words ?? []).map((word) => Uint8Array.from(Buffer.from(word, "latin1")));
		const around = { longest: target.longest, words, others: inputs };
		const input = fc
			.tuple(fc.nat(inputs.length - 1), fc.array(edit, { minLength: 1, maxLength: 6 }))
			.map(([which, edits]) => edited(inputs[which] as Uint8Array, edits, around));
		fc.assert(
			fc.property(input, (bytes) => target.run(bytes)),
			{ numRuns: RUNS, ...SEED },
		);
	});
});

test("the fuzzer itself finds nothing in a moment, in the targets that only it can run", () => {
	const words = [join(__dirname, "../../tools/fuzz.mjs"), ...BUNDLED, "--inputs", "300", "--seconds", "20"];
	const said = execFileSync(process.execPath, words, { encoding: "utf8" });
	expect(said).toMatch(/^[1-9]\d* inputs, 0 faults$/m);
}, 60_000);

test("each corpus has its target", () => {
	const names = [...TARGETS.map(({ name }) => name), ...BUNDLED].map((name) => `${name}.txt`);
	expect(readdirSync(CORPUS).filter((file) => !names.includes(file))).toEqual([]);
});

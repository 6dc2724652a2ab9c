// Fuzzes everything that is sent to the gateway: `npm run fuzz -- [TARGET …] [--inputs N] [--seconds S] [--seed N] [--keep]`.
// Without targets all of them, one after the other, each in a process of its own. What is kept in host-test/fuzz/corpus
// is where it begins; `--keep` adds to it what is new. Ends with a table; exit code 1 where a fault was found. Its input
// lies in build/fuzz/faults then, and is tried again by `npm run fuzz -- TARGET --input FILE`.
import { fork } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { counting } from "./fuzz/instrument.mjs";
import { standIns } from "./fuzz/stand-ins.mjs";
import { hostPlatform } from "./host-platform.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "build/fuzz");
const kept = join(root, "host-test/fuzz/corpus");
const DEFAULT_INPUTS = 20_000;
const DEFAULT_SECONDS = 60;
const GRACE_SECONDS = 600;
/** What the heap may have grown by besides the corpus, in KB: V8 keeps compiled code, and frees some things late. */
const MOST_GROWN = 16_384;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		inputs: { type: "string" },
		seconds: { type: "string" },
		seed: { type: "string" },
		input: { type: "string" },
		keep: { type: "boolean" },
		child: { type: "boolean" },
	},
});
const inputs = Number(values.inputs ?? DEFAULT_INPUTS);
const seconds = Number(values.seconds ?? DEFAULT_SECONDS);
const seed = Number(values.seed ?? 1);
if (!(inputs > 0 && seconds > 0 && Number.isInteger(seed)))
	usage("--inputs, --seconds and --seed are numbers");

if (values.child) await fuzzOne(positionals[0]);
else await fuzzAll();

function usage(problem) {
	console.error(
		`fuzz: ${problem}\nnpm run fuzz -- [TARGET …] [--inputs N] [--seconds S] [--seed N] [--keep] [--input FILE]`,
	);
	process.exit(2);
}

async function fuzzAll() {
	const names = await bundle();
	const wanted = positionals.length > 0 ? positionals : names;
	for (const name of wanted)
		if (!names.includes(name)) usage(`no target "${name}"; there are ${names.join(", ")}`);
	if (values.input) return tryInput(wanted[0]);
	const results = [];
	for (const name of wanted) {
		const began = Date.now();
		const result = await new Promise((done) => {
			let told = { name, inputs: 0, faults: ["the process ended"] };
			const child = fork(
				fileURLToPath(import.meta.url),
				[...process.argv.slice(2), name, "--child"].filter(
					(word) => word === name || !positionals.includes(word),
				),
				{
					execArgv: ["--expose-gc", "--stack-size=900"],
				},
			);
			child.on("message", (message) => {
				told = message;
			});
			// The fuzzer ends endless loops of counted code; what hangs elsewhere is ended here.
			const watch = setTimeout(() => child.kill("SIGKILL"), (seconds + GRACE_SECONDS) * 1000);
			child.on("exit", () => {
				clearTimeout(watch);
				done(told);
			});
		});
		results.push(result);
		const { faults, features, corpus, dearest, grown } = result;
		console.log(
			[
				name.padEnd(20),
				`${result.inputs} inputs`.padStart(16),
				`${((Date.now() - began) / 1000).toFixed(0)} s`.padStart(7),
				`${features} features, ${corpus} kept`.padStart(28),
				`at most ${dearest}`.padStart(36),
				`heap ${grown} KB`.padStart(14),
				`${faults.length} faults`,
			].join("  "),
		);
		for (const fault of faults) console.log(`  ${fault}`);
	}
	const sum = results.reduce((all, each) => all + each.inputs, 0);
	const faults = results.reduce((all, each) => all + each.faults.length, 0);
	console.log(`${sum} inputs, ${faults} faults`);
	process.exitCode = faults > 0 ? 1 : 0;
}

/** The targets, counted, for the processes that run them; their names. */
async function bundle() {
	mkdirSync(join(folder, "faults"), { recursive: true });
	mkdirSync(join(folder, "corpus"), { recursive: true });
	await build({
		absWorkingDir: root,
		entryPoints: { targets: "host-test/fuzz/fuzzed.ts" },
		outdir: folder,
		outExtension: { ".js": ".cjs" },
		bundle: true,
		platform: "node",
		format: "cjs",
		target: "node20",
		packages: "external",
		plugins: [standIns, hostPlatform, counting(root)],
		logLevel: "warning",
	});
	await import("./fuzz/engine.mjs");
	return loaded().TARGETS.map(({ name }) => name);
}

function loaded() {
	return createRequire(import.meta.url)(join(folder, "targets.cjs"));
}

function tryInput(name) {
	const { TARGETS } = loaded();
	TARGETS.find((each) => each.name === name).run(new Uint8Array(readFileSync(values.input)));
	console.log(`${name}: withstands ${values.input}`);
}

async function fuzzOne(name) {
	const { Fuzzer, fewest } = await import("./fuzz/engine.mjs");
	const { TARGETS, edited, randomEdits, Random } = loaded();
	const target = TARGETS.find((each) => each.name === name);
	const fuzzer = new Fuzzer(target, { edited, randomEdits, Random }, seed);
	const seeds = target.seeds();
	fuzzer.begin(seeds);
	for (const file of [join(kept, `${name}.txt`), join(folder, "corpus", `${name}.txt`)])
		if (existsSync(file)) fuzzer.begin(fromLines(readFileSync(file, "utf8")));
	const until = Date.now() + seconds * 1000;
	// First what the engine itself needs room for; then nothing may grow but what is kept.
	fuzzer.run(Math.min(2000, inputs / 4), until);
	const before = heap();
	const held = size(fuzzer);
	fuzzer.run(inputs - Math.min(2000, inputs / 4), until);
	const grown = Math.round((heap() - before - (size(fuzzer) - held)) / 1024);
	const found = fuzzer.corpus.filter(({ given }) => !given);
	writeFileSync(join(folder, "corpus", `${name}.txt`), lines(fuzzer.corpus.map(({ input }) => input)));
	if (values.keep && !target.fleeting) {
		const entries = fuzzer.corpus
			.filter(({ input }) => !seeds.includes(input))
			.map(({ input }) => ({ input }));
		const given = seeds.map((input) => ({ input, given: true }));
		const few = fewest(target, [...given, ...entries]);
		if (few.length > 0) writeFileSync(join(kept, `${name}.txt`), lines(few));
	}
	const faults = fuzzer.faults.map(({ error, input, signature }, index) => {
		const file = join(folder, "faults", `${name}-${seed}-${index}`);
		writeFileSync(file, input);
		return `${error.message.slice(0, 300)} [${signature.slice(0, 200)}] ${file} (${input.length} bytes)`;
	});
	if (grown > MOST_GROWN) faults.push(`the heap has grown by ${grown} KB`);
	process.send({
		...{ name, inputs: fuzzer.inputs, features: fuzzer.features, corpus: found.length, faults, grown },
		dearest: `${fuzzer.dearest.steps} steps for ${fuzzer.dearest.length} bytes`,
	});
	process.exit(0);
}

function heap() {
	globalThis.gc?.();
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	return heapUsed + arrayBuffers;
}

function size({ corpus }) {
	return corpus.reduce((sum, { input }) => sum + input.length + 200, 0);
}

function lines(inputs) {
	return inputs.map((input) => `${Buffer.from(input).toString("hex")}\n`).join("");
}

function fromLines(text) {
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => new Uint8Array(Buffer.from(line, "hex")));
}

// History's figures: what a year takes of the flash, with 2, 6 and 12 counters; and, where the Moddable SDK is, how long XS takes
// for a year's queries on this computer and how much of its heap. Exit 1 where a year by day takes 100 ms or 12 KB, or a year 512 KB.
//
//   node tools/bench-history.mjs
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { compiledHost } from "./run-xs.mjs";
import { ROOT, requireSdk, runTool } from "./xs-sdk.mjs";

const MOST_MS = 100;
const MOST_HEAP = 12 * 1024;
const MOST_FLASH = 512 * 1024;
const COUNTERS = [2, 6, 12];
const FOLDER = join(ROOT, "build/bench-history");
const BLOCK = 4096;

const { liveYear, MemoryFiles } = await bundled();
let failed = false;
const years = new Map();

console.log("counters  files  flash KB  writes a year  bytes a year  largest write");
for (const counters of COUNTERS) {
	const files = new MemoryFiles();
	liveYear(files, counters);
	years.set(counters, files);
	if (files.blocks * BLOCK > MOST_FLASH) failed = true;
	const row = [
		counters,
		files.files.size,
		files.blocks * 4,
		files.writes,
		files.bytesWritten,
		files.largestWrite,
	];
	console.log(row.map((value, index) => `${value}`.padStart([8, 7, 10, 15, 14, 15][index])).join(""));
}

if (process.env.MODDABLE) await onXs();
else console.log("MODDABLE is not set: XS was not measured");
process.exit(failed ? 1 : 0);

/** The maker of a year, bundled for Node. */
async function bundled() {
	const outfile = join(FOLDER, "year.mjs");
	const contents = [
		'export { liveYear } from "./host-test/readings/history/year-of.ts";',
		'export { MemoryFiles } from "./host-test/readings/history/storage.ts";',
	].join("\n");
	const stdin = { contents, resolveDir: ROOT, loader: "ts" };
	await build({ stdin, outfile, bundle: true, format: "esm", platform: "node", logLevel: "warning" });
	return import(pathToFileURL(outfile));
}

async function onXs() {
	const sdk = requireSdk("bench-history");
	const library = await builtApp(sdk);
	console.log(
		"\non XS for Linux     counters  answer KB CPU ms  held KB  with garbage KB (a slot has 16 bytes, as on the chip)",
	);
	for (const [counters, files] of years) {
		const state = mkdtempSync(join(tmpdir(), "meterling-history-"));
		for (const [name, bytes] of files.files) writeFileSync(join(state, name), bytes);
		for (const { name, bytes, milliseconds, held, peak } of await ran(sdk, library, state)) {
			const isJudged = name.startsWith("year by day");
			const wrong = isJudged && (milliseconds >= MOST_MS || held >= MOST_HEAP);
			if (wrong) failed = true;
			const row = [
				`${counters}`,
				(bytes / 1024).toFixed(1),
				milliseconds.toFixed(0),
				(held / 1024).toFixed(1),
				(peak / 1024).toFixed(1),
			];
			const cells = row.map((text, index) => text.padStart([8, 11, 7, 9, 17][index])).join("");
			console.log(`${name.padEnd(20)}${cells}${wrong ? "  TOO MUCH" : ""}`);
		}
		rmSync(state, { recursive: true, force: true });
	}
}

/** Builds host-test/xs-history; its modules are those that esbuild finds. Returns the library's path. */
async function builtApp(sdk) {
	const { metafile } = await build({
		entryPoints: [join(ROOT, "host-test/xs-history/main.ts")],
		...{ bundle: true, write: false, metafile: true, format: "esm", absWorkingDir: ROOT },
		external: ["embedded:*", "*heap-native.js"],
	});
	const names = Object.keys(metafile.inputs).map((path) => path.replace(/\.ts$/, ""));
	const modules = Object.fromEntries(names.map((name) => [name, join(ROOT, name)]));
	const manifest = join(FOLDER, "xs-history/manifest.json");
	mkdirSync(join(FOLDER, "xs-history"), { recursive: true });
	const compilerOptions = { noCheck: true, verbatimModuleSyntax: true, isolatedModules: true };
	const text = JSON.stringify({
		include: ["$(MODDABLE)/examples/manifest_base.json", "$(MODDABLE)/modules/io/files/manifest.json"],
		creation: { main: "host-test/xs-history/main" },
		config: { files: "." },
		typescript: { tsconfig: { compilerOptions } },
		modules: {
			...modules,
			"host-test/xs-history/heap-native": join(ROOT, "host-test/xs-history/heap-native"),
		},
	});
	writeFileSync(manifest, text);
	const out = join(FOLDER, "out");
	mkdirSync(out, { recursive: true });
	if (runTool(sdk, "mcconfig", ["-m", "-p", "lin", "-t", "build", "-o", out, manifest]) !== 0)
		process.exit(1);
	return join(out, "bin/lin/mc/release/xs-history/mc.so");
}

/** What the application says. */
function ran({ sdk }, library, cwd) {
	return new Promise((done, fail) => {
		const child = spawn(compiledHost(sdk), [library], { cwd, stdio: ["ignore", "pipe", "inherit"] });
		const results = [];
		child.on("exit", (code) => fail(new Error(`XS ended with ${code}`)));
		createInterface({ input: child.stdout }).on("line", (line) => {
			if (line.startsWith("{")) results.push(JSON.parse(line));
			if (line !== "history done") return;
			child.kill("SIGTERM");
			done(results);
		});
	});
}

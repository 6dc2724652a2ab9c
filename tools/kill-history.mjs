// kill -9 of a process that writes history, on this computer's real files: 1,000 times while hours are written, 1,000 times in
// the middle of imports. Prints what was found; exit 1 where anything kept was lost, or a value is there that nobody told.
//
//   node tools/kill-history.mjs [KILLS]          what is checked: host-test/readings/history/kills.ts
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = resolve(fileURLToPath(import.meta.url), "../..");
const PLATFORM = join(ROOT, "host/platform");

/** Bundles the program for Node with the host's platform in the place of the SDK's; returns its path. */
export async function killProgram() {
	const specifiers = JSON.parse(readFileSync(join(PLATFORM, "specifiers.json"), "utf8"));
	const outfile = join(ROOT, "build/kill-history/kills.mjs");
	await build({
		entryPoints: [join(ROOT, "host-test/readings/history/kills.ts")],
		outfile,
		bundle: true,
		platform: "node",
		format: "esm",
		logLevel: "warning",
		alias: Object.fromEntries(Object.entries(specifiers).map(([name, file]) => [name, join(PLATFORM, file)])),
	});
	return outfile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const program = await killProgram();
	const kills = process.argv[2] ?? "1000";
	let failed = false;
	for (const way of ["hours", "import"])
		if (spawnSync(process.execPath, [program, way, kills], { stdio: "inherit" }).status !== 0) failed = true;
	process.exit(failed ? 1 : 0);
}

// Builds the conformance application with the Moddable SDK and runs it on XS. Its working folder holds
// surroundings.json; its lines go to standard output. Ends when the suite is done, or with XS's own code.
//
//   node host-test/xs-conformance/run.mjs FOLDER      needs MODDABLE; exit 3 where it is not set
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { compileLean } from "../../tools/lean-modules.mjs";
import { compiledHost } from "../../tools/run-xs.mjs";
import { ROOT, requireSdk, runTool } from "../../tools/xs-sdk.mjs";

const sdk = requireSdk("xs-conformance");
const out = join(ROOT, "build/xs-conformance/out");
mkdirSync(out, { recursive: true });
const manifest = join(ROOT, "host-test/xs-conformance/manifest.json");
const flags = ["-p", "lin", "-t", "build", "-o", out, manifest];
const folder = join(out, "tmp/lin/mc/release/xs-conformance");
if (runTool(sdk, "mcconfig", flags) !== 0) process.exit(1);
// As in the firmware: tools/build-xs.mjs.
compileLean(sdk.sdk, folder, (goals) => runTool(sdk, "make", ["-f", join(folder, "makefile"), ...goals]));
if (runTool(sdk, "mcconfig", ["-m", ...flags]) !== 0) process.exit(1);

const library = join(out, "bin/lin/mc/release/xs-conformance/mc.so");
const child = spawn(compiledHost(sdk.sdk), [library], {
	cwd: process.argv[2],
	stdio: ["ignore", "pipe", "inherit"],
});
child.on("exit", (code) => process.exit(code ?? 1));
createInterface({ input: child.stdout }).on("line", (line) => {
	process.stdout.write(`${line}\n`);
	if (line === "conformance done") child.kill("SIGTERM");
});

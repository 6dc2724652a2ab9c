// Builds the firmware with the test's fault and runs it on XS as tools/run-xs.mjs runs the real one: started again
// where it asks for that. Its working folder is the state folder. SIGTERM ends it.
//
//   node host-test/xs-crash/run.mjs FOLDER      needs MODDABLE; exit 3 where it is not set
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { superviseXs } from "../../tools/run-xs.mjs";
import { ROOT, requireSdk, runTool } from "../../tools/xs-sdk.mjs";

const sdk = requireSdk("xs-crash");
const out = join(ROOT, "build/xs-crash/out");
mkdirSync(out, { recursive: true });
const manifest = join(ROOT, "host-test/xs-crash/manifest.json");
const flags = ["-m", "-p", "lin", "-t", "build", "-o", out, manifest];
if (runTool(sdk, "mcconfig", flags) !== 0) process.exit(1);

const library = join(out, "bin/lin/mc/release/xs-crash/mc.so");
const machine = superviseXs({ sdk: sdk.sdk, library, state: process.argv[2] });
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, machine.stop);
process.exit(await machine.exit);

// Fault drills: npm run drill -- NAME [--long], or without a name for their list. A drill is a program of host-test/drills, tests
// that are there already, or both; the short form of all of them is in `npm test`. Prints what was counted, a line each; exit 1
// on a fault. Results: docs/reliability.md.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const ROOT = resolve(fileURLToPath(import.meta.url), "../..");
const PLATFORM = join(ROOT, "host/platform");
const WRONG_USAGE = 2;

/**
 * `program`: file and export of host-test/drills. `tests`: what jest runs; some run on the XS engine besides, where MODDABLE is set
 * and `npm run build:linux` was run. `long`: the long form's environment and further commands.
 */
const DRILLS = {
	noise: { program: ["noise", "noise"], tests: ["host-test/meters/noise"] },
	broker: {
		program: ["broker", "broker"],
		tests: ["host-test/drills/broker-real", "host-test/e2e/broker-restart"],
		long: { environment: { METERLING_LONG: "1" } },
	},
	wifi: { program: ["wifi", "wifi"], tests: ["host-test/e2e/portal"] },
	dns: { program: ["names", "names"] },
	clock: { program: ["clock", "clock"], tests: ["host-test/readings/history/by-hand"] },
	silent: { program: ["silent", "silent"] },
	exchange: { program: ["exchange", "exchange"] },
	usb: { program: ["usb", "usb"], tests: ["host-test/e2e/pty"] },
	"two-gateways": { program: ["two-gateways", "twoGateways"] },
	"storage-full": {
		program: ["full", "full"],
		tests: ["host-test/app/storage-bounds", "host-test/readings/history/full-storage"],
	},
	"power-cut": {
		tests: [
			"host-test/settings/power-cut",
			"host-test/readings/history/power-cut",
			"host-test/readings/history/littlefs",
		],
		long: { environment: { METERLING_CUTS: "1000" } },
	},
	kill: {
		tests: ["host-test/settings/kill", "host-test/readings/history/kill"],
		long: { commands: [["node", "tools/kill-history.mjs", "1000"]] },
	},
	crash: { tests: ["host-test/e2e/crash", "host-test/app/survival"] },
};

/** The program's drill, bundled for Node with the host's platform in the place of the SDK's. */
async function drillOf([file, name]) {
	const specifiers = JSON.parse(readFileSync(join(PLATFORM, "specifiers.json"), "utf8"));
	const outfile = join(ROOT, `build/drills/${file}.mjs`);
	await build({
		entryPoints: [join(ROOT, `host-test/drills/${file}.ts`)],
		outfile,
		bundle: true,
		platform: "node",
		format: "esm",
		packages: "external",
		logLevel: "warning",
		alias: Object.fromEntries(Object.entries(specifiers).map(([key, path]) => [key, join(PLATFORM, path)])),
	});
	return (await import(pathToFileURL(outfile)))[name];
}

async function runProgram(program, long) {
	const drill = await drillOf(program);
	console.log(`${drill.name}: ${drill.what}`);
	const { counts, faults } = await drill.run(long);
	for (const line of counts) console.log(`  ${line}`);
	for (const fault of faults) console.log(`  FAULT ${fault}`);
	return faults.length === 0;
}

function runCommand([command, ...flags], environment = {}) {
	const env = { ...process.env, ...environment };
	return spawnSync(command, flags, { cwd: ROOT, stdio: "inherit", env }).status === 0;
}

/** The lines that tests print, and how many passed; their stack traces only where one fails. */
function runTests(tests, environment = {}) {
	const env = { ...process.env, ...environment };
	const flags = [join(ROOT, "node_modules/.bin/jest"), "--silent=false", "--runInBand", ...tests];
	const { status, stderr, stdout } = spawnSync(process.execPath, flags, { cwd: ROOT, encoding: "utf8", env });
	const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
	if (status !== 0) console.log(lines.join("\n"));
	else
		for (const line of lines)
			if (/\d.*([:;,]) /.test(line) && !/^(at |Time|Ran|Snapshots|PASS|✓|○|Test Suites)/.test(line))
				console.log(`  ${line}`);
	return status === 0;
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { long: { type: "boolean", default: false } },
});
const [name] = positionals;
const drill = DRILLS[name];
if (!drill) {
	console.error(`npm run drill -- NAME [--long], NAME one of: ${Object.keys(DRILLS).join(", ")}`);
	process.exit(WRONG_USAGE);
}
const { program, tests, long } = drill;
const environment = values.long ? long?.environment : {};
let isWell = true;
if (program) isWell = (await runProgram(program, values.long)) && isWell;
if (tests) isWell = runTests(tests, environment) && isWell;
for (const command of (values.long && long?.commands) || []) isWell = runCommand(command) && isWell;
console.log(`${name}: ${isWell ? "no fault" : "FAILED"}`);
process.exit(isWell ? 0 : 1);

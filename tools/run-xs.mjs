// Runs the Linux build of the firmware on the XS engine, without a window. Its working folder is the state folder:
// the app reads settings.json there. Ends as the machine ends: 100 + the reason's number where XS aborted.
//
//   node tools/run-xs.mjs --state DIR [--instrumented | --debug] [--limits]
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { linuxBuild, ROOT, requireSdk } from "./xs-sdk.mjs";

const WRONG_USAGE = 2;
const HOST_SOURCE = join(ROOT, "tools/xs-host/xs-host.c");
const HOST = join(ROOT, "build/xs-host");

/** Compiles the host program where it is missing or old; returns its path. Throws with the compiler's words. */
export function compiledHost(sdk) {
	if (existsSync(HOST) && statSync(HOST).mtimeMs > statSync(HOST_SOURCE).mtimeMs) return HOST;
	mkdirSync(dirname(HOST), { recursive: true });
	const glib = run("pkg-config", ["--cflags", "--libs", "glib-2.0"]).trim().split(/\s+/);
	const include = `-I${join(sdk, "build/simulators/modules")}`;
	run("cc", ["-O2", "-Wall", "-o", HOST, HOST_SOURCE, include, ...glib, "-ldl"]);
	return HOST;
}

function run(command, flags) {
	const { status, stdout, stderr, error } = spawnSync(command, flags, { encoding: "utf8" });
	if (error || status !== 0) throw new Error(`${command}: ${error?.message ?? stderr}`);
	return stdout;
}

/** Starts a built app as a child process. `stdio` as in node:child_process. */
export function startXs({ sdk, state, mode, limits, stdio = "inherit" }) {
	const { library } = linuxBuild({ mode, limits });
	if (!existsSync(library)) throw new Error(`${relative(ROOT, library)} is not built: npm run build:linux`);
	mkdirSync(state, { recursive: true });
	return spawn(compiledHost(sdk), [library], { cwd: state, stdio });
}

function main(flags) {
	const options = {
		state: { type: "string" },
		instrumented: { type: "boolean", default: false },
		debug: { type: "boolean", default: false },
		limits: { type: "boolean", default: false },
	};
	let values;
	try {
		({ values } = parseArgs({ args: flags, options }));
		if (!values.state) throw new Error("--state DIR is needed");
	} catch (error) {
		console.error(`run-xs: ${error.message}`);
		process.exit(WRONG_USAGE);
	}
	const { sdk } = requireSdk("run-xs");
	const mode = values.debug ? "debug" : values.instrumented ? "instrumented" : "release";
	let child;
	try {
		child = startXs({ sdk, state: resolve(values.state), mode, limits: values.limits });
	} catch (error) {
		console.error(`run-xs: ${error.message}`);
		process.exit(WRONG_USAGE);
	}
	for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => child.kill("SIGTERM"));
	child.on("exit", (code) => process.exit(code ?? 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));

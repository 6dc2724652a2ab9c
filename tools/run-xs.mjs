// Runs the Linux build of the firmware on the XS engine, without a window. Its working folder is the state folder:
// the app reads settings.json there. Where the machine asks for a restart, or crashes, it is started again, as a chip
// would be; with --once it ends as the machine ends: 100 + the reason's number where XS aborted.
//
//   node tools/run-xs.mjs --state DIR [--instrumented | --debug] [--limits] [--once]
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

/** Starts a built app as a child process. `stdio` as in node:child_process; `reset`: why it is started, for its health. */
export function startXs({ sdk, state, mode, limits, stdio = "inherit", reset = "power-on" }) {
	const { library } = linuxBuild({ mode, limits });
	if (!existsSync(library)) throw new Error(`${relative(ROOT, library)} is not built: npm run build:linux`);
	mkdirSync(state, { recursive: true });
	return startHost(sdk, library, state, { stdio, reset });
}

function startHost(sdk, library, state, { stdio, reset }) {
	const env = { ...process.env, METERLING_RESET: reset };
	return spawn(compiledHost(sdk), [library], { cwd: state, stdio, env });
}

/** Exit codes of a machine that wants to start again: hardware/system/system-native.c, and XS's own aborts. */
const RESTART = 75;
const CRASH = 70;
const FIRST_ABORT = 100;
/** XS's aborts leave no time for the firmware's own delay. */
const ABORT_DELAY_MS = 1000;

/** Runs `library`, again after each restart, until it ends for good or `stop` is called. Resolves with its exit code. */
export function superviseXs({ sdk, library, state, stdio = "inherit", once = false }) {
	let child;
	let stopped = false;
	const exit = new Promise((done) => {
		const start = (reset) => {
			child = startHost(sdk, library, state, { stdio, reset });
			child.on("exit", (code) => {
				const again = code === RESTART || code === CRASH || code > FIRST_ABORT;
				if (once || stopped || !again) return done(code ?? 1);
				setTimeout(
					() => (stopped ? done(code) : start(code === RESTART ? "restart" : "crash")),
					code > FIRST_ABORT ? ABORT_DELAY_MS : 0,
				);
			});
		};
		start("power-on");
	});
	const stop = () => {
		stopped = true;
		child.kill("SIGTERM");
	};
	return { exit, stop };
}

function main(flags) {
	const options = {
		state: { type: "string" },
		instrumented: { type: "boolean", default: false },
		debug: { type: "boolean", default: false },
		limits: { type: "boolean", default: false },
		once: { type: "boolean", default: false },
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
	const { library } = linuxBuild({ mode, limits: values.limits });
	let machine;
	try {
		if (!existsSync(library)) throw new Error(`${relative(ROOT, library)} is not built: npm run build:linux`);
		const state = resolve(values.state);
		mkdirSync(state, { recursive: true });
		machine = superviseXs({ sdk, library, state, once: values.once });
	} catch (error) {
		console.error(`run-xs: ${error.message}`);
		process.exit(WRONG_USAGE);
	}
	for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, machine.stop);
	machine.exit.then((code) => process.exit(code));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));

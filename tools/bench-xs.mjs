// Builds host-test/bench as an application of the SDK for Linux, the way the firmware is built (one bundle, the leaner form
// of the source, preloaded, shorter bytecode), and runs it. Used by tools/bench.mjs.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { finish } from "./device-source.mjs";
import { keepCodeInFlash } from "./flash-code.mjs";
import { compileLean } from "./lean-modules.mjs";
import { compiledHost } from "./run-xs.mjs";
import { ROOT, requireSdk, runTool } from "./xs-sdk.mjs";

const FOLDER = join(ROOT, "build/bench-xs");
const NATIVE_HEAP = "host-test/xs-history/heap-native";

/** What each case took on the SDK's engine: `{ name, result, us, slots, chunks }`. Throws where it does not build. */
export async function measuredOnXs(inputs) {
	const sdk = requireSdk("bench");
	const library = await builtApp(sdk);
	writeFileSync(join(FOLDER, "inputs.json"), JSON.stringify(inputs));
	return new Promise((done, fail) => {
		const child = spawn(compiledHost(sdk.sdk), [library], {
			cwd: FOLDER,
			stdio: ["ignore", "pipe", "inherit"],
		});
		const results = [];
		child.on("exit", (code) => fail(new Error(`XS ended with ${code}`)));
		createInterface({ input: child.stdout }).on("line", (line) => {
			if (line.startsWith("{")) results.push(JSON.parse(line));
			else if (line !== "bench done") console.log(line);
			if (line !== "bench done") return;
			child.kill("SIGTERM");
			done(results);
		});
	});
}

/** One module of the application, in the form that the firmware has. */
async function bundled(name) {
	const { outputFiles } = await build({
		absWorkingDir: ROOT,
		entryPoints: [`host-test/bench/xs/${name}.ts`],
		...{ bundle: true, write: false, format: "esm", target: "es2024", charset: "utf8" },
		external: ["embedded:*", "crc", "crypto-native", "*/heap-native.js", "./bench.js"],
	});
	const text = outputFiles[0].text
		.replaceAll("../../xs-history/heap-native.js", NATIVE_HEAP)
		.replaceAll("./bench.js", "bench");
	const [code] = await finish([text]);
	return code;
}

async function builtApp(sdk) {
	const folder = join(FOLDER, "source");
	mkdirSync(folder, { recursive: true });
	for (const name of ["bench", "main"]) writeFileSync(join(folder, `${name}.js`), await bundled(name));
	const manifest = join(FOLDER, "bench/manifest.json");
	mkdirSync(join(FOLDER, "bench"), { recursive: true });
	writeFileSync(
		manifest,
		JSON.stringify({
			include: [
				"$(MODDABLE)/examples/manifest_base.json",
				"$(MODDABLE)/modules/io/files/manifest.json",
				"$(MODDABLE)/modules/data/crc/manifest.json",
				join(ROOT, "hardware/crypto/manifest.json"),
			],
			config: { files: "." },
			// As manifest.json has it for Linux.
			creation: {
				...{ static: 0, stack: 512, keys: { initial: 64, incremental: 64 } },
				...{ chunk: { initial: 131_072, incremental: 8192 }, heap: { initial: 16_384, incremental: 1024 } },
			},
			modules: {
				main: join(folder, "main"),
				bench: join(folder, "bench"),
				[NATIVE_HEAP]: join(ROOT, NATIVE_HEAP),
			},
			preload: ["bench"],
		}),
	);
	const out = join(FOLDER, "out");
	mkdirSync(out, { recursive: true });
	const flags = ["-p", "lin", "-t", "build", "-o", out, manifest];
	const temporary = join(out, "tmp/lin/mc/release/bench");
	if (runTool(sdk, "mcconfig", flags) !== 0) throw new Error("mcconfig failed");
	const made = (goals) => runTool(sdk, "make", ["-f", join(temporary, "makefile"), ...goals]);
	compileLean(sdk.sdk, temporary, made);
	const linked = join(temporary, "mc.xs.c");
	if (made([linked]) !== 0) throw new Error("linking failed");
	keepCodeInFlash(sdk.sdk, linked);
	if (runTool(sdk, "mcconfig", ["-m", ...flags]) !== 0) throw new Error("the build failed");
	return join(out, "bin/lin/mc/release/bench/mc.so");
}

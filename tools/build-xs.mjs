// Builds the firmware with the Moddable SDK: for Linux a library that tools/run-xs.mjs runs, for an ESP32 as far as
// this computer can. Where IDF_PATH is not set the C compiler has nothing to work with: the build then ends with the
// bytecode, the resources, sdkconfig and partitions, and says so.
//
//   node tools/build-xs.mjs linux [--instrumented | --debug] [--limits]
//   node tools/build-xs.mjs esp32 [TARGET]        TARGET: nodemcu (default), esp32c3, esp32c6, esp32s3, …
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { isFresh } from "./manifest.mjs";
import { DEVICE_LIMITS, linuxBuild, MODES, ROOT, requireSdk, rootManifest, runTool } from "./xs-sdk.mjs";

const WRONG_USAGE = 2;
const USAGE = "usage: build-xs.mjs linux [--instrumented | --debug] [--limits] | esp32 [TARGET]";

const [platform, ...rest] = process.argv.slice(2);
if (platform === "linux") buildLinux(rest);
else if (platform === "esp32") buildEsp32(rest);
else wrongUsage();

function wrongUsage() {
	console.error(USAGE);
	process.exit(WRONG_USAGE);
}

function buildLinux(flags) {
	const known = ["--instrumented", "--debug", "--limits"];
	if (flags.some((flag) => !known.includes(flag))) wrongUsage();
	const mode = flags.includes("--debug")
		? "debug"
		: flags.includes("--instrumented")
			? "instrumented"
			: "release";
	const limits = flags.includes("--limits");
	const sdk = requireSdk("build:linux");
	checkManifest();
	buildPage();
	const { variant, library } = linuxBuild({ mode, limits });
	const { file, out } = rootManifest(variant, limits ? { creation: DEVICE_LIMITS } : {});
	const modeFlags = { release: [], debug: ["-dn"], instrumented: ["-i"] }[mode];
	// The default target would end every simulator on this computer: build only.
	const status = runTool(sdk, "mcconfig", ["-m", "-p", "lin", "-t", "build", ...modeFlags, "-o", out, file]);
	if (status !== 0 || !existsSync(library)) fail("the build for Linux failed");
	console.log(
		`built ${relative(ROOT, library)}: ${size(library)}${limits ? ", with the device's memory limits" : ""}`,
	);
	printSizes(join(out, "tmp/lin/mc", MODES[mode], "meterling"));
}

function buildEsp32(flags) {
	const [target = "nodemcu", ...more] = flags;
	if (more.length > 0 || target.startsWith("-")) wrongUsage();
	const sdk = requireSdk("build:esp32");
	if (!existsSync(join(sdk.sdk, "build/devices/esp32/targets", target)))
		fail(`the SDK knows no ESP32 target "${target}"`);
	checkManifest();
	buildPage();
	const { file, out } = rootManifest("esp32");
	if (process.env.IDF_PATH) {
		const status = runTool(sdk, "mcconfig", ["-m", "-p", `esp32/${target}`, "-t", "build", "-o", out, file]);
		if (status !== 0) fail(`the build for esp32/${target} failed`);
		console.log(`built the whole firmware for esp32/${target} with ESP-IDF in ${process.env.IDF_PATH}`);
	} else buildWithoutIdf(sdk, target, file, out);
	printSizes(join(out, "tmp/esp32", target, "release/meterling"));
}

/** Makefile, TypeScript, bytecode, linking and resources; every one of these tools is the SDK's own. */
function buildWithoutIdf(sdk, target, file, out) {
	if (runTool(sdk, "mcconfig", ["-p", `esp32/${target}`, "-o", out, file]) !== 0)
		fail(`mcconfig failed for esp32/${target}`);
	const temporary = join(out, "tmp/esp32", target, "release/meterling");
	const project = join(out, "tmp/esp32", target, "release/meterling/xsProj-esp32");
	// The makefile wants a header that only the IDF's configuration step would write: an empty one is new enough.
	const empty = join(temporary, "no-idf");
	const header = join(empty, "sdkconfig.h");
	mkdirSync(empty, { recursive: true });
	if (!existsSync(header)) writeFileSync(header, "");
	const goals = ["mc.xs.c", "mc.resources.c"].map((name) => join(temporary, name));
	const variables = [`SDKCONFIG_H=${header}`, "IDF_VERSION=v6.0", `IDF_PATH=${empty}`];
	const env = { IDF_PATH: empty };
	const status = runTool(sdk, "make", ["-f", join(temporary, "makefile"), ...variables, ...goals], env);
	if (status !== 0) fail(`making bytecode and resources failed for esp32/${target}`);
	console.log(
		`esp32/${target}: bytecode and resources are built. The C part is not: IDF_PATH is not set (ESP-IDF v6.0).`,
	);
	for (const name of ["sdkconfig.mc", "partitions.csv"])
		if (existsSync(join(project, name))) console.log(`  ${name}: ${relative(ROOT, join(project, name))}`);
}

/** A module that is missing from the manifest would only be noticed by the linker, and some not before the device. */
function checkManifest() {
	if (!isFresh(ROOT)) fail("manifest.json is stale: run npm run manifest");
}

/** The page is a resource of the firmware. */
function buildPage() {
	const script = join(ROOT, "tools/build-web.mjs");
	if (!existsSync(script)) return;
	if (runTool({ sdk: "", tools: "" }, process.execPath, [script]) !== 0) fail("the web page does not build");
}

/** Sizes of what goes into flash: bytecode of all modules, the SDK's included, and resources. */
function printSizes(temporary) {
	const bytecode = filesIn(join(temporary, "modules")).filter((file) => file.endsWith(".xsb"));
	const total = bytecode.reduce((sum, file) => sum + statSync(file).size, 0);
	console.log(`  bytecode of ${bytecode.length} modules: ${total.toLocaleString("en")} bytes`);
	for (const file of filesIn(join(temporary, "resources")))
		console.log(`  resource ${basename(file)}: ${size(file)}`);
}

function filesIn(folder) {
	if (!existsSync(folder)) return [];
	const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function size(file) {
	return `${statSync(file).size.toLocaleString("en")} bytes`;
}

function fail(line) {
	console.error(`build-xs: ${line}`);
	process.exit(1);
}

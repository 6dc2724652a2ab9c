// Builds the firmware with the Moddable SDK: for Linux a library that tools/run-xs.mjs runs, for an ESP32 as far as
// this computer can. Where IDF_PATH is not set the C compiler has nothing to work with: the build then ends with the
// bytecode, the resources, sdkconfig and partitions, and says so.
//
//   node tools/build-xs.mjs linux [--instrumented | --debug] [--limits]
//   node tools/build-xs.mjs esp32 [BOARD | --all] [--instrumented | --debug] [--write]
//       BOARD: a folder of hardware/boards; esp32-devkit by default. --write: with --all, renews docs/performance.md
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { installComponent, linkedAnyway } from "./esp-idf-component.mjs";
import { filesIn, sizesOf } from "./esp32-sizes.mjs";
import { keepCodeInFlash } from "./flash-code.mjs";
import { ipv4Only } from "./ipv4-only.mjs";
import { leanHeap } from "./lean-heap.mjs";
import { compileLean } from "./lean-modules.mjs";
import { isFresh } from "./manifest.mjs";
import { DEVICE_LIMITS, linuxBuild, MODES, ROOT, requireSdk, rootManifest, runTool } from "./xs-sdk.mjs";

const WRONG_USAGE = 2;
const USAGE =
	"usage: build-xs.mjs linux [--instrumented | --debug] [--limits] | esp32 [BOARD | --all] [--instrumented | --debug] [--write]";

const BOARDS = join(ROOT, "hardware/boards");
const DEFAULT_BOARD = "esp32-devkit";
/** What a chip has not in its memory: there radio and slots are functions in flash. */
const WITHOUT_SIMULATIONS = Object.freeze({
	modules: {
		"wifi-radio": join(ROOT, "tools/xs-host/no-radio"),
		"update-slots": join(ROOT, "tools/xs-host/no-slots"),
	},
	preload: ["embedded:io/digital", "meter-serial", "wifi-radio", "update-slots"],
});
/** In bytes, counted. */
const MOST_BYTECODE_AND_RESOURCES = 600 * 1024;
/** In bytes: what would leave an image room to grow in a slot of 4 MB of flash. */
const AIM = 1.5 * 1024 * 1024;
const TABLE = Object.freeze({
	file: join(ROOT, "docs/performance.md"),
	begin: "<!-- build:esp32 -->",
	end: "<!-- /build:esp32 -->",
});

const [platform, ...rest] = process.argv.slice(2);
if (platform === "linux") await buildLinux(rest);
else if (platform === "esp32") await buildEsp32(rest);
else wrongUsage();

function wrongUsage() {
	console.error(USAGE);
	process.exit(WRONG_USAGE);
}

async function buildLinux(flags) {
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
	const platform = ["-p", "lin"];
	const { file, out } = await rootManifest(variant, {
		sdk,
		lean: mode !== "debug" && platform,
		overrides: {
			config: keyIn("METERLING_PROVISION_KEY", "provisionKey"),
			...(limits ? { platforms: { lin: { creation: DEVICE_LIMITS, ...WITHOUT_SIMULATIONS } } } : {}),
		},
	});
	const modeFlags = { release: [], debug: ["-dn"], instrumented: ["-i"] }[mode];
	const folder = join(out, "tmp/lin/mc", MODES[mode], "meterling");
	buildWhole(sdk, [...platform, ...modeFlags, "-o", out, file], folder, "Linux");
	if (!existsSync(library)) fail("the build for Linux failed");
	console.log(
		`built ${relative(ROOT, library)}: ${size(library)}${limits ? ", with the device's memory limits" : ""}`,
	);
	printSizes(folder);
}

/** Links, puts what the linker made right, and builds on from there. `configured` is called when there is a makefile. */
function buildWhole(sdk, flags, folder, name, configured = () => {}) {
	const linked = join(folder, "mc.xs.c");
	const names = namesIn(folder);
	if (runTool(sdk, "mcconfig", flags) !== 0) fail(`mcconfig failed for ${name}`);
	configured();
	const made = (goals) => runTool(sdk, "make", ["-f", join(folder, "makefile"), ...goals]);
	// Debuggers want what is written.
	if (!flags.some((flag) => flag.startsWith("-d"))) compileLean(sdk.sdk, folder, made);
	if (made([linked]) !== 0) fail(`linking failed for ${name}`);
	keepCodeInFlash(sdk.sdk, linked);
	leanHeap(sdk.sdk, linked);
	// The makefile does not know that C depends on the numbers of names: those in an included file (linux-sockets.c) move.
	if (names !== namesIn(folder))
		for (const file of readdirSync(folder)) if (file.endsWith(".c.o")) rmSync(join(folder, file));
	// The default target would end every simulator on this computer: build only.
	if (runTool(sdk, "mcconfig", ["-m", "-t", "build", ...flags]) !== 0) fail(`the build for ${name} failed`);
	if (keepCodeInFlash(sdk.sdk, linked) > 0) fail(`${name} was linked again: its code would be copied to RAM`);
}

/** The linker's header, which gives each name its number; empty before the first link. */
function namesIn(folder) {
	const file = join(folder, "mc.xs.h");
	return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Every board that has a folder: its chip is in its manifest. */
function boards() {
	return readdirSync(BOARDS, { withFileTypes: true })
		.filter((entry) => existsSync(join(BOARDS, entry.name, "board.ts")))
		.map(({ name }) => {
			const { include } = JSON.parse(readFileSync(join(BOARDS, name, "manifest.json"), "utf8"));
			return { name, chip: basename(include[0], ".json") };
		});
}

async function buildEsp32(flags) {
	const modeFlags = ["--debug", "--instrumented"].filter((flag) => flags.includes(flag));
	const wanted = flags.filter((flag) => !flag.startsWith("--"));
	const known = ["--debug", "--instrumented", "--all", "--write"];
	const all = flags.includes("--all");
	if (flags.some((flag) => flag.startsWith("--") && !known.includes(flag))) wrongUsage();
	if (modeFlags.length > 1 || wanted.length > 1 || (all && wanted.length > 0)) wrongUsage();
	const mode = modeFlags[0]?.slice(2) ?? "release";
	if (flags.includes("--write") && (!all || mode !== "release")) wrongUsage();
	const name = wanted[0] ?? DEFAULT_BOARD;
	const chosen = all ? boards() : boards().filter((board) => board.name === name);
	if (chosen.length === 0)
		fail(
			`there is no board "${name}"; there are ${boards()
				.map((board) => board.name)
				.join(", ")}`,
		);
	const sdk = requireSdk("build:esp32");
	checkManifest();
	buildPage();
	const built = [];
	for (const board of chosen) built.push({ ...board, ...(await buildBoard(sdk, board, mode)) });
	if (!process.env.IDF_PATH)
		console.log(
			"The C part is not built: IDF_PATH is not set (ESP-IDF v6.0). The image's size is an estimate.",
		);
	if (flags.includes("--write")) writeTable(built);
	// Estimates warn; what has been built is measured by tools/release.mjs, which refuses an image that does not fit.
	for (const { name, image } of built) {
		const slot = slotOf(name);
		if (image > slot)
			console.log(`${name}: by its estimate the image does not fit its slot of ${slot} bytes`);
		else if (image > AIM)
			console.log(`${name}: by its estimate the image misses the aim of ${AIM} bytes by ${image - AIM}`);
	}
	const over = built.flatMap((board) => overBudget(board).map((line) => `${board.name}: ${line}`));
	if (over.length > 0 && mode === "release") fail(`over budget:\n  ${over.join("\n  ")}`);
}

/** Builds one board as far as this computer can; returns its sizes. */
async function buildBoard(sdk, { name, chip }, mode) {
	const lean = mode !== "debug";
	const variant = `esp32-${name}${lean ? "" : "-debug"}`;
	const overrides = { config: builtInKeys() };
	// A target outside the SDK: its folder, relative because mcconfig turns the argument into lower case.
	const target = `esp32:${relative(ROOT, join(BOARDS, name))}`;
	const board = readFileSync(join(BOARDS, name, "manifest.json"), "utf8");
	const include = [ipv4Only(sdk.sdk, join(ROOT, "build", variant, "ipv4"), board)];
	const { file, out } = await rootManifest(variant, {
		sdk,
		lean: lean && ["-p", target],
		include,
		overrides,
	});
	const flags = { release: [], debug: ["-d"], instrumented: ["-i"] }[mode];
	const folder = join(out, "tmp/esp32", name, MODES[mode], "meterling");
	if (process.env.IDF_PATH) {
		buildWhole(sdk, ["-p", target, ...flags, "-o", out, file], folder, name, () =>
			installComponent(join(folder, `xsProj-${chip}`), chip, {
				source: join(ROOT, "hardware/esp-idf"),
				sdkconfigs: join(BOARDS, "sdkconfig"),
			}),
		);
		const symbols = join(out, "bin/esp32", name, MODES[mode], "meterling", `xs_${chip}.sym`);
		const left = linkedAnyway(readFileSync(symbols, "utf8"));
		if (left.length > 0) console.log(`${name}: linked though nothing needs it: ${left.join(", ")}`);
		console.log(`${name} (${chip}, ${mode}): the whole firmware, with ESP-IDF in ${process.env.IDF_PATH}`);
	} else buildWithoutIdf(sdk, { name, target, flags, folder, out, file });
	const sizes = sizesOf(folder, chip);
	const shown = (bytes) => bytes.toLocaleString("en");
	console.log(`${name} (${chip}, ${mode})`);
	console.log(`  bytecode of ${sizes.modules} modules: ${shown(sizes.bytecode)} bytes`);
	console.log(`  linked with what is preloaded: ${shown(sizes.archive)} bytes`);
	console.log(`  resources: ${shown(sizes.resources)} bytes`);
	console.log(`  image: some ${shown(sizes.image)} bytes, an estimate`);
	return sizes;
}

/** Makefile, TypeScript, bytecode, linking and resources; every one of these tools is the SDK's own. */
function buildWithoutIdf(sdk, { name, target, flags, folder, out, file }) {
	if (runTool(sdk, "mcconfig", ["-p", target, ...flags, "-o", out, file]) !== 0)
		fail(`mcconfig failed for ${name}`);
	// The makefile wants a header that only the IDF's configuration step would write: an empty one is new enough.
	const empty = join(folder, "no-idf");
	const header = join(empty, "sdkconfig.h");
	mkdirSync(empty, { recursive: true });
	if (!existsSync(header)) writeFileSync(header, "");
	const variables = [`SDKCONFIG_H=${header}`, "IDF_VERSION=v6.0", `IDF_PATH=${empty}`];
	const env = { IDF_PATH: empty };
	const made = (goals) => runTool(sdk, "make", ["-f", join(folder, "makefile"), ...variables, ...goals], env);
	if (!flags.includes("-d")) compileLean(sdk.sdk, folder, made);
	if (made(["mc.xs.c", "mc.resources.c"].map((goal) => join(folder, goal))) !== 0)
		fail(`making bytecode and resources failed for ${name}`);
	keepCodeInFlash(sdk.sdk, join(folder, "mc.xs.c"));
	leanHeap(sdk.sdk, join(folder, "mc.xs.c"));
	const project = readdirSync(folder).find((entry) => entry.startsWith("xsProj-"));
	for (const made of ["sdkconfig.mc", "partitions.csv"])
		if (!existsSync(join(folder, `${project}`, made))) fail(`${made} was not made for ${name}`);
}

/**
 * The public keys that updates (tools/release.mjs --new-key) and provisioning files (meterling provision --new-key) must be
 * signed with; without one the board takes none.
 */
function builtInKeys() {
	return {
		...keyIn("METERLING_UPDATE_KEY", "updateKey"),
		...keyIn("METERLING_PROVISION_KEY", "provisionKey"),
	};
}

function keyIn(variable, name) {
	const file = process.env[variable];
	if (!file) return {};
	const key = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
	if (!/^04[0-9a-f]{128}$/.test(key)) fail(`${variable} must name a file with 130 hexadecimal digits`);
	return { [name]: key };
}

/** Bytes of a firmware slot of this board. */
function slotOf(name) {
	const { build } = JSON.parse(readFileSync(join(BOARDS, name, "manifest.json"), "utf8"));
	const table = build.PARTITIONS_FILE.replace("$(SUBPLATFORMDIRECTORY)", join(BOARDS, name));
	return Number(/^ota_0,.*,\s*(0x[0-9a-f]+),\s*$/m.exec(readFileSync(table, "utf8"))?.[1]);
}

/** What breaks the budget, in words. */
function overBudget({ bytecode, resources }) {
	const size = bytecode + resources;
	return size > MOST_BYTECODE_AND_RESOURCES
		? [`bytecode and resources are ${size} bytes of ${MOST_BYTECODE_AND_RESOURCES} allowed`]
		: [];
}

/** The table of docs/performance.md between its marks. */
function writeTable(built) {
	const text = readFileSync(TABLE.file, "utf8");
	const [before, rest] = text.split(TABLE.begin);
	const after = rest?.split(TABLE.end)[1];
	if (after === undefined) fail(`${relative(ROOT, TABLE.file)} lacks ${TABLE.begin} … ${TABLE.end}`);
	const shown = (bytes) => bytes.toLocaleString("en");
	const rows = built.map(
		({ name, chip, modules, bytecode, resources, archive, image }) =>
			`| ${name} | ${chip} | ${modules} | ${shown(bytecode)} | ${shown(resources)} | ${shown(archive)} | ${shown(image)} |`,
	);
	const table = [
		"| board | chip | modules | bytecode | resources | linked archive | image, estimated |",
		"|---|---|---|---|---|---|---|",
		...rows,
	].join("\n");
	writeFileSync(TABLE.file, `${before}${TABLE.begin}\n${table}\n${TABLE.end}${after}`);
	console.log(`wrote the table in ${relative(ROOT, TABLE.file)}`);
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

function size(file) {
	return `${statSync(file).size.toLocaleString("en")} bytes`;
}

function fail(line) {
	console.error(`build-xs: ${line}`);
	process.exit(1);
}

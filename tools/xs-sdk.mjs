// What the XS scripts share: the Moddable SDK's place, running its tools, and where a build's files lie.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deviceSource, leanManifest } from "./device-source.mjs";
import { linkedModules } from "./linked-modules.mjs";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Exit code of every script that needs the SDK and does not find it. */
export const NO_SDK = 3;

/** Array elements, tables of maps and every head of a chunk take twice the room of a 32-bit chip here (docs/performance.md). */
const WIDER_CHUNKS = 14_336;

/** The memory that XS has on a bare ESP32: what it begins with, and the steps it grows in. */
const { creation } = JSON.parse(readFileSync(join(ROOT, "hardware/boards/chips/esp32.json"), "utf8"));

/** The same on this computer. */
export const DEVICE_LIMITS = Object.freeze({
	...creation,
	chunk: { ...creation.chunk, initial: creation.chunk.initial + WIDER_CHUNKS },
});

/** Bytes that XS may take on an ESP32 when it has grown: 192 KB of some 230 KB that a Wi-Fi program leaves (docs/boards.md). */
export const DEVICE_CEILING = 192 * 1024;

/** What heaps of these sizes on this computer are on the chip, in bytes; a slot has 16 there. */
export function onDevice({ slots, chunks }) {
	return slots * 16 + (chunks - WIDER_CHUNKS) + DEVICE_LIMITS.stack * 16;
}

/** The SDK's folder; where there is none, one line and exit 3. */
export function requireSdk(script) {
	const sdk = process.env.MODDABLE;
	if (!sdk)
		leave(`${script}: MODDABLE is not set; it must name the Moddable SDK's folder (docs/building.md)`);
	const tools = join(sdk, "build/bin/lin/release");
	if (!existsSync(join(tools, "mcconfig")))
		leave(`${script}: ${tools} holds no mcconfig; build the SDK's tools first (docs/building.md)`);
	return { sdk, tools };
}

function leave(line) {
	console.error(line);
	process.exit(NO_SDK);
}

/** What the SDK's tools say about every object that is not frozen, and every native without a fast path. */
const CHATTER =
	/^### warning: .*(not frozen|no const)|warning: cannot optimize native!|^# (tsc|xsc|xsid|cc) /;
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Runs a tool of the SDK with its environment, and prints what it says but for its chatter. Returns the exit code. */
export function runTool({ sdk, tools }, command, flags, env = {}) {
	const path = [tools, join(ROOT, "node_modules/.bin"), process.env.PATH].join(delimiter);
	const { status, error, stdout, stderr } = spawnSync(command, flags, {
		cwd: ROOT,
		env: { ...process.env, MODDABLE: sdk, PATH: path, ...env },
		maxBuffer: MOST_OUTPUT,
		encoding: "utf8",
	});
	if (error) console.error(`${command}: ${error.message}`);
	for (const line of `${stdout ?? ""}${stderr ?? ""}`.split("\n"))
		if (line && !CHATTER.test(line)) console.log(line);
	return status ?? 1;
}

/**
 * A root manifest of its own for each kind of build, so that the app is called `meterling` wherever the project
 * lies, and a build can override what manifest.json says. `lean`: with the source that takes the least flash, instead of
 * the modules as they are written, for the platform of these flags of mcconfig. `include`: more manifests. Written only when it
 * changes: make looks at its time.
 */
export async function rootManifest(variant, { sdk, lean, include = [], overrides = {} }) {
	const folder = join(ROOT, "build", variant, "meterling");
	const file = join(folder, "manifest.json");
	const out = join(ROOT, "build", variant, "out");
	for (const needed of [folder, out]) mkdirSync(needed, { recursive: true });
	const whole = lean
		? await leanWhole(sdk, variant, lean, overrides)
		: { include: [join(ROOT, "manifest.json")] };
	const all = { ...whole, include: [...(whole.include ?? []), ...include] };
	const text = `${JSON.stringify(merged(all, overrides), null, "\t")}\n`;
	if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
		writeFileSync(file, text);
		// Files of modules that are no longer meant would be linked, or make the linker stumble.
		rmSync(join(out, "tmp"), { recursive: true, force: true });
	}
	return { file, out };
}

/** The manifest for the lean source, which is written; mcconfig's makefile tells what it is made of. */
async function leanWhole(sdk, variant, flags, { platforms = {} }) {
	const folder = join(ROOT, "build", variant, "written");
	const file = join(folder, "meterling/manifest.json");
	mkdirSync(join(folder, "meterling"), { recursive: true });
	writeFileSync(file, JSON.stringify({ include: [join(ROOT, "manifest.json")] }));
	const status = runTool(sdk, "mcconfig", [...flags, "-o", folder, file]);
	const [makefile] = filesNamed(folder, "makefile");
	if (status !== 0 || !makefile) throw new Error(`mcconfig does not tell the modules of ${file}`);
	const linked = linkedModules(readFileSync(makefile, "utf8"));
	for (const { modules = {} } of Object.values(platforms))
		for (const [name, path] of Object.entries(modules)) linked.set(name, `${path}.js`);
	return leanManifest(ROOT, await deviceSource(ROOT, join(ROOT, "build", variant, "source"), linked));
}

function filesNamed(folder, name) {
	const entries = readdirSync(folder, { recursive: true });
	return entries.filter((entry) => basename(entry) === name).map((entry) => join(folder, entry));
}

/** `overrides` laid over a manifest, objects member by member. */
function merged(manifest, overrides) {
	const both = { ...manifest };
	for (const [key, value] of Object.entries(overrides)) {
		const plain = typeof value === "object" && value !== null && !Array.isArray(value);
		both[key] = plain ? merged(both[key] ?? {}, value) : value;
	}
	return both;
}

/** Folder names that mcconfig gives to release, debug and instrumented builds. */
export const MODES = Object.freeze({ release: "release", debug: "debug", instrumented: "instrument" });

/** Where a Linux build lies. `limits`: with the device's memory. */
export function linuxBuild({ mode = "release", limits = false } = {}) {
	const variant = `linux${limits ? "-limits" : ""}${mode === "debug" ? "-debug" : ""}`;
	return {
		variant,
		library: join(ROOT, "build", variant, "out/bin/lin/mc", MODES[mode], "meterling/mc.so"),
	};
}

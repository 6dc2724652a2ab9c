// Keeps manifest.json's list of modules fresh: every file that main.ts reaches by relative imports, under the name
// that mirrors its path, and those of them that may be preloaded into flash. mcconfig's own wildcards do not descend
// into folders, and ignore TypeScript for preloading. Everything else in manifest.json is written by hand and kept.
//
//   node tools/manifest.mjs [--check]     --check: exit 1 and say so where the lists are stale
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "@swc/core";
import { stateAtModuleLevel } from "./preload-safety.mjs";

const ENTRY = "main";
/** Modules that touch hardware or storage while they are loaded; of the last two only the simulations do, on Linux. */
export const LOADED_ON_DEVICE = new Set(["embedded:storage/files", "wifi-radio", "update-slots"]);

/**
 * The modules that `main.ts` needs at run time, each with its imports and, where it has some, the reason why it
 * must not be preloaded. Types-only imports are not followed: the compiler erases them.
 */
export function importGraph(root) {
	const graph = new Map();
	const visit = (name) => {
		if (graph.has(name)) return;
		const file = join(root, `${name}.ts`);
		const tree = parseSync(readFileSync(file, "utf8"), { syntax: "typescript", target: "es2024" });
		const specifiers = runtimeImports(tree);
		const relative = specifiers.filter((specifier) => specifier.startsWith("."));
		const imports = relative.map((specifier) => moduleName(root, name, specifier));
		const foreign = specifiers.filter((specifier) => !specifier.startsWith("."));
		graph.set(name, { imports, foreign, state: stateAtModuleLevel(tree) });
		for (const imported of imports) visit(imported);
	};
	visit(ENTRY);
	return graph;
}

function runtimeImports(tree) {
	const specifiers = [];
	for (const item of tree.body) {
		const reexport = item.type === "ExportNamedDeclaration" || item.type === "ExportAllDeclaration";
		if (item.type === "ImportDeclaration" || (reexport && item.source)) {
			if (!item.typeOnly) specifiers.push(item.source.value);
		}
	}
	return specifiers;
}

function moduleName(root, importer, specifier) {
	if (!specifier.endsWith(".js"))
		throw new Error(`${importer}.ts imports "${specifier}", which does not end in .js`);
	const name = join(dirname(importer), specifier.slice(0, -".js".length));
	if (name.startsWith("..") || !existsSync(join(root, `${name}.ts`)))
		throw new Error(`${importer}.ts imports "${specifier}", but there is no ${name}.ts`);
	return name;
}

/** What may be preloaded: no state of its own, and nothing imported that has, or is in `apart` (preloading pulls imports in). */
export function preloadable(graph, apart = LOADED_ON_DEVICE) {
	const held = new Map();
	const reason = (name) => {
		if (held.has(name)) return held.get(name);
		held.set(name, undefined); // a cycle holds nothing back by itself
		const { state, imports, foreign } = graph.get(name);
		const onDevice = foreign.find((specifier) => apart.has(specifier));
		let why = name === ENTRY ? "it starts the app" : (state ?? (onDevice && `it imports ${onDevice}`));
		for (const imported of imports) why ??= reason(imported) && `it imports ${imported}`;
		held.set(name, why);
		return why;
	};
	const names = [...graph.keys()].sort();
	return names.map((name) => ({ name, why: reason(name) }));
}

/** The manifest with fresh lists. Entries of the form `"a/b": "./a/b"` are this script's; all others are kept. */
export function refreshed(manifest, graph) {
	const own = (name, path) => name !== "*" && path === `./${name}`;
	const stale = Object.entries(manifest.modules).filter(([name, path]) => own(name, path));
	const kept = Object.entries(manifest.modules).filter(([name, path]) => !own(name, path));
	const judged = preloadable(graph);
	const before = new Set(stale.map(([name]) => name));
	const names = judged.map(({ name }) => name);
	const preload = judged.filter(({ why }) => !why).map(({ name }) => name);
	const keptPreload = manifest.preload.filter((name) => !before.has(name) && !graph.has(name));
	return {
		...manifest,
		modules: { ...Object.fromEntries(kept), ...Object.fromEntries(names.map((name) => [name, `./${name}`])) },
		preload: [...keptPreload, ...preload],
	};
}

/** Whether the lists in `root`'s manifest.json are what the sources need. */
export function isFresh(root) {
	const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
	return JSON.stringify(manifest) === JSON.stringify(refreshed(manifest, importGraph(root)));
}

function main(flags) {
	const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
	const file = join(root, "manifest.json");
	const written = readFileSync(file, "utf8");
	const graph = importGraph(root);
	const fresh = `${JSON.stringify(refreshed(JSON.parse(written), graph), null, "\t")}\n`;
	const same = JSON.stringify(JSON.parse(written)) === JSON.stringify(JSON.parse(fresh));
	if (flags.includes("--check")) {
		if (same) return console.log(`manifest.json is fresh: ${graph.size} modules`);
		console.error("manifest.json is stale: run npm run manifest");
		process.exitCode = 1;
		return;
	}
	if (!same) {
		writeFileSync(file, fresh);
		spawnSync(join(root, "node_modules/.bin/biome"), ["format", "--write", file]);
	}
	for (const { name, why } of preloadable(graph)) if (why) console.log(`not preloaded: ${name} (${why})`);
	console.log(`manifest.json: ${graph.size} modules${same ? ", unchanged" : ""}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));

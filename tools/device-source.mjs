// The firmware's source as the chip gets it: the modules of main.ts in a few files, in the form that takes the least flash.
// Preloaded by XS's linker, every import, every private name that a method uses, and every function's `prototype` costs
// 16-byte slots; as they are written, they made the firmware too large for its slot (docs/performance.md). So
//
// - modules are bundled (esbuild), which ends imports and exports between them; names are shortened, constants go to where
//   they are used (terser), and what functions with few callers do to where they are called (tools/lean-calls.mjs);
// - private names become properties with short names, counted anew in each class: `#options` becomes `_3`. That they are
//   private is checked by the compiler, and by all tests that run on Node;
// - what settings are called, and their help, stays out: the page has it (tools/setting-texts.mjs);
// - functions that are not constructors lose their `prototype`: they become arrow functions, in front of all else, which
//   is where they are hoisted to anyway.
//
// Debug builds are not made of this: there the debugger shows the modules as they are written.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { withCallsInPlace } from "./lean-calls.mjs";
import {
	withArrowExpressions,
	withNumberedPatterns,
	withOneFunction,
	withSpreadFunction,
} from "./lean-forms.mjs";
import { withOneObject } from "./lean-scope.mjs";
import {
	namesFrom,
	propertyNames,
	withArrows,
	withoutMethods,
	withoutPrivateNames,
	withoutSettingTexts,
} from "./lean-source.mjs";
import { bundledModules } from "./linked-modules.mjs";
import { importGraph, LOADED_ON_DEVICE, preloadable } from "./manifest.mjs";

/** Of the modules in `LOADED_ON_DEVICE` those that are simulations must stay apart; on the ESP32 the others are preloaded. */
const SIMULATIONS = /\/host\/platform\//;
const STORAGE = "embedded:storage/files";
/** `preloaded` reaches all that may be preloaded, so that it stays apart from what may not. */
const ENTRIES = {
	main: "main.ts",
	"app/app": "app/app.ts",
	"hardware/this-device": "hardware/this-device.ts",
	preloaded: "preloaded",
};
/** These start things, or are reached by what does. */
const NEVER_PRELOADED = new Set(["main", "hardware/this-device"]);
/** What only these methods of the SDK's classes need goes with them: nothing of ours looks for services, or changes what it tells of one. */
const UNCALLED = new Set(["detach", "discover", "updateTXT"]);
/** What only these called, through a class that has gone with them. */
const UNCALLED_THEN = new Set(["monitor", "monitorTask"]);
/** One statement stays one statement: what counts is bytecode, not characters. */
const MINIFY = {
	module: true,
	ecma: 2020,
	// What freezing makes, and nobody uses, need not be made.
	compress: {
		passes: 3,
		sequences: false,
		join_vars: false,
		reduce_funcs: false,
		pure_funcs: ["Object.freeze"],
	},
	mangle: false,
	format: { beautify: true, preserve_annotations: true },
};

/**
 * Writes the source of `root`'s firmware to `folder`. `linked`: the modules that the SDK's manifests name, and their files
 * (tools/linked-modules.mjs). Returns the modules written: name, file, and whether it may be preloaded; and `replaced`:
 * files that the firmware needs no more.
 */
export async function deviceSource(root, folder, linked) {
	const graph = importGraph(root);
	const apart = [...LOADED_ON_DEVICE].filter(
		(name) => name === STORAGE || SIMULATIONS.test(linked.get(name) ?? ""),
	);
	const { bundled, unused } = bundledModules(new Map([...linked].filter(([name]) => !graph.has(name))));
	const { outputFiles } = await build({
		absWorkingDir: root,
		entryPoints: ENTRIES,
		outdir: folder,
		bundle: true,
		splitting: true,
		// Otherwise a module that `preloaded` only imports would count as reached by others alone. terser shakes.
		treeShaking: false,
		format: "esm",
		packages: "external",
		external: ["embedded:*", "mc/*"],
		target: "es2024",
		charset: "utf8",
		logLevel: "warning",
		write: false,
		plugins: [preloadedEntry(root, preloadable(graph, new Set(apart))), sdkModules(bundled)],
	});
	rmSync(folder, { recursive: true, force: true });
	const parts = stablyNamed(outputFiles)
		.map(({ path, text }) => ({ name: path.slice(folder.length + 1, -".js".length), text }))
		.filter(({ name }) => name !== "preloaded");
	const finished = await finish(parts.map(({ text }) => text));
	const modules = parts.map(({ name, text }, index) => {
		const file = join(folder, name);
		mkdirSync(join(file, ".."), { recursive: true });
		writeFileSync(`${file}.js`, finished[index]);
		const isApart = NEVER_PRELOADED.has(name) || apart.some((each) => text.includes(`"${each}"`));
		return { name, file, preload: !isApart };
	});
	modules.sort((a, b) => (a.name < b.name ? -1 : 1));
	return { modules, replaced: [...bundled.values(), ...unused] };
}

/** What has been made, by what it was made of: most boards have the same modules. */
const made = new Map();

/** The texts of all modules of one firmware as they are compiled. */
export async function finish(texts) {
	const key = texts.join("\0");
	if (made.has(key)) return made.get(key);
	const leaner = [];
	for (const text of texts) leaner.push(withOneFunction(await lean(text)));
	const nth_identifier = namesFrom(leaner.map(propertyNames));
	const finished = [];
	for (const text of leaner) {
		const { code } = await minify(text, { ...MINIFY, mangle: { nth_identifier } });
		finished.push(withOneObject(withArrowExpressions(code)));
	}
	made.set(key, finished);
	return finished;
}

/** The module's text without private names and settings' texts, and with arrow functions for its functions. */
async function lean(text) {
	// While functions are declarations: in arrows in front of the constants they use, terser would inline none of these.
	const called = withoutMethods(text, UNCALLED);
	const plain = await withoutFields(withoutPrivateNames(withoutSettingTexts(called)));
	const { code } = await minify(withNumberedPatterns(withSpreadFunction(plain)), MINIFY);
	return withArrows(withCallsInPlace(withoutMethods(code, UNCALLED_THEN)));
}

/**
 * Fields are set by constructors, those without a value by whoever sets them first: XS makes a function of each class's fields.
 * That no field has the name of an inherited method is checked by the compiler.
 */
async function withoutFields(text) {
	const tsconfigRaw = { compilerOptions: { useDefineForClassFields: false, verbatimModuleSyntax: true } };
	const { code } = await transform(text, { loader: "ts", target: "es2024", charset: "utf8", tsconfigRaw });
	return code;
}

/** The entry `preloaded`: imports every module that may be preloaded. */
function preloadedEntry(root, judged) {
	const names = judged.filter(({ why }) => !why);
	const contents = names.map(({ name }) => `import "./${name}.ts";`).join("\n");
	return {
		name: "preloaded",
		setup(plugins) {
			plugins.onResolve({ filter: /^preloaded$/ }, ({ path }) => ({ path, namespace: "preloaded" }));
			plugins.onLoad({ filter: /./, namespace: "preloaded" }, () => ({ contents, resolveDir: root }));
		},
	};
}

/** Modules that the SDK's manifests name. */
function sdkModules(bundled) {
	return {
		name: "sdk",
		setup(plugins) {
			plugins.onResolve({ filter: /^[^./]/ }, ({ path }) => {
				const file = bundled.get(path);
				return file && { path: file };
			});
		},
	};
}

/** The same files with names for the shared ones that do not change with every line: the build is redone where they do. */
function stablyNamed(files) {
	const shared = files.filter(({ path }) => /chunk-[A-Z0-9]{8}\.js$/.test(path));
	const bySize = [...shared].sort((a, b) => b.text.length - a.text.length);
	const renamed = (text) =>
		bySize.reduce((result, { path }, index) => {
			const [name] = /chunk-[A-Z0-9]{8}/.exec(path);
			return result.replaceAll(name, `shared-${index}`);
		}, text);
	return files.map(({ path, text }) => ({ path: renamed(path), text: renamed(text) }));
}

/** The manifest of `root` for that source in place of its modules, and of `replaced`; paths become absolute. */
export function leanManifest(root, { modules, replaced }) {
	const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
	const own = Object.entries(manifest.modules).filter(([name, path]) => path === `./${name}`);
	const listed = new Set(own.map(([name]) => name));
	const kept = Object.entries(manifest.modules).filter(([name]) => !listed.has(name));
	const { typescript, ...rest } = manifest;
	return {
		...absolute(rest),
		modules: {
			...absolute(Object.fromEntries(kept)),
			// What SDK's manifests name nevertheless.
			"~": [...absolute(manifest.modules["~"] ?? []), ...replaced],
			...Object.fromEntries(modules.map(({ name, file }) => [name, file])),
		},
		preload: [
			...manifest.preload.filter((name) => !listed.has(name)),
			...modules.filter(({ preload }) => preload).map(({ name }) => name),
		],
		// What is left in TypeScript is the simulation of Linux, checked with everything else.
		typescript,
	};

	function absolute(value) {
		if (typeof value === "string") return value.startsWith("./") ? join(root, value) : value;
		if (Array.isArray(value)) return value.map(absolute);
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, absolute(each)]));
	}
}

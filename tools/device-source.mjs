// The firmware's source as the chip gets it: the modules of main.ts in a few files, in the form that takes the least flash.
// Preloaded by XS's linker, every import, every private name that a method uses, and every function's `prototype` costs
// 16-byte slots; as they are written, they made the firmware too large for its slot (docs/performance.md). So
//
// - modules are bundled (esbuild), which ends imports and exports between them; names are shortened, constants and small
//   functions go to where they are used (terser);
// - private names become properties with short names, counted anew in each class: `#options` becomes `_3`. That they are
//   private is checked by the compiler, and by all tests that run on Node;
// - what settings are called, and their help, stays out: the page has it (tools/setting-texts.mjs);
// - functions that are not constructors lose their `prototype`: they become arrow functions, in front of all else, which
//   is where they are hoisted to anyway.
//
// Debug builds are not made of this: there the debugger shows the modules as they are written.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "acorn";
import { build } from "esbuild";
import { minify } from "terser";
import { importGraph, preloadable } from "./manifest.mjs";

/** In modules that must not be preloaded: they touch storage or the simulated radio while they are loaded. */
const LOADED_ON_DEVICE = /"(embedded:storage\/files|wifi-radio|update-slots)"/;
/** `preloaded` reaches all that may be preloaded, so that it stays apart from what may not. */
const ENTRIES = {
	main: "main.ts",
	"app/app": "app/app.ts",
	"hardware/this-device": "hardware/this-device.ts",
	preloaded: "preloaded",
};
/** These start things, or are reached by what does. */
const NEVER_PRELOADED = new Set(["main", "hardware/this-device"]);
const ECMA_VERSION = 2024;
/** One statement stays one statement: what counts is bytecode, not characters. */
const MINIFY = {
	module: true,
	ecma: 2020,
	// What freezing makes, and nobody uses, need not be made.
	compress: { passes: 3, sequences: false, join_vars: false, pure_funcs: ["Object.freeze"] },
	format: { beautify: true },
};

/** Writes the source of `root`'s firmware to `folder`; returns its modules: name, file, and whether it may be preloaded. */
export async function deviceSource(root, folder) {
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
		plugins: [preloadedEntry(root)],
	});
	rmSync(folder, { recursive: true, force: true });
	const modules = [];
	for (const { path, text } of stablyNamed(outputFiles)) {
		const name = path.slice(folder.length + 1, -".js".length);
		if (name === "preloaded") continue;
		const { code } = await minify(lean(text), MINIFY);
		mkdirSync(join(path, ".."), { recursive: true });
		writeFileSync(path, code);
		modules.push({
			name,
			file: path.slice(0, -".js".length),
			preload: !NEVER_PRELOADED.has(name) && !LOADED_ON_DEVICE.test(text),
		});
	}
	return modules.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The entry `preloaded`: imports every module that may be preloaded. */
function preloadedEntry(root) {
	const names = preloadable(importGraph(root)).filter(({ why }) => !why);
	const contents = names.map(({ name }) => `import "./${name}.ts";`).join("\n");
	return {
		name: "preloaded",
		setup(plugins) {
			plugins.onResolve({ filter: /^preloaded$/ }, ({ path }) => ({ path, namespace: "preloaded" }));
			plugins.onLoad({ filter: /./, namespace: "preloaded" }, () => ({ contents, resolveDir: root }));
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

/** The manifest of `root` for that source in place of its modules; paths become absolute. */
export function leanManifest(root, modules) {
	const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
	const own = Object.entries(manifest.modules).filter(([name, path]) => path === `./${name}`);
	const replaced = new Set(own.map(([name]) => name));
	const kept = Object.entries(manifest.modules).filter(([name]) => !replaced.has(name));
	const { typescript, ...rest } = manifest;
	return {
		...absolute(rest),
		modules: {
			...absolute(Object.fromEntries(kept)),
			...Object.fromEntries(modules.map(({ name, file }) => [name, file])),
		},
		preload: [
			...manifest.preload.filter((name) => !replaced.has(name)),
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

/** The module's text without private names and settings' texts, and with arrow functions for its functions. */
export function lean(text) {
	return withArrows(withoutPrivateNames(withoutSettingTexts(text)));
}

/** The properties by which a descriptor of a setting is known (settings/setting.ts). */
const DESCRIPTOR = ["key", "type", "default", "label", "help"];

/** Descriptors of settings without `label` and `help`, their choices without `label`: nothing on the device reads them. */
export function withoutSettingTexts(text) {
	const edits = [];
	walk(treeOf(text), (node) => {
		if (node.type !== "ObjectExpression") return;
		const own = namedProperties(node);
		if (!DESCRIPTOR.every((name) => own.has(name))) return;
		drop(node, ["label", "help"]);
		walk(own.get("choices"), (choice) => {
			if (choice.type !== "ObjectExpression") return;
			const names = [...namedProperties(choice).keys()].sort().join();
			if (names === "label,value") drop(choice, ["label"]);
		});
	});
	return edited(text, edits);

	function drop({ properties, end }, names) {
		properties.forEach((property, index) => {
			if (!names.includes(property.key?.name)) return;
			const next = properties[index + 1];
			edits.push({ start: property.start, end: next ? next.start : end - 1, text: "" });
		});
	}
}

function namedProperties({ properties }) {
	return new Map(
		properties
			.filter(({ type, computed }) => type === "Property" && !computed)
			.map(({ key, value }) => [key.name, value]),
	);
}

/** A module's syntax tree. */
function treeOf(text) {
	return parse(text, { ecmaVersion: ECMA_VERSION, sourceType: "module" });
}

/** Every private name as a property; classes that extend another get names of their own, for both live in one object. */
export function withoutPrivateNames(text) {
	const edits = [];
	let derived = 0;
	visit(treeOf(text), []);
	return edited(text, edits);

	function visit(node, scopes) {
		if (Array.isArray(node)) {
			for (const each of node) visit(each, scopes);
			return;
		}
		if (!node || typeof node.type !== "string") return;
		if (node.type === "PrivateIdentifier") {
			const scope = scopes.findLast((names) => names.has(node.name));
			if (!scope) throw new Error(`#${node.name} belongs to no class`);
			edits.push({ start: node.start, end: node.end, text: scope.get(node.name) });
			return;
		}
		if (node.type === "BinaryExpression" && node.left.type === "PrivateIdentifier")
			throw new Error(`"#${node.left.name} in …" has no counterpart among properties`);
		let inner = scopes;
		if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
			visit(node.superClass, scopes);
			const prefix = node.superClass ? `_${derived++}_` : "_";
			inner = [...scopes, namesOf(node.body.body, prefix)];
			visit(node.body, inner);
			return;
		}
		for (const key of Object.keys(node)) visit(node[key], inner);
	}
}

function namesOf(members, prefix) {
	const names = new Map();
	for (const { key } of members)
		if (key?.type === "PrivateIdentifier" && !names.has(key.name))
			names.set(key.name, `${prefix}${names.size.toString(36)}`);
	return names;
}

/** Top-level functions as arrow functions in front of the module's other statements. */
export function withArrows(text) {
	const tree = treeOf(text);
	const constructed = new Set();
	const edits = [];
	const arrows = [];
	walk(tree, (node) => {
		if (node.type === "NewExpression" && node.callee.type === "Identifier") constructed.add(node.callee.name);
		if (node.superClass?.type === "Identifier") constructed.add(node.superClass.name);
	});
	for (const node of tree.body) {
		if (node.type !== "FunctionDeclaration" || node.generator || constructed.has(node.id.name)) continue;
		if (mentionsItself(node)) continue;
		const parameters = node.params.length
			? text.slice(node.params[0].start, node.params[node.params.length - 1].end)
			: "";
		const body = text.slice(node.body.start, node.body.end);
		arrows.push(`const ${node.id.name} = ${node.async ? "async " : ""}(${parameters}) => ${body};\n`);
		edits.push({ start: node.start, end: node.end, text: "" });
	}
	return edited(text, [...edits, { start: 0, end: 0, text: arrows.join("") }]);
}

/** Whether `this`, `arguments` or `new.target` of the function itself are used: an arrow function has none. */
function mentionsItself(declaration) {
	let found = false;
	walk([declaration.params, declaration.body], (node) => {
		if (node.type === "ThisExpression" || node.type === "MetaProperty") found = true;
		if (node.type === "Identifier" && node.name === "arguments") found = true;
	});
	return found;
}

function walk(node, see) {
	if (Array.isArray(node)) {
		for (const each of node) walk(each, see);
		return;
	}
	if (!node || typeof node.type !== "string") return;
	see(node);
	for (const key of Object.keys(node)) walk(node[key], see);
}

function edited(text, edits) {
	let result = text;
	for (const { start, end, text: fresh } of edits.sort((a, b) => b.start - a.start || b.end - a.end))
		result = result.slice(0, start) + fresh + result.slice(end);
	return result;
}

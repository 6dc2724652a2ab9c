// Which file stands behind each module of a build, as mcconfig resolved manifests and platforms into its makefile; and which
// of these modules are plain JavaScript that can be bundled with ours. Reads files, writes none.
import { existsSync, readFileSync } from "node:fs";
import { parseSync } from "@swc/core";
import { storesAtModuleLevel } from "./preload-safety.mjs";

/** Makes `globalThis.device.network`, which nothing of ours reads. */
const UNUSED = new Set(["dnssd/config"]);

/** What the device alone may load (tools/manifest.mjs), and what mcconfig writes. */
const APART = new Set(["embedded:storage/files", "mc/config", "update-slots", "wifi-radio"]);

/** Module names, with the absolute paths of their sources. */
export function linkedModules(makefile) {
	const modules = new Map();
	for (const [, target, source] of makefile.matchAll(/^\$\(MODULES_DIR\)\/(\S+)\.xsb: (\S+)$/gm)) {
		const compiled = `$(TMP_DIR)/tsc/${target}/`;
		const file = source.startsWith(compiled)
			? source.slice(compiled.length - 1).replace(/\.js$/, ".ts")
			: source;
		// How mcconfig writes "embedded:io/serial".
		modules.set(target.replace(/^~\.([^/]+)\//, "$1:"), file);
	}
	return modules;
}

/**
 * The modules among `linked` that may be bundled and preloaded, name and file: they have no native functions, no state at
 * module level but variables, and no module that stays outside imports them. `unused`: files that nothing needs.
 */
export function bundledModules(linked) {
	const imports = new Map();
	const outside = [];
	for (const [name, file] of linked) {
		if (UNUSED.has(name)) continue;
		const plain = APART.has(name) ? undefined : plainImports(file);
		imports.set(name, plain ?? importsIn(file));
		if (!plain) outside.push(name);
	}
	const apart = new Set();
	while (outside.length > 0) {
		const name = outside.pop();
		if (apart.has(name)) continue;
		apart.add(name);
		outside.push(...(imports.get(name) ?? []));
	}
	const bundled = new Map([...linked].filter(([name]) => imports.has(name) && !apart.has(name)));
	const unused = [...linked].filter(([name]) => UNUSED.has(name)).map(([, file]) => file);
	return { bundled, unused };
}

/** What a module of plain JavaScript or TypeScript without state but variables imports; `undefined` where it is something else. */
function plainImports(file) {
	if (!existsSync(file)) return undefined;
	const text = readFileSync(file, "utf8");
	// XS's own forms for functions in C: `native("xs_…")`, `Native("xs_…")`, and `@ "xs_…"`, which no parser takes.
	if (/\bnative\s*\(/i.test(text)) return undefined;
	const syntax = file.endsWith(".ts") ? "typescript" : "ecmascript";
	try {
		const tree = parseSync(text, { syntax, target: "es2024" });
		return storesAtModuleLevel(tree) ? undefined : importsIn(file);
	} catch {
		return undefined;
	}
}

/** Loosely: a name that only looks like an import keeps one module more outside. */
function importsIn(file) {
	if (!existsSync(file)) return [];
	const text = readFileSync(file, "utf8");
	return [...text.matchAll(/\b(?:from|import)\s*(?:\(\s*)?["']([^"']+)["']/g)].map(([, name]) => name);
}

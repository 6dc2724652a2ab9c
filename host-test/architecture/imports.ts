// Reads a source file's imports from its syntax tree (not by matching text), with the parser that also compiles the tests.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type ModuleItem, parseSync } from "@swc/core";

export const ROOT = resolve(__dirname, "../..");

/** One import: who, what as written, and the project path it leads to where it is relative. */
export interface Import {
	readonly file: string;
	readonly specifier: string;
	readonly target: string | undefined;
	readonly typeOnly: boolean;
}

/** Every TypeScript file below `folder`, as paths from the project's root. */
export function sourceFiles(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
		.map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)))
		.filter((path) => !path.includes("node_modules") && !path.includes("/dist/"));
}

/** The static imports and re-exports of `source`. */
export function importsOf(file: string, source = readFileSync(join(ROOT, file), "utf8")): Import[] {
	const { body } = parseSync(source, { syntax: "typescript", tsx: file.endsWith("x"), target: "es2022" });
	return body.flatMap((item) => {
		const found = sourceOf(item);
		if (!found) return [];
		const { specifier, typeOnly } = found;
		const target = specifier.startsWith(".")
			? relative(ROOT, resolve(ROOT, file, "..", specifier)).replace(/\.js$/, ".ts")
			: undefined;
		return [{ file, specifier, target, typeOnly }];
	});
}

function sourceOf(item: ModuleItem): { specifier: string; typeOnly: boolean } | undefined {
	switch (item.type) {
		case "ImportDeclaration":
			return { specifier: item.source.value, typeOnly: item.typeOnly === true };
		case "ExportAllDeclaration":
			return { specifier: item.source.value, typeOnly: false };
		case "ExportNamedDeclaration":
			return item.source ? { specifier: item.source.value, typeOnly: false } : undefined;
		default:
			return undefined;
	}
}

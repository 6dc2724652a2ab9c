// Between XS's compiler and its linker: makes the bytecode of a build's modules shorter (tools/lean-bytecode.mjs), in place.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decoded, encoded, fileOf, instructionSet, partsOf } from "./bytecode.mjs";
import { leanBytecode } from "./lean-bytecode.mjs";

/** The iterator of a directory has a `return`; nothing loops over a directory (hardware/folder-files.ts asks for files by name). */
const NEVER_LOOPED_OVER = /\bx-files-implementation\.xsb$/;
const GENERATORS = new Set(["GENERATOR_FUNCTION", "ASYNC_GENERATOR_FUNCTION"]);

/**
 * Makes the bytecode of all modules in the build of `folder`, and makes it shorter, before it is linked. `make`: runs make for
 * these goals, and returns its exit code. Throws where it does not compile.
 */
export function compileLean(sdk, folder, make) {
	const makefile = readFileSync(join(folder, "makefile"), "utf8");
	const listed = makefile.matchAll(/^\t\$\(MODULES_DIR\)\/(\S+\.xsb)\\?$/gm);
	const modules = [...listed].map(([, file]) => join(folder, "modules", file));
	if (make(modules) !== 0) throw new Error(`compiling failed in ${folder}`);
	leanModules(sdk, modules);
}

/** Rewrites `files`, all .xsb files of one build, but for those that it has rewritten before. `sdk`: the SDK's folder. */
function leanModules(sdk, files) {
	const instructions = instructionSet(sdk);
	const modules = files
		.map((file) => ({ file, bytes: readFileSync(file) }))
		.map(({ file, bytes }) => {
			const parts = partsOf(bytes);
			const code = parts.find(({ type }) => type === "CODE");
			return { file, bytes, parts, code, list: decoded(instructions, code.bytes) };
		});
	const closed = !modules.some(
		({ file, list, parts }) =>
			!NEVER_LOOPED_OVER.test(file) && closesIterators(list, symbolsOf(parts).indexOf("return")),
	);
	for (const { file, bytes, parts, code, list } of modules) {
		const record = `${file}-lean`;
		if (existsSync(record) && readFileSync(record).equals(bytes)) continue;
		const lean = encoded(instructions, leanBytecode(list, { closed }));
		// Throws where a branch would not lead to an instruction.
		if (!encoded(instructions, decoded(instructions, lean)).equals(lean))
			throw new Error(`${file} is not what it was made of`);
		const written = fileOf(parts.map((part) => (part === code ? { ...part, bytes: lean } : part)));
		writeFileSync(file, written);
		writeFileSync(record, written);
	}
}

/** Names by their number in a module's bytecode. */
export function symbolsOf(parts) {
	const { bytes } = parts.find(({ type }) => type === "SYMB");
	return [
		"",
		...bytes
			.toString("latin1", 2)
			.split("\0")
			.slice(0, bytes.readUInt16LE(0) - 1),
	];
}

/** Whether something makes iterators with a method `return`, which a loop calls when it is left early. */
function closesIterators(list, id) {
	return list.some(
		(each) =>
			GENERATORS.has(each.op) ||
			(each.op === "NEW_PROPERTY" && each.id === id) ||
			(each.body && closesIterators(each.body, id)),
	);
}

// hardware/esp-idf: the calls that the linker sends elsewhere are those that its C answers.

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const FOLDER = resolve(__dirname, "../../../hardware/esp-idf");
const CMAKE = readFileSync(join(FOLDER, "CMakeLists.txt"), "utf8");
const SOURCES = readdirSync(FOLDER).filter((name) => name.endsWith(".c"));

/** Names by group, as CMake reads them. */
const groups = new Map(
	[...CMAKE.matchAll(/^set\(([A-Z_]+) ([^)]+)\)/gm)].map(([, group, names]) => [
		`${group}`,
		`${names}`.trim().split(/\s+/),
	]),
);
const wrapped = [...groups.values()].flat();

test("every name has an answer in C, and every answer is asked for", () => {
	const answered = SOURCES.flatMap((name) => {
		const text = readFileSync(join(FOLDER, name), "utf8");
		return [...text.matchAll(/^(?!\s)[\w ]+[ *]__wrap_(\w+)\(/gm)].map(([, answer]) => `${answer}`);
	});
	expect(answered.sort()).toEqual([...wrapped].sort());
	expect(new Set(wrapped).size).toBe(wrapped.length);
});

test("every group of names goes to the linker, and every C file to the compiler", () => {
	const linked = /^foreach\(name (.+)\)\n\ttarget_link_options\(.*--wrap=/m.exec(CMAKE)?.[1];
	expect(linked?.split(" ").sort()).toEqual([...groups.keys()].map((group) => `\${${group}}`).sort());
	expect(/^\tSRCS (.+)$/m.exec(CMAKE)?.[1]?.split(" ").sort()).toEqual(SOURCES.sort());
});

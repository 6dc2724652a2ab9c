// Methods that nobody calls (tools/lean-source.mjs). The tool is an ES module of its own, so a child process asks it.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/lean-source.mjs")).href;
const ASK = `
import { withoutMethods } from ${JSON.stringify(TOOL)};
const [text, ...names] = process.argv.slice(1);
console.log(withoutMethods(text, new Set(names)));
`;

function without(text: string, ...names: readonly string[]): string {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, text, ...names],
		{ cwd: resolve(__dirname, "../.."), encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return stdout.trim();
}

test("methods of these names are left out of every class", () => {
	const text =
		"class A { open() {} find(what) { return what; } } export default class { find() {} get near() {} }";
	expect(without(text, "find", "near")).toBe("class A { open() {}  } export default class {   }");
});

test.each([
	"list.find(1);",
	"list?.find;",
	'list["find"](1);',
	"const { find } = list;",
	"const own = { find: 1 };",
	'const named = "find";',
	"class B { #list; open() { this.#list.find(); } }",
])("a name that something else has, too, is refused: %s", (other) => {
	expect(() => without(`class A { find() {} } ${other}`, "find")).toThrow(
		"there is a find that is no method",
	);
});

test("variables and private names are no calls of it, nor is what stands in methods that go, too", () => {
	const rest = "const find = 1; class B { #find = find; }";
	expect(without(`class A { find() { this.near(); } near() { this.find(); } } ${rest}`, "find", "near")).toBe(
		`class A {   } ${rest}`,
	);
});

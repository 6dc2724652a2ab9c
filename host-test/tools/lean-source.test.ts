// Functions that terser moves to their only caller (tools/lean-source.mjs). The tool is an ES module of its own, so a child
// process asks it.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/lean-source.mjs")).href;
const ASK = `
import { keptApart, withCalledArrows } from ${JSON.stringify(TOOL)};
const [kept, ...called] = JSON.parse(process.argv[1]);
console.log(JSON.stringify([keptApart(kept, new Set(["each"])), ...called.map(withCalledArrows)]));
`;

function asked(...texts: string[]): readonly string[] {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, JSON.stringify(texts)],
		{ cwd: resolve(__dirname, "../.."), encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

const [kept = "", ...called] = asked(
	"const a = each(other(1), each(2)); this.each(3);",
	"const a = 1 + function({x}, y) { return x + y; }({x: 2}, 3); !function() { f(); }();",
	"function outer(x) { return function(y) { return function(z) { return z * 2; }(y) + 1; }(x); }",
	"const a = function() { return this.x; }.call(o); const b = function() { return this; }(); const c = function() { return arguments.length; }(1);",
	"const a = function named(n) { return n ? named(n - 1) : 0; }(3); const b = function* () {}();",
);

test("calls of functions that are to stay apart are marked, others are not", () => {
	expect(kept).toBe("const a = /*@__NOINLINE__*/each(other(1), /*@__NOINLINE__*/each(2)); this.each(3);");
});

test("functions that are called where they stand are arrow functions", () => {
	expect(called[0]).toBe("const a = 1 + (({x}, y) => { return x + y; })({x: 2}, 3); !(() => { f(); })();");
	expect(called[1]).toBe(
		"function outer(x) { return ((y) => { return ((z) => { return z * 2; })(y) + 1; })(x); }",
	);
});

test("what has a `this`, arguments, a name or steps of its own stays a function", () => {
	expect(called[2]).not.toContain("=>");
	expect(called[3]).not.toContain("=>");
});

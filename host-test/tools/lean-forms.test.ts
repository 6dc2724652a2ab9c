// tools/lean-forms.mjs: what it makes of source does what the source does. The tool is an ES module, so a child process asks it.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/lean-forms.mjs")).href;
const ASK = `
import * as forms from ${JSON.stringify(TOOL)};
const [form, text] = JSON.parse(process.argv[1]);
console.log(JSON.stringify(forms[form](text)));
`;

function made(form: string, text: string): string {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, JSON.stringify([form, text])],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

/** What the statements give for `return`, before and after. */
function expectSame(form: string, text: string): string {
	const fresh = made(form, `const answer = (() => { ${text} })();`);
	const run = (source: string) => new Function(`${source}; return answer;`)();
	expect(run(fresh)).toEqual(run(`const answer = (() => { ${text} })();`));
	return fresh;
}

describe("array patterns by number", () => {
	test.each([
		"const [a = 1, , b, c = a] = 'x,y,z'.split(','); return [a, b, c];",
		"const [a = 1, b = 2] = 'x'.split(','); return [a, b];",
		"const [[a], { b: [c] }] = [[1], { b: [2] }]; return [a, c];",
		"const of = []; for (const [name, [value = 5]] of new Map([['a', [1]], ['b', []]])) of.push(name, value); return of;",
		"return [['a', 1], ['b']].map(([name, value = 7]) => name + value);",
		"const none = undefined; const [a, b = 3] = none ?? []; return [a, b];",
		"const [] = []; const [a] = true ? [1] : [2]; return a;",
	])("%s", (text) => {
		expect(expectSame("withNumberedPatterns", text)).not.toMatch(/const \[|map\(\(\[/);
	});

	test("what may be no array, and what takes the rest, stays", () => {
		expectSame("withNumberedPatterns", "const set = new Set([3]); const [first] = set; return first;");
		expectSame("withNumberedPatterns", "const [first, ...rest] = [1, 2, 3]; return [first, rest];");
	});

	test("what takes nothing apart throws as before", () => {
		expect(() =>
			new Function(made("withNumberedPatterns", "const [a] = null ?? null?.split(',');"))(),
		).toThrow(TypeError);
	});
});

describe("spread by one function", () => {
	test.each([
		"const a = [1, 2]; return [...a];",
		"const a = new Set([1, 2]), b = new Map([[3, 4]]); return [0, ...a, 9, ...b, 8];",
		"const a = [1]; return [{ inner: [...a, 2] }, ...a, [...a, [...a]]];",
		"const a = [1]; return [...a.map((each) => each + 1), ...'xy', ...a];",
	])("%s", (text) => {
		expect(expectSame("withSpreadFunction", text)).not.toMatch(/\[[^\]]*\.\.\./);
	});

	test("where what follows may change what is spread, and at holes, all stays", () => {
		expectSame("withSpreadFunction", "const a = [1, 2]; return [...a, a.pop(), a.length];");
		expectSame("withSpreadFunction", "const a = [1]; return [...a, ...a.splice(0)];");
		expectSame("withSpreadFunction", "const a = [1]; return [...a, , 2].length;");
	});
});

describe("function expressions", () => {
	test("are arrow functions, called at once or later, with defaults and patterns", () => {
		const text = expectSame(
			"withArrowExpressions",
			"const add = function (a, { b } = { b: 2 }, ...c) { return [1].map(function (d) { return a + b + c.length + d; }); };" +
				"return [add(1), function (a = function (b) { return b + 1; }(4)) { return a; }(), { f: function (x) { return x; } }.f(3)];",
		);
		expect(text).not.toContain("function");
	});

	test("with a name, `this`, `arguments`, `new.target`, or made by `new`, stay; so do methods and generators", () => {
		expectSame(
			"withArrowExpressions",
			"const o = { n: 4, f: function () { return this.n; }, g() { return this.n; }, get h() { return 6; } };" +
				"const K = class { m() { return 7; } };" +
				"return [o.f(), o.g(), o.h, new K().m(), function f(n) { return n ? n * f(n - 1) : 1; }(4)," +
				" function () { return arguments.length; }(1, 2), [...function* () { yield 8; }()]," +
				" typeof new (function () { this.x = 1; })().x, new (function () {})() instanceof Object];",
		);
	});
});

describe("a module in one function", () => {
	const lines = Array.from({ length: 20 }, (_, index) => `var v${index} = ${index};`).join("\n");

	test("exports what the module exports, under its names", () => {
		const text = made(
			"withOneFunction",
			`import { x as y } from "./y.js";\n${lines}\nv3 = y;\nvar K = class {};\nexport { v1 as one, K };\n`,
		);
		expect(text).toMatch(
			/^import \{ x as y \} from "\.\/y\.js";\nconst \{ 0: (\w+), 1: (\w+) \} = \(\(\) => \{\n/,
		);
		expect(text).toMatch(/\nexport \{ \w+ as one, \w+ as K \};\n$/);
		const body = text.replace(/^import.*$/m, "const y = 30;").replace(/^export.*$/m, "");
		expect(new Function(`${body}; return [exported0, typeof exported1];`)()).toEqual([1, "function"]);
	});

	test("what is never assigned to is constant, everything else is not", () => {
		const text = made("withOneFunction", `${lines}\nv3 = 5; v4++;\nexport { v0 };\n`);
		expect(text).toContain("const v2 = 2;");
		expect(text).toContain("var v3 = 3;");
		expect(text).toContain("var v4 = 4;");
	});

	test("a small module, and one whose exports change, stay as they are", () => {
		for (const text of ["var a = 1;\nexport { a };\n", `${lines}\nv1 = 2;\nexport { v1 };\n`])
			expect(made("withOneFunction", text)).toBe(text);
	});
});

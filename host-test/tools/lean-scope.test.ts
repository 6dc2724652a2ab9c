// tools/lean-scope.mjs: a module whose variables are properties of one object does what it did before.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/lean-scope.mjs")).href;
const ASK = `
import { withOneObject } from ${JSON.stringify(TOOL)};
const text = await new Response(process.stdin).text();
process.stdout.write(withOneObject(text));
`;

function rewritten(text: string): string {
	const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", ASK], {
		...{ input: text, encoding: "utf8" },
	});
	if (status !== 0) throw new Error(stderr);
	return stdout;
}

/** What the module exports as `result`. */
function resultOf(text: string): unknown {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", `${text}\nprocess.stdout.write(JSON.stringify(result));`],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

const inOneFunction = (statements: string, given: string, imports = "") =>
	`${imports}
const { 0: result } = (() => {
${statements}
return { 0: ${given} };
})();
export { result };
`;

describe.each([
	{
		what: "functions that call each other",
		statements: `const even = (n) => n === 0 || odd(n - 1);
const odd = (n) => n !== 0 && even(n - 1);`,
		given: "[even(4), odd(4)]",
		result: [true, false],
	},
	{
		what: "names that parameters, variables and functions inside have, too",
		statements: `const a = 1;
const b = (a) => a + 1;
const c = () => { const b = 5; { const a = 7; return a + b; } };
const d = () => { const inner = (x) => x + a; return [3].map(inner)[0] + b(a); };`,
		given: "[b(10), c(), d()]",
		result: [11, 12, 6],
	},
	{
		what: "shorthand properties, patterns and default values",
		statements: `const size = 3;
const name = "n";
const made = ({ size: other = size, name }) => ({ size, other, name });`,
		given: "[made({ name: 1 }), made({ size: 9, name })]",
		result: [
			{ size: 3, other: 3, name: 1 },
			{ size: 3, other: 9, name: "n" },
		],
	},
	{
		what: "classes that extend others, know themselves and are made by functions",
		statements: `class Base { static of(n) { return new Base(n); } constructor(n) { this.n = n; } twice() { return this.n * FACTOR; } }
var Derived = class extends Base { twice() { return super.twice() + 1; } };
class Third extends Derived { static get name2() { return Third.of(1).n; } }
const FACTOR = 2;
const make = (n) => new Third(n);`,
		given: "[make(5).twice(), Base.of(4).twice(), Third.name2, make(1) instanceof Base]",
		result: [11, 8, 1, true],
	},
	{
		what: "variables that change, and what is taken apart",
		statements: `let count = 0;
const next = () => { count += 1; return count; };
const [first, second] = [7, 8];
const sum = () => first + second + count;`,
		given: "[next(), next(), sum()]",
		result: [1, 2, 17],
	},
])("$what", ({ statements, given, result }) => {
	test("gives the same", () => {
		const text = inOneFunction(statements, given);
		expect(resultOf(text)).toEqual(result);
		expect(resultOf(rewritten(text))).toEqual(result);
	});
});

test("what it imports, in functions and outside of them", () => {
	const text = inOneFunction(
		"const here = basename('/a/b');\nconst later = (path) => basename(path) + here;\nclass Path { name(path) { return extname(path); } }",
		"[later('/x/y.z'), new Path().name('y.z')]",
		'import { basename, extname } from "node:path";',
	);
	expect(resultOf(rewritten(text))).toEqual(["y.zb", ".z"]);
});

test("functions use one variable of the module's, which is not one of theirs", () => {
	const text = rewritten(
		inOneFunction(
			"const a = 1;\nconst b = 2;\nconst unused = 3;\nconst f = () => a + b;\nclass C { m() { return f(a); } }",
			"[new C().m(), unused]",
		),
	);
	expect(text).toContain("$.f = () => $.a + $.b;");
	expect(text).toContain("return $.f($.a);");
	// No function uses these: no variable of theirs is kept for anyone.
	expect(text).toContain("const unused = 3;");
	expect(text).toContain("class C {");
});

test("a module that is not one function stays as it is; one that has the object's name is refused", () => {
	const plain = "const a = 1;\nconst f = () => a;\nexport { f };\n";
	expect(rewritten(plain)).toBe(plain);
	expect(() => rewritten(inOneFunction("const $ = 1;\nconst f = () => $;", "f()"))).toThrow(
		"a name $ of its own",
	);
});

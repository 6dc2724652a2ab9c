// tools/lean-calls.mjs: a module whose calls have become statements does what it did before, in the same order.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/lean-calls.mjs")).href;
const ASK = `
import { withCallsInPlace } from ${JSON.stringify(TOOL)};
const texts = JSON.parse(await new Response(process.stdin).text());
process.stdout.write(JSON.stringify(texts.map(withCallsInPlace)));
`;

function asked(program: string, input: string): string {
	const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
		...{ input, encoding: "utf8" },
	});
	if (status !== 0) throw new Error(stderr);
	return stdout;
}

const rewritten = (...texts: string[]): string[] => JSON.parse(asked(ASK, JSON.stringify(texts)));

/** What the module leaves in `result`. */
const resultOf = (text: string): unknown =>
	JSON.parse(asked(`${text}\nprocess.stdout.write(JSON.stringify(result));`, ""));

/** `gone`: what is no longer in the text. */
const CASES = [
	{
		what: "a function whose value becomes a variable's, by several ways out",
		text: `function kind(n) { if (n < 0) return "less"; for (const each of [1, 2]) if (each === n) return "found"; return n > 9 ? "more" : "other"; }
const told = (n) => { const text = kind(n); return text + "!"; };
const result = [-1, 2, 10, 5].map(told);`,
		gone: "function kind",
		result: ["less!", "found!", "more!", "other!"],
	},
	{
		what: "functions without a value, or with one that nobody wants",
		text: `const log = [];
function note(n) { if (n > 1) return log.push(n); log.push(-n); }
function nothing() { log.push("x"); }
const all = (n) => { note(n); const value = nothing(); return value === undefined; };
const result = [all(1), all(2), log];`,
		gone: "function no",
		result: [true, true, [-1, "x", 2, "x"]],
	},
	{
		what: "a function that returns what another returns, or falls off its end",
		text: `function last(n) { try { if (n === 1) return "one"; if (n === 2) throw new Error("two"); } finally { seen.push(n); } }
const seen = [];
const first = (n) => { try { return last(n); } catch (error) { return error.message; } };
const result = [first(1), first(2), first(3) === undefined, seen];`,
		gone: "function last",
		result: ["one", "two", true, [1, 2, 3]],
	},
	{
		what: "private methods that are called once, and one that is called by itself",
		text: `class Meter {
	constructor(values) { this._0 = values; this.sum = 0; }
	read() { this._1(2); return [this.sum, this._2(3), this._3()]; }
	_1(factor) { for (const each of this._0) this.sum += each * factor; }
	_2(n) { return n === 0 ? 0 : n + this._2(n - 1); }
	_3() { return this._0.map((each) => this._4(each)); }
	_4(each) { const twice = each * 2; if (twice > 3) return "much"; return twice; }
}
const result = new Meter([1, 2]).read();`,
		gone: /_[134]\(/,
		result: [6, 6, [2, "much"]],
	},
	{
		what: "short functions and methods that are called a few times",
		text: `function digit(n) { return n < 10 ? n : -1; }
class Sum {
	constructor() { this.sum = 0; }
	add(n) { this._0(digit(n)); const more = digit(n * 10); this._0(more); this._0(1); return this.sum; }
	_0(n) { if (n < 0) return; this.sum += n; }
}
const result = [new Sum().add(3), new Sum().add(0)];`,
		gone: /function digit|_0\(/,
		result: [4, 1],
	},
	{
		what: "parameters by default, taken apart, too many, too few, all the rest",
		text: `function some(a, { b, c: [d = 4] }, e = 5, ...rest) { a += 1; return [a, b, d, e, rest]; }
function few(a, b, c = "c") { return [a, b === undefined, c]; }
function none() { return "none"; }
const call = (x) => { const all = some(x, { b: 2, c: [] }, undefined, 7, 8); const two = few(x); const three = none(x++); return [all, two, three, x]; };
const result = call(1);`,
		gone: "function ",
		result: [[2, 2, 4, 5, [7, 8]], [1, true, "c"], "none", 2],
	},
	{
		what: "names that the caller and the function's blocks have, too",
		text: `function inner(a) { { const text = a + 1; if (text > 1) return text; } const b = a; return [b].map((a) => ({ a, b }))[0]; }
const outer = (b) => { const a = b * 10; const text = inner(b); return { a, b, text }; };
const result = [outer(0), outer(1)];`,
		gone: "function inner",
		result: [
			{ a: 0, b: 0, text: { a: 0, b: 0 } },
			{ a: 10, b: 1, text: 2 },
		],
	},
	{
		what: "what decides whether there is a call",
		text: `const log = [];
function one(n) { log.push("one" + n); if (n > 5) return 0; return n; }
function two(n) { log.push("two" + n); if (n > 5) return undefined; return n; }
function three(n) { log.push("three" + n); if (n > 5) return 0; return n; }
function four(n) { log.push("four" + n); }
function five(n) { log.push("five" + n); if (n > 5) return true; return false; }
const call = (n) => {
	n > 1 && four(n);
	const a = n > 2 ? one(n) : "no";
	let b = n; b = n > 3 && two(n);
	if (n > 4 || five(n)) log.push("if");
	return [a, b, n > 0 || three(n)];
};
const second = (n) => n ?? [n === null ? "null" : "undefined"];
const result = [call(0), call(2), call(4), call(9), second(null), log];`,
		gone: "function ",
		result: [
			["no", false, 0],
			["no", false, true],
			[4, 4, true],
			[0, null, true],
			["null"],
			["five0", "three0", "four2", "five2", "four4", "one4", "two4", "five4", "four9", "one9", "two9", "if"],
		],
	},
	{
		what: "a function without a value behind what decides",
		text: `function none(n) { if (n > 5) return; if (n > 3) return n; }
const call = (n) => { const a = n > 1 && none(n); const b = { set: n || none(n + 4) }; return [a === undefined, b.set === undefined, a]; };
const result = [call(0), call(2), call(4), call(6), call(-1)];`,
		gone: "function none",
		result: [
			[false, false, false],
			[true, false, null],
			[false, false, 4],
			[true, false, null],
			[false, false, false],
		],
	},
	{
		what: "arguments before what is taken apart or given by default, and the end before what is assigned",
		text: `const box = { a: 1 };
const more = (n) => { box.a += n; return box.a; };
function apart({ a }, b, { c } = { c: "default" }, [d] = [b]) { if (d) return [a, b, c, d]; return []; }
const seen = [];
class Ends { constructor() { this.x = 0; } go() { this.x = this._0(7); return this.x; } _0(n) { try { return n; } finally { seen.push(this.x); } } }
const call = () => { const all = apart(box, more(1), undefined, [more(2)]); return all; };
const result = [call(), new Ends().go(), seen];`,
		gone: /function apart|_0\(n\)/,
		result: [[4, 2, "default", 4], 7, [0]],
	},
	{
		what: "what is evaluated before the call",
		text: `const log = [];
const said = (text) => { log.push(text); return text; };
const box = { value: 1, list: [], add(...all) { this.list.push(all); return this; } };
function changes(n) { log.push("changes"); box.value += n; if (n > 5) return "many"; return box.value; }
class A {
	constructor() { this.box = box; this.at = 0; }
	go() { this.box.add(said("a"), this.box.value, this._1(2), said("b"), this.box.value); return this.box.value + this._2(); }
	_1(n) { return changes(n); }
	_2() { this.box = { value: 100 }; return \`\${said("c")}\${box.value}\`; }
	set(i) { this.at = i; const list = [5, 6, 7]; list[this.at] = this._3(); const told = { before: this.at, at: this._4(), after: this.at }; return [...list, told]; }
	_3() { this.at = 2; return "set"; }
	_4() { this.at = 9; return "moved"; }
}
const a = new A();
const result = [a.go(), box.list, a.set(1), log];`,
		gone: /_[1234]\(/,
		result: [
			"3c3",
			[["a", 1, 3, "b", 3]],
			[5, "set", 7, { before: 2, at: "moved", after: 9 }],
			["a", "changes", "b", "c"],
		],
	},
	{
		what: "loops, choices, cases, what is thrown",
		text: `function list(n) { if (n === 0) return []; return [n, n + 1]; }
function kind(n) { if (n > 2) return "big"; return "small"; }
function problem(n) { const text = "problem " + n; return new Error(text); }
function each(n) { const kept = n; return () => kept; }
function positive(n) { if (n > 1) return true; return false; }
const call = (n) => {
	const made = [];
	for (const one of list(n)) { const getter = each(one); made.push(getter); }
	switch (kind(n)) { case "big": const text = positive(n); made.push(() => text); break; default: made.push(() => "default"); }
	if (n === 0) made.push(() => "zero"); else if (positive(n)) made.push(() => "positive");
	return made.map((get) => get());
};
const thrown = (n) => { try { throw problem(n); } catch ({ message }) { return message; } };
const result = [call(0), call(1), call(3), thrown(4)];`,
		gone: /function (list|kind|problem|each)/,
		result: [["default", "zero"], [1, 2, "default"], [3, 4, true, "positive"], "problem 4"],
	},
	{
		what: "functions that are called where they are written, in a function that waits",
		text: `const later = (n) => Promise.resolve(n);
const call = async (n) => {
	const sum = ((a, b) => { if (a > 1) return a + b; return 0; })(await later(n), await later(10));
	return (function (x) { for (;;) { if (x > 20) break; x += 1; } return x; })(sum);
};
const result = [await call(1), await call(30)];`,
		gone: /\)\(/,
		result: [21, 40],
	},
	{
		what: "chains that may end before the call, and after it",
		text: `const log = [];
function value(n) { log.push(n); if (n > 1) return { n }; return undefined; }
function later(n) { log.push("later"); if (n) return n; return 0; }
const call = (object, n) => [value(n)?.n, object?.take(later(n))];
const result = [call(undefined, 1), call({ take: (n) => n + 1 }, 2), log];`,
		gone: "function value",
		result: [
			[null, null],
			[2, 3],
			[1, 2, "later"],
		],
	},
];

describe.each(CASES)("$what", ({ text, gone, result }) => {
	test("gives the same without the function", () => {
		const [lean] = rewritten(text);
		expect(resultOf(text)).toEqual(result);
		expect(text).toMatch(gone);
		expect(lean).not.toMatch(gone);
		expect(resultOf(`${lean}`)).toEqual(result);
	});
});

test.each([
	["calls itself", "function f(n) { if (n) return f(n - 1); return 2; }"],
	[
		"is long and called twice",
		`function f(n) { if (n) return "${"long ".repeat(30)}"; return 2; }\nconst g = (n) => { const a = f(n); const b = f(a); return a + b; };`,
	],
	[
		"waits",
		"async function f(n) { await n; return 2; }\nconst g = async (n) => { const a = await f(n); return a; };",
	],
	[
		"makes values one by one",
		"function* f(n) { yield n; }\nconst g = (n) => { const a = f(n); return [...a]; };",
	],
	[
		"knows itself",
		"function f(n) { return this === n || arguments.length; }\nconst g = (n) => { const a = f(n); return a; };",
	],
	[
		"is called for each turn of a loop",
		"function f(n) { n.pop(); return n.length > 1; }\nconst g = (n) => { while (f(n)) ; return n; };",
	],
	["is called by what is loaded", "function f(n) { if (n) return 1; return 2; }\nconst g = f(3);"],
	[
		"takes what a list holds",
		"function f(a, b) { if (a) return b; return 2; }\nconst g = (n) => { const a = f(...n); return a; };",
	],
	[
		"has a variable of the whole function",
		"function f(a) { if (a) { var b = 1; } return b; }\nconst g = (n) => { const a = f(n); return a; };",
	],
	[
		"has a name that its caller has for something else",
		"const size = 1;\nfunction f(a) { if (a) return size; return 2; }\nconst g = (size) => { const a = f(size); return a; };",
	],
	[
		"may be left out",
		"function f(a) { if (a) return 1; return 2; }\nconst g = (o, n) => { const a = o?.b[f(n)]; return a; };",
	],
])("a function that %s stays", (_, text) => {
	const [lean] = rewritten(text);
	expect(lean).toMatch(/function\*? f\(/);
});

test("methods stay that something else may call, or whose caller has another `this`", () => {
	const text = `class Base {
	a() { return this._0(1) + this._0(2); }
	_0(n) { if (n > 1) return n; return 0; }
	b() { return [1].map(function () { return this._1(); }); }
	_1() { if (this.x) return 1; return 2; }
	c(other) { return other._2(); }
	_2() { if (this.x) return 1; return 2; }
	d() { return this._3; }
	_3() { return 1; }
	static e() { return this._4(); }
	_4() { if (this.x) return 1; return 2; }
}`;
	expect(rewritten(text)).toEqual([text]);
});

test("names like those that are made here are refused", () => {
	expect(() => rewritten("const a$1 = 1;")).toThrow("the name a$1 is like those that are made here");
});

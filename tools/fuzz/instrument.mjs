// Counts branches: an esbuild plugin that puts a counter into every function, branch and loop of the code under test. What
// an input reached, and how many steps it cost, is read from `globalThis.fuzzCounts` afterwards; a loop that does not end
// is ended by the counter itself. Code that only tests is left as it is.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { parse } from "acorn";
import { transformSync } from "esbuild";

const COUNTED = /^(access|app|detection|firmware|hardware|outputs|protocols|readings|settings)\//;
const HELPER = "fuzz-counter";

/** `lines`: is given, for every counter, where in the source it stands. */
export function counting(root, lines = []) {
	return {
		name: "counting",
		setup(bundler) {
			bundler.onResolve({ filter: new RegExp(`^${HELPER}$`) }, () => ({ path: HELPER, namespace: HELPER }));
			bundler.onLoad({ filter: /.*/, namespace: HELPER }, () => ({ contents: COUNTER, loader: "js" }));
			bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
				const name = relative(root, path);
				if (!COUNTED.test(name)) return undefined;
				const { code } = transformSync(readFileSync(path, "utf8"), { loader: "ts", target: "es2022" });
				return { contents: counted(code, name, lines), loader: "js" };
			});
		},
	};
}

const COUNTER = `
const { counts, touched, state } = globalThis.fuzzCounts;
export function $count(id) {
	const before = counts[id];
	counts[id] = before + 1;
	if (before === 0) touched[state.touched++] = id;
	else if (before >= state.most) {
		state.most = Infinity;
		throw new Error("endless: the same branch was taken " + before + " times");
	}
}
`;

function counted(code, name, lines) {
	const opens = new Map();
	const closes = new Map();
	const add = (map, at, text) => map.set(at, (map.get(at) ?? "") + text);
	const counter = (node) => {
		lines.push(`${name}:${code.slice(0, node.start).split("\n").length}`);
		return `$count(${lines.length - 1})`;
	};
	const expression = (node) => {
		add(opens, node.start, `(${counter(node)},`);
		visit(node);
		add(closes, node.end, ")");
	};
	const statement = (node) => {
		if (node.type === "BlockStatement") {
			add(opens, node.start + 1, `${counter(node)};`);
			visit(node);
			return;
		}
		add(opens, node.start, `{${counter(node)};`);
		visit(node);
		add(closes, node.end, "}");
	};
	function visit(node) {
		switch (node.type) {
			case "FunctionDeclaration":
			case "FunctionExpression":
			case "ArrowFunctionExpression":
				node.params.forEach(visit);
				if (node.expression) expression(node.body);
				else statement(node.body);
				return;
			case "IfStatement":
				visit(node.test);
				statement(node.consequent);
				if (node.alternate) statement(node.alternate);
				return;
			case "ForStatement":
			case "ForInStatement":
			case "ForOfStatement":
			case "WhileStatement":
			case "DoWhileStatement":
				for (const part of ["init", "test", "update", "left", "right"]) if (node[part]) visit(node[part]);
				statement(node.body);
				return;
			case "SwitchCase":
				if (node.test) visit(node.test);
				if (node.consequent.length > 0) add(opens, node.consequent[0].start, `${counter(node)};`);
				node.consequent.forEach(visit);
				return;
			case "ConditionalExpression":
				visit(node.test);
				expression(node.consequent);
				expression(node.alternate);
				return;
			case "LogicalExpression":
				visit(node.left);
				expression(node.right);
				return;
		}
		for (const key of Object.keys(node)) {
			const value = node[key];
			if (Array.isArray(value)) for (const each of value) each?.type && visit(each);
			else if (value?.type) visit(value);
		}
	}
	visit(parse(code, { ecmaVersion: "latest", sourceType: "module" }));
	let result = `import { $count } from "${HELPER}";\n`;
	let last = 0;
	for (const at of [...new Set([...opens.keys(), ...closes.keys()])].sort((a, b) => a - b)) {
		result += code.slice(last, at) + (closes.get(at) ?? "") + (opens.get(at) ?? "");
		last = at;
	}
	return result + code.slice(last);
}

// More of tools/lean-source.mjs: forms of JavaScript for which XS's bytecode is long, in forms for which it is short.
import { edited, mentionsItself, treeOf, walk } from "./lean-source.mjs";

/** What gives an array, or a string, whose pieces can be had by their numbers. */
const GIVES_ARRAY = new Set(["filter", "map", "slice", "split"]);
/** Fewer are not worth a function. */
const LEAST_STATEMENTS = 20;
const SPREAD = "spreadInto";
const HELPER = `const ${SPREAD} = (list, source, ...more) => {
	for (const each of source) list.push(each);
	for (const each of more) list.push(each);
	return list;
};
`;

/**
 * `[a, , b]` as `{ 0: a, 2: b }` where what it takes apart is an array: an iterator is asked some 30 bytes of code for each.
 * Arrays are array literals, what `split` and their likes give, and what is taken apart by a loop or a function's
 * parameter, as entries are. A name may stand for a Set.
 */
export function withNumberedPatterns(text) {
	const edits = [];
	const change = (pattern) => {
		if (pattern?.type === "AssignmentPattern") return change(pattern.left);
		if (pattern?.type !== "ArrayPattern" || pattern.elements.some((each) => each?.type === "RestElement"))
			return;
		edits.push({ start: pattern.start, end: pattern.start + 1, text: "{" });
		edits.push({ start: pattern.end - 1, end: pattern.end, text: "}" });
		let at = pattern.start + 1;
		pattern.elements.forEach((each, index) => {
			if (!each) return;
			// Holes and commas in front of it.
			edits.push({ start: at, end: each.start, text: `${at === pattern.start + 1 ? "" : ", "}${index}: ` });
			at = each.end;
			change(each);
		});
		edits.push({ start: at, end: pattern.end - 1, text: "" });
	};
	walk(treeOf(text), (node) => {
		if (node.type === "VariableDeclarator" && isArray(node.init)) change(node.id);
		if (node.type === "ForOfStatement" && node.left.type === "VariableDeclaration")
			change(node.left.declarations[0].id);
		if (/Function/.test(node.type)) for (const parameter of node.params) change(parameter);
	});
	return edited(text, edits);
}

function isArray(node) {
	if (node?.type === "ArrayExpression") return true;
	if (node?.type === "LogicalExpression") return node.operator === "??" && isArray(node.right);
	if (node?.type === "ConditionalExpression") return isArray(node.consequent) && isArray(node.alternate);
	return node?.type === "CallExpression" && GIVES_ARRAY.has(node.callee.property?.name);
}

/** `[a, ...b, c]` as a call of one function that all of a file have. */
export function withSpreadFunction(text) {
	const edits = [];
	walk(treeOf(text), (node) => {
		if (node.type !== "ArrayExpression" || !node.elements.some((each) => each?.type === "SpreadElement"))
			return;
		// What a call gives may depend on when it is called: there, and at holes, everything stays.
		const first = node.elements.findIndex((each) => each?.type === "SpreadElement");
		const rest = node.elements.slice(first);
		if (node.elements.includes(null) || !rest.every((each, index) => index === 0 || isQuiet(each))) return;
		const spreads = rest.filter(({ type }) => type === "SpreadElement");
		edits.push({ start: node.start, end: node.start, text: `${SPREAD}(`.repeat(spreads.length) });
		let at = node.elements[first - 1]?.end ?? node.start + 1;
		rest.forEach((each, index) => {
			const isSpread = each.type === "SpreadElement";
			const before = index === 0 ? "], " : isSpread ? "), " : ", ";
			edits.push({ start: at, end: isSpread ? each.argument.start : each.start, text: before });
			at = each.end;
		});
		edits.push({ start: at, end: node.end, text: ")" });
	});
	return edits.length === 0 ? text : HELPER + edited(text, edits);
}

/** Whether evaluating it can change no array. */
function isQuiet(node) {
	let quiet = true;
	walk(node, ({ type }) => {
		if (/^(Assignment|Await|Call|New|TaggedTemplate|Update|Yield)Expression$/.test(type)) quiet = false;
	});
	return quiet;
}

/** Function expressions as arrow functions: others get a prototype, whenever they are made. */
export function withArrowExpressions(text) {
	const edits = [];
	const methods = new Set();
	walk(treeOf(text), (node) => {
		if (node.type === "MethodDefinition" || node.method || node.kind === "get" || node.kind === "set")
			methods.add(node.value);
		if (node.type === "NewExpression") methods.add(node.callee);
		if (node.type !== "FunctionExpression" || methods.has(node) || node.generator) return;
		if (node.id || mentionsItself(node)) return;
		// What is in its parameters may be edited, too.
		const parameters = text.indexOf("(", node.start);
		edits.push({ start: node.start, end: parameters, text: node.async ? "(async " : "(" });
		edits.push({ start: node.body.start, end: node.body.start, text: "=> " });
		edits.push({ start: node.end, end: node.end, text: ")" });
	});
	return edited(text, edits);
}

/**
 * The module's statements in one function: XS's compiler describes each variable of a module for others, and none of a
 * function. What it exports comes out of that function.
 */
export function withOneFunction(text) {
	const { body } = treeOf(text);
	const source = (node) => text.slice(node.start, node.end);
	const imports = body.filter(({ type }) => type === "ImportDeclaration");
	const exports = body.filter(({ type }) => type.startsWith("Export"));
	const inside = body.filter((node) => !imports.includes(node) && !exports.includes(node));
	if (
		inside.length < LEAST_STATEMENTS ||
		exports.some(({ declaration, specifiers, source: from }) => declaration || from || !specifiers)
	)
		return text;
	const names = exports.flatMap(({ specifiers }) =>
		specifiers.map(({ local, exported }) => [local.name, exported.name]),
	);
	const assigned = new Set();
	walk(inside, (node) => {
		const target =
			node.type === "AssignmentExpression" ? node.left : node.type === "UpdateExpression" && node.argument;
		if (target) walk(target, ({ type, name }) => type === "Identifier" && assigned.add(name));
	});
	if (names.some(([local]) => assigned.has(local))) return text;
	const statements = inside.map((node) => {
		const isConstant =
			node.type === "VariableDeclaration" &&
			node.kind === "var" &&
			node.declarations.every(({ id, init }) => init && id.type === "Identifier" && !assigned.has(id.name));
		return isConstant ? `const${source(node).slice("var".length)}` : source(node);
	});
	const given = names.map(([local], index) => `${index}: ${local}`).join(", ");
	const taken = names.map((_, index) => `${index}: exported${index}`).join(", ");
	const told = names.map(([, exported], index) => `exported${index} as ${exported}`).join(", ");
	return [
		...imports.map(source),
		`const { ${taken} } = (() => {`,
		...statements,
		`return { ${given} };`,
		"})();",
		`export { ${told} };`,
		"",
	].join("\n");
}

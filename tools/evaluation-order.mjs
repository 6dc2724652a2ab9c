// What of an expression JavaScript evaluates before a part of it, and what it may not evaluate at all (ECMA-262, 13).
import { walk } from "./lean-source.mjs";

/** The expressions in `node` that are evaluated before its part `next`; `undefined` where they cannot be kept. */
export function evaluatedBefore(node, next) {
	switch (node.type) {
		case "CallExpression":
		case "NewExpression":
			return next === node.callee ? [] : beforeArgument(node, next);
		case "MemberExpression":
			if (next === node.object) return [];
			return isOptional(node) ? undefined : [node.object];
		case "BinaryExpression":
			return next === node.left ? [] : [node.left];
		case "ConditionalExpression":
		case "LogicalExpression":
		case "UnaryExpression":
		case "SpreadElement":
		case "AwaitExpression":
		case "ChainExpression":
			return [];
		case "Property":
			return node.computed ? undefined : [];
		case "TemplateLiteral":
			return node.expressions.slice(0, node.expressions.indexOf(next));
		case "ArrayExpression":
			return inOrder(node.elements.slice(0, node.elements.indexOf(next)));
		case "ObjectExpression":
			return valuesOf(node.properties.slice(0, node.properties.indexOf(next)));
		case "AssignmentExpression": {
			const { left, operator } = node;
			if (operator !== "=" || next !== node.right || left.type === "ObjectPattern") return undefined;
			return left.type === "MemberExpression" ? partsOf(left) : [];
		}
		default:
			return undefined;
	}
}

function beforeArgument({ callee, arguments: values, optional }, next) {
	const before = inOrder(values.slice(0, values.indexOf(next)));
	if (!before || optional || isOptional(callee)) return undefined;
	return [...(callee.type === "MemberExpression" ? partsOf(callee) : [callee]), ...before];
}

function partsOf({ object, property, computed }) {
	return computed ? [object, property] : [object];
}

function inOrder(elements) {
	return elements.some((each) => !each || each.type === "SpreadElement") ? undefined : elements;
}

function valuesOf(properties) {
	const isPlain = ({ type, computed, shorthand, kind }) =>
		type === "Property" && !computed && !shorthand && kind === "init";
	return properties.every(isPlain) ? properties.map(({ value }) => value) : undefined;
}

/** Whether what comes after it may be left out. */
function isOptional({ type, optional, object, callee }) {
	if (optional) return true;
	return (
		(type === "MemberExpression" && isOptional(object)) || (type === "CallExpression" && isOptional(callee))
	);
}

/** Whether `next`, a part of `node`, is evaluated or not. The end of a path is decided. */
export function isDecision(node, next) {
	if (!next) return true;
	if (node.type === "ConditionalExpression") return next !== node.test;
	return node.type === "LogicalExpression" && next === node.right;
}

/** Whether evaluating it changes nothing, and depends on nothing that changes. */
export function isQuiet(node) {
	let quiet = true;
	walk(node, ({ type }) => {
		if (/^(Assignment|Await|Call|Member|New|TaggedTemplate|Update|Yield)Expression$/.test(type))
			quiet = false;
	});
	return quiet;
}

// The page's English texts without their keys, 3 KB less: in the bundle, `texts.health.memory` becomes `texts[231]`, and
// the tree of texts a list in the same order. Groups that are asked by a key known only at run time stay objects in that
// list. web/texts/packed.ts goes through texts in order, so the packed languages fit the list as they fit the tree.
import { parse } from "acorn";

/** The bundle with flat texts; throws where it does not understand how texts are used. */
export function flatTexts(bundle) {
	const program = parse(bundle, { ecmaVersion: "latest", sourceType: "module" });
	const english = program.body
		.flatMap((each) => each.declarations ?? [])
		.find(({ id }) => id.name === "en").init;
	const tree = treeOf(english);
	const uses = [];
	find(program, [{ names: new Map([["texts", []]]) }], tree, uses);
	const asked = uses.filter(({ path }) => path).map(({ path }) => path.join("."));
	const whole = new Set(asked.filter((path) => typeof at(tree, path) === "object"));
	const list = [];
	const places = new Map();
	const lay = (node, path) => {
		for (const [key, value] of Object.entries(node)) {
			const here = path ? `${path}.${key}` : key;
			if (typeof value === "object" && !whole.has(here)) lay(value, here);
			else {
				places.set(here, list.length);
				list.push(JSON.stringify(value));
			}
		}
	};
	lay(tree, "");
	const edits = uses.map(({ start, end, path, dropped }) => {
		if (dropped) return { start, end, text: `dropped${start} = 0` };
		// Of a group that stays whole, the rest of the way.
		for (let length = path.length; length > 0; length--) {
			const place = places.get(path.slice(0, length).join("."));
			if (place === undefined) continue;
			return {
				start,
				end,
				text: `texts[${[place, ...path.slice(length).map((key) => JSON.stringify(key))].join("][")}]`,
			};
		}
		throw new Error(`texts.${path.join(".")} is not among the texts`);
	});
	edits.push({ ...english, text: `[${list.join()}]` });
	let text = bundle;
	for (const { start, end, text: other } of edits.sort((one, other) => other.start - one.start))
		text = text.slice(0, start) + other + text.slice(end);
	return text;
}

function treeOf(node) {
	if (node.type === "ObjectExpression")
		return Object.fromEntries(
			node.properties.map(({ key, value }) => [key.name ?? `${key.value}`, treeOf(value)]),
		);
	if (node.type === "ArrayExpression") return Object.assign([], node.elements.map(treeOf));
	if (typeof node.value !== "string") throw new Error(`No text: ${node.type}`);
	return node.value;
}

const at = (tree, path) => path.split(".").reduce((node, key) => node?.[key], tree);

/**
 * Where texts are used. `scopes`: innermost last, with the names declared there; those that stand for texts have the way to
 * them. A declaration that only gives texts another name becomes one of nothing, for the minifier to drop.
 */
function find(node, scopes, tree, uses) {
	const path = pathOf(node, scopes);
	if (path) {
		if (path.length > 0) uses.push({ start: node.start, end: node.end, path });
		return;
	}
	if (node.type === "VariableDeclarator") {
		const from = node.init && pathOf(node.init, scopes);
		const { names } = scopes.at(-1);
		const isGroup = from && (from.length === 0 || typeof at(tree, from.join(".")) === "object");
		if (isGroup && (node.id.type === "Identifier" || node.id.properties.every(({ key }) => key))) {
			if (node.id.type === "Identifier") names.set(node.id.name, from);
			else for (const { key, value } of node.id.properties) names.set(value.name, [...from, key.name]);
			uses.push({ start: node.start, end: node.end, dropped: true });
			return;
		}
	}
	if (node.type === "Property" && node.shorthand && pathOf(node.value, scopes)?.length > 0)
		throw new Error(`{ ${node.key.name} } of texts: write it out`);
	const inner = /Function|BlockStatement/.test(node.type) ? [...scopes, { names: declared(node) }] : scopes;
	for (const [key, value] of Object.entries(node)) {
		if (/^(MemberExpression.property|Property.key)$/.test(`${node.type}.${key}`) && !node.computed) continue;
		for (const child of Array.isArray(value) ? value : [value])
			if (typeof child?.type === "string") {
				if (
					pathOf(child, inner)?.length === 0 &&
					!/^(VariableDeclarator.id|AssignmentExpression.left)$/.test(`${node.type}.${key}`)
				)
					throw new Error(`All texts at once: ${node.type}`);
				find(child, inner, tree, uses);
			}
	}
}

/** Names of a function's arguments, or of a block's own constants, none of which stand for texts yet. */
function declared({ params = [], body }) {
	const statements = Array.isArray(body) ? body : [];
	const patterns = [
		...params,
		...statements.flatMap(({ declarations = [] }) => declarations.map(({ id }) => id)),
	];
	return new Map(patterns.flatMap(identifiers).map((name) => [name, undefined]));
}

function identifiers(pattern) {
	switch (pattern?.type) {
		case "Identifier":
			return [pattern.name];
		case "ObjectPattern":
			return pattern.properties.flatMap(({ value, argument }) => identifiers(value ?? argument));
		case "ArrayPattern":
			return pattern.elements.flatMap(identifiers);
		case "AssignmentPattern":
			return identifiers(pattern.left);
		case "RestElement":
			return identifiers(pattern.argument);
		default:
			return [];
	}
}

/** `["health", "memory"]` of `texts.health.memory`; `undefined`: no texts. */
function pathOf(node, scopes) {
	if (node.type === "Identifier")
		return scopes.findLast(({ names }) => names.has(node.name))?.names.get(node.name);
	if (node.type !== "MemberExpression" || node.computed) return undefined;
	const path = pathOf(node.object, scopes);
	return path && [...path, node.property.name];
}

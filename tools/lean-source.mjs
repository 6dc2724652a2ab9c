// Transformations that make the firmware's JavaScript smaller in flash (tools/device-source.mjs says why); text in, text out.
// None of them minifies: that is terser's work.
import { parse } from "acorn";

export const ECMA_VERSION = 2024;

/** The properties by which a descriptor of a setting is known (settings/setting.ts). */
const DESCRIPTOR = ["key", "type", "default", "label", "help"];

/** Descriptors of settings without `label` and `help`, their choices without `label`: nothing on the device reads them. */
export function withoutSettingTexts(text) {
	const edits = [];
	walk(treeOf(text), (node) => {
		if (node.type !== "ObjectExpression") return;
		const own = namedProperties(node);
		if (!DESCRIPTOR.every((name) => own.has(name))) return;
		drop(node, ["label", "help"]);
		walk(own.get("choices"), (choice) => {
			if (choice.type !== "ObjectExpression") return;
			const names = [...namedProperties(choice).keys()].sort().join();
			if (names === "label,value") drop(choice, ["label"]);
		});
	});
	return edited(text, edits);

	function drop({ properties, end }, names) {
		properties.forEach((property, index) => {
			if (!names.includes(property.key?.name)) return;
			const next = properties[index + 1];
			edits.push({ start: property.start, end: next ? next.start : end - 1, text: "" });
		});
	}
}

function namedProperties({ properties }) {
	return new Map(
		properties
			.filter(({ type, computed }) => type === "Property" && !computed)
			.map(({ key, value }) => [key.name, value]),
	);
}

/** A module's syntax tree. */
export function treeOf(text) {
	return parse(text, { ecmaVersion: ECMA_VERSION, sourceType: "module", ranges: true });
}

/** Every private name as a property; classes that extend another get names of their own, for both live in one object. */
export function withoutPrivateNames(text) {
	const edits = [];
	let derived = 0;
	visit(treeOf(text), []);
	return edited(text, edits);

	function visit(node, scopes) {
		if (Array.isArray(node)) {
			for (const each of node) visit(each, scopes);
			return;
		}
		if (!node || typeof node.type !== "string") return;
		if (node.type === "PrivateIdentifier") {
			const scope = scopes.findLast((names) => names.has(node.name));
			if (!scope) throw new Error(`#${node.name} belongs to no class`);
			edits.push({ start: node.start, end: node.end, text: scope.get(node.name) });
			return;
		}
		if (node.type === "BinaryExpression" && node.left.type === "PrivateIdentifier")
			throw new Error(`"#${node.left.name} in …" has no counterpart among properties`);
		let inner = scopes;
		if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
			visit(node.superClass, scopes);
			const prefix = node.superClass ? `_${derived++}_` : "_";
			inner = [...scopes, namesOf(node.body.body, prefix)];
			visit(node.body, inner);
			return;
		}
		for (const key of Object.keys(node)) visit(node[key], inner);
	}
}

function namesOf(members, prefix) {
	const names = new Map();
	for (const { key } of members)
		if (key?.type === "PrivateIdentifier" && !names.has(key.name))
			names.set(key.name, `${prefix}${names.size.toString(36)}`);
	return names;
}

/** Top-level functions as arrow functions in front of the module's other statements. */
export function withArrows(text) {
	const tree = treeOf(text);
	const constructed = new Set();
	const edits = [];
	const arrows = [];
	walk(tree, (node) => {
		if (node.type === "NewExpression" && node.callee.type === "Identifier") constructed.add(node.callee.name);
		if (node.superClass?.type === "Identifier") constructed.add(node.superClass.name);
	});
	for (const node of tree.body) {
		if (node.type !== "FunctionDeclaration" || node.generator || constructed.has(node.id.name)) continue;
		if (mentionsItself(node)) continue;
		const parameters = node.params.length
			? text.slice(node.params[0].start, node.params[node.params.length - 1].end)
			: "";
		const body = text.slice(node.body.start, node.body.end);
		arrows.push(`const ${node.id.name} = ${node.async ? "async " : ""}(${parameters}) => ${body};\n`);
		edits.push({ start: node.start, end: node.end, text: "" });
	}
	return edited(text, [...edits, { start: 0, end: 0, text: arrows.join("") }]);
}

/** Classes without these methods. Throws where anything that stays asks for such a name: that may be a call. */
export function withoutMethods(text, names) {
	const tree = treeOf(text);
	const gone = [];
	walk(tree, ({ type, computed, key, start, end }) => {
		if (type === "MethodDefinition" && !computed && names.has(key.name)) gone.push({ start, end, text: "" });
	});
	walkWithParents(tree, (node, parent) => {
		if (gone.some(({ start, end }) => start <= node.start && node.end <= end)) return;
		const isOther =
			node.type === "PrivateIdentifier" || (node.type === "Identifier" && !isNameOfProperty(node, parent));
		const name = node.type === "Literal" ? node.value : node.name;
		if (names.has(name) && !isOther) throw new Error(`there is a ${name} that is no method`);
	});
	return edited(text, gone);
}

function isNameOfProperty(node, parent) {
	return parent !== undefined && !parent.computed && (parent.property === node || parent.key === node);
}

/** Whether `this`, `arguments` or `new.target` of the function itself are used: an arrow function has none. */
export function mentionsItself(declaration) {
	let found = false;
	walk([declaration.params, declaration.body], (node) => {
		if (node.type === "ThisExpression" || node.type === "MetaProperty") found = true;
		if (node.type === "Identifier" && node.name === "arguments") found = true;
	});
	return found;
}

export function walk(node, see) {
	if (Array.isArray(node)) {
		for (const each of node) walk(each, see);
		return;
	}
	if (!node || typeof node.type !== "string") return;
	see(node);
	for (const key of Object.keys(node)) walk(node[key], see);
}

/** As `walk`; `see` is told the node's parent as well. */
export function walkWithParents(node, see, parent) {
	if (Array.isArray(node)) {
		for (const each of node) walkWithParents(each, see, parent);
		return;
	}
	if (!node || typeof node.type !== "string") return;
	see(node, parent);
	for (const key of Object.keys(node)) walkWithParents(node[key], see, node);
}

/** None of the edits lies in another one. */
export function edited(text, edits) {
	const pieces = [];
	let rest = text.length;
	for (const { start, end, text: fresh } of edits.sort((a, b) => b.start - a.start || b.end - a.end)) {
		pieces.push(text.slice(end, rest), fresh);
		rest = start;
	}
	pieces.push(text.slice(0, rest));
	return pieces.reverse().join("");
}

/** Words that an identifier cannot be, or not everywhere. */
const RESERVED = new Set(
	(
		"arguments as async await break case catch class const continue debugger default delete do else enum eval export " +
		"extends false finally for from function get if implements import in instanceof interface let native new null of " +
		"package private protected public return set static super switch this throw true try typeof undefined using var " +
		"void while with yield Infinity NaN Native"
	).split(" "),
);

/** The names of properties in a module's text that could be names of variables. */
export function propertyNames(text) {
	const names = new Set();
	walk(treeOf(text), (node) => {
		const name = node.computed ? undefined : (node.property ?? node.key);
		if (name?.type === "Identifier" && !RESERVED.has(name.name)) names.add(name.name);
	});
	return names;
}

/**
 * Names for terser's mangler. XS keeps every name that occurs once, some 30 bytes of flash each, whatever it names: variables
 * get names that properties have anyway. Those come first that several of the files know.
 */
export function namesFrom(files) {
	const known = new Map();
	for (const name of files.flatMap((names) => [...names])) known.set(name, (known.get(name) ?? 0) + 1);
	const pool = [...known.keys()].sort(
		(a, b) => known.get(b) - known.get(a) || a.length - b.length || (a < b ? -1 : 1),
	);
	return { get: (index) => pool[index] ?? `$${(index - pool.length).toString(36)}` };
}

// The variables of a module as properties of one object. XS's linker gives each preloaded function an environment, a list of the
// module's variables that it uses, 16 bytes each and 32 for the list. One object's name is all that they need then, and one
// environment is enough for all of them; a use is three bytes longer.
import { analyze } from "eslint-scope";
import { ECMA_VERSION, edited, treeOf, walk } from "./lean-source.mjs";

/** A name that minified text has for nothing else. */
const OBJECT = "$";

/**
 * `text`: a module whose statements stand in one function (tools/lean-forms.mjs, withOneFunction); any other comes back as it is.
 * Constants and classes that functions use become properties of an object, and so does what it imports. Throws where the
 * object's name is taken.
 */
export function withOneObject(text) {
	const tree = treeOf(text);
	const whole = wholeFunction(tree);
	if (!whole) return text;
	const manager = analyze(tree, { ecmaVersion: ECMA_VERSION, sourceType: "module" });
	const scope = manager.acquire(whole);
	const [module] = manager.globalScope.childScopes;
	if (manager.scopes.some(({ set, through }) => set.has(OBJECT) || through.some(isObject)))
		throw new Error(`a module has a name ${OBJECT} of its own`);
	const shorthands = new Set();
	walk(tree, (node) => node.type === "Property" && node.shorthand && shorthands.add(node.start));
	const property = ({ identifier: { name, start, end } }) => ({
		...{ start, end },
		text: shorthands.has(start) ? `${name}: ${OBJECT}.${name}` : `${OBJECT}.${name}`,
	});
	const isInFunction = ({ from }) => from !== module && from.variableScope !== scope;
	const edits = [];
	for (const variable of scope.variables) {
		const uses = usesOf(variable, manager).filter(({ init }) => !init);
		const definition = definitionOf(variable, whole.body);
		if (definition && uses.some(isInFunction)) edits.push(...definition, ...uses.map(property));
	}
	const imported = module.variables
		.filter(({ defs }) => defs[0]?.type === "ImportBinding")
		.map(({ name, references }) => ({ name, uses: references.filter(isInFunction) }))
		.filter(({ uses }) => uses.length > 0);
	edits.push(...imported.flatMap(({ uses }) => uses.map(property)));
	const given = imported.map(({ name }) => `${OBJECT}.${name} = ${name};\n`);
	const start = whole.body.start + 1;
	edits.push({ start, end: start, text: `\nconst ${OBJECT} = {};\n${given.join("")}` });
	return edited(text, edits);
}

function isObject({ identifier }) {
	return identifier.name === OBJECT;
}

/** `const {…} = (() => {…})()` is all but imports and exports. */
function wholeFunction({ body }) {
	const inside = body.filter(({ type }) => type !== "ImportDeclaration" && !type.startsWith("Export"));
	const call = inside.length === 1 ? inside[0].declarations?.[0].init : undefined;
	return call?.type === "CallExpression" && call.callee.type === "ArrowFunctionExpression"
		? call.callee
		: undefined;
}

/** Where a variable is used; a class knows itself by a name of its own. */
function usesOf(variable, manager) {
	const [{ type, node } = {}] = variable.defs;
	const both = type === "ClassName" ? manager.getDeclaredVariables(node) : [variable];
	return both.flatMap(({ references }) => references);
}

/** The edits that make its definition one of a property; `undefined` where it is no constant or class among the statements of `body`. */
function definitionOf({ name, defs }, { body }) {
	const [{ type, node, parent } = {}] = defs;
	if (defs.length !== 1) return undefined;
	if (type === "ClassName" && body.includes(node))
		return [
			{ start: node.start, end: node.id.end, text: `${OBJECT}.${name} = class` },
			{ start: node.end, end: node.end, text: ";" },
		];
	const isConstant = type === "Variable" && parent.kind === "const" && body.includes(parent);
	if (!isConstant || parent.declarations.length !== 1 || node.id.type !== "Identifier") return undefined;
	return [{ start: parent.start, end: node.init.start, text: `${OBJECT}.${name} = ` }];
}

// Functions with one caller, and short ones with a few, where they are called. XS's linker takes 48 bytes for each preloaded function, and a function that is
// made where it is called is garbage after each call. So the statements of such a function stand in place of the call
// (tools/lean-places.mjs); where that cannot be, the function stays as it was. Debuggers do not see this form.
import { analyze } from "eslint-scope";
import { CallPlaces } from "./lean-places.mjs";
import { ECMA_VERSION, edited, mentionsItself, treeOf, walk, walkWithParents } from "./lean-source.mjs";

/** Begins the name of a function of the module while it is tried where it is called. */
const TRIED = "tried$";
/** In characters of JavaScript, by the number of callers: what is longer would take more flash than a function and its calls. */
const LONGEST = { 1: Number.POSITIVE_INFINITY, 2: 120, 3: 80 };
/** What private names become (tools/lean-source.mjs, withoutPrivateNames). */
const PRIVATE = /^_(\d+_)?[0-9a-z]+$/;

/**
 * `text` with statements in place of calls: of functions of the module and of private methods, on `this`, that are called
 * once, or short and called two or three times, and of functions that are called where they are written. Not of asynchronous functions and generators.
 */
export function withCallsInPlace(text) {
	refuseTakenNames(text);
	const tried = withFunctionsTried(text);
	const names = { count: 0, fresh: (name) => `${name}$${names.count++}` };
	const assigned = assignedNames(tried);
	const edits = [];
	for (const { type, start, end } of treeOf(tried).body) {
		if (/^(Import|Export)/.test(type)) continue;
		const before = tried.slice(start, end);
		const after = settled(before, names, assigned);
		if (after !== before) edits.push({ start, end, text: after });
	}
	return withFunctionsApart(edited(tried, edits));
}

/** One statement of a module, a class for instance, with all calls in place that can be. */
function settled(source, names, assigned) {
	const places = new CallPlaces(source, names, assigned);
	const edits = [];
	const taken = [];
	for (const { calls, called, method } of [...callsOnTheSpot(places), ...callsOfMethods(places)]) {
		const ranges = [...calls.map((call) => places.placeOf(call)), ...(method ? [method] : [])];
		const isFree = (range, index) =>
			![...taken, ...ranges.slice(0, index)].some((other) => overlap(range, other));
		// What lies in something that changes comes to its turn in the next round.
		if (!ranges.every(isFree)) continue;
		const own = calls.map((call) => places.inPlace(call, called));
		if (own.includes(undefined)) continue;
		edits.push(...own, ...(method ? [{ start: method.start, end: method.end, text: "" }] : []));
		taken.push(...ranges);
	}
	return edits.length === 0 ? source : settled(edited(source, edits), names, assigned);
}

/** Calls of what is a function expression. */
function callsOnTheSpot({ tree }) {
	const found = [];
	walk(tree, (node) => {
		if (node.type !== "CallExpression" || node.optional) return;
		const { callee } = node;
		const isPlain = callee.type === "FunctionExpression" && !mentionsItself(callee);
		const isKnown = !callee.id || callee.id.name.startsWith(TRIED);
		if (callee.type === "ArrowFunctionExpression" || (isPlain && isKnown))
			found.push({ calls: [node], called: callee });
	});
	return found;
}

/** Calls `this._0()` of methods that are used for nothing else. */
function callsOfMethods(places) {
	const found = [];
	walk(places.tree, (node) => {
		if (!/^Class(Declaration|Expression)$/.test(node.type)) return;
		const { body } = node;
		const uses = new Map();
		walk(body, (each) => {
			if (each.type !== "MemberExpression" || each.computed) return;
			uses.set(each.property.name, [...(uses.get(each.property.name) ?? []), each]);
		});
		for (const method of body.body) {
			if (method.type !== "MethodDefinition" || method.kind !== "method" || method.computed) continue;
			const own = uses.get(method.key.name) ?? [];
			if (!PRIVATE.test(method.key.name) || !isWorthwhile(own.length, method.value.body)) continue;
			const calls = own.map((use) => callOnThis(use, method, body, places));
			if (!calls.includes(undefined)) found.push({ calls, called: method.value, method });
		}
	});
	return found;
}

/** The call of `method` that `use` is, on the same `this`; `undefined` where it is something else. */
function callOnThis(use, method, body, places) {
	const call = places.parents.get(use);
	const isCall = call.type === "CallExpression" && call.callee === use && !call.optional && !use.optional;
	if (!isCall || use.object.type !== "ThisExpression") return undefined;
	const caller = places.methodAround(call);
	const isOwn = body.body.includes(caller) && caller !== method && caller.static === method.static;
	return isOwn && !places.hides(call, method.value, body) ? call : undefined;
}

/** Whether so many copies take no more flash than a function. */
function isWorthwhile(count, { start, end }) {
	return count > 0 && end - start <= (LONGEST[count] ?? 0);
}

/** Functions of the module where they are called, as many as are worth it: `(function tried$name(…) {…})(…)`. */
function withFunctionsTried(text) {
	const tree = treeOf(text);
	const parents = new Map();
	walkWithParents(tree, (node, parent) => parents.set(node, parent));
	const manager = analyze(tree, { ecmaVersion: ECMA_VERSION, sourceType: "module" });
	const [module] = manager.globalScope.childScopes;
	const moves = module.variables.flatMap(({ defs, references }) => {
		const [{ type, node } = {}] = defs;
		if (type !== "FunctionName" || node.async || node.generator || mentionsItself(node)) return [];
		if (!isWorthwhile(references.length, node.body)) return [];
		const uses = references.map(({ identifier, from }) => {
			const call = parents.get(identifier);
			const around = [];
			for (let at = call; at !== tree; at = parents.get(at)) around.push(at);
			const isCall = call.type === "CallExpression" && call.callee === identifier && !call.optional;
			const isInFunction = around.some((each) => /Function/.test(each.type)) && !around.includes(node);
			const can = isCall && isInFunction && !hidesNames(from, module, manager.acquire(node));
			return can ? { identifier, whole: around.at(-1) } : undefined;
		});
		return uses.includes(undefined) ? [] : [{ node, uses }];
	});
	const moved = new Set(moves.map(({ node }) => node));
	// What is called by one that moves itself comes in the next round.
	const now = moves.filter(({ uses }) => !uses.some(({ whole }) => moved.has(whole)));
	if (now.length === 0) return text;
	const edits = now.flatMap(({ node, uses }) => [
		{ start: node.start, end: node.end, text: "" },
		...uses.map(({ identifier: { start, end } }) => ({
			...{ start, end },
			text: `(function ${TRIED}${node.id.name}${text.slice(node.id.end, node.end)})`,
		})),
	]);
	return withFunctionsTried(edited(text, edits));
}

/** Whether names that a function has from the module mean something else in a scope of the module. */
function hidesNames(scope, module, { through }) {
	const free = new Set(through.map(({ identifier }) => identifier.name));
	for (let at = scope; at !== module; at = at.upper)
		if ([...at.set.keys()].some((name) => free.has(name))) return true;
	return false;
}

/** Those that could not be put in place are functions of the module again. */
function withFunctionsApart(text, written = new Set()) {
	const found = [];
	walk(treeOf(text), (node) => {
		if (node.type === "FunctionExpression" && node.id?.name.startsWith(TRIED)) found.push(node);
	});
	const inner = found.filter(
		(node) => !found.some((other) => other !== node && overlap(other, node) && other.start > node.start),
	);
	if (inner.length === 0) return text;
	const edits = inner.flatMap(({ start, end, id }) => {
		const name = id.name.slice(TRIED.length);
		const again = {
			start: text.length,
			end: text.length,
			text: `\nfunction ${name}${text.slice(id.end, end)}`,
		};
		const isFirst = !written.has(name) && written.add(name);
		return [{ start, end, text: name }, ...(isFirst ? [again] : [])];
	});
	return withFunctionsApart(edited(text, edits), written);
}

/** Variables that are given another value somewhere. */
function assignedNames(text) {
	const names = new Set();
	walk(treeOf(text), (node) => {
		const target = node.type === "AssignmentExpression" ? node.left : node.argument;
		if (!/^(Assignment|Update)Expression$/.test(node.type)) return;
		walk(target, ({ type, name }) => type === "Identifier" && names.add(name));
	});
	return names;
}

function refuseTakenNames(text) {
	walk(treeOf(text), ({ type, name }) => {
		if (type === "Identifier" && (/\$\d+$/.test(name) || name.startsWith(TRIED)))
			throw new Error(`the name ${name} is like those that are made here`);
	});
}

function overlap(a, b) {
	return a.start < b.end && b.start < a.end;
}

// Tells which modules hold state of their own. XS runs a preloaded module at build time and puts the result into
// flash, where a Map, a buffer or a /g expression can no longer change and a clock has stopped at the build's time.
// It looks at what runs when the module is loaded: statements outside functions, and static parts of classes.

/** Types that are constant tables when they are made from values, and stores when they are made empty. */
const CONTAINERS =
	/^(Map|Set|WeakMap|WeakSet|ArrayBuffer|DataView|(Big)?(Ui|I)nt(8|8Clamped|16|32|64)Array|Float(32|64)Array)$/;
const RUNTIME_CALLS = new Set(["Date.now", "Math.random"]);

/** Why the module must not be preloaded, in a few words; `undefined` where it may. `tree` is an swc module. */
export function stateAtModuleLevel(tree) {
	return first(tree.body, (item) => variableThatChanges(item) ?? stateIn(item));
}

/**
 * The same where variables may change, as in modules of the SDK that it preloads itself: the linker numbers those that are no
 * constants, and XS keeps what is written to one in RAM (`ALIAS` in $MODDABLE/xs/tools/xslSlot.c, `aliasArray` in xsRun.c).
 */
export function storesAtModuleLevel(tree) {
	return stateIn(tree.body);
}

function variableThatChanges(item) {
	const { type, kind, declare } = item.type === "ExportDeclaration" ? item.declaration : item;
	return type === "VariableDeclaration" && kind !== "const" && !declare
		? `its ${kind} at module level changes`
		: undefined;
}

function stateIn(node) {
	if (Array.isArray(node)) return first(node, stateIn);
	if (node === null || typeof node !== "object") return undefined;
	if (runsLater(node)) return undefined;
	return ownState(node) ?? first(Object.values(node), stateIn);
}

function first(nodes, whyNot) {
	for (const node of nodes) {
		const why = whyNot(node);
		if (why) return why;
	}
	return undefined;
}

/** Bodies of functions, methods and instance fields run when they are called, not when the module is loaded. */
function runsLater({ type, isStatic }) {
	switch (type) {
		case "FunctionDeclaration":
		case "FunctionExpression":
		case "ArrowFunctionExpression":
		case "MethodProperty":
		case "GetterProperty":
		case "SetterProperty":
		case "ClassMethod":
		case "PrivateMethod":
		case "Constructor":
			return true;
		case "ClassProperty":
		case "PrivateProperty":
			return !isStatic;
		default:
			return false;
	}
}

function ownState({ type, callee, arguments: given, flags, pattern }) {
	if (type === "NewExpression" && callee.type === "Identifier") {
		if (callee.value === "Date" && given.length === 0) return "it reads the clock when it is loaded";
		if (CONTAINERS.test(callee.value) && isEmpty(given)) return `its ${callee.value} is filled at run time`;
	}
	if (type === "CallExpression" && callee.type === "MemberExpression") {
		const name = `${callee.object.value}.${callee.property.value}`;
		if (RUNTIME_CALLS.has(name)) return `it calls ${name} when it is loaded`;
	}
	if (type === "RegExpLiteral" && pattern !== undefined && /[gy]/.test(flags ?? ""))
		return "its regular expression keeps a position";
	return undefined;
}

/** `new Map()`, `new Uint8Array(256)`: nothing in it yet. `new Uint8Array(0)` never will have. */
function isEmpty(given) {
	const value = given?.[0]?.expression;
	if (value?.type === "NumericLiteral") return value.value !== 0;
	return value === undefined || value.type === "Identifier";
}

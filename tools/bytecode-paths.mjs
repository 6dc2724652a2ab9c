// What can be said of XS's instructions without running them: what they take from the stack and put there, and which paths
// lead through a list of them (tools/bytecode.mjs). Changes nothing.

/** What an instruction takes from the stack and puts there, as XS's compiler counts; what is not here is unknown. */
const STACK = Object.freeze({
	...each(
		[0, 1],
		"ARGUMENT ARGUMENTS ARGUMENTS_STRICT ARRAY CALL COPY_OBJECT ENVIRONMENT EXCEPTION FALSE GET_CLOSURE GET_LOCAL",
	),
	...each(
		[0, 1],
		"GET_RESULT GET_THIS GLOBAL HOST INTEGER NULL NUMBER OBJECT PROGRAM_REFERENCE REGEXP STRING BIGINT SYMBOL",
	),
	...each(
		[0, 1],
		"TARGET THIS TRUE UNDEFINED FUNCTION CONSTRUCTOR_FUNCTION ASYNC_FUNCTION GENERATOR_FUNCTION",
	),
	...each([0, 1], "ASYNC_GENERATOR_FUNCTION IMPORT_META TEMPLATE_CACHE CURRENT"),
	...each([0, 2], "NEW"),
	...each([0, 3], "SUPER"),
	...each([1, 2], "DUB EXTEND"),
	...each([2, 4], "DUB_AT"),
	...each([2, 2], "SWAP AT"),
	...each([3, 3], "AT_2"),
	...each(
		[1, 1],
		"AWAIT YIELD YIELD_STAR BIT_NOT DECREMENT DELETE_PROPERTY FOR_AWAIT_OF FOR_IN FOR_OF GET_PROPERTY GET_PRIVATE",
	),
	...each(
		[1, 1],
		"GET_SUPER GET_THIS_VARIABLE GET_VARIABLE HAS_PRIVATE INCREMENT INSTANTIATE MINUS NOT PLUS TO_NUMERIC TO_STRING",
	),
	...each([1, 1], "TYPEOF VOID TO_INSTANCE IMPORT TEMPLATE"),
	...each([1, 0], "POP PULL_CLOSURE PULL_LOCAL SET_HOME SET_RESULT THROW"),
	...each(
		[2, 1],
		"ADD BIT_AND BIT_OR BIT_XOR DIVIDE EQUAL EXPONENTIATION GET_PROPERTY_AT DELETE_PROPERTY_AT IN INSTANCEOF LEFT_SHIFT",
	),
	...each(
		[2, 1],
		"LESS LESS_EQUAL MODULO MORE MORE_EQUAL MULTIPLY NOT_EQUAL SET_PROPERTY SET_PRIVATE SET_SUPER SET_VARIABLE",
	),
	...each([2, 1], "SIGNED_RIGHT_SHIFT STRICT_EQUAL STRICT_NOT_EQUAL SUBTRACT UNSIGNED_RIGHT_SHIFT"),
	...each([3, 1], "SET_PROPERTY_AT"),
	...each([2, 0], "NEW_PROPERTY NEW_PRIVATE"),
	...each([3, 0], "NEW_PROPERTY_AT CLASS"),
	...each([1, 0], "BRANCH_ELSE BRANCH_IF"),
	...each(
		[0, 0],
		"LABEL BRANCH BRANCH_CHAIN BRANCH_STATUS CATCH UNCATCH CHECK_INSTANCE CONST_CLOSURE CONST_LOCAL LET_CLOSURE LET_LOCAL",
	),
	...each(
		[0, 0],
		"SET_CLOSURE SET_LOCAL VAR_CLOSURE VAR_LOCAL REFRESH_CLOSURE REFRESH_LOCAL RESET_CLOSURE RESET_LOCAL STORE",
	),
	...each(
		[0, 0],
		"STORE_ARROW NEW_CLOSURE NEW_LOCAL NEW_TEMPORARY RESERVE RETRIEVE RETRIEVE_TARGET RETRIEVE_THIS UNWIND NAME CODE",
	),
	...each(
		[0, 0],
		"BEGIN_STRICT BEGIN_STRICT_BASE BEGIN_STRICT_DERIVED BEGIN_STRICT_FIELD END END_ARROW END_BASE END_DERIVED",
	),
	...each(
		[0, 0],
		"RETURN SET_THIS START_ASYNC START_GENERATOR START_ASYNC_GENERATOR THROW_STATUS DEBUGGER RETHROW",
	),
});

function each(effect, names) {
	return Object.fromEntries(names.split(" ").map((name) => [name, effect]));
}

/** Nothing follows them. */
export const ENDS = new Set([
	"BRANCH",
	"END",
	"END_ARROW",
	"END_BASE",
	"END_DERIVED",
	"RETURN",
	"THROW",
	"RETHROW",
]);
/** What writes and reads variables that no closure has. */
export const WRITES = new Set(["CONST_LOCAL", "LET_LOCAL", "PULL_LOCAL", "SET_LOCAL", "VAR_LOCAL"]);
export const LOCALS = new Set([...WRITES, "GET_LOCAL", "REFRESH_LOCAL", "RESET_LOCAL"]);
export const NEW = new Set(["NEW_CLOSURE", "NEW_LOCAL", "NEW_TEMPORARY"]);
/** Have the index of a slot in `n`. */
export const INDEXED = /_(CLOSURE|LOCAL|PRIVATE)$|^STORE$/;

/** Whether all in `list` is known here. */
export function isKnown(list) {
	return list.every(
		(each) => each.op === "RUN" || each.op === "RUN_TAIL" || each.op === "BRANCH_COALESCE" || STACK[each.op],
	);
}

/** Follows every path from the list's start: `step(index, state)` tells the states behind it, `[index, state]` each. */
export function follow(list, start, step) {
	const indexes = indexesOf(list);
	const states = new Array(list.length);
	const open = [[0, start]];
	while (open.length > 0) {
		const [index, state] = open.pop();
		const next = step(list[index], state, states[index]);
		states[index] = next.here ?? states[index];
		if (next.fail) return undefined;
		if (next.same) continue;
		if (next.to) open.push([indexes.get(list[index].to), next.to]);
		if (next.on) open.push([index + 1, next.on]);
	}
	return states;
}

/** How many values are on the stack before each instruction; undefined where that is not known. */
export function depthsOf(list) {
	if (!isKnown(list)) return undefined;
	const states = follow(list, { depth: 0 }, (each, here, known) => {
		if (known) return known.depth === here.depth ? { same: true } : { fail: true };
		const { to, on } = depthsBehind(each, here.depth);
		const state = (depth) => (depth === undefined ? undefined : { depth });
		return { here, to: state(to), on: state(on) };
	});
	return states?.map((state) => state?.depth);
}

/**
 * How many values are on the stack where an instruction leads (`to`) and behind it (`on`), `depth` being before it; undefined where it
 * leads nowhere, or nothing follows.
 */
export function depthsBehind(each, depth) {
	const [taken, given] = each.op === "BRANCH_COALESCE" ? [0, 0] : effectOf(each);
	const after = depth - taken + given;
	const to = each.to && (each.op === "CATCH" ? depth : after);
	if (each.op === "BRANCH_COALESCE") return { to, on: depth - 1 };
	return { to, on: ENDS.has(each.op) ? undefined : after };
}

/**
 * What catches, innermost first: `{ labels, under }`. Where paths meet, one may come out of what is tried, and one out of what
 * catches that: as many catch, but not the same. `known` itself where the other knows no more; null where they do not fit.
 */
export function metHandlers(known, other) {
	if (known === other) return known;
	if (!known || !other) return null;
	const under = metHandlers(known.under, other.under);
	if (under === null) return null;
	const labels = new Set([...known.labels, ...other.labels]);
	return under === known.under && labels.size === known.labels.size ? known : { labels: [...labels], under };
}

/** The handlers behind an instruction, on the way on. */
export function handlersAfter(each, handlers) {
	if (each.op === "CATCH") return { labels: [each.to], under: handlers };
	return each.op === "UNCATCH" ? handlers.under : handlers;
}

/** The labels of all handlers. */
export function caughtAt(handlers) {
	return handlers ? [...handlers.labels, ...caughtAt(handlers.under)] : [];
}

/** What an instruction takes and gives; undefined where that is not known. */
export function effectOf({ op, n }) {
	if (op === "RUN" || op === "RUN_TAIL") return n === undefined ? undefined : [n + 3, 1];
	return STACK[op];
}

/** The places of what is in `list`. */
export function indexesOf(list) {
	return new Map(list.map((each, index) => [each, index]));
}
